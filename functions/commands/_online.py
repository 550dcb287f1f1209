"""What `rung check --online` asks the world: Redis and its processes, and the servers of the channels.

Nothing is sent, nothing is noted, and no secret is made for it.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from core.adapters.channel_probe import Server, server_of, trouble_with
from core.adapters.sender import check_url
from core.adapters.settings import Settings
from core.adapters.surroundings import Surroundings, look_around
from core.addresses import is_this_machine
from core.channel_text import ContactError
from core.lint import Code, Finding
from core.lint.finding import at
from core.lint.ways_in import is_open, missing_replies
from core.rules import Rules
from core.standing import NOTHING_STANDING, Standing
from core.store import StoreUnavailableError
from functions.commands._client import running_environment

_MOST_AT_ONCE = 16


def ask_redis() -> tuple[Standing, list[Finding]]:
    """Give what people ordered for a while, and what is wrong with Redis. Raises SettingsError, SecretsError."""
    settings = Settings.from_env({**running_environment(), **os.environ})
    try:
        around = look_around(settings)
    except StoreUnavailableError as error:
        return NOTHING_STANDING, [_out_of_reach(error)]
    return around.standing, list(_redis_findings(around))


def ask_channels(rules: Rules) -> list[Finding]:
    """Give what is wrong with the URLs of the channels, and which of their servers do not answer."""
    refused = list(_refused(rules))
    bad = {finding.path for finding in refused}
    good = [name for name, each in rules.config.channels.items() if each and each.has_credentials]
    servers = {name: _server_of(rules, name) for name in good if f"channels.{name}.url" not in bad}
    with ThreadPoolExecutor(_MOST_AT_ONCE) as pool:
        answers = list(pool.map(lambda server: server and trouble_with(server), servers.values()))
    asked = zip(servers.items(), answers, strict=True)
    return [*refused, *(each for (name, server), trouble in asked if (each := _answered(name, server, trouble)))]


def links_lead_nowhere(rules: Rules) -> list[Finding]:
    """Say so when no phone can open the address that links in messages lead to."""
    settings = Settings.from_env(os.environ)
    if rules.outbox_mode or not is_this_machine(settings.public_url):
        return []
    return [
        at(
            Code.LINKS_LEAD_NOWHERE,
            (),
            f"by the environment of this terminal, links in messages lead to {settings.public_url}",
            "No phone can open them.",
            "Set RUNG_PUBLIC_URL for every process of Rung, and here.",
        )
    ]


def ways_in(rules: Rules) -> list[Finding]:
    """Say which channels people could answer on and cannot, and whether providers can reach the ways that are open."""
    settings = Settings.from_env(os.environ)
    found = list(missing_replies(rules))
    if is_open(rules.config.replies) and is_this_machine(settings.public_url):
        nowhere = at(
            Code.REPLIES_LEAD_NOWHERE,
            ("replies",),
            f"by the environment of this terminal, answers are to come in at {settings.public_url}/reply/",
            "No provider can reach it.",
            "Set RUNG_PUBLIC_URL for every process of Rung, and here.",
        )
        found.append(nowhere)
    return found


def _redis_findings(around: Surroundings) -> Iterator[Finding]:
    for complaint in around.complaints:
        yield _complaint(Code.REDIS_SETTINGS, complaint, "Alerts and timers may be lost.")
    for complaint in around.missing:
        yield _complaint(Code.PROCESS_MISSING, complaint, "Alerts wait.")
    if around.has_another_key:
        yield at(
            Code.KEY_DIFFERS,
            (),
            "the RUNG_SECRET_KEY of this terminal is not the one that the processes of Rung have",
            "A process that is started from here signs links that the others refuse.",
            "Give every process the same.",
        )


def _out_of_reach(error: StoreUnavailableError) -> Finding:
    return at(
        Code.REDIS_UNREACHABLE,
        (),
        str(error),
        "Rung takes in no alert and pages nobody.",
        "Start it (`rung up` starts one of its own), or set REDIS_URL to where it is.",
    )


def _complaint(code: Code, complaint: str, otherwise: str) -> Finding:
    """Take apart what is said in one line: what is found: what comes of it; what to do."""
    found, _, rest = complaint.partition(": ")
    consequence, _, mend = rest.rpartition("; ")
    return at(code, (), found, _sentence(consequence or otherwise), _sentence(mend))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _refused(rules: Rules) -> Iterator[Finding]:
    for name, channel in rules.config.channels.items():
        for complaint in check_url(channel.url.get_secret_value()) if channel and channel.has_credentials else ():
            yield at(
                Code.CHANNEL_REFUSED,
                ("channels", name, "url"),
                complaint.partition(": ")[0],
                f"`rung up` does not start with it, and nothing can be sent on {name}.",
                _sentence(complaint.partition(": ")[2] or "write a URL as Apprise wants it"),
            )


def _server_of(rules: Rules, channel: str) -> Server | None:
    """Give where a channel sends to for the first person it reaches."""
    for person in rules.config.people:
        try:
            return server_of(rules.address(person, channel))
        except ContactError:
            continue
    return None


def _answered(name: str, server: Server | None, trouble: str | None) -> Finding | None:
    place = ("channels", name, "url")
    if server is None:
        return at(
            Code.CHANNEL_NOT_ASKED,
            place,
            f"whether the server of {name} answers could not be asked without sending something",
            "What is wrong with it shows only when a page is due.",
            f"Send a test page: rung page PERSON --channel {name}",
        )
    if trouble is None:
        return None
    return at(
        Code.CHANNEL_UNREACHABLE,
        place,
        f"{server}, where {name} sends to, cannot be reached: {trouble}",
        f"Pages on {name} are tried again, and then go to each person's next channel.",
        "See whether the address is right, the server is up, and this machine gets out to it.",
    )
