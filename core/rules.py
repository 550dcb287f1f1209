"""Rules: what config says, in the shape decisions ask for it. Who is on call is looked up at the instant given."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.channel_text import ContactError, render_url
from core.config import Config, outbox_mode, severity_of
from core.config.heartbeats import HEARTBEAT
from core.config.policy import Policy
from core.config.routes import AutoResolve
from core.holidays import HolidayCalendar
from core.matching import Facts
from core.overrides import latest_first
from core.rotations import on_call, plan_of
from core.routing import AlertKey, Routing, policy_for_team
from core.severity import Severity
from core.signals import Signal
from core.silences import Silenced, Silences
from core.sla_rules import SlaRules
from core.standing import NOTHING_STANDING, Standing

# A notice on these wakes people, so they carry pages only, unless config says otherwise.
_LOUD = frozenset({"phone", "sms"})


@dataclass(frozen=True, slots=True)
class Reach:
    """Who can be paged, and on what: (person, channel) pairs, each once; who cannot, and who wants no such pages."""

    pages: tuple[tuple[str, str], ...]
    severity: Severity
    unreachable: tuple[str, ...] = ()
    unwilling: tuple[str, ...] = ()

    @property
    def who_wants_none(self) -> str:
        """Say who wants no pages of this severity; '' when nobody said so."""
        if not self.unwilling:
            return ""
        want = "wants" if len(self.unwilling) == 1 else "want"
        return f"{', '.join(self.unwilling)} {want} no {self.severity.value} pages"

    @property
    def why_nobody(self) -> str:
        """Say why there is nobody to page."""
        cannot = f"{', '.join(self.unreachable)} cannot be reached on its channels" if self.unreachable else ""
        return "; ".join(filter(None, (cannot, self.who_wants_none))) or "nobody is on it"


@dataclass(frozen=True, slots=True)
class Way:
    """The way a signal takes today."""

    routes: tuple[str, ...]
    severity: Severity
    policy_name: str
    policy: Policy
    auto_resolve: AutoResolve


class Rules:
    """Config as decisions see it. Cheap to ask; holds no state of its own."""

    def __init__(self, config: Config, standing: Standing = NOTHING_STANDING) -> None:
        """Take a validated config, and what people ordered for a while."""
        self.config = config
        self.standing = standing
        self._routing = Routing(config)
        self.silences = Silences(config, standing.silences)
        self.reopen_within = timedelta(seconds=config.escalation.reopen_within)
        # As long as an alert may open again, or a new one of its key needs to know how often it came and went.
        flapping = config.flapping
        self.keep_key = max(self.reopen_within, timedelta(seconds=flapping.window if flapping.changes else 0))
        self.keep_resolved = timedelta(seconds=config.retention.resolved)
        self.outbox_mode = outbox_mode(config)
        self.channels_in_use = tuple(name for name, channel in config.channels.items() if channel)
        zone, self.holidays = ZoneInfo(config.timezone), HolidayCalendar(config.holidays)
        self.sla = SlaRules.of(config, self.holidays)
        self.overrides = {name: latest_first(standing.overrides, name) for name in config.rotations}
        self.plans = {name: plan_of(r, zone, self.holidays, name=name) for name, r in config.rotations.items()}

    def severity_of(self, source: str, word: str | None) -> Severity:
        """Give the severity that a source's own word stands for."""
        return severity_of(self.config, source, word)

    def way_of(self, source: str, signal: Signal, now: datetime) -> Way:
        """Give the way a signal takes: the routes it matches, and what they and its severity come to."""
        routed = self._routing.route(source, signal, self.severity_of(source, signal.severity), now)
        name, policy = self.policy_for(source, routed.severity, routed.policy or self._own_policy(source, signal))
        if routed.team:
            policy = policy_for_team(policy, self.config.teams[routed.team])
        auto_resolve = routed.auto_resolve
        if source == HEARTBEAT:  # its alert is about silence, so silence must not end it: only a beat or a person does
            auto_resolve = replace(auto_resolve, after=None)
        return Way(routed.names, routed.severity, name, policy, auto_resolve)

    def key_of(self, source: str, signal: Signal) -> AlertKey:
        """Give the dedup key of the alert that a signal is about."""
        return self._routing.key_of(source, signal)

    def policy_for(self, source: str, severity: Severity, routed: str | None = None) -> tuple[str, Policy]:
        """Give the policy and its name. Every alert has one: the default policy is the last resort."""
        escalation = self.config.escalation
        settings = self.config.sources.get(source)
        name = routed or (settings and settings.policy) or severity.value
        if name not in escalation.policies:
            name = escalation.default_policy
        policy = escalation.policies[name]
        speedup = settings.speedup if settings else 1
        return name, policy if speedup == 1 else _faster(policy, speedup)

    def _own_policy(self, source: str, signal: Signal) -> str | None:
        """Give the policy that config gives a heartbeat."""
        heartbeat = self.config.heartbeats.get(signal.dedup_key) if source == HEARTBEAT else None
        return heartbeat.policy if heartbeat else None

    def silenced(self, facts: Facts, now: datetime) -> Silenced | None:
        """Say what silences an alert at `now`, if anything does."""
        return self.silences.covering(facts, now)

    def people(self, responders: Iterable[str], now: datetime) -> Iterator[tuple[str, str]]:
        """Give (responder, person): a rotation gives whoever is on call, in a gap and for a gone name it is nobody."""
        for responder in responders:
            if responder in self.plans:
                person = self.on_call(responder, now)
                if person is not None:
                    yield responder, person
            elif responder in self.config.people:
                yield responder, responder

    def on_call(self, rotation: str, now: datetime) -> str | None:
        """Give who is on call in a rotation at `now`; None in a declared gap."""
        return on_call(self.plans[rotation], now, self.overrides.get(rotation, ()))

    def knows(self, responder: str) -> bool:
        """Say whether there is a person or rotation of this name."""
        return responder in self.config.people or responder in self.config.rotations

    def reach(self, responders: Sequence[str], channels: Sequence[str], severity: Severity, now: datetime) -> Reach:
        """Give everybody these responders stand for now, on those of the channels that can reach them.

        Who wants no pages of this severity on any of these is paged on the next channel on which they do.
        """
        pages: dict[tuple[str, str], None] = {}
        unreachable = [name for name in responders if not self.knows(name)]
        unwilling: list[str] = []
        for _, person in self.people(responders, now):
            usable = [channel for channel in channels if self.can_reach(person, channel)]
            wanted = [channel for channel in usable if self.wants(person, channel, severity)]
            if usable and not wanted:
                other = self.next_channel(person, severity)
                wanted = [other] if other else []
            pages.update(dict.fromkeys((person, channel) for channel in wanted))
            if not wanted:
                (unwilling if usable else unreachable).append(person)
        return Reach(tuple(pages), severity, _once(unreachable), _once(unwilling))

    def catch_all(self, policy: Policy, severity: Severity, now: datetime) -> Reach:
        """Give whom to page when the ladder reached nobody or is used up.

        On the policy's channels, so that a low alert rings nobody's phone; on any there is when those reach nobody.
        """
        names = self.config.escalation.catch_all
        return self.reach_somehow(names, policy.channels, severity, now)

    def reach_somehow(
        self, responders: Sequence[str], channels: Sequence[str], severity: Severity, now: datetime
    ) -> Reach:
        """Give everybody these responders stand for on these channels, or on any there is when these reach nobody."""
        reach = self.reach(responders, channels, severity, now)
        return reach if reach.pages else self.reach(responders, list(self.config.channels), severity, now)

    def wants(self, person: str, channel: str, severity: Severity) -> bool:
        """Say whether the person lets pages of this severity come on this channel."""
        found = self.config.people.get(person)
        return found is None or found.wants(channel, severity)

    def can_reach(self, person: str, channel: str) -> bool:
        """Say whether the channel is in use and the person has what it needs."""
        settings = self.config.channels.get(channel)
        if not settings or person not in self.config.people:
            return False
        if self.outbox_mode:
            return True
        return settings.has_credentials and settings.needs <= self.config.people[person].contacts.keys()

    def next_channel(
        self, person: str, severity: Severity, tried: Iterable[str] = (), first: Sequence[str] = ()
    ) -> str | None:
        """Give the person's next channel: one of those named first, else of all, those that let people sleep before.

        Both in the order that the person prefers, and only where they want messages of this severity.
        """
        others = sorted(self.config.channels, key=lambda channel: not self.is_quiet(channel))
        done = tuple(tried)
        reaching = (self.first_reaching(person, severity, channels, done) for channels in (first, others))
        return next(filter(None, reaching), None)

    def first_reaching(
        self, person: str, severity: Severity, channels: Iterable[str], tried: Iterable[str] = ()
    ) -> str | None:
        """Give the first of these channels, by the person's preference, that reaches them and has not been tried."""
        done = set(tried)
        able = (c for c in self._preferred(person, channels) if c not in done and self.can_reach(person, c))
        return next((channel for channel in able if self.wants(person, channel, severity)), None)

    def _preferred(self, person: str, channels: Iterable[str]) -> list[str]:
        found = self.config.people.get(person)
        order = {channel: place for place, channel in enumerate(found.prefer if found else ())}
        return sorted(channels, key=lambda channel: order.get(channel, len(order)))

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

    def quiet_channels(self, paged: Iterable[tuple[str, str]], severity: Severity) -> dict[str, str]:
        """Give each person's first quiet channel: among those they were paged on, else any that reaches them.

        One whose pages have buttons goes first: the notice takes them away, and wakes nobody where it changes the page.
        None on which they want nothing of this severity.
        """
        paged = tuple(paged)
        people = dict.fromkeys(person for person, _ in paged)
        paged = sorted(paged, key=lambda pair: not self.config.replies.has_buttons(self.kind_of(pair[1])))
        elsewhere = ((p, c) for p in people for c in self._preferred(p, self.config.channels) if self.can_reach(p, c))
        chosen: dict[str, str] = {}
        for person, channel in (*paged, *elsewhere):
            if self.is_quiet(channel) and self.wants(person, channel, severity):
                chosen.setdefault(person, channel)
        return chosen


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


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
