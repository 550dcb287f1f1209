"""Hello world in Flask, on gunicorn with the very options Rung uses: the baseline of every request rate."""

import sys
from typing import Any

from flask import Flask

from functions.server import Server


class Hello(Server):
    def load(self) -> Flask:
        app = Flask("hello")
        app.add_url_rule("/", view_func=lambda: {"hello": "world"})
        return app

    def _options(self) -> dict[str, Any]:
        return {**super()._options(), "post_worker_init": lambda _worker: None}  # there are no heartbeats to watch


if __name__ == "__main__":
    Hello(None, "127.0.0.1", int(sys.argv[1])).run()  # type: ignore[arg-type]
