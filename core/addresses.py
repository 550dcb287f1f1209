"""Addresses under which people and providers reach a Rung."""

from urllib.parse import urlsplit

_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def is_this_machine(url: str) -> bool:
    """Say whether an address leads nowhere beyond this machine."""
    return urlsplit(url).hostname in _THIS_MACHINE
