"""A mail that was handed on: who wrote, to which address, what, and what the gateway found out about the sender.

Only what stands above the quoted part counts, and of that the first line: signatures and disclaimers follow. Whoever
answers below the quote is not heard, for what is quoted was said by us. Pure.
"""

import re
from dataclasses import dataclass
from html import unescape

_LONGEST = 20_000  # characters of a text that are looked at
_LONGEST_HTML = 100_000  # of a page; Outlook puts a long style sheet in front
_TOKEN = re.compile(r"\+([0-9]{1,15}-[0-9a-z]{8,60})@", re.ASCII)
_BLANK = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff"  # some programs begin with one that nobody sees
_QUOTE = (">", "|")
_PIECES = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+)([^<>]*+)>?|([^<]++|<)")
_SPACE = re.compile(r"\s++")
_UNSEEN = frozenset({"head", "style", "script", "title"})
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "table", "h1", "h2", "h3", "hr", "pre"})
_PASSED, _FOUND_NOTHING = "pass", frozenset({"", "none", "neutral"})


class UnreadableMailError(ValueError):
    """This is no mail as the provider of the config hands it on."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gateway found: `word` of a `method` such as dkim, about a domain; '' when it does not say which."""

    method: str
    word: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """`sender` is one plain address; '' when there is none, or more than one. `id` may be the sender's invention."""

    sender: str
    recipients: tuple[str, ...]
    text: str
    verdicts: tuple[Verdict, ...] = ()
    id: str = ""
    is_automatic: bool = False

    @property
    def tokens(self) -> tuple[str, ...]:
        """The signed parts of the addresses that were answered to, in small letters, as they were made."""
        found = (match for address in self.recipients for match in _TOKEN.findall(address.lower()))
        return tuple(dict.fromkeys(found))

    @property
    def is_vouched(self) -> bool:
        """Say whether the gateway found nothing against the sender: something passed that speaks for their domain.

        A signature by somebody else proves that somebody else wrote. Where nothing was checked nothing is asked for.
        """
        by_method: dict[str, list[Verdict]] = {}
        for verdict in self.verdicts:
            by_method.setdefault(verdict.method, []).append(verdict)
        if any(_is_against(found) for found in by_method.values()):
            return False
        return not self.verdicts or any(self._speaks_for_sender(verdict) for verdict in self.verdicts)

    @property
    def first_line(self) -> str:
        """The first line; '' when the mail begins with what it quotes."""
        lines = (line.strip(_BLANK) for line in self.text[:_LONGEST].splitlines())
        first = next((line for line in lines if line), "")
        return "" if first.startswith(_QUOTE) else first

    def _speaks_for_sender(self, verdict: Verdict) -> bool:
        ours, theirs = self.sender.rpartition("@")[2].lower(), verdict.domain.lower().rstrip(".")
        is_of_them = not theirs or ours == theirs or ours.endswith(f".{theirs}") or theirs.endswith(f".{ours}")
        return verdict.word == _PASSED and is_of_them


def _is_against(found: list[Verdict]) -> bool:
    """Say whether one method found something wrong; of several signatures one that is right is enough."""
    words = {verdict.word for verdict in found}
    return _PASSED not in words and not words <= _FOUND_NOTHING


def text_of_html(page: str) -> str:
    """Give what a page says above its first quote, for mails that have no text.

    Read by hand: a mail is a stranger's, and html.parser raises on some and takes very long over others.
    """
    said: list[str] = []
    unseen = ""
    for is_end, tag, rest, text in _PIECES.findall(_without_comments(page[:_LONGEST_HTML])):
        name = tag.lower()
        if unseen:
            unseen = "" if is_end and name == unseen else unseen
        elif name == "blockquote" or "gmail_quote" in rest:
            break
        elif name in _UNSEEN and not is_end:
            unseen = name
        else:
            said.append("\n" if name in _BREAKS else _SPACE.sub(" ", text))
    return unescape("".join(said))


def _without_comments(page: str) -> str:
    first, *commented = page.split("<!--")
    return "".join([first, *(piece.partition("-->")[2] for piece in commented)])
