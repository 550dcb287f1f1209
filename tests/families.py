"""What Redis holds, by families of keys: `rung:alert:*`, `rq:job:*`, `rung:dedup`, ..."""

import re

import redis

_EACH = re.compile(
    r"((?:rung:(?:alert|timeline|ledger|once|sign-in|heartbeat|facts|before)|rq:(?:job|worker|queue|execution|results)):).+"
)


def families(client: redis.Redis) -> dict[str, tuple[int, int]]:
    """Give of each family how many keys there are, and how many things in them."""
    found: dict[str, tuple[int, int]] = {}
    for key in set(client.scan_iter(count=1000)):
        family = _EACH.sub(r"\1*", key.decode())
        keys, things = found.get(family, (0, 0))
        found[family] = (keys + 1, things + _things(client, key))
    return found


def _things(client: redis.Redis, key: bytes) -> int:
    count = {"hash": client.hlen, "zset": client.zcard, "list": client.llen, "set": client.scard}
    return count.get(client.type(key).decode(), lambda _: 1)(key)
