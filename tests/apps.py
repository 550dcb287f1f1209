"""The web application around a real Redis, with a clock that tests move, for tests of doors and commands."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from flask import Flask
from werkzeug.test import TestResponse

from core.commands import Command
from core.wiring import Rung, wire
from functions.app import create_app
from tests.samples import T0, config_dict

API_TOKEN = "api-token-of-the-tests"
TEAM_TOKEN = "token-of-the-team"
SOURCE_TOKEN = "source-token"
PUBLIC_URL = "https://rung.example.com"
FIXTURES = Path(__file__).parent / "fixtures" / "sources"


def environment(folder: Path, redis_url: str, **changes: Any) -> dict[str, str]:
    """Write a config into the folder and give the environment of a process that runs with it."""
    (folder / "config").mkdir(exist_ok=True)
    config = config_dict(**{"api_tokens": {"team": TEAM_TOKEN}} | changes)
    (folder / "config" / "rung.yaml").write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")
    return {
        "REDIS_URL": redis_url,
        "RUNG_CONFIG": str(folder / "config"),
        "RUNG_DATA": str(folder / "data"),
        "RUNG_PUBLIC_URL": PUBLIC_URL,
        "RUNG_API_TOKEN": API_TOKEN,
        "RUNG_SECRET_KEY": "k" * 32,
        "RUNG_SOURCE_TOKEN": SOURCE_TOKEN,
    }


@cache
def _flask() -> Flask:
    """One application for all tests, given the Rung of each: to hang up its doors takes longer than most tests."""
    return create_app(cast("Rung", None))


class App:
    """`app.post("/alerts/1/ack")`; the API token goes along unless the headers say otherwise."""

    def __init__(self, folder: Path, redis_url: str, **changes: Any) -> None:
        self.now: datetime = T0
        self.rung: Rung = wire(environment(folder, redis_url, **changes), lambda: repr(self.now.timestamp()))
        self.redis = self.rung.client
        self.flask = _flask()
        self.flask.extensions["rung"] = self.rung
        self.http = self.flask.test_client()

    def get(self, path: str, headers: Mapping[str, str] | None = None, **options: Any) -> TestResponse:
        return self.http.get(path, headers=bearer(API_TOKEN) if headers is None else headers, **options)

    def post(self, path: str, headers: Mapping[str, str] | None = None, **options: Any) -> TestResponse:
        return self.http.post(path, headers=bearer(API_TOKEN) if headers is None else headers, **options)

    def ingest(self, body: object, source: str = "generic", token: str = SOURCE_TOKEN, **options: Any) -> TestResponse:
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        return self.http.post(f"/ingest/{source}", headers=bearer(token), **sent, **options)

    def fires(self, title: str = "Disk is full", severity: str = "critical", **fields: Any) -> int:
        answer = self.ingest({"title": title, "severity": severity, **fields})
        assert answer.status_code == 202, answer.text
        return int(answer.json["alerts"][0]["id"])

    def does(self, alert_id: int, command: Command) -> None:
        self.rung.engine.act(alert_id, command)

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.rung.engine.drain()

    def events(self, alert_id: int) -> list[dict[str, Any]]:
        return self.rung.engine.store.timeline(alert_id)

    def record(self, alert_id: int) -> dict[bytes, bytes]:
        return self.redis.hgetall(f"rung:alert:{alert_id}")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def error(answer: TestResponse) -> str:
    """The message of an error in the one shape that errors have."""
    assert set(answer.json) == {"error"}, answer.text
    assert set(answer.json["error"]) == {"code", "message"}
    return str(answer.json["error"]["message"])
