"""A real browser for tests: Debian's chromium, driven by the DevTools protocol over a pipe.

With `--remote-debugging-pipe` chromium reads commands from file descriptor 3 and writes answers to 4, JSON ended by a
NUL, so no driver and no websocket is needed.
"""

import base64
import contextlib
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BINARY = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class BrowserError(AssertionError):
    """The browser said no, or nothing, in time."""


class Browser:
    """One tab. Commands wait for their answer; `open` and `press` wait until the next page has loaded."""

    def __init__(self, folder: Path) -> None:
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        self._process = _start(folder, to_browser, from_browser)
        os.close(to_browser)
        os.close(from_browser)
        self._numbers = itertools.count(1)
        self._received = b""
        self._events: list[dict[str, Any]] = []
        self._session: str | None = None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Page.enable")
        self.send("Runtime.enable")
        self.send("Log.enable")

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # its helpers too
        self._process.wait()
        os.close(self._write)
        os.close(self._read)

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and give its result."""
        number = next(self._numbers)
        command: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._write, json.dumps(command).encode() + b"\0")
        while (answer := self._receive()).get("id") != number:
            self._events.append(answer)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']}")
        return answer["result"]

    def open(self, url: str) -> None:
        """Type an address."""
        self._forget()
        self.send("Page.navigate", url=url)
        self._loaded()

    def press(self, words: str) -> None:
        """Click what reads like this, as a mouse does, and wait for the page that follows."""
        self.screenshot()  # before the first frame is painted, a mouse hits nothing
        spot = self.run(f"""
            (() => {{ const all = [...document.querySelectorAll("button, a, summary")];
            const it = all.find((each) => each.textContent.trim() === {json.dumps(words)});
            if (!it) return null; it.scrollIntoView({{block: "center", behavior: "instant"}});
            const box = it.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()""")
        if spot is None:
            raise BrowserError(f"there is nothing to press that reads {words!r}; the page says: {self.text}")
        self._forget()
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=spot[0], y=spot[1], button="left", clickCount=1)
        self._loaded()

    def type(self, words: str) -> None:
        """Type into what has the focus."""
        self.screenshot()  # before the first frame is painted, nothing has it
        self.send("Input.insertText", text=words)

    def run(self, script: str) -> Any:
        """Give the value of a script, run by the browser and so not subject to the page's policy."""
        result = self.send("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in result:
            raise BrowserError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    @property
    def text(self) -> str:
        """What a person reads."""
        return " ".join(str(self.run("document.body ? document.body.innerText : ''")).split())

    @property
    def path(self) -> str:
        return str(self.run("location.pathname"))

    def complaints(self) -> list[str]:
        """What the console says is wrong: scripts that threw, what a policy refused."""
        self.run("1")
        thrown = [each for each in self._events if each.get("method") == "Runtime.exceptionThrown"]
        logged = [each["params"]["entry"] for each in self._events if each.get("method") == "Log.entryAdded"]
        return [str(each) for each in thrown] + [
            each["text"] for each in logged if "favicon" not in each.get("url", "") and each["level"] == "error"
        ]

    def look(self, width: int, height: int, *, dark: bool = False) -> None:
        """Be a screen of this size."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])

    def without_scripts(self) -> None:
        """Run no script of any page from now on."""
        self.send("Emulation.setScriptExecutionDisabled", value=True)

    def screenshot(self, seconds: float = 10) -> bytes:
        """Take a picture; while one page gives way to the next there is none to take."""
        until = time.monotonic() + seconds
        while True:
            try:
                return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])
            except BrowserError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def wait_for(self, words: str, seconds: float = 20) -> None:
        """Wait until the page reads so; it loads itself again."""
        until = time.monotonic() + seconds
        seen = ""
        while words not in seen:
            if time.monotonic() > until:
                raise BrowserError(f"{words!r} was not seen; the page says: {seen}")
            time.sleep(0.1)
            with contextlib.suppress(BrowserError):  # between two pages there is nothing to read
                seen = self.text

    def _forget(self) -> None:
        self._events = [each for each in self._events if each.get("method") != "Page.loadEventFired"]

    def _loaded(self) -> None:
        while not any(each.get("method") == "Page.loadEventFired" for each in self._events):
            self._events.append(self._receive())
        until = time.monotonic() + 10
        while self.run("document.readyState") != "complete" and time.monotonic() < until:
            time.sleep(0.02)  # that was the event of the empty page before

    def _receive(self, seconds: float = 10) -> dict[str, Any]:
        while b"\0" not in self._received:
            if not select.select([self._read], [], [], seconds)[0]:
                raise BrowserError(f"chromium said nothing for {seconds} s")
            if not (part := os.read(self._read, 1 << 20)):
                raise BrowserError("chromium is gone")
            self._received += part
        message, _, self._received = self._received.partition(b"\0")
        return dict(json.loads(message))


@contextlib.contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    browser = Browser(folder)
    try:
        yield browser
    finally:
        browser.close()


def _start(folder: Path, to_browser: int, from_browser: int) -> "subprocess.Popen[bytes]":
    command = [BINARY, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
    starter = [sys.executable, "-c", _STARTER, str(to_browser), str(from_browser), *command]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        starter, pass_fds=(to_browser, from_browser), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )


# Puts the pipes where chromium looks for them, by way of higher numbers: they may have 3 and 4 the wrong way round.
_STARTER = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3])
os.dup2(reads, 3)
os.dup2(writes, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
