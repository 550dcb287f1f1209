"""`rung up` with light stand-ins for its processes; Redis and supervisord are real."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from core.adapters.supervision import Program
from functions.commands import _session
from functions.commands._common import exit_code_of
from functions.commands._stack import APPS, prepare
from functions.commands.up import start

FAKE_APP = str(Path(__file__).with_name("fake_app.py"))
CHECK = "import os, sys; sys.exit('bad config here' if os.path.exists(os.environ['RUNG_CONFIG'] + '/bad') else 0)"


def main() -> None:
    stack = prepare(os.environ)
    redis = tuple(each for each in stack.programs if each.name == "redis")
    if os.environ.get("FAKE_REDIS"):
        redis = (Program("redis", tuple(os.environ["FAKE_REDIS"].split("|")), needed_by_others=True),)
    apps = tuple(Program(name, (sys.executable, "-S", FAKE_APP, name)) for name in APPS)
    _session._COMPLAIN_AFTER = float(os.environ.get("FAKE_PATIENCE", "10"))
    start(replace(stack, programs=redis + apps, config_check=(sys.executable, "-S", "-c", CHECK)))


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        if (code := exit_code_of(error)) is None:
            raise
        sys.stderr.write(f"rung: {error}\n")
        sys.exit(code)
