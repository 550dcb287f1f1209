"""Override: for a while somebody else is on duty than a rotation says. Kept in Redis, so it can be made at any time.

It holds from `starts_at` until just before `ends_at`, and nowhere else. Without `instead_of` it holds whoever would be
on duty, and where nobody would be; with it, only where that person would be by the rotation itself, overrides not
counted. So a swap is two of them. Where several hold, the one made last does.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from core.times import rfc3339

RECORD_VERSION = 1
# What lasts longer belongs into the config; and no shift is then longer than core/rotations looks for its end.
LONGEST = timedelta(days=366)

_INSTANTS = ("starts_at", "ends_at", "created_at")
_TEXTS = ("id", "rotation", "member", "by", "note")

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

# From version n to n + 1.
_UPGRADES: Mapping[int, Upgrade] = {}


@dataclass(frozen=True, slots=True)
class Override:
    """One of them. Times are aware UTC, the window's in whole seconds. ValueError says what is wrong with it."""

    id: str
    rotation: str
    member: str
    starts_at: datetime
    ends_at: datetime
    instead_of: str | None
    by: str
    note: str
    created_at: datetime

    def __post_init__(self) -> None:
        """Refuse what could never hold, or not be read back."""
        for name in ("id", "rotation", "member"):
            if not getattr(self, name):
                raise ValueError(f"an override needs its {name}")
        for name in _INSTANTS:
            object.__setattr__(self, name, _utc(name, getattr(self, name)))
        for name in ("starts_at", "ends_at"):
            object.__setattr__(self, name, getattr(self, name).replace(microsecond=0))
        if self.member == self.instead_of:
            raise ValueError(f"{self.member} cannot stand in for {self.member}")
        if self.ends_at <= self.starts_at:
            raise ValueError("an override must end after it starts")
        if self.ends_at - self.starts_at > LONGEST:
            raise ValueError(f"an override lasts at most {LONGEST.days} days; for longer, change the rotation")

    def holds_at(self, now: datetime) -> bool:
        """Say whether `now` is inside its window."""
        return self.starts_at <= now < self.ends_at

    def replaces(self, planned: str | None) -> bool:
        """Say whether it holds where `planned` (None: nobody) is on duty by the rotation itself."""
        return self.instead_of is None or self.instead_of == planned

    def dump(self) -> str:
        """Give the record as JSON."""
        instants = {name: rfc3339(getattr(self, name)) for name in _INSTANTS}
        return json.dumps({"record_version": RECORD_VERSION, **asdict(self), **instants})

    @classmethod
    def load(cls, record: str | bytes) -> Self:
        """Read a record of any version. Raises ValueError for one that a newer Rung wrote, or that is none."""
        fields = json.loads(record)
        if not isinstance(fields, dict):
            raise ValueError("the record of an override is a JSON object")  # noqa: TRY004 - as for any bad record
        version = fields.pop("record_version", None)
        if version not in range(1, RECORD_VERSION + 1):
            raise ValueError(f"an override of version {version}; this Rung reads 1 to {RECORD_VERSION}: update it")
        for number in range(version, RECORD_VERSION):
            fields = _UPGRADES[number](fields)
        missing = [name for name in cls.__dataclass_fields__ if name not in fields]
        if missing:
            raise ValueError(f"the record of an override lacks {', '.join(missing)}")
        known = {name: fields[name] for name in cls.__dataclass_fields__}
        if not all(isinstance(text, str) for text in (*(known[name] for name in _TEXTS), known["instead_of"] or "")):
            raise ValueError("the record of an override has something else where a text belongs")
        str(known["member"]).encode()  # a name that no alert can be written with is a ValueError too
        return cls(**known | {name: datetime.fromisoformat(str(known[name])) for name in _INSTANTS})


def swap(
    ids: tuple[str, str],
    rotation: str,
    members: tuple[str, str],
    window: tuple[datetime, datetime],
    *,
    by: str,
    note: str = "",
    created_at: datetime,
) -> tuple[Override, Override]:
    """Give the two overrides with which two members take each other's duty from window[0] until window[1]."""
    one, other = members

    def standing_in(number: str, member: str, instead_of: str) -> Override:
        starts_at, ends_at = window
        return Override(number, rotation, member, starts_at, ends_at, instead_of, by, note, created_at)

    return standing_in(ids[0], other, one), standing_in(ids[1], one, other)


def is_swap(one: Override, other: Override) -> bool:
    """Say whether these are the two halves of a swap."""
    made = (one.rotation, one.created_at, one.by, one.starts_at)
    return (
        made == (other.rotation, other.created_at, other.by, other.starts_at)
        and one.instead_of is not None
        and (one.member, one.instead_of) == (other.instead_of, other.member)
    )


def latest_first(overrides: Iterable[Override], rotation: str) -> list[Override]:
    """Give the overrides of a rotation, the one made last first; of those made at once, by id."""
    of_it = (override for override in overrides if override.rotation == rotation)
    return sorted(of_it, key=lambda override: (override.created_at, override.id), reverse=True)


def _utc(name: str, instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"an override's {name} must be aware, or nobody knows which instant it is")
    return instant.astimezone(UTC)
