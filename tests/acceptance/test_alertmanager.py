"""A real Alertmanager pointed at a real Rung: an alert fires, is paged, and its resolve closes it."""

import contextlib
import json
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
import yaml

from tests.conftest import free_port, wait_for
from tests.processes import SOURCE_TOKEN, Api, running
from tests.samples import config_dict

PROGRAM = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Alertmanager is not installed")


@contextlib.contextmanager
def alertmanager(folder: Path, receiver: dict):
    port = free_port()
    config = {
        "route": {"receiver": "rung", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s"},
        "receivers": [{"name": "rung", **receiver}],
    }
    (folder / "alertmanager.yml").write_text(yaml.safe_dump(config))
    command = [
        PROGRAM,
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with (folder / "alertmanager.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(lambda: _is_ready(url), 20, "Alertmanager being ready")
            yield url
        finally:
            process.terminate()


def _is_ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/-/ready", timeout=1).ok
    except requests.RequestException:
        return False


def _webhook(rung: str) -> dict:
    authorization = {"authorization": {"credentials": SOURCE_TOKEN}}
    url = f"{rung}/ingest/alertmanager"
    return {"webhook_configs": [{"url": url, "send_resolved": True, "http_config": authorization}]}


def _pagerduty(rung: str) -> dict:
    url = f"{rung}/v2/enqueue"
    severity = "{{ .CommonLabels.severity }}"
    return {"pagerduty_configs": [{"url": url, "routing_key": SOURCE_TOKEN, "severity": severity}]}


def _opsgenie(rung: str) -> dict:
    priority = '{{ if eq .CommonLabels.severity "critical" }}P1{{ else }}P3{{ end }}'
    settings = {"api_key": SOURCE_TOKEN, "update_alerts": True, "priority": priority, "tags": "storage,db"}
    return {"opsgenie_configs": [{"api_url": f"{rung}/", **settings}]}


def _alert(ends_in: float) -> list[dict]:
    now = datetime.now(UTC)
    return [
        {
            "labels": {"alertname": "DiskFull", "instance": "db1:9100", "severity": "critical"},
            "annotations": {"summary": "Disk of db1 is full", "description": "97 % used"},
            "startsAt": (now - timedelta(minutes=1)).isoformat(),
            "endsAt": (now + timedelta(seconds=ends_in)).isoformat(),
            "generatorURL": "http://prometheus.example.com/graph",
        }
    ]


def test_a_real_alertmanager_fires_and_resolves():
    folder = Path(tempfile.mkdtemp(prefix="rung-am-"))
    config = config_dict() | {"sources": {"alertmanager": {"token": SOURCE_TOKEN}}}
    with (
        running(folder, json.loads(json.dumps(config))) as processes,
        alertmanager(folder, _webhook(processes.url)) as url,
    ):
        api = Api(processes.url)
        assert requests.post(f"{url}/api/v2/alerts", json=_alert(3600), timeout=5).ok
        alerts = wait_for(lambda: api.get("/alerts")["alerts"], 10, "the alert")
        assert [(a["title"], a["severity"], a["status"]) for a in alerts] == [
            ("Disk of db1 is full", "critical", "pending")
        ]
        paged = wait_for(lambda: api.get("/outbox")["messages"], 5, "the page")
        assert "Disk of db1 is full" in paged[0]["title"]

        assert requests.post(f"{url}/api/v2/alerts", json=_alert(-1), timeout=5).ok
        wait_for(lambda: not api.get("/alerts")["alerts"], 20, "the resolve")
        resolved = api.get("/alerts?status=resolved")["alerts"]
        assert [(a["id"], a["resolved_by"]) for a in resolved] == [(alerts[0]["id"], "alertmanager")]
        wait_for(
            lambda: any(m["title"].startswith("Resolved") for m in api.get("/outbox")["messages"]), 5, "the notice"
        )


def test_a_real_alertmanager_that_speaks_pagerduty_fires_and_resolves():
    folder = Path(tempfile.mkdtemp(prefix="rung-am-"))
    config = config_dict() | {"sources": {"pagerduty": {"token": SOURCE_TOKEN}}}
    with (
        running(folder, json.loads(json.dumps(config))) as processes,
        alertmanager(folder, _pagerduty(processes.url)) as url,
    ):
        api = Api(processes.url)
        assert requests.post(f"{url}/api/v2/alerts", json=_alert(3600), timeout=5).ok
        (alert,) = wait_for(lambda: api.get("/alerts")["alerts"], 10, "the alert")
        assert alert["title"].startswith("[FIRING:1] DiskFull")
        assert (alert["severity"], alert["labels"]["client"]) == ("critical", "Alertmanager")

        assert requests.post(f"{url}/api/v2/alerts", json=_alert(-1), timeout=5).ok
        wait_for(lambda: not api.get("/alerts")["alerts"], 20, "the resolve")
        assert [a["id"] for a in api.get("/alerts?status=resolved")["alerts"]] == [alert["id"]]
        assert api.get("/rejected") == {"rejected": []}
        log = (folder / "alertmanager.log").read_text("utf-8")
        assert "level=error" not in log


def test_a_real_alertmanager_that_speaks_opsgenie_fires_updates_and_resolves():
    folder = Path(tempfile.mkdtemp(prefix="rung-am-"))
    config = config_dict() | {"sources": {"opsgenie": {"token": SOURCE_TOKEN}}}
    with (
        running(folder, json.loads(json.dumps(config))) as processes,
        alertmanager(folder, _opsgenie(processes.url)) as url,
    ):
        api = Api(processes.url)
        assert requests.post(f"{url}/api/v2/alerts", json=_alert(3600), timeout=5).ok
        (alert,) = wait_for(lambda: api.get("/alerts")["alerts"], 10, "the alert")
        assert alert["title"].startswith("[FIRING:1] DiskFull")
        assert (alert["severity"], alert["labels"]["instance"]) == ("critical", "db1:9100")

        assert requests.post(f"{url}/api/v2/alerts", json=_alert(-1), timeout=5).ok
        wait_for(lambda: not api.get("/alerts")["alerts"], 20, "the resolve")
        resolved = api.get("/alerts?status=resolved")["alerts"]
        assert [(a["id"], a["resolved_by"]) for a in resolved] == [(alert["id"], "opsgenie")]
        assert api.get("/rejected") == {"rejected": []}
        log = (folder / "alertmanager.log").read_text("utf-8")
        assert "level=error" not in log
        assert "level=warn" not in log
