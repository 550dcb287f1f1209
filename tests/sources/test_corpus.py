"""A walk over the corpus of real payloads, where it is there: its INDEX says what each body means."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from core.signals import EmptyBodyError, SignalStatus, UnreadableError, Webhook
from core.sources import KINDS, read
from tests.sources.bodies import MAPPINGS

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
CAPTURED = CORPUS / "captured"

pytestmark = pytest.mark.skipif(not (CORPUS / "INDEX.json").exists(), reason="the corpus is not here")

STATUSES = {"nodata": "firing"}  # a rule without data fires
OTHER_NAMES = {
    "pagerduty-v2": "pagerduty",
    "oncall-formatted-webhook": "oncall",
    "goalert-generic": "goalert",
    "email-inbound": "email",
}
KIND_OF = {kind: kind for kind in (*KINDS, *MAPPINGS)} | OTHER_NAMES
WHILE_THEY_BURN = datetime(2026, 8, 20, 21, 15, tzinfo=UTC)  # before the endsAt of the alerts of Prometheus
NO_PART_OF_THE_KEY = {"routing_key", "service_key"}  # they name the source
# What is an answer of a person, told here as a callback, is no alert and no mapping's.
CALLBACKS = {"postmark-inbound-reply-ack.json"}
UNREADABLE = {
    "generic-empty-body.txt": EmptyBodyError,
    "uptime-kuma-custom-body-unescaped-quotes.txt": UnreadableError,
}


def entries():
    index = CORPUS / "INDEX.json"
    if not index.exists():
        return []
    found = json.loads(index.read_text(encoding="utf-8"))["entries"]
    return [pytest.param(entry, id=entry["file"]) for entry in found if kind_of(entry) and not is_callback(entry)]


def is_callback(entry):
    return entry["file"] in CALLBACKS


def kind_of(entry):
    """What reads it: Zabbix speaks as PagerDuty does, when it is set up that way."""
    return "pagerduty" if entry["file"].startswith("zabbix-pagerduty") else KIND_OF.get(entry["source"])


def captured():
    return sorted(CAPTURED.glob("*.http"))


def webhook_of(entry):
    content_type = (entry["http"]["content_type"] or "").replace("(none)", "")
    body = (CORPUS / entry["file"]).read_bytes()
    return Webhook(body, content_type, query_of(entry), received_at=WHILE_THEY_BURN)


def query_of(entry):
    """What the door of Opsgenie's API makes of a path: whose alert it is and what is done to it."""
    parts = urlsplit(entry.get("http_path") or "").path.split("/")
    return {"alias": parts[3], "action": parts[4]} if parts[:3] == ["", "v2", "alerts"] and parts[3:] else {}


def captured_webhook(path):
    """One request as it was on the wire: request line, headers, blank line, body."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    lines = head.splitlines()
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    query = dict(parse_qsl(urlsplit(lines[0].split(" ")[1]).query))
    return Webhook(body.strip().encode(), headers.get("content-type", ""), query)


def severity_expected(entry, expected):
    """The INDEX says null for Uptime Kuma and notes that a tag called severity is its only convention.

    We do read that tag, so an entry whose monitor carries it has the tag's value.
    """
    body = (CORPUS / entry["file"]).read_text(encoding="utf-8")
    if entry["source"] == "uptime-kuma" and '"severity"' in body:
        return "critical"
    return expected["severity_as_given"]


def keys_expected(expected):
    """Each of these stands in the alert's key; where there is one, it is the key."""
    fields = [name for written in expected["dedup_key_fields"] for name in written.split(" + ")]
    named = zip(fields, expected["dedup_key_values"], strict=True)
    return {str(value) for name, value in named if value is not None and name not in NO_PART_OF_THE_KEY}


def status_expected(expected):
    if expected.get("action") == "acknowledge":
        return "acknowledged"
    return STATUSES.get(expected["status"], expected["status"])


