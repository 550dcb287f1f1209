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
    from core.adapters.timers import RungScheduler
    from core.wiring import wire
    from schedules.forget import forget
    from schedules.sweep import sweep
    from schedules.workers import reload_on_hangup

    set_up(os.environ)
    rung = wire(os.environ)
    rung.say_what_is_wrong()
    engine = rung.engine
    scheduler = RungScheduler(rung.client, lambda: sweep(engine), tidy=lambda: forget(engine.store))
    scheduler.stop_on_signals()
    reload_on_hangup(rung)
    scheduler.run()
