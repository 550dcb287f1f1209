"""Wiring: environment + config + clock + adapters -> one Rung a process. Nowhere else are parts put together."""

import logging
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial

import redis

from core.adapters.answer_counts import count_answer
from core.adapters.config_files import load, variables
from core.adapters.gathering import Gathering
from core.adapters.once import once
from core.adapters.presence import key_complaints
from core.adapters.redis_client import connect, unavailable
from core.adapters.redis_clock import Clock
from core.adapters.redis_facts import RedisFacts
from core.adapters.redis_heartbeats import RedisHeartbeats
from core.adapters.redis_ledger import RedisLedger
from core.adapters.redis_reports import RedisReports
from core.adapters.redis_review import RedisReview
from core.adapters.redis_server import redis_complaints
from core.adapters.redis_standing import RedisStanding
from core.adapters.redis_store import RedisStore
from core.adapters.secrets_file import Secrets, load_secrets
from core.adapters.settings import Settings
from core.addresses import is_this_machine
from core.alert import Alert
from core.channel_text import ContactError
from core.config import Config, ConfigError
from core.dispatcher import Dispatcher, Sender
from core.engine import Engine, Receive, ReceiveAll
from core.facts_reading import Sla
from core.heartbeats import Heartbeats
from core.intake import Intake
from core.links import Links
from core.mailing import mail_address
from core.operators import Operators
from core.receipts import Receipts
from core.replies.answering import Replies
from core.replies.calling import Calling
from core.replies.texting import Texting
from core.report_times import enabled, schedules_of
from core.rules import Rules
from core.sla import sla_view
from core.store import StoreUnavailableError

log = logging.getLogger("rung")


@dataclass
class Rung:
    """One process's parts. `env` holds secrets."""

    env: Mapping[str, str]
    settings: Settings
    secrets: Secrets
    client: redis.Redis
    engine: Engine
    ledger: RedisLedger
    links: Links
    beats: RedisHeartbeats
    clock: Clock | None = None

    @cached_property
    def intake(self) -> Intake:
        """What takes in webhooks."""
        return Intake(self.engine, self.ledger)

    @cached_property
    def heartbeats(self) -> Heartbeats:
        """What takes beats, and looks after those that do not come."""
        return Heartbeats(self.beats, self.engine)

    @cached_property
    def standing(self) -> RedisStanding:
        """The overrides and silences that people ordered."""
        return RedisStanding(self.client)

    @cached_property
    def review(self) -> RedisReview:
        """How far the review of open alerts has come."""
        return RedisReview(self.client)

    @cached_property
    def facts(self) -> RedisFacts:
        """What reports are counted from."""
        return RedisFacts(self.client, self.clock, lambda: self.config.reporting.labels, _sla_of)

    @cached_property
    def reports(self) -> RedisReports:
        """What became of the reports that were due, and the snapshots."""
        return RedisReports(self.client, self.clock)

    @cached_property
    def replies(self) -> Replies:
        """What acts on what people say in a text, a chat or a mail."""
        return Replies(self.engine, self.ledger)

    @cached_property
    def texting(self) -> Texting:
        """What answers the texts that people send."""
        return Texting(
            self.replies,
            lambda: self.config,
            self.once,
            partial(count_answer, self.client),
        )

    @cached_property
    def calling(self) -> Calling:
        """What answers the keys that people press in a call."""
        return Calling(self.engine, self.replies, lambda: self.config, self.receipts)

    def once(self, name: str) -> AbstractContextManager[bool]:
        """Give whether what a provider calls so comes for the first time; it is kept unless it ends with an error."""
        return once(self.client, name)

    @cached_property
    def receipts(self) -> Receipts:
        """What takes in what providers say later of messages that they took."""
        return Receipts(
            self.ledger, lambda: self.engine.rules, self.engine.wake, lambda failed: self._operators().hear(failed)
        )

    @property
    def config(self) -> Config:
        """The config in force."""
        return self.engine.rules.config

    @property
    def api_tokens(self) -> dict[str, str]:
        """The API tokens by their names. The one from the environment is called `operator`."""
        named = {name: token.get_secret_value() for name, token in self.config.api_tokens.items()}
        return {**named, "operator": self.secrets.api_token}

    def dispatcher(self, sender: Sender, slots: int) -> Dispatcher:
        """Give what empties the outbox through this sender, so many sends at once."""
        engine, operators, clock = self.engine, self._operators(), time.monotonic
        return Dispatcher(self.ledger, lambda: engine.rules, self.links, sender, slots, engine.wake, operators, clock)

    def _operators(self) -> Operators:
        return Operators(self.engine.receive, self.ledger, lambda: self.engine.rules, time.monotonic)

    def reload(self) -> bool:
        """Read the config again and put it in force; a bad one changes nothing. Say whether it was good."""
        try:
            config = _load(self.settings, self.env, self.secrets)
        except ConfigError as error:
            log.error("the config was not reloaded, the old one stays in force:\n%s", error)  # noqa: TRY400
            return False
        self.engine.rules = Rules(config, self.engine.rules.standing)
        log.info("the config was reloaded")
        return True

    def complaints(self) -> list[str]:
        """Say what is wrong with the surroundings, and what to do about each. Raises StoreUnavailableError."""
        with unavailable():
            return [
                *redis_complaints(self.client),
                *key_complaints(self.client, self.secrets.secret_key),
                *self._address_complaints(),
                *self._mail_complaints(),
            ]

    def say_what_is_wrong(self) -> None:
        """Log the complaints, loudly."""
        try:
            complaints = self.complaints()
        except StoreUnavailableError as error:
            complaints = [str(error)]
        for complaint in complaints:
            log.error("CHECK: %s", complaint)

    def _address_complaints(self) -> list[str]:
        if self.engine.rules.outbox_mode or not is_this_machine(self.settings.public_url):
            return []
        complaint = (
            f"pages go out for real, but the links in them lead to {self.settings.public_url}, "
            "which no phone can open: set RUNG_PUBLIC_URL"
        )
        return [complaint]

    def _mail_complaints(self) -> list[str]:
        recipients = {name for schedule in enabled(schedules_of(self.config)) for name in schedule.recipients}
        if self.engine.rules.outbox_mode or not recipients:
            return []
        try:
            mail_address(self.config, min(recipients))
        except ContactError as error:
            return [f"no report will arrive at {', '.join(sorted(recipients))}: {error}"]
        return []


def _sla_of(alert: Alert, now: datetime) -> Sla | None:
    return sla_view(alert.sla, now) if alert.sla else None


def wire(env: Mapping[str, str], clock: Clock | None = None) -> Rung:
    """Put a Rung together. Raises SettingsError, SecretsError, ConfigError; Redis is not asked yet."""
    settings = Settings.from_env(env)
    secrets = load_secrets(settings)
    config = _load(settings, env, secrets)
    client = connect(settings.redis_url)
    return Rung(
        env=env,
        settings=settings,
        secrets=secrets,
        client=client,
        engine=Engine(RedisStore(client, clock), Rules(config), _gathered, RedisStanding(client).read),
        ledger=RedisLedger(client, clock),
        links=Links(secrets.secret_key, settings.public_url),
        beats=RedisHeartbeats(client, clock),
        clock=clock,
    )


def _gathered(receive_all: ReceiveAll) -> Receive:
    return Gathering(receive_all, shared=(StoreUnavailableError,))


def _load(settings: Settings, env: Mapping[str, str], secrets: Secrets) -> Config:
    return load(settings.config, variables(env, secrets.source_token), settings.config_base)
