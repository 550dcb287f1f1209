"""holidays: the days that rotations and business hours may treat in another way. Which they are: core/holidays.py."""

import difflib
import re
from types import ModuleType
from typing import Annotated

from pydantic import AfterValidator, Field

from core.config.base import Section
from core.config.dates import Date

_CODE = re.compile(r"[A-Z]{2}(-.+)?")
_WANTED = "a country such as DE, or with a part of it such as DE-BY"


def parts_of(code: str) -> tuple[str, str | None]:
    """Give the country and the subdivision of a code such as `DE-BY`, None for the whole country."""
    country, _, subdivision = code.partition("-")
    return country, subdivision or None


def _known_code(code: str) -> str:
    """Give the code. ValueError with a hint for a country or subdivision that the `holidays` package has not."""
    code = code.strip()
    if not _is_known(code):
        raise ValueError(f"{_WANTED}{_hint(code)}")
    return code


def _is_known(code: str) -> bool:
    country, subdivision = parts_of(code)
    if not _CODE.fullmatch(code):  # the package looks up any name, its functions among them
        return False
    try:
        _package().country_holidays(country, subdiv=subdivision)
    except NotImplementedError:
        return False
    return True


def _hint(code: str) -> str:
    known = _package().list_supported_countries(include_aliases=False)
    codes = [*known, *(f"{country}-{part}" for country, parts in known.items() for part in parts)]
    nearest = difflib.get_close_matches(code.upper(), codes, n=1)
    return f" (did you mean {nearest[0]}?)" if nearest else ""


def _package() -> ModuleType:
    import holidays  # noqa: PLC0415 - 50 ms of start that only a config with countries pays

    return holidays


CountryCode = Annotated[str, AfterValidator(_known_code), Field(description=_WANTED)]


class Holidays(Section):
    """Public holidays of all these countries together, by ISO 3166 codes, and the operator's own dates."""

    countries: Annotated[tuple[CountryCode, ...], Field(description="a list of countries such as [DE, DE-BY]")] = ()
    dates: Annotated[tuple[Date, ...], Field(description="a list of dates such as [2026-12-24]")] = ()
