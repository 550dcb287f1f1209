"""GET /healthz."""


def test_it_answers_without_a_token_and_without_redis(app):
    app.rung.client.connection_pool.disconnect()
    app.rung.engine.store = None
    answer = app.get("/healthz", headers={})
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
