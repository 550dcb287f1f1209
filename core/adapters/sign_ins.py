"""Failed sign-ins, counted in Redis for each address, so that nobody tries tokens on the page by the thousand.

Nothing else is limited by it: not the API, not who is signed in, not another address. The count ends by itself.
"""

from ipaddress import IPv6Address, ip_address, ip_network

import redis

from core.adapters.redis_client import unavailable

MOST_FAILED = 10
WITHIN = 300  # seconds, from the first that failed

_ONE_CLIENT = 64  # bits; whoever has an IPv6 address has all that begin so


def seconds_to_wait(client: redis.Redis, address: str) -> int:
    """Say for how many seconds no token is taken from this address; 0 means it may try one."""
    with unavailable(), client.pipeline(transaction=True) as pipe:
        pipe.get(_key(address))
        pipe.ttl(_key(address))
        failed, left = pipe.execute()
    return max(left, 1) if int(failed or 0) >= MOST_FAILED else 0


def note_failed_sign_in(client: redis.Redis, address: str) -> None:
    """Count one more."""
    with unavailable(), client.pipeline(transaction=True) as pipe:
        pipe.set(_key(address), 0, nx=True, ex=WITHIN)
        pipe.incr(_key(address))
        pipe.execute()


def network_of(text: str) -> str | None:
    """Give the addresses that are one client's, in one spelling; None when the text is no IP address."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((int(address), _ONE_CLIENT), strict=False))


def _key(address: str) -> str:
    return f"rung:sign-in:{address}"
