"""What the doors about who is on call share: names that are not there, and the page to go back to."""

from flask import Response, abort

from core.config import Config
from core.oncall import UnknownNameError, check_rotation
from functions._doors import go, sealed
from functions._session import Said

_LONGEST = 400  # characters of what an address carries to the page: an order names people and two instants


def known_rotation(config: Config, rotation: str) -> str:
    """Give the rotation's name; 404 when config has none of it."""
    try:
        check_rotation(config, rotation)
    except UnknownNameError as error:
        abort(404, str(error))
    return rotation


def names_of(config: Config) -> dict[str, str]:
    """Give the names that people read, by those that config knows."""
    return {name: person.name or name for name, person in config.people.items()}


def back(text: str) -> Response:
    """Send a browser back to the page, which says so."""
    return go(f"/oncall?said={sealed(Said(0, text), _LONGEST)}")
