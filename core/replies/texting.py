"""Texts that people send: who it is, what they want, and what is sent back, whichever provider carries it.

A provider is two functions: one reads its request to an Incoming, one writes the answer as it wants it.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from core.config import Config
from core.replies.answering import Replies
from core.replies.grammar import Spoken, Verb, read
from core.replies.people import by_phone
from core.replies.sms_parts import cut

log = logging.getLogger("rung.replies")

# Within ten minutes. What is asked for is done all the same, and a machine that is not answered falls silent.
MOST_ANSWERS = 30
MOST_NOT_UNDERSTOOD = 3


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text as its provider hands it over. `id` is its name there, `via` the way it came: sms, whatsapp, rcs.

    `is_for_carrier`: the provider says that it has dealt with it, a STOP for example.
    """

    id: str
    sender: str
    text: str
    via: str = "sms"
    is_for_carrier: bool = False


class Texting:
    """Answers texts. `once` says whether a name comes for the first time; `count` counts answers of late by name."""

    def __init__(
        self,
        replies: Replies,
        config: Callable[[], Config],
        once: Callable[[str], AbstractContextManager[bool]],
        count: Callable[[str], int],
    ) -> None:
        """Take the parts; `config` gives the one in force."""
        self._replies = replies
        self._config = config
        self._once = once
        self._count = count

    def answer(self, incoming: Incoming) -> str:
        """Do what a text asks for and give what to send back, '' for nothing.

        Whose number nobody has, and who says the same again, gets nothing. Raises StoreUnavailableError; then nothing
        was done, and the same text may come again.
        """
        people = by_phone(self._config(), incoming.sender)
        if not people:
            log.warning("a text came from a number that belongs to nobody in the config; it was not answered")
            return ""
        with self._once(f"text:{incoming.id}") as is_first:
            return self._answered(people, incoming) if is_first else ""

    def _answered(self, people: tuple[str, ...], incoming: Incoming) -> str:
        spoken = Spoken(Verb.CARRIER) if incoming.is_for_carrier else read(incoming.text)
        if spoken.verb is Verb.CARRIER:
            log.warning("%s sent a word that the carrier deals with; after a STOP no text reaches them", people[0])
            return ""
        # Counted before it is done: what fails now was not begun.
        is_answered = self._is_answered(people[0], spoken)
        replied = self._replies.answer(people, spoken, incoming.via)
        return cut(replied.text) if is_answered else ""

    def _is_answered(self, person: str, spoken: Spoken) -> bool:
        if spoken.verb is Verb.UNKNOWN and self._count(f"not-understood:{person}") > MOST_NOT_UNDERSTOOD:
            return False
        return self._count(person) <= MOST_ANSWERS
