"""What the scheduler starts when a report or a snapshot is due: a process that sends it, and ends."""

import os
import signal
import sys
import threading

from functions.commands._common import OUT_OF_REACH, WRONG

_DEADLINE = 60.0  # seconds; a mail with pictures may take a slow server longer than a page


def main() -> None:
    """Take the snapshot and send the reports that are due; harmless when another does the same.

    Told to stop, it sees the mail under way to its end: one that nobody noted would go out again.
    """
    # Imported here because the names of what commands share are read by every command.
    from core.adapters.chart_process import charts_of
    from core.adapters.logs import set_up
    from core.adapters.sender_pool import SenderPool
    from core.config.faults import ConfigError
    from core.store import StoreUnavailableError
    from core.wiring import wire
    from functions._mailer import Mailer, log

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    set_up(os.environ)
    try:
        rung = wire(os.environ)
    except ConfigError as error:
        # Whoever started this goes on with the config of before, but cannot hand it over.
        log.error("reports that are due wait until the config can be read:\n%s", error)
        sys.exit(WRONG)
    try:
        with SenderPool(size=1, deadline=_DEADLINE) as pool:
            mailer = Mailer(rung, pool, lambda view, names: charts_of(rung.client, view, names), stopping.is_set)
            mailer.take_snapshot()
            mailer.send_what_is_due()
    except StoreUnavailableError as error:
        log.error("%s; the reports that are due are tried again", error)
        sys.exit(OUT_OF_REACH)


if __name__ == "__main__":
    main()
