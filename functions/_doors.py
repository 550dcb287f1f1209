"""What all doors share: the Rung of this process, who is asking, and what they say in the body."""

import hmac
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, cast

from flask import abort, current_app, request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from core.commands import Command
from core.views import alert_view
from core.wiring import Rung

Body = TypeVar("Body", bound=BaseModel)

# What an error repeats of a body: enough for a person, and no more than that of what a stranger sent.
_LONGEST_NAME = 60
_MOST_FAULTS = 20


def _printable(text: str) -> str:
    if not text.isprintable() or text.isspace():
        raise ValueError("must be one line that says something, without control characters")
    return text


def _printable_lines(text: str) -> str:
    if not all(line.isprintable() for line in text.replace("\t", " ").split("\n")):
        raise ValueError("must not contain control characters")
    return text


class Answer(BaseModel):
    """The body of an answer. Everything is optional: the token's name stands for whoever is not named."""

    model_config = ConfigDict(extra="forbid")

    by: Annotated[str, AfterValidator(_printable)] | None = Field(None, min_length=1, max_length=100)
    note: Annotated[str, AfterValidator(_printable_lines)] | None = Field(None, max_length=2000)


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


def raw_body() -> bytes:
    """Give the body as it came; 413 when it is larger than the limit, however it was sent."""
    body = request.get_data()
    request.stream.read(1)  # a chunked body is cut at the limit in silence; to ask for more is what says so
    return body


def said(shape: type[Body]) -> Body:
    """Read the JSON body into this shape; an empty body says nothing. 400 with every fault at once."""
    if not raw_body():
        return _checked(shape, {})
    try:
        body = request.get_json(force=True, silent=True)
    except RecursionError:
        abort(400, "the body is nested too deeply")
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
        abort(400, _in_words(error))


def _in_words(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    named = [f"{'.'.join(map(str, e['loc']))[:_LONGEST_NAME] or 'body'}: {e['msg']}" for e in faults[:_MOST_FAULTS]]
    more = len(faults) - len(named)
    return "; ".join([*named, f"and {more} more"] if more else named)
