"""The body of a webhook that lies in a file, read as live, for whoever tries out what it would do."""

from core import sources
from core.config import Config
from core.signals import Reading, Webhook


def read_filed(config: Config, source: str, body: bytes) -> Reading:
    """Read a body as that of a source of the config (else KeyError). Raises UnreadableError only, whatever the body."""
    return sources.read(config.sources[source].type, Webhook(body, _content_type(body)), config.mappings)


def _content_type(body: bytes) -> str:
    """Give what a sender would have said of a form; a file says nothing of itself, and JSON needs nobody to say it."""
    first_line = body.lstrip().split(b"\n", 1)[0].strip()
    if first_line.startswith(b"--"):
        return f"multipart/form-data; boundary={first_line[2:].decode('ascii', 'replace')}"
    return "application/x-www-form-urlencoded" if b"=" in first_line else ""
