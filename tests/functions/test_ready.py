"""GET /readyz."""

from tests.apps import App, error


def test_it_is_ready_when_redis_answers(app):
    answer = app.get("/readyz", headers={})
    assert (answer.status_code, answer.json["status"]) == (200, "ready")


def test_what_is_wrong_with_redis_is_said(app):
    app.redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        warnings = app.get("/readyz").json["warnings"]
    finally:
        app.redis.config_set("maxmemory-policy", "noeviction")
    assert [warning for warning in warnings if "maxmemory-policy" in warning]
    assert not [warning for warning in app.get("/readyz").json["warnings"] if "maxmemory-policy" in warning]


def test_it_is_not_ready_while_redis_is_away(tmp_path):
    app = App(tmp_path, f"unix://{tmp_path}/nothing-here.sock")
    answer = app.get("/readyz", headers={})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert error(answer)
