"""A world in simulated time: the real engine, the real scripts, a real Redis, and a clock that tests move."""

from concurrent.futures import Future
from datetime import datetime, timedelta

import redis

from core.adapters.redis_heartbeats import RedisHeartbeats
from core.adapters.redis_ledger import RedisLedger
from core.adapters.redis_standing import RedisStanding
from core.adapters.redis_store import RedisStore
from core.alert import Alert
from core.commands import Acknowledge, Command
from core.config import Config
from core.dispatcher import Dispatcher
from core.engine import Engine
from core.heartbeats import Heartbeats
from core.intake import Intake
from core.ledger import Entry, Key
from core.links import Links
from core.operators import Operators
from core.outcomes import Message, Outcome, OutcomeKind
from core.receipts import Receipts
from core.rules import Rules
from core.signals import Signal
from tests.samples import T0, config, signal

SENT = Outcome(OutcomeKind.SENT, provider_id="p-1")


class FakeSender:
    """Answers at once with what the test says for a word in the URL; keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.outcomes: dict[str, Outcome] = {}

    def submit(self, url: str, message: Message) -> "Future[Outcome]":
        self.sent.append((url, message))
        future: Future[Outcome] = Future()
        future.set_result(next((outcome for word, outcome in self.outcomes.items() if word in url), SENT))
        return future


class World:
    """`world.fires(...)`, `world.passes(600)`, `world.alert(1)`, `world.story(1)`."""

    def __init__(self, client: redis.Redis, rung_config: Config | None = None) -> None:
        self.now = T0
        self.client = client
        self.rules = Rules(rung_config or config())
        self.store = RedisStore(client, self.clock)
        self.ledger = RedisLedger(client, self.clock)
        self.standing = RedisStanding(client)
        self.engine = Engine(self.store, self.rules, read_standing=self.standing.read)
        self.beats = RedisHeartbeats(client, self.clock)
        self.heartbeats = Heartbeats(self.beats, self.engine)
        self.intake = Intake(self.engine, self.ledger)
        self.sender = FakeSender()
        self.links = Links("k" * 32, "https://rung.example.com")
        self.operators = Operators(
            self.engine.receive,
            self.ledger,
            lambda: self.rules,
            lambda: self.now.timestamp(),  # noqa: PLW0108 - the clock moves,
        )
        self.dispatcher = Dispatcher(
            self.ledger,
            lambda: self.engine.rules,
            self.links,
            self.sender,
            8,
            self.engine.wake,
            self.operators,
            lambda: self.now.timestamp(),  # noqa: PLW0108 - the clock moves,
        )

        self.receipts = Receipts(self.ledger, lambda: self.engine.rules, self.engine.wake, self.operators.hear)

    def clock(self) -> str:
        return repr(self.now.timestamp())

    def fires(self, key: str = "disk-1", severity: str | None = "critical", source: str = "generic", **fields) -> int:
        received = self.engine.receive(source, [signal(key, severity, **fields)])
        self.send()
        assert received[0].alert_id is not None
        return received[0].alert_id

    def clears(self, key: str = "disk-1", source: str = "generic") -> None:
        from tests.samples import cleared

        self.engine.receive(source, [cleared(key)])
        self.send()

    def receive(self, *signals: Signal, source: str = "generic") -> list[str]:
        return [each.result for each in self.engine.receive(source, signals)]

    def says(self, alert_id: int, command: Command) -> Alert:
        alert = self.engine.act(alert_id, command)
        self.send()
        return alert

    def acknowledges(self, alert_id: int, by: str = "user2") -> Alert:
        return self.says(alert_id, Acknowledge(by, "link"))

    def send(self) -> None:
        self.dispatcher.drain(3600)

    def passes(self, seconds: float) -> None:
        """Let time pass, stopping at every instant at which something is due."""
        until = self.now + timedelta(seconds=seconds)
        while (due := self._next_due()) is not None and due <= until:
            self.now = max(self.now, due)
            self.engine.drain()
            self.send()
        self.now = until

    def alert(self, alert_id: int) -> Alert:
        return self.engine.alert(alert_id)[0]

    def story(self, alert_id: int, *kinds: str) -> list[str]:
        """The timeline as lines: seconds since T0, the event, and what matters about it."""
        return [_line(event) for event in self.store.timeline(alert_id) if not kinds or event["event"] in kinds]

    def ledger_of(self, alert_id: int) -> dict[str, str]:
        return {field: entry.state.value for field, entry in self.ledger.entries(alert_id).items()}

    def entries(self, alert_id: int) -> dict[Key, Entry]:
        return {Key.parse(alert_id, field): e for field, e in self.ledger.entries(alert_id).items()}

    def told(self) -> list[tuple[str, str, str]]:
        """(responder, channel, title) of every message in the built-in outbox, oldest first."""
        return [(m["responder"], m["channel"], m["title"]) for m in reversed(self.ledger.messages(1000))]

    def _next_due(self) -> datetime | None:
        keys = [b"rung:wake", *(b"rung:outbox:" + channel for channel in self.client.smembers("rung:outboxes"))]
        waiting = [self.client.zrange(key, 0, 0, withscores=True) for key in keys]
        scores = [found[0][1] for found in waiting if found]
        return datetime.fromtimestamp(min(scores), T0.tzinfo) if scores else None


def _line(event: dict) -> str:
    seconds = round((datetime.fromisoformat(event["at"]) - T0).total_seconds())
    words = [event.get(name) for name in ("level_name", "responder", "channel", "by", "reason")]
    return " ".join([str(seconds), event["event"], *(str(word) for word in words if word)])


def scheduled(client: redis.Redis) -> list[bytes]:
    """The ids of the jobs that wait for their time, earliest first."""
    return list(client.zrange("rq:scheduler:scheduled_jobs", 0, -1))
