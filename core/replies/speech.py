"""Speech: what a call says and which keys it takes, in Twilio's markup (TwiML).

Silence is no answer: whoever presses no key hears that nothing was done, and the call ends.
"""

from html import escape

from twilio.twiml.voice_response import VoiceResponse

from core.replies.markup import readable

HALF_A_MINUTE = 450  # characters, as a machine reads them out
FIRST_TIMES = 3  # the first speech is repeated twice

_LONGEST = 3000  # characters once they are escaped; the provider takes 4000 with what is around them
_WAIT = 6  # seconds for a key after the last word
_NOTHING_DONE = "No key was pressed, so nothing was done. Goodbye."


def asking(text: str, keys_at: str, times: int = 1, keys_say: str = "") -> str:
    """Give markup that says the text, takes one key meanwhile or just after it, and posts it to the address.

    What takes longer than half a minute is said once, however many `times` are asked for. What is said of the keys
    is never cut.
    """
    text = " ".join(filter(None, (_fitting(readable(text)), keys_say)))
    answer = VoiceResponse()
    # With no key that ends the input, * and # are keys like any other, and can be told that they do nothing.
    keys = answer.gather(action=keys_at, method="POST", num_digits=1, finish_on_key="", timeout=_WAIT)
    keys.say(text, loop=times if len(text) <= HALF_A_MINUTE else 1)
    answer.say(_NOTHING_DONE)
    return str(answer.to_xml())


def saying(text: str) -> str:
    """Give markup that says the text and ends the call."""
    answer = VoiceResponse()
    answer.say(_fitting(readable(text)))
    return str(answer.to_xml())


def _fitting(text: str) -> str:
    room = _LONGEST
    for index, each in enumerate(text):
        room -= len(escape(each))
        if room < 0:
            return text[:index]
    return text
