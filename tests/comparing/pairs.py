"""Pairs of configs for property tests: small ones, of which the second is the first with a few things edited."""

from copy import deepcopy

from hypothesis import strategies as st

from core.config import Config
from tests.duties import ZONES
from tests.rotation_strategies import HOLIDAYS, rotations, times, weekdays

CHANNELS = {
    "email": "mailtos://rung:secret@smtp.example.com?to={email}",
    "sms": "twilio://AC1:secret@+15550109999/{phone}",
}
PEOPLE = ["m0", "m1", "m2", "boss"]
NAMES = ["first", "second", "third"]

minutes = st.sampled_from([0, 1, 5, 10, 30, 60, 90, 240])
contacts = st.sampled_from([{"email"}, {"phone"}, {"email", "phone"}, {"email", "phone"}])


@st.composite
def people(draw):
    found = {}
    for number, name in enumerate(PEOPLE):
        has = draw(contacts)
        found[name] = {key: value for key, value in _contacts(number).items() if key in has}
        if draw(st.integers(0, 3)) == 0:
            found[name]["quiet"] = {"high": draw(st.sampled_from([["email"], ["sms"], ["email", "sms"]]))}
    return found


def _contacts(number):
    return {"email": f"m{number}@example.com", "phone": f"+1555010000{number}"}


@st.composite
def levels(draw):
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    return [
        {
            "level": name,
            "delay": 60 * draw(minutes),
            "timeout": 60 * draw(st.sampled_from([1, 5, 30, 120])),
            "notification_channels": draw(st.sampled_from([["email"], ["sms"], ["email", "sms"]])),
            "responders": draw(st.sampled_from([["one"], ["two"], ["one", "two"], ["m0"], ["boss", "one"], []])),
        }
        for name in names
    ]


policies = st.builds(
    lambda found: {"levels": found, "repeat_interval": "4h", "max_repeats": 0, "sla_timeout": "4h"}, levels()
)


@st.composite
def windows(draw):
    zone = {"timezone": draw(st.sampled_from(ZONES))} if draw(st.booleans()) else {}
    days = {"weekdays": draw(st.lists(weekdays, min_size=1, max_size=4, unique=True))} if draw(st.booleans()) else {}
    start, end = draw(st.lists(times, min_size=2, max_size=2, unique=True))  # one that never ends has a test of its own
    return {"from": start, "to": end, **zone, **days}


maintenance = st.lists(
    st.builds(
        lambda window, what: window | what,
        windows(),
        st.sampled_from([{"everything": True}, {"match": {"severity": "high"}}]),
    ),
    max_size=2,
).map(lambda found: [each | {"name": f"window {number}"} for number, each in enumerate(found)])

routes = st.lists(
    st.builds(
        lambda window, policy, more: {"name": "night", "match": {"time": window}, "policy": policy, **more},
        windows(),
        st.sampled_from(["high", "low"]),
        st.sampled_from([{}, {}, {"auto_resolve": "1h"}, {"severity": "low"}]),
    ),
    max_size=1,
)

PARTS = {
    "people": people(),
    "one": rotations,
    "two": rotations,
    "high": policies,
    "low": policies,
    "maintenance": maintenance,
    "routes": routes,
    "catch_all": st.sampled_from([["boss"], ["one"], ["boss", "two"]]),
}


@st.composite
def pairs(draw):
    """Give two configs that differ in a few of their parts, if at all."""
    old = {name: draw(part) for name, part in PARTS.items()}
    edited = draw(st.lists(st.sampled_from([*PARTS, "swap"]), min_size=1, max_size=2, unique=True))
    new = deepcopy(old)
    for name in edited:
        if name == "swap":
            members = new["one"]["members"]
            new["one"]["members"] = [*members[1:], members[0]]
        else:
            new[name] = draw(PARTS[name])
    zone = draw(st.sampled_from(ZONES))
    return _config(old, zone), _config(new, zone)


def _config(parts, zone):
    return Config.model_validate(
        {
            "timezone": zone,
            "escalation": {
                "policies": {"high": parts["high"], "low": parts["low"]},
                "catch_all": parts["catch_all"],
                "default_policy": "low",
            },
            "holidays": {"dates": [str(day) for day in HOLIDAYS]},
            "rotations": {"one": parts["one"], "two": parts["two"]},
            "people": parts["people"],
            "channels": {name: {"url": url} for name, url in CHANNELS.items()},
            "maintenance": parts["maintenance"],
            "routes": parts["routes"],
        }
    )
