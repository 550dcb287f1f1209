"""Storms for tests: one person on one channel, and the numbers that a message names."""

import re

from core.config import Config
from core.outcomes import Message
from tests.samples import config, config_dict, level

URLS = {
    "email": {"url": "mailtos://me:secret@smtp.example.com?to={email}"},
    "sms": {"url": "twilio://AC1:secret@+15550009999/{phone}"},
    "phone": {"url": "twilio://AC1:secret@+15550009999/{phone}?method=call"},
}


def storm_config(*channels: str, **changes: object) -> Config:
    """user2 is paged on these channels for whatever comes, SMS unless told; bundled as by default."""
    only = level("only", 0, list(channels or ("sms",)), ["user2"], 3600)
    policy = {"levels": [only], "repeat_interval": 7200, "max_repeats": 0, "sla_timeout": 3600}
    escalation = config_dict()["escalation"] | {"policies": {"all": policy}, "default_policy": "all", "catch_all": []}
    return config(**{"channels": URLS, "escalation": escalation, "bundling": {}} | changes)


def numbers(message: Message) -> list[int]:
    """The numbers of all alerts that a message is about, read as a person reads it; a resolved one is no page."""
    if found := re.search(r"alert (\d+):", message.title):
        return [int(found[1])]
    lines = [line for line in message.body.splitlines() if re.fullmatch(r"[a-z ]+: [\d, -]+", line)]
    return [number for line in lines for number in _read(line.partition(": ")[2])]


def _read(text: str) -> list[int]:
    ends = [[int(end) for end in each.split("-")] for each in text.split(", ")]
    return [number for each in ends for number in range(each[0], each[-1] + 1)]
