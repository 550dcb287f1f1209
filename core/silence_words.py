"""How pages and terminal speak of silences, from their JSON."""

from collections.abc import Mapping
from typing import Any

_WHOLE_WEEK = 7


def say_covers(covers: Mapping[str, Any]) -> str:
    """Say how many open alerts one covers, or would if it were active."""
    count = covers["count"]
    some = f"{count or 'no'} open alert{'' if count in {0, 1} else 's'}"
    return f"covers {some}" if covers["is_all"] else f"covers {some} among the newest"


def say_recurs(recurs: Mapping[str, Any], zone: str) -> str:
    """Say when a window comes back; `zone` is that of the config."""
    days = recurs["weekdays"]
    which = "every day" if len(days) == _WHOLE_WEEK else ", ".join(day.capitalize() for day in days)
    return f"{which} {recurs['from']} to {recurs['to']} {recurs['timezone'] or zone}"


def say_silence(silence: Mapping[str, Any]) -> str:
    """Say in one line what a silence is, until when, and what it covers unless it is over."""
    which = f"silence {silence['id']}" if silence["id"] else f'{silence["kind"]} "{silence["name"]}"'
    until = {
        "active": f"until {silence['to']}",
        "future": f"from {silence['from']} to {silence['to']}",
        "ended": f"ended at {silence['to']}",
    }.get(silence["state"], silence["state"])
    covers = f"; it {say_covers(silence['covers'])}" if silence["state"] in {"active", "future"} else ""
    return f"{which} {until}: {silence['words']}{covers}"
