"""Run the web process: webhooks come in here, and answers."""

import os

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 is every one.")
def command(host: str) -> None:
    """Run the web process: webhooks come in here, and answers.

    Listens on PORT (8080). Needs REDIS_URL. SIGHUP reads the config again; a bad one changes nothing.
    """
    # Imported here so that `rung --help` and the other commands do not pay for a web server.
    from core.adapters.logs import set_up
    from core.wiring import wire
    from functions.server import Server

    set_up(os.environ)
    rung = wire(os.environ)
    rung.say_what_is_wrong()
    Server(rung, host, rung.settings.port).run()
