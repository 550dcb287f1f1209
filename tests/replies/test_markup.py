"""Whatever a text has in it, markup made of it is whole."""

from xml.etree import ElementTree as ET

from hypothesis import example, given
from hypothesis import strategies as st

from core.replies.markup import readable
from core.replies.speech import asking, saying
from tests.twilio_side import heard


def test_what_markup_cannot_hold_is_left_out_and_nothing_else():
    assert readable("a\x00b\x0bc\x1bd\ufffee\ud800f") == "abcdef"
    assert readable("Straße <&> 😡\t\n") == "Straße <&> 😡\t\n"


@given(st.text(alphabet=st.characters(), max_size=200))
@example("\ud800\x00]]>")
@example("&amp;<Say>")
def test_any_text_is_said_as_it_can_be(text):
    said = heard(asking(text, "https://rung.example.com/reply/voice/x?alert=1&b=2", keys_say="Press 1."))
    assert said.text.split() == f"{readable(text)} Press 1.".split()
    assert said.keys_at == "https://rung.example.com/reply/voice/x?alert=1&b=2"
    assert ET.fromstring(saying(text)).tag == "Response"
