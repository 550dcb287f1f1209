"""Logs: stdout, a line an event, as text or (RUNG_LOG=json) as one JSON object with the alert's id."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from core.times import rfc3339

_QUIET = ("apprise", "urllib3", "rq.worker", "rq.job", "rq.queue", "rq_scheduler.scheduler", "gunicorn.error")


class TextLine(logging.Formatter):
    """For people: `03:14:07.250 INFO  rung.engine  alert 42 acknowledged`."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        millis = int(record.msecs)
        at = f"{_clock(int(record.created))}.{millis:03d}"
        line = f"{at} {record.levelname:<7} {record.name:<16} {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


@lru_cache(1)  # many lines fall into one second
def _clock(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%H:%M:%S}"


class JsonLine(logging.Formatter):
    """For programs: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        fields = {
            "at": rfc3339(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "alert": getattr(record, "alert", None),
            "message": record.getMessage(),
            "traceback": self.formatException(record.exc_info) if record.exc_info else None,
        }
        return json.dumps({name: value for name, value in fields.items() if value is not None}, ensure_ascii=False)


def set_up(env: Mapping[str, str]) -> None:
    """Send every log of this process to stdout; libraries speak up only when something is wrong."""
    _gather_only_what_is_shown()
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLine() if env.get("RUNG_LOG") == "json" else TextLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("rung").setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _gather_only_what_is_shown() -> None:
    """Spare each line the search for its caller, thread and process: half of what a line costs."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001 - the way that logging's own documentation names
