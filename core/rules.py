"""Rules: what config says, in the shape decisions ask for it. Who is on call is looked up at the instant given."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.channel_text import ContactError, render_url
from core.config import Config, outbox_mode, severity_of
from core.config.policy import Policy
from core.rotation import shift_at
from core.severity import Severity

# A notice on these wakes people, so they carry pages only, unless config says otherwise.
_LOUD = frozenset({"phone", "sms"})


@dataclass(frozen=True, slots=True)
class Reach:
    """Who can be paged, and on what: (person, channel) pairs, each once; and who cannot."""

    pages: tuple[tuple[str, str], ...]
    unreachable: tuple[str, ...] = ()

    @property
    def why_nobody(self) -> str:
        """Say why there is nobody to page."""
        if not self.unreachable:
            return "nobody is on it"
        return f"{', '.join(self.unreachable)} cannot be reached on its channels"


class Rules:
    """Config as decisions see it. Cheap to ask; holds no state of its own."""

    def __init__(self, config: Config) -> None:
        """Take a validated config."""
        self.config = config
        self.reopen_within = timedelta(seconds=config.escalation.reopen_within)
        self.keep_resolved = timedelta(seconds=config.retention.resolved)
        self.outbox_mode = outbox_mode(config)
        self.channels_in_use = tuple(name for name, channel in config.channels.items() if channel)
        self._zones = {name: ZoneInfo(r.timezone or config.timezone) for name, r in config.rotations.items()}

    def severity_of(self, source: str, word: str | None) -> Severity:
        """Give the severity that a source's own word stands for."""
        return severity_of(self.config, source, word)

    def policy_for(self, source: str, severity: Severity) -> tuple[str, Policy]:
        """Give the policy and its name. Every alert has one: the default policy is the last resort."""
        escalation = self.config.escalation
        settings = self.config.sources.get(source)
        name = (settings and settings.policy) or severity.value
        if name not in escalation.policies:
            name = escalation.default_policy
        policy = escalation.policies[name]
        speedup = settings.speedup if settings else 1
        return name, policy if speedup == 1 else _faster(policy, speedup)

    def people(self, responders: Iterable[str], now: datetime) -> Iterator[tuple[str, str]]:
        """Give (responder, person): a rotation gives whoever is on call, a name that is gone gives nobody."""
        for responder in responders:
            rotation = self.config.rotations.get(responder)
            if rotation is not None:
                yield responder, shift_at(rotation, self._zones[responder], now).member
            elif responder in self.config.people:
                yield responder, responder

    def knows(self, responder: str) -> bool:
        """Say whether there is a person or rotation of this name."""
        return responder in self.config.people or responder in self.config.rotations

    def reach(self, responders: Sequence[str], channels: Sequence[str], now: datetime) -> Reach:
        """Give everybody these responders stand for now, on those of the channels that can reach them."""
        pages: dict[tuple[str, str], None] = {}
        unreachable = [name for name in responders if not self.knows(name)]
        for _, person in self.people(responders, now):
            usable = [channel for channel in channels if self.can_reach(person, channel)]
            pages.update(dict.fromkeys((person, channel) for channel in usable))
            if not usable:
                unreachable.append(person)
        return Reach(tuple(pages), tuple(dict.fromkeys(unreachable)))

    def catch_all(self, policy: Policy, now: datetime) -> Reach:
        """Give whom to page when the ladder reached nobody or is used up.

        On the policy's channels, so that a low alert rings nobody's phone; on any there is when those reach nobody.
        """
        names = self.config.escalation.catch_all
        return self.reach_somehow(names, policy.channels, now)

    def reach_somehow(self, responders: Sequence[str], channels: Sequence[str], now: datetime) -> Reach:
        """Give everybody these responders stand for on these channels, or on any there is when these reach nobody."""
        reach = self.reach(responders, channels, now)
        return reach if reach.pages else self.reach(responders, list(self.config.channels), now)

    def can_reach(self, person: str, channel: str) -> bool:
        """Say whether the channel is in use and the person has what it needs."""
        settings = self.config.channels.get(channel)
        if not settings or person not in self.config.people:
            return False
        if self.outbox_mode:
            return True
        return settings.has_credentials and settings.needs <= self.config.people[person].contacts.keys()

    def next_channel(self, person: str, tried: Iterable[str] = (), first: Sequence[str] = ()) -> str | None:
        """Give the person's next channel: those named first, then quiet ones, then loud ones, in config's order."""
        others = sorted(self.config.channels, key=lambda channel: not self.is_quiet(channel))
        return self.first_reaching(person, (*first, *others), tried)

    def first_reaching(self, person: str, channels: Iterable[str], tried: Iterable[str] = ()) -> str | None:
        """Give the first of these channels that reaches the person and has not been tried."""
        done = set(tried)
        return next((c for c in channels if c not in done and self.can_reach(person, c)), None)

    def address(self, person: str, channel: str) -> str:
        """Give the Apprise URL that reaches the person, secrets and all. Raises ContactError when there is none."""
        settings = self.config.channels.get(channel)
        contacts = self.config.people.get(person)
        if not settings or contacts is None:
            raise ContactError("the person or the channel is gone from the config, or the channel is switched off")
        return render_url(settings.url.get_secret_value(), contacts.contacts)

    def is_shared(self, channel: str) -> bool:
        """Say whether the channel leads to one place, whoever is paged."""
        settings = self.config.channels.get(channel)
        return bool(settings and not settings.needs)

    def is_quiet(self, channel: str) -> bool:
        """Say whether a notice on this channel lets people sleep."""
        settings = self.config.channels.get(channel)
        if not settings:
            return False
        return self.kind_of(channel) not in _LOUD if settings.quiet is None else settings.quiet

    def kind_of(self, channel: str) -> str:
        """Give what kind of channel it is: it says how long a text may be, and whether it is read out."""
        settings = self.config.channels.get(channel)
        return (settings and settings.kind) or channel

    def quiet_channels(self, paged: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Give each person's first quiet channel: among those they were paged on, else any that reaches them."""
        paged = tuple(paged)
        people = dict.fromkeys(person for person, _ in paged)
        elsewhere = ((p, channel) for p in people for channel in self.config.channels if self.can_reach(p, channel))
        chosen: dict[str, str] = {}
        for person, channel in (*paged, *elsewhere):
            if self.is_quiet(channel):
                chosen.setdefault(person, channel)
        return chosen


def _faster(policy: Policy, times: int) -> Policy:
    levels = tuple(
        level.model_copy(update={"delay": level.delay // times, "timeout": max(1, level.timeout // times)})
        for level in policy.levels
    )
    return policy.model_copy(
        update={
            "levels": levels,
            "repeat_interval": policy.repeat_interval // times,
            "sla_timeout": max(1, policy.sla_timeout // times),
        }
    )
