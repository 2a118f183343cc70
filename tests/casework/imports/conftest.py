"""An import desk, and people whom the cell follows already."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.casework.imports.desk import Desk
from tests.conftest import World

KNOWN = [
    ("Quilleboeuf", "Anselme", date(2011, 5, 4)),
    ("Zagorski", "Wenceslas", date(2012, 6, 7)),
    ("Vandenhoeck", "Ysoline", date(2010, 9, 8)),
]


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world.coordinator())


@pytest.fixture
def small_desk(small_world: World) -> Desk:
    return Desk(small_world.coordinator())


@pytest.fixture
def follow() -> Callable[[Desk], None]:
    """Record the known people, one by one, by the saisine's own page."""

    def record(desk: Desk) -> None:
        for nom, prenoms, born in KNOWN:
            typed = {"nom": nom, "prenoms": prenoms, "naissance": f"{born:%d/%m/%Y}"}
            typed |= {"saisine": "02/11/2026", "origine": "1", "typologie": "1", "statut": "1"}
            made = desk.visitor.post("/cellules/CCTP/saisine", typed)
            assert made.status_code == 302, made.text

    return record
