"""Run the scheduler: it puts timers that are due into the queue, and sweeps up what was lost."""

import os

import click


@click.command()
def command() -> None:
    """Run the scheduler: it puts timers that are due into the queue, and sweeps up what was lost.

    One is enough; two do no harm. Needs REDIS_URL. SIGHUP reads the config again; a bad one changes nothing.
    """
    # Imported here so that `rung --help` and the other commands do not pay for Redis and RQ.
    from core.adapters.logs import set_up
    from core.adapters.side_process import SideProcess
    from core.adapters.timers import RungScheduler
    from core.wiring import wire
    from schedules import heartbeats, review
    from schedules.bookkeeping import Bookkeeping
    from schedules.digest import tidy
    from schedules.forget import forget_orders
    from schedules.sweep import sweep
    from schedules.workers import reload_on_hangup

    set_up(os.environ)
    rung = wire(os.environ)
    rung.say_what_is_wrong()
    engine = rung.engine
    mailer = SideProcess("functions.commands._mail_reports")
    books = Bookkeeping(rung, mailer.start)

    def every_second() -> None:
        sweep(engine)
        heartbeats.sweep(rung.heartbeats)
        review.look(rung)
        books.look()

    def twice_a_minute() -> bool:
        heartbeats.arm(rung.heartbeats)
        forget_orders(rung)
        return tidy(rung)

    scheduler = RungScheduler(rung.client, every_second, tidy=twice_a_minute)
    scheduler.stop_on_signals()
    reload_on_hangup(rung)
    scheduler.run()
    mailer.stop()
