"""GET /outbox."""

from tests.apps import bearer


def test_messages_stand_newest_first_with_all_they_say(app):
    app.fires("first", "low")
    sender = app.rung.dispatcher(None, 8)
    sender.drain(60)
    app.passes(5)
    app.fires("second", "low")
    sender.drain(60)
    newest, oldest = app.get("/outbox").json["messages"]
    assert set(newest) == {"at", "alert", "responder", "channel", "title", "body"}
    assert (newest["alert"], newest["responder"], newest["channel"]) == (2, "user2", "email")
    assert (newest["at"], oldest["at"]) == ("2026-11-23T10:00:05Z", "2026-11-23T10:00:00Z")
    assert "second" in newest["title"]
    assert "https://rung.example.com/a/" in newest["body"]


def test_it_shows_so_many_and_no_more(app):
    for number in range(250):
        app.rung.ledger.add_message({"title": str(number)})
    messages = app.get("/outbox").json["messages"]
    assert (len(messages), messages[0]["title"]) == (200, "249")


def test_it_is_empty_at_first(app):
    assert app.get("/outbox").json == {"messages": []}


def test_its_links_are_for_those_with_a_token_only(app):
    for headers in ({}, bearer("wrong"), bearer("source-token")):
        assert app.get("/outbox", headers=headers).status_code == 401
