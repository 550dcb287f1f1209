"""What the scheduler starts when a report or a snapshot is due, or much has changed: a process that ends.

It runs at a lower priority: whoever pages people comes first.
"""

import os
import sys

from functions.commands._common import OUT_OF_REACH

_NICE = 10
_DEADLINE = 60.0  # seconds; a mail with pictures may take a slow server longer than a page


def main() -> None:
    """Write what changed, take the snapshot and send the reports that are due; harmless when another does the same."""
    # Imported here because the names of what commands share are read by every command.
    from core.adapters.chart_process import charts_of
    from core.adapters.logs import set_up
    from core.adapters.sender_pool import SenderPool
    from core.store import StoreUnavailableError
    from core.wiring import wire
    from functions._mailer import Mailer, log

    os.nice(_NICE)
    set_up(os.environ)
    rung = wire(os.environ)
    try:
        rung.facts.digest_open()
        with SenderPool(size=1, deadline=_DEADLINE) as pool:
            mailer = Mailer(rung, pool, lambda view, names: charts_of(rung.client, view, names))
            mailer.take_snapshot()
            mailer.send_what_is_due()
    except StoreUnavailableError as error:
        log.error("%s; the reports that are due are tried again", error)
        sys.exit(OUT_OF_REACH)


if __name__ == "__main__":
    main()
