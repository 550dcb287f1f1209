"""What all doors share: the Rung of this process, who is asking, and what they say in the body.

Programs show an API token and speak JSON. Browsers show the cookie of a session; their forms carry its CSRF token and
are answered by a redirect.
"""

import hmac
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, TypeVar, cast

from flask import Response, abort, current_app, redirect, request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from core.commands import Command
from core.intake import Taken
from core.views import alert_view
from core.wiring import Rung
from functions._session import Said, Session, Sessions

Body = TypeVar("Body", bound=BaseModel)
Reply = dict[str, Any] | Response

TERMINAL = "rung"  # what our own commands call themselves

# What an error repeats of a body: enough for a person, and no more than that of what a stranger sent.
_LONGEST_NAME = 60
_MOST_FAULTS = 20

_CHANGES_NOTHING = frozenset({"GET", "HEAD", "OPTIONS"})
_NOT_SAID = frozenset({"csrf", "back"})  # fields of a form that are no part of the answer
_STALE = (
    "this page is older than your sign-in, or another site sent you here, so nothing was done; load it again and press "
    "once more"
)


def _printable(text: str) -> str:
    if not text.isprintable() or text.isspace():
        raise ValueError("must be one line that says something, without control characters")
    return text


def _printable_lines(text: str) -> str:
    if not all(line.isprintable() for line in text.replace("\t", " ").split("\n")):
        raise ValueError("must not contain control characters")
    return text


class Order(BaseModel):
    """The body of an order. The token's name stands for whoever is not named."""

    model_config = ConfigDict(extra="forbid")

    by: Annotated[str, AfterValidator(_printable)] | None = Field(None, min_length=1, max_length=100)


class Answer(Order):
    """The body of an answer. Everything is optional."""

    note: Annotated[str, AfterValidator(_printable_lines)] | None = Field(None, max_length=2000)


def rung() -> Rung:
    """Give the parts of this process."""
    return cast("Rung", current_app.extensions["rung"])


def caller() -> str:
    """Give who asks: the name of the API token, or whom the session acts as. 401 without, 403 for a form not ours."""
    if found := session():
        prove(found)
        return actor(found)
    return token_name(bearer()) or abort(
        401, "send an API token as `Authorization: Bearer <token>`; `rung up` prints it, RUNG_API_TOKEN sets it"
    )


def token_name(given: str) -> str | None:
    """Give the name of this API token, None when it is none."""
    return next((name for name, token in rung().api_tokens.items() if same(given, token)), None)


def session() -> Session | None:
    """Give the session of the browser that asks; a token in the header goes before it."""
    cookie = request.cookies.get(cookie_name(), "")
    if not cookie or "Authorization" in request.headers:
        return None
    return sessions().read(cookie, time.time())


def sessions() -> Sessions:
    """Give what makes and reads sessions, with the tokens that are good now."""
    return Sessions(rung().secrets.secret_key, rung().api_tokens)


def actor(found: Session) -> str:
    """Give whom a session acts as: the person they said they are, while config knows them, else the token's name."""
    return found.person if found.person in rung().config.people else found.token_name


def prove(found: Session) -> None:
    """See to it that what changes something comes from a form of this session; 403 otherwise."""
    if request.method in _CHANGES_NOTHING:
        return
    if not same(request.form.get("csrf", ""), sessions().csrf(found)):
        abort(403, _STALE)


def is_secure() -> bool:
    """Say whether people reach this Rung over TLS."""
    return rung().settings.public_url.startswith("https:")


def cookie_name() -> str:
    """Give the cookie's name; browsers let nobody else set one that begins with `__Host-`."""
    return "__Host-rung" if is_secure() else "rung"


def via() -> str:
    """Give the way an answer came, for the timeline."""
    if session():
        return "page"
    return "terminal" if request.user_agent.string == TERMINAL else "api"


def root() -> str:
    """Give the way from this page to `/`. Relative, so that pages work behind a proxy that adds a path."""
    return "../" * (request.path.count("/") - 1) or "./"


def go(path: str) -> Response:
    """Send the browser to a page of ours, `/alerts/1` say."""
    answer = redirect(root() + path.removeprefix("/"), 303)
    return cast("Response", answer)


def sealed(said: Said, longest: int = 300) -> str:
    """Give what a page is to say after a redirect, for its address: signed, and cut to so many characters."""
    text = said.text if len(said.text) <= longest else f"{said.text[:longest]}..."
    return sessions().seal(replace(said, text=text))


def unsealed() -> Said | None:
    """Give what this page is to say by its address, when it was sealed here."""
    return sessions().unseal(request.args.get("said", ""))


def bearer() -> str:
    """Give the bearer token of the request, or ''."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def header_token() -> str:
    """Give the token of the Authorization header, Bearer or the password of Basic, or ''."""
    basic = request.authorization.password if request.authorization else None
    return bearer() or basic or ""


def let_in(token: SecretStr, whose: str) -> None:
    """Let in who shows this token or an API token: Bearer, the password of Basic, or `?token=`. 401 otherwise."""
    given = header_token() or request.args.get("token", "")
    if not any(same(given, each) for each in (token.get_secret_value(), *rung().api_tokens.values())):
        abort(401, f"send the {whose}'s token as `Authorization: Bearer <token>`, Basic password or ?token=")


def source_of(kind: str, token: str) -> str | None:
    """Give the source of this type whose token this is. All are compared: time does not tell which came close."""
    tokens = {name: s.token.get_secret_value() for name, s in rung().config.sources.items() if s.type == kind}
    return next(iter([name for name, wanted in tokens.items() if same(token, wanted)]), None)


def same(given: str, wanted: str) -> bool:
    """Compare secrets without telling by the time it takes how much was right."""
    return bool(wanted) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())


def raw_body() -> bytes:
    """Give the body as it came; 413 when it is larger than the limit, however it was sent."""
    body = request.get_data()
    request.stream.read(1)  # a chunked body is cut at the limit in silence; to ask for more is what says so
    return body


def json_object() -> dict[str, Any]:
    """Give the body as a JSON object, whatever its type is said to be; 400 when it is none."""
    raw_body()
    try:
        body = request.get_json(force=True, silent=True)
    except RecursionError:
        abort(400, "the body is nested too deeply")
    if not isinstance(body, dict):
        abort(400, "the body must be a JSON object")
    return body


def said(shape: type[Body]) -> Body:
    """Read the body into this shape, JSON or a page's form; an empty one says nothing. 400 with every fault at once."""
    if session():
        return _checked(shape, _form())
    return _checked(shape, json_object()) if raw_body() else _checked(shape, {})


def act(alert_id: int, command: Command) -> Reply:
    """Do it, and give the alert after it; a browser goes back to the page it came from."""
    alert = rung().engine.act(alert_id, command)
    if not session():
        return alert_view(alert)
    return go(f"/#alert-{alert_id}" if request.form.get("back") == "home" else f"/alerts/{alert_id}")


def _form() -> dict[str, str]:
    """Give what a form says; browsers send empty fields along, and lines that end in CRLF."""
    said = {name: value.replace("\r\n", "\n") for name, value in request.form.items() if name not in _NOT_SAID}
    return {name: value for name, value in said.items() if value.strip()}


def taken_view(taken: Taken) -> dict[str, Any]:
    """Say what became of each signal of a webhook, and what of it could not be read."""
    lines = [{"id": each.alert_id, "dedup_key": each.dedup_key, "result": each.result} for each in taken.received]
    rejected = [{"index": bad.index, "reason": bad.reason} for bad in taken.bad_items]
    return {"alerts": lines, **({"rejected": rejected} if rejected else {})}


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
