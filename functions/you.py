"""GET and POST /you: whom this browser acts as, a person of the config or the token itself, and signing out."""

from dataclasses import replace

from flask import Blueprint, Response, abort, request

from functions._doors import caller, go, rung, session
from functions._pages import page
from functions._session import Session
from functions.sign_in import keep

door = Blueprint("you", __name__)


@door.get("/you")
def show() -> Response:
    """Ask who you are."""
    caller()
    people = {name: person.name or name for name, person in rung().config.people.items()}
    return page("you.html", people=people, token_name=_session().token_name)


@door.post("/you")
def choose() -> Response:
    """Act as this person from now on."""
    caller()
    person = request.form.get("person", "")
    if person and person not in rung().config.people:
        abort(400, "config knows no person of this name; choose one from the list")
    return keep(go("/"), replace(_session(), person=person or None))


def _session() -> Session:
    return session() or abort(401, "sign in with a browser first")
