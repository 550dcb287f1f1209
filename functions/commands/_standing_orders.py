"""What people ordered of a running Rung, for commands that otherwise need none: asked of its API."""

from datetime import datetime
from typing import Any

from core.overrides import Override
from core.silences import RECORD_VERSION, Silence
from core.standing import Standing
from core.times import rfc3339
from functions.commands._client import get


def standing_orders(at: datetime) -> Standing:
    """Give the overrides that have not ended at an instant, and all silences. Raises as `get` does."""
    overrides = get("/oncall", at=rfc3339(at))["overrides"]
    silences = get("/silences", ended="true")["silences"]
    return Standing(
        overrides=tuple(map(_override, overrides)),
        silences=tuple(_silence(each) for each in silences if each["id"] is not None),  # others stand in the config
    )


def _override(view: dict[str, Any]) -> Override:
    return Override(
        id=view["id"],
        rotation=view["rotation"],
        member=view["member"],
        starts_at=datetime.fromisoformat(view["from"]),
        ends_at=datetime.fromisoformat(view["to"]),
        instead_of=view["instead_of"],
        by=view["by"],
        note=view["note"],
        created_at=datetime.fromisoformat(view["created_at"]),
    )


def _silence(view: dict[str, Any]) -> Silence:
    known = ("id", "match", "from", "to", "reason", "by", "created_at", "ended_by")
    fields = {name: view[name] for name in known}
    return Silence.model_validate(fields | {"record_version": RECORD_VERSION, "everything": not view["match"]})
