"""Run the workers: one climbs ladders, one sends pages."""

import os

import click


@click.command()
def command() -> None:
    """Run the workers: one climbs ladders, one sends pages.

    Each is a process of its own, started again when it dies. Needs REDIS_URL. SIGHUP reads the config again; a bad
    one changes nothing.
    """
    # Imported here so that `rung --help` and the other commands do not pay for Redis and RQ.
    from core.adapters.logs import set_up
    from core.adapters.process_group import ProcessGroup
    from core.wiring import wire
    from schedules.workers import climb, send

    set_up(os.environ)
    rung = wire(os.environ)
    rung.say_what_is_wrong()
    mains = {"climber": lambda: climb(rung), "sender": lambda: send(rung)}
    ProcessGroup(mains, on_hangup=rung.reload).run()
