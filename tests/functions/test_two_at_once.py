"""Two people answer in the same millisecond by different ways: one has it, the other is told so, politely."""

import html
import re
import threading

import pytest

from core.ledger import Key
from tests.apps import PUBLIC_URL, App
from tests.samples import PEOPLE
from tests.twilio_side import AUTH_TOKEN, answered, heard, key_form, sid, signed, text_form

ROUNDS = 15


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, replies={"twilio": {"auth_token": AUTH_TOKEN}})
    yield app
    app.redis.close()


def by_text(app, alert_id, person):
    request = signed(f"{PUBLIC_URL}/reply/sms", text_form(f"ack {alert_id}", PEOPLE[person]["phone"]))

    def answer(http):
        return answered(http.post(request.path, data=request.body, headers=request.headers).text)

    return answer


def by_key(app, alert_id, person):
    url = app.rung.links.make_for_delivery("voice", Key(alert_id, 2, person, "phone"))
    request = signed(url, key_form(sid("CA"), PEOPLE[person]["phone"], "1"))

    def answer(http):
        return heard(http.post(request.path, data=request.body, headers=request.headers).text).text

    return answer


def by_link(app, alert_id, person):
    path = "/a/" + app.rung.links.make(alert_id, person).rpartition("/a/")[2]

    def answer(http):
        page = http.post(path, data={"action": "acknowledge"}).text.partition("</style>")[2]
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())

    return answer


def at_once(app, *answers):
    """Give what each was told; all are let go at the same instant."""
    told, barrier = {}, threading.Barrier(len(answers))

    def run(index, answer):
        http = app.flask.test_client()
        barrier.wait()
        told[index] = answer(http)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(answers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [told[index] for index in range(len(answers))]


@pytest.mark.parametrize(
    ("one", "other"), [(by_text, by_link), (by_text, by_key), (by_key, by_link), (by_text, by_text)]
)
def test_one_has_it_and_the_other_is_told_who(app, one, other):
    for round_ in range(ROUNDS):
        alert_id = app.fires(dedup_key=str(round_))
        told = at_once(app, one(app, alert_id, "user2"), other(app, alert_id, "user5"))
        (event,) = [event for event in app.events(alert_id) if event["event"] == "acknowledged"]
        first = ["user2", "user5"].index(event["by"])
        assert app.rung.engine.alert(alert_id)[0].acknowledged_by == event["by"]
        assert f"lert {alert_id} was acknowledged by {event['by']}" in told[1 - first]
        assert "was acknowledged by" not in told[first]


def test_of_many_by_every_way_one_has_it(app):
    people = [f"user{n}" for n in range(1, 7)]
    ways = [by_text, by_key, by_link] * 2
    alert_id = app.fires()
    told = at_once(app, *(way(app, alert_id, person) for way, person in zip(ways, people, strict=True)))
    (event,) = [event for event in app.events(alert_id) if event["event"] == "acknowledged"]
    others = [said for person, said in zip(people, told, strict=True) if person != event["by"]]
    assert all(f"lert {alert_id} was acknowledged by {event['by']}" in said for said in others)
