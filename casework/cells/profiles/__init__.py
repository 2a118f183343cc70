"""Ready profiles: communes a newcomer can start from, one TOML file each.

They quote the territorial strategies they come from as file:line: 000 Aix-en-Provence 2020-2025,
001 Istres 2017-2020, 002 Miramas 2015-2018, 004 a Nord commune 2019-2021.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from casework.cells.kinds import KINDS
from casework.cells.lists import BY_NAME, term
from casework.cells.options import Information, Options, Seat, Unit
from casework.cells.profiles.model import CellProfile, Offered, Profile
from charter.roles import Role

FOLDER = Path(__file__).parent
_ENUMS = {"information": Information, "unit": Unit}
_OWN = {"code", "name", "kind", "source", "seats", "added_seats", "lists", "added_terms"}


class ProfileError(Exception):
    """A profile says something no cell may be."""


@cache
def every() -> dict[str, Profile]:
    """The profiles by name."""
    return {path.stem: read(path.read_text(encoding="utf-8")) for path in _files()}


def find(name: str) -> Profile | None:
    """The profile of that name, if there is one."""
    return every().get(name)


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*.toml"))


def read(text: str) -> Profile:
    """A profile from its text. Raises ProfileError, or what tomllib raises."""
    raw = tomllib.loads(text)
    return Profile(
        name=raw["name"],
        document=raw["document"],
        file=raw["file"],
        service=raw["service"],
        cells=tuple(_cell(cell) for cell in raw["cells"]),
    )


def _cell(raw: dict[str, Any]) -> CellProfile:
    settings = {
        name: _ENUMS[name](value) if name in _ENUMS else value
        for name, value in raw.items()
        if name not in _OWN
    }
    try:
        made = CellProfile(
            code=raw["code"],
            name=raw["name"],
            kind=KINDS[raw["kind"]].slug,
            source=raw["source"],
            settings=Options(**settings),
            seats=_seats(raw.get("seats", [])),
            added=_seats(raw.get("added_seats", [])),
            lists=_lists(raw.get("lists", {}), raw.get("added_terms", {})),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ProfileError(f"{raw.get('code', '?')}: {error}") from error
    for name, sentence in made.options.problems():
        raise ProfileError(f"{made.code}: {name}: {sentence}")
    return made


def _seats(raw: list[dict[str, Any]]) -> tuple[Seat, ...]:
    return tuple(
        Seat(Role(seat["role"]), seat["label"], seat.get("invited", False)) for seat in raw
    )


def _lists(document: dict[str, list[str]], ours: dict[str, list[str]]) -> dict[str, Offered]:
    return {
        name: Offered(_codes(name, slugs), _codes(name, ours.get(name, [])))
        for name, slugs in document.items()
    }


def _codes(name: str, slugs: list[str]) -> tuple[int, ...]:
    return tuple(term(BY_NAME[name], slug).code for slug in slugs)


__all__ = ["Profile", "ProfileError", "every", "find", "read"]
