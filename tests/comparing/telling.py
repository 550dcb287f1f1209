"""Two configs, and what is told of them: the sample config, and what a test changes about it."""

from copy import deepcopy
from datetime import timedelta
from zoneinfo import ZoneInfo

from core.comparing.compare import compare
from core.comparing.telling import lines
from core.config import Config
from tests.samples import T0, config_dict

FOUR_WEEKS = timedelta(weeks=4)


def sample(**changes):
    """The sample config as written, without the source of its own ladder; `policies__high={...}` goes deeper."""
    written = deepcopy(config_dict())
    del written["sources"]["demo"]
    for path, value in changes.items():
        put(written, path, deepcopy(value))
    return written


def put(written, path, value):
    *keys, last = path.split("__")
    place = written
    for key in keys:
        place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
    if isinstance(place, list):
        place[int(last)] = value
    elif value is None:
        del place[last]
    else:
        place[last] = value


def compared(old, new, start=T0, span=FOUR_WEEKS):
    return compare(Config.model_validate(old), Config.model_validate(new), start, start + span)


def told(old, new, start=T0, span=FOUR_WEEKS, width=80):
    """What people read, without the first line, which says from when until when."""
    found = compared(old, new, start, span)
    text = [line.text for line in lines(found, ZoneInfo(new.get("timezone", "UTC")), width)]
    return "\n".join(text[2:] if found.differences else text[1:])


def high(index, **changes):
    """The sample config with something else at a level of high."""
    return sample(**{f"escalation__policies__high__levels__{index}__{key}": value for key, value in changes.items()})
