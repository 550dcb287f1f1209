"""Whether the server of a channel answers: it is asked without a message, and what does not answer says why."""

import socket

import pytest
import requests

from core.adapters.channel_probe import Server, server_of, trouble_with
from tests.adapters.channel_examples import URLS, example
from tests.adapters.servers import CERTIFICATES, HttpSink, SilentServer, SmtpSink, refusing_port

SERVERS = {
    "email": "smtp.example.com:587",
    "slack": "slack.com:443",
    "sms": "api.twilio.com:443",
    "phone": "api.twilio.com:443",
    "ntfy": "ntfy.example.com:443",
    "telegram": "api.telegram.org:443",
    "discord": "discord.com:443",
    "teams": "host.example.com:443",
    "pushover": "api.pushover.net:443",
    "gotify": "gotify.example.com:443",
    "matrix": "matrix.example.com:443",
    "signal": "signal.example.com:8080",
    "webhook": "hooks.example.com:443",
}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def _no_way_out(monkeypatch):
    """Let nothing open a connection."""

    def connect(*_arguments):
        pytest.fail("something went out")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "create_connection", connect)


@pytest.mark.usefixtures("_no_way_out")
@pytest.mark.parametrize("kind", URLS)
def test_where_every_example_of_the_config_sends_to_is_found_without_sending(kind):
    assert str(server_of(example(kind))) == SERVERS[kind]


@pytest.mark.usefixtures("_no_way_out")
@pytest.mark.parametrize("url", ["rsyslog://localhost", "nonsense://x", "dbus://"])
def test_what_speaks_neither_http_nor_smtp_is_not_asked(url):
    assert server_of(url) is None


def test_requests_go_out_again_afterwards():
    with HttpSink() as sink:
        assert server_of(sink.url()) == Server("127.0.0.1", sink.port, "http")
        assert sink.requests == []
        assert requests.get(sink.url("http"), timeout=5).status_code == 200


def test_a_server_that_answers_hears_no_request():
    with HttpSink() as sink:
        assert trouble_with(server_of(sink.url())) is None
        assert sink.requests == []


def test_a_mail_server_that_answers_gets_no_mail_and_no_password(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "valid.pem"))
    with SmtpSink(certificate="valid") as sink:
        for scheme in ("mailto", "mailtos"):
            assert trouble_with(server_of(sink.url("a@example.com", scheme=scheme))) is None
        assert (sink.mails, sink.logins) == ([], 0)


def test_nobody_listens():
    with refusing_port() as port:
        for speaks in ("http", "https", "insecure", "starttls", "ssl"):
            assert trouble_with(Server("127.0.0.1", port, speaks)) == "connection refused"


def test_a_name_that_is_not_there():
    assert trouble_with(Server("nowhere.invalid", 443, "https")) == "the provider's host name was not found"


@pytest.mark.parametrize("speaks", ["https", "insecure"])
def test_whoever_says_nothing_is_waited_for_a_moment_only(speaks, monkeypatch):
    monkeypatch.setattr("core.adapters.channel_probe.WITHIN", 0.2)
    with SilentServer() as server:
        assert trouble_with(Server("127.0.0.1", server.port, speaks)) == "no answer in time"


@pytest.mark.parametrize(
    ("certificate", "trusted", "why"),
    [
        ("valid", "valid", None),
        ("expired", "expired", "no secure connection (TLS) to the provider: its certificate has expired"),
        ("valid", "expired", "no secure connection (TLS) to the provider: nobody vouches for its certificate"),
    ],
)
def test_a_certificate_is_looked_at_as_sending_would(certificate, trusted, why, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATES / f"{trusted}.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / f"{trusted}.pem"))
    with HttpSink(certificate=certificate) as sink, SmtpSink(certificate=certificate) as mail:
        assert trouble_with(server_of(sink.url("jsons"))) == why
        assert trouble_with(server_of(mail.url("a@example.com", scheme="mailtos"))) == why
        assert trouble_with(server_of(sink.url("jsons") + "?verify=no")) is None


def test_behind_a_proxy_the_proxy_is_asked(monkeypatch):
    with HttpSink() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:s3cret@127.0.0.1:{proxy.port}")
        server = server_of("jsons://nowhere.invalid/")
        assert str(server) == f"127.0.0.1:{proxy.port}"
        assert trouble_with(server) is None
        assert "s3cret" not in repr(server)
