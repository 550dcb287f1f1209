"""A connection serves one message after another, and is given up before a provider would."""

import pytest
import requests
from requests.adapters import HTTPAdapter

from core.adapters.kept_connections import KeptConnections
from tests.adapters.servers import Answer, HttpSink


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def ports_of(sink, connections, clock, pauses):
    """Send a message from a session of its own after each of the pauses; give the client's port of each request."""
    ports = []

    def answer(handler):
        ports.append(handler.client_address[1])
        return Answer(headers={"Content-Length": "0"})

    sink.behaviour = answer
    for pause in pauses:
        clock.now += pause
        with requests.Session() as session, connections.lent_to(session):
            assert session.get(f"http://127.0.0.1:{sink.port}/").ok
    return ports


def test_one_connection_serves_many_sessions(clock):
    with HttpSink() as sink:
        first, *others = ports_of(sink, KeptConnections(clock), clock, [0, 1, 15])
        assert others == [first, first]


def test_a_connection_that_was_quiet_for_long_is_not_used_again(clock):
    with HttpSink() as sink:
        first, second, third = ports_of(sink, KeptConnections(clock), clock, [0, 16, 1])
        assert first != second == third


def test_a_connection_that_the_server_closed_is_replaced_without_an_error(clock):
    connections = KeptConnections(clock)
    with HttpSink() as sink:

        def close_after(handler):
            handler.close_connection = True
            return Answer(headers={"Content-Length": "0"})

        sink.behaviour = close_after
        for _ in range(3):
            with requests.Session() as session, connections.lent_to(session):
                assert session.get(f"http://127.0.0.1:{sink.port}/").ok
        assert len(sink.requests) == 3


def test_a_session_gets_its_own_back_and_keeps_what_it_brought(clock):
    class Own(HTTPAdapter):
        pass

    connections, own = KeptConnections(clock), Own()
    with requests.Session() as session:
        before = session.adapters
        with connections.lent_to(session):
            assert session.adapters is not before
        assert session.adapters is before
        session.mount("https://", own)
        with connections.lent_to(session):
            assert session.get_adapter("https://example.com") is own
