"""Who tries tokens is stopped after ten that are wrong: by address, and nobody else is kept out by it."""

import pytest

from tests.apps import API_TOKEN, App, bearer
from tests.functions.browsers import ACCEPT, HTML, Browser, signed_in, text

THERE, HERE = "203.0.113.9", "198.51.100.7"


def tries(app, token, address=THERE, forwarded=None):
    headers = ACCEPT | ({"X-Forwarded-For": forwarded} if forwarded else {})
    environ = {"REMOTE_ADDR": address}
    return Browser(app).http.post("/sign-in", data={"token": token}, headers=headers, environ_base=environ)


def fails(app, times, **where):
    return [tries(app, f"wrong-{number}", **where).status_code for number in range(times)]


def behind_proxies(app, count):
    app.rung.settings = app.rung.settings.from_env({**app.rung.env, "RUNG_PROXIES": str(count)})


def test_after_ten_wrong_tokens_no_more_are_taken_from_that_address_not_even_the_right_one(app):
    assert fails(app, 12) == [401] * 10 + [429] * 2
    answer = tries(app, API_TOKEN)
    assert (answer.status_code, answer.headers["Content-Type"], "Set-Cookie" in answer.headers) == (429, HTML, False)
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert "Too many wrong tokens came from your address; none is taken from it for " in text(answer)


def test_from_another_address_the_right_token_still_signs_in(app):
    fails(app, 11)
    assert tries(app, API_TOKEN, HERE).status_code == 303


def test_it_ends_five_minutes_after_the_first_and_trying_on_does_not_make_it_longer(app):
    fails(app, 10)
    key = f"rung:sign-in:{THERE}"
    assert app.redis.ttl(key) in {299, 300}
    app.redis.expire(key, 77)
    assert tries(app, "wrong").headers["Retry-After"] in {"76", "77"}
    assert app.redis.ttl(key) in {76, 77}
    app.redis.delete(key)  # as time does
    assert tries(app, API_TOKEN).status_code == 303


def test_right_tokens_are_not_counted_and_take_nothing_back(app):
    assert fails(app, 9) == [401] * 9
    assert [tries(app, API_TOKEN).status_code for _ in range(5)] == [303] * 5
    assert fails(app, 2) == [401, 429]


def test_nothing_but_signing_in_is_limited(app):
    browser = signed_in(app)
    wrong = [app.http.get("/alerts", headers=bearer("wrong")).status_code for _ in range(30)]
    assert set(wrong) == {401}
    assert tries(app, API_TOKEN, "127.0.0.1").status_code == 303, "wrong tokens of programs do not count"
    assert 429 in fails(app, 11, address="127.0.0.1")
    assert app.get("/alerts").status_code == 200
    assert browser.get("/").status_code == 200


def test_what_another_site_sends_does_not_count(app):
    for _ in range(11):
        assert Browser(app).post("/sign-in", {"Sec-Fetch-Site": "cross-site"}, token="wrong").status_code == 403
    assert Browser(app).sign_in().status_code == 303


def test_without_a_proxy_nobody_can_choose_an_address(app):
    answers = [tries(app, "wrong", THERE, forwarded=f"192.0.2.{number}").status_code for number in range(11)]
    assert answers == [401] * 10 + [429]


def test_behind_a_proxy_each_visitor_is_counted_alone_and_what_visitors_write_there_is_not_believed(app):
    behind_proxies(app, 1)
    answers = [tries(app, "wrong", "127.0.0.1", f"192.0.2.{n}, {THERE}").status_code for n in range(11)]
    assert answers == [401] * 10 + [429]
    assert tries(app, API_TOKEN, "127.0.0.1", f"{THERE}, {HERE}").status_code == 303


def test_behind_two_proxies_it_is_whom_the_first_of_them_saw(app):
    behind_proxies(app, 2)
    answers = [tries(app, "wrong", "127.0.0.1", f"6.6.6.{n}, {THERE}, 10.0.0.1").status_code for n in range(11)]
    assert answers == [401] * 10 + [429]
    assert tries(app, API_TOKEN, "127.0.0.1", f"6.6.6.1, {HERE}, 10.0.0.1").status_code == 303


@pytest.mark.parametrize("forwarded", [None, "nonsense", ", ,", "x" * 5000, "unknown", "1.2.3.4:5678"])
def test_a_proxy_that_does_not_say_who_it_saw_is_counted_itself(app, forwarded):
    behind_proxies(app, 1)
    assert fails(app, 11, address="127.0.0.1", forwarded=forwarded) == [401] * 10 + [429]
    assert app.redis.keys("rung:sign-in:*") == [b"rung:sign-in:127.0.0.1"]


def test_whoever_has_an_ipv6_address_has_a_whole_network_of_them(app):
    answers = [tries(app, "wrong", f"2001:db8:1:2::{number:x}").status_code for number in range(11)]
    assert answers == [401] * 10 + [429]
    assert tries(app, API_TOKEN, "2001:db8:1:3::1").status_code == 303
    assert fails(app, 1, address="::ffff:203.0.113.9") == [401]
    assert app.redis.get(f"rung:sign-in:{THERE}") == b"1"


def test_a_proxy_that_was_not_configured_is_named_in_the_log(app, caplog):
    tries(app, "wrong", "127.0.0.1", "192.0.2.1")
    assert "from 127.0.0.1 was refused: no such API token; if that is a proxy of yours, set RUNG_PROXIES" in caplog.text
    caplog.clear()
    tries(app, "wrong", THERE)
    assert "RUNG_PROXIES" not in caplog.text


def test_while_redis_is_away_nobody_is_kept_out(tmp_path):
    app = App(tmp_path, f"unix://{tmp_path}/nothing-here.sock")
    assert tries(app, "wrong").status_code == 401
    assert tries(app, API_TOKEN).status_code == 303
