"""What all doors share: the Rung of this process, who is asking, and what they say in the body."""

import hmac
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from flask import abort, current_app, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.commands import Command
from core.views import alert_view
from core.wiring import Rung

Body = TypeVar("Body", bound=BaseModel)


class Answer(BaseModel):
    """The body of an answer. Everything is optional: the token's name stands for whoever is not named."""

    model_config = ConfigDict(extra="forbid")

    by: str | None = Field(None, min_length=1, max_length=100)
    note: str | None = Field(None, max_length=2000)


def rung() -> Rung:
    """Give the parts of this process."""
    return cast("Rung", current_app.extensions["rung"])


def caller() -> str:
    """Give the name of the API token that came with the request; 401 without one."""
    given = bearer()
    name = next((name for name, token in rung().api_tokens.items() if same(given, token)), None)
    return name or abort(
        401, "send an API token as `Authorization: Bearer <token>`; `rung up` prints it, RUNG_API_TOKEN sets it"
    )


def bearer() -> str:
    """Give the bearer token of the request, or ''."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def same(given: str, wanted: str) -> bool:
    """Compare secrets without telling by the time it takes how much was right."""
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())


def said(shape: type[Body]) -> Body:
    """Read the JSON body into this shape; an empty body says nothing. 400 with every fault at once."""
    if not request.get_data():
        return _checked(shape, {})
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        abort(400, "the body must be a JSON object")
    return _checked(shape, body)


def act(alert_id: int, command: Command) -> dict[str, Any]:
    """Do it, and give the alert after it."""
    return alert_view(rung().engine.act(alert_id, command))


def _checked(shape: type[Body], body: Mapping[str, Any]) -> Body:
    try:
        return shape.model_validate(body)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in error.errors())
        abort(400, faults)
