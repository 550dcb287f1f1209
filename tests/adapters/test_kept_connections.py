"""A connection serves one message after another, and is given up before a provider would."""

import pytest
import requests
from requests.adapters import HTTPAdapter

from core.adapters.kept_connections import KeptConnections
from tests.adapters.servers import Answer, HttpSink, reset


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
        assert get(connections, sink).ok
    return ports


def test_one_connection_serves_many_sessions(clock):
    with HttpSink() as sink:
        first, *others = ports_of(sink, KeptConnections(clock), clock, [0, 1, 15])
        assert others == [first, first]


def test_a_connection_that_was_quiet_for_long_is_not_used_again(clock):
    with HttpSink() as sink:
        first, second, third = ports_of(sink, KeptConnections(clock), clock, [0, 16, 1])
        assert first != second == third


def test_a_connection_is_quiet_whatever_is_sent_to_others(clock):
    connections = KeptConnections(clock)
    with HttpSink() as rare, HttpSink() as busy:
        [first] = ports_of(rare, connections, clock, [0])
        ports_of(busy, connections, clock, [10, 10])
        [second] = ports_of(rare, connections, clock, [0])
        assert second != first


def test_a_connection_whose_last_answer_is_still_to_come_is_not_used_again(clock):
    connections, ports = KeptConnections(clock), []
    with HttpSink() as sink:

        def give_only_a_hint(handler):
            ports.append(handler.client_address[1])
            handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")

        sink.behaviour = give_only_a_hint
        assert [get(connections, sink).status_code for _ in range(2)] == [103, 103]
    assert ports[0] != ports[1]


def test_a_connection_that_the_server_closed_is_replaced_without_an_error(clock):
    connections = KeptConnections(clock)
    with HttpSink() as sink:

        def close_after(handler):
            handler.close_connection = True
            return Answer(headers={"Content-Length": "0"})

        sink.behaviour = close_after
        for _ in range(3):
            assert get(connections, sink).ok
        assert len(sink.requests) == 3


def test_a_connection_that_was_closed_while_it_was_used_is_replaced_once(clock):
    connections, seen = KeptConnections(clock), []
    with HttpSink() as sink:

        def drop_the_second_request_of_a_connection(handler):
            seen.append(handler.client_address[1])
            if seen.count(seen[-1]) == 2:
                reset(handler)
                return None
            return Answer(headers={"Content-Length": "0"})

        sink.behaviour = drop_the_second_request_of_a_connection
        assert get(connections, sink).ok
        assert get(connections, sink).ok
        assert len(seen) == 3


def test_a_new_connection_that_breaks_is_an_error_at_once(clock):
    with HttpSink(reset) as sink:
        with pytest.raises(requests.ConnectionError):
            get(KeptConnections(clock), sink)
        assert len(sink.requests) == 1


def test_a_session_gets_its_own_back_and_keeps_what_it_brought(clock):
    class Own(HTTPAdapter):
        pass

    connections, own, used = KeptConnections(clock), Own(), []

    def original(session, request, **_options):
        used.append(session.get_adapter(request.url))
        response = requests.Response()
        response.status_code = 200
        return response

    request = requests.Request("GET", "https://example.com").prepare()
    with requests.Session() as session:
        before = session.adapters
        connections.send(original, session, request)
        assert session.adapters is before
        assert used[0] not in before.values()
        session.mount("https://", own)
        connections.send(original, session, request)
        assert used[1] is own


def get(connections, sink):
    """Send a request from a session of its own, as Apprise does."""
    with requests.Session() as session:
        request = session.prepare_request(requests.Request("GET", f"http://127.0.0.1:{sink.port}/"))
        return connections.send(requests.Session.send, session, request)
