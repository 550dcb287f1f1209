"""The Lua scripts, read once from files beside this one. What several of them share stands in files of its own."""

from functools import cache
from importlib.resources import files

import redis

_SHARED = {
    "look_up": ("clock",),
    "commit": ("hint_notify", "mark_for_digest"),
    "hint": ("hint_notify",),
    "hint_review": (),
    "forget": ("clock",),
    "tick": ("clock", "hint_notify"),
    "claim": ("clock", "entry", "pace"),
    "settle": ("clock", "entry", "mark_for_digest", "pace"),
    "note_web": ("clock",),
    "heartbeat_beat": ("clock", "heartbeat"),
    "heartbeat_arm": ("clock", "heartbeat"),
    "heartbeat_take": ("clock", "heartbeat"),
    "heartbeat_settle": ("heartbeat",),
    "digest": (),
    "count_open": (),
    "claim_report": ("clock",),
    "note_report": (),
    "add_snapshot": (),
}


@cache
def source(name: str) -> str:
    """Give a script with what it shares in front of it."""
    folder = files("core.adapters") / "lua"
    return "\n".join((folder / f"{part}.lua").read_text("utf-8") for part in (*_SHARED[name], name))


def register(client: redis.Redis, name: str) -> redis.commands.core.Script:
    """Give a callable script; it loads itself into a server that has forgotten it."""
    return client.register_script(source(name))
