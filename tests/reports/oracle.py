"""What the row of facts of every alert should be now, read from what Redis has of it; and what a report is given."""

from core.adapters.redis_facts import RedisFacts
from core.adapters.redis_ledger import RedisLedger
from core.adapters.redis_store import RedisStore
from core.alert import load
from core.facts import Facts
from core.facts_reading import facts_of
from core.sla import sla_view

LABELS = ("team",)


def sla_of(alert, now):
    return sla_view(alert.sla, now) if alert.sla else None


def facts(client, clock=None, labels=LABELS) -> RedisFacts:
    return RedisFacts(client, clock, lambda: labels, sla_of)


def expected(client, now, labels=LABELS) -> dict[int, Facts]:
    ids = [int(key.rpartition(b":")[2]) for key in client.scan_iter("rung:alert:*")]
    return {alert_id: _row(client, alert_id, now, labels) for alert_id in ids}


def given(kept: RedisFacts, start, end) -> dict[int, Facts]:
    rows = list(kept.between(start, end))
    assert len({row.id for row in rows}) == len(rows), "each once"
    return {row.id: row for row in rows}


def _row(client, alert_id, now, labels) -> Facts:
    alert = load(client.hget(f"rung:alert:{alert_id}", "d"))
    before = [(each, sla_of(each, now)) for each in map(load, client.lrange(f"rung:before:{alert_id}", 0, -1))]
    events, ledger = RedisStore(client).timeline(alert_id), RedisLedger(client).entries(alert_id)
    entries = {field: entry.model_dump(mode="json") for field, entry in ledger.items()}
    return facts_of(alert, events, entries, sla_of(alert, now), labels, before)
