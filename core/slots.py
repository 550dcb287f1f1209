"""Slots: how many sends may be under way, and how many of them each channel may have.

A channel earns slots by answering and loses them by hanging, so that what hangs never has many for long.
"""

from collections import Counter
from collections.abc import Iterable

# What a channel may have before it has shown that it answers.
_AT_FIRST = 3
# A channel that hangs is tried with so many at a time.
_WHILE_HANGING = 1


class Slots:
    """Counts what is under way on each channel.

    An answer earns one slot more, whatever it says; a send that hung costs all but one.
    """

    def __init__(self, size: int) -> None:
        """Take how many sends may be under way in all."""
        self.size = size
        self._under_way: Counter[str] = Counter()
        self._allowed: dict[str, int] = {}

    @property
    def free(self) -> int:
        """How many more sends may be started."""
        return self.size - self._under_way.total()

    def idle(self, channels: Iterable[str]) -> int:
        """Give how many of these channels have nothing under way."""
        return sum(not self._under_way[channel] for channel in channels)

    def under_way(self) -> dict[str, int]:
        """Give how many sends are under way on each channel that has any."""
        return dict(+self._under_way)

    def kept_from(self, channels: Iterable[str]) -> dict[str, int]:
        """Give, for each of these channels, how many of all slots it may not take now."""
        return {channel: self.size - self._room(channel) for channel in channels}

    def take(self, channel: str) -> None:
        """Note that a send has started."""
        self._under_way[channel] += 1

    def give_back(self, channel: str, *, hung: bool) -> None:
        """Note that a send has ended."""
        self._under_way[channel] -= 1
        if hung:
            self._allowed[channel] = _WHILE_HANGING
        else:
            self._allowed[channel] = min(self.size, self._allowed.get(channel, _AT_FIRST) + 1)

    def forget_idle(self) -> None:
        """Forget what channels with nothing to send had earned: that they answered then says little about now."""
        busy = self.under_way()
        self._allowed = {c: allowed for c, allowed in self._allowed.items() if c in busy or allowed < _AT_FIRST}

    def _room(self, channel: str) -> int:
        return max(0, self._allowed.get(channel, _AT_FIRST) - self._under_way[channel])