def titles_expected(expected):
    """Where the body has none, the alert it is about has one; the signal's is its key."""
    titles = [expected["title"] or str(expected["dedup_key_values"][-1]), *expected.get("title_alternatives", [])]
    return [" ".join(title.split()) for title in titles]


@pytest.mark.parametrize("entry", [param for param in entries() if param.values[0]["file"] not in UNREADABLE])
def test_every_alert_of_the_corpus_is_what_the_index_says(entry):
    reading = read(kind_of(entry), webhook_of(entry), MAPPINGS)
    assert reading.bad_items == ()
    assert len(reading.signals) == len(entry["expected"])
    for signal, expected in zip(reading.signals, entry["expected"], strict=True):
        assert signal.status == status_expected(expected)
        assert signal.severity == severity_expected(entry, expected)
        assert signal.title in titles_expected(expected)
        keys = keys_expected(expected)
        assert all(key in signal.dedup_key for key in keys)
        assert len(keys) != 1 or {signal.dedup_key} == keys


def test_every_sender_of_the_corpus_is_read():
    sources = {entry["source"] for entry in json.loads((CORPUS / "INDEX.json").read_text(encoding="utf-8"))["entries"]}
    assert sources - set(KIND_OF) == {"twilio", "slack", "telegram", "ntfy", "signatures"}  # ways to answer
    assert set(MAPPINGS) <= {KIND_OF.get(source) for source in sources}


@pytest.mark.parametrize("name", UNREADABLE)
def test_every_broken_body_of_the_corpus_is_refused_with_a_reason(name):
    entry = next(param.values[0] for param in entries() if param.values[0]["file"] == name)
    with pytest.raises(UNREADABLE[name], match=r"\w+ \w+"):
        read(kind_of(entry), webhook_of(entry))


def test_the_corpus_pairs_of_firing_and_resolved_share_their_keys():
    by_file = {param.values[0]["file"]: param.values[0] for param in entries()}
    pairs = [(entry, by_file[other]) for entry in by_file.values() for other in entry.get("pairs_with", [])]
    assert pairs
    for one, other in pairs:
        keys = [
            {s.dedup_key for s in read(kind_of(entry), webhook_of(entry), MAPPINGS).signals} for entry in (one, other)
        ]
        assert keys[0] & keys[1], (one["file"], other["file"])


@pytest.mark.parametrize("path", captured(), ids=lambda path: path.stem)
def test_every_captured_request_gives_the_status_its_name_says(path):
    kind = "uptime-kuma" if path.name.startswith("uptimekuma") else "alertmanager"
    reading = read(kind, captured_webhook(path))
    word = next((word for word in ("test", "down", "up", "resolved", "firing") if f"-{word}" in path.stem), "firing")
    wanted = {"down": "firing", "up": "resolved"}.get(word, word)
    assert reading.bad_items == ()
    assert {signal.status for signal in reading.signals} == {SignalStatus(wanted)}
    assert len(reading.signals) == (2 if "2alerts" in path.stem else 1)


@pytest.mark.parametrize("variant", ["json", "get", "custom"])
def test_captured_down_resend_and_up_of_uptime_kuma_are_one_alert(variant):
    names = [f"uptimekuma-2.5.3-{variant}-{state}.http" for state in ("down", "down-resend", "up")]
    signals = [read("uptime-kuma", captured_webhook(CAPTURED / name)).signals[0] for name in names]
    assert len({signal.dedup_key for signal in signals}) == 1
    assert [signal.status for signal in signals] == ["firing", "firing", "resolved"]


def test_captured_firing_and_resolved_of_alertmanager_are_the_same_alerts():
    names = [f"alertmanager-0.25-alertmanager-{state}-2alerts.http" for state in ("firing", "resolved")]
    keys = [{s.dedup_key for s in read("alertmanager", captured_webhook(CAPTURED / name)).signals} for name in names]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 2
