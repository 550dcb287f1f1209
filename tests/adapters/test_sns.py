"""How Amazon is asked: over real HTTP, no redirect followed, and whatever fails is UnreachableError."""

import pytest

from core.adapters.sns import UnreachableError, get
from tests.adapters.servers import Answer, HttpSink, reset


def test_a_body_is_given_as_it_came():
    with HttpSink(Answer(200, b"certificate")) as sink:
        assert get(sink.url("http")) == b"certificate"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status):
    with HttpSink(Answer(200, b"secret")) as inside:
        redirect = Answer(status, b"moved", {"Location": inside.url("http")})
        with HttpSink(redirect) as sink, pytest.raises(UnreachableError, match=str(status)):
            get(sink.url("http"))
        assert inside.requests == []


@pytest.mark.parametrize("status", [204, 400, 403, 404, 500, 503])
def test_another_status_is_not_taken_for_an_answer(status):
    with HttpSink(Answer(status)) as sink, pytest.raises(UnreachableError, match=str(status)):
        get(sink.url("http"))


def test_a_broken_connection_is_told_without_the_address():
    with HttpSink(reset) as sink, pytest.raises(UnreachableError, match=r"^Amazon could not be asked: \w+$"):
        get(sink.url("http", "/?Token=s3cret"))


def test_of_a_body_without_end_so_much_is_read():
    with HttpSink(Answer(200, b"x" * 1_000_000)) as sink:
        assert len(get(sink.url("http"))) <= 64 * 1024
