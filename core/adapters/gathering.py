"""Gathering: calls that come while one is under way wait, and are then done together, in one trip to the store.

With one caller at a time nothing waits. With many, what a trip costs is shared among all who came during the last one.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Larger gatherings share hardly more, and everyone in them waits for all of it.
_AT_MOST = 32


class _Call(Generic[Item, Result]):
    """One caller: sleeps until its result is there, or until it is its turn to lead."""

    __slots__ = ("error", "is_done", "item", "result", "turn")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.result: Result | None = None
        self.error: BaseException | None = None
        self.is_done = False
        self.turn = threading.Lock()
        self.turn.acquire()


class Gathering(Generic[Item, Result]):
    """Turns `do`, which takes many items and gives a result for each in the same order, into calls with one item.

    What `do` raises is raised to everybody in it, unless it is none of `shared`: then each is tried by itself, so that
    one item cannot fail the others.
    """

    def __init__(self, do: Callable[[Sequence[Item]], Sequence[Result]], shared: tuple[type[Exception], ...]) -> None:
        """Take what is to be done, and the errors that are everybody's: the store is out of reach, say."""
        self._do = do
        self._shared = shared
        self._lock = threading.Lock()
        self._waiting: list[_Call[Item, Result]] = []
        self._is_led = False

    def __call__(self, item: Item) -> Result:
        """Give the result for this item; raise what doing it raised."""
        call = _Call[Item, Result](item)
        with self._lock:
            self._waiting.append(call)
            leads, self._is_led = not self._is_led, True
        if not leads:
            call.turn.acquire()
        if not call.is_done:
            self._lead()
        if call.error is not None:
            raise call.error
        return call.result  # type: ignore[return-value] # done without an error, so it is there

    def _lead(self) -> None:
        """Do what waits, and hand the lead to the first of those who came meanwhile."""
        with self._lock:
            calls, self._waiting = self._waiting[:_AT_MOST], self._waiting[_AT_MOST:]
        try:
            self._finish(calls)
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._is_led = following is not None
            for call in calls:
                call.is_done = True
                call.turn.release()
            if following is not None:
                following.turn.release()

    def _finish(self, calls: Sequence[_Call[Item, Result]]) -> None:
        try:
            results = self._do([call.item for call in calls])
        except BaseException as error:  # noqa: BLE001 - whatever it is, nobody may take it for a result
            self._fail(calls, error)
        else:
            for call, result in zip(calls, results, strict=True):
                call.result = result

    def _fail(self, calls: Sequence[_Call[Item, Result]], error: BaseException) -> None:
        is_everybodys = isinstance(error, self._shared) or not isinstance(error, Exception)
        for call in calls:
            if is_everybodys or len(calls) == 1:
                call.error = error
            else:
                self._finish([call])
