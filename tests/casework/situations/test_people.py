"""Several persons in one situation: each is found, counted, corrected, and leaves entirely."""

import re
from datetime import date

from sqlalchemy import select

from casework.reports.tally import Block, Tally
from casework.situations.facet_pages import columns_of
from casework.situations.facets import Facets
from casework.situations.models import Person, PersonEvent, Represents, Situation
from tests.casework.situations.around import SAISINE, numbers, recorded, text, version

LITTLE = {"nom": "Fabre-Oudghiri", "prenoms": "Lina", "naissance": "03/05/2014"}
FATHER = {"nom": "Oudghiri", "prenoms": "Karim", "lien": "2"}


def _add(visitor, page: str, kind: str = "personnes", **typed: object):
    url = f"{page}/{kind}/ajouter"
    return visitor.post(url, {"version": version(visitor, url)} | typed)


def test_a_sister_is_found_by_her_own_name(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    reference = page.rpartition("/")[2]
    assert reference not in coordinator.post("/cellules/CCTP/recherche", {"q": "Oudghiri"}).text
    assert _add(coordinator, page, **LITTLE).location == page
    for spelling in ("oudghiri", "FABRE OUDGHIRI", "Benkassem"):
        found = coordinator.post("/cellules/CCTP/recherche", {"q": spelling})
        assert reference in found.text, spelling
    assert "Personne concernée ajoutée" in text(coordinator, page)


def test_editing_the_situation_keeps_the_others(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    _add(coordinator, page, **LITTLE)
    known = {"version": version(coordinator, f"{page}/modifier"), "nom": "Benkacem"}
    assert coordinator.post(f"{page}/modifier", SAISINE | known).location == page
    shown = text(coordinator, page)
    assert "Lina Fabre-Oudghiri" in shown
    found = coordinator.post("/cellules/CCTP/recherche", {"q": "Oudghiri"})
    assert page.rpartition("/")[2] in found.text


def test_she_leaves_with_her_name_and_her_links(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    _add(coordinator, page, **LITTLE)
    first, sister = _concerned(world, page)
    _add(coordinator, page, "representants", represente=[str(sister)], **FATHER)
    assert "Représente Lina." in text(coordinator, page)
    assert coordinator.post(f"{page}/personnes/{sister}/retirer").location == page
    shown = text(coordinator, page)
    assert "Lina" not in shown
    assert "Personne concernée retirée" in shown
    found = coordinator.post("/cellules/CCTP/recherche", {"q": "Fabre-Oudghiri"})
    assert page.rpartition("/")[2] not in found.text
    with world.database.read() as session:
        assert session.scalars(select(Represents).where(Represents.person == sister)).all() == []
    coordinator.post(f"{page}/personnes/{first}/retirer")
    assert _concerned(world, page) == [first]


def _concerned(world, page: str) -> list[int]:
    with world.database.read() as session:
        query = (
            select(Person.id)
            .join(Situation, Situation.id == Person.situation)
            .where(Situation.reference == page.rpartition("/")[2], Person.kind == "interesse")
        )
        return list(session.scalars(query.order_by(Person.rank)))


def test_correcting_the_first_person_moves_the_index(small_world) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    number = numbers(coordinator, page, "personnes")[0]
    url = f"{page}/personnes/{number}"
    who = {"nom": "Castelnau", "prenoms": "Younès", "naissance": "12/03/2010"}
    assert coordinator.post(url, who | {"version": version(coordinator, url)}).location == page
    found = coordinator.post("/cellules/CCTP/recherche", {"q": "Castelno"})
    assert page.rpartition("/")[2] in found.text
    line = coordinator.get("/cellules/CCTP/situations").text
    assert re.search(r"YC</td>", line)


def test_whoever_looks_like_her_is_shown_first(small_world) -> None:
    coordinator = small_world.coordinator()
    known = recorded(coordinator, nom="Fabre-Oudghiri", prenoms="Lina", naissance="03/05/2014")
    page = recorded(coordinator)
    warned = _add(coordinator, page, **LITTLE)
    assert warned.status_code == 409
    assert known.rpartition("/")[2] in warned.text
    assert _add(coordinator, page, autre_personne="oui", **LITTLE).location == page


def test_six_persons_and_four_representatives_at_most(small_world) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    for number in range(5):
        typed = LITTLE | {"prenoms": f"Lina{'abcde'[number]}", "autre_personne": "oui"}
        assert _add(coordinator, page, **typed).location == page
    assert coordinator.get(f"{page}/personnes/ajouter").location == page
    everyone = [str(number) for number in _concerned(small_world, page)]
    assert len(everyone) == 6
    for number in range(3):
        typed = FATHER | {"prenoms": f"Karim{'abc'[number]}"}
        added = _add(coordinator, page, "representants", represente=everyone, **typed)
        assert added.location == page
    assert coordinator.get(f"{page}/representants/ajouter").location == page
    with small_world.database.read() as session:
        assert len(session.scalars(select(PersonEvent.nature)).all()) >= 8


def test_a_stale_page_adds_nobody_and_keeps_what_was_typed(small_world) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    stale = version(coordinator, f"{page}/personnes/ajouter")
    _add(coordinator, page, **LITTLE)
    again = LITTLE | {"prenoms": "Sohan", "nom": "Ollivier", "version": stale}
    answer = coordinator.post(f"{page}/personnes/ajouter", again)
    assert answer.status_code == 409
    assert "Sohan" in answer.text
    assert "Sohan" not in text(coordinator, page)


def test_reports_count_young_people_and_not_files() -> None:
    """Two files; one is about two sisters, of whom one is alone in the other file."""
    older, younger = (None, ("KRT",)), (date(2011, 1, 26), ("TRNK",))
    both = Facets(1, 1, 1, sounds=("MRN",), others=(older, younger))
    alone = Facets(1, 1, 1, sounds=("KRT",))
    block = Block([columns_of([1, 2], [both.pack(), alone.pack()])])
    assert Tally({"block": block}).people(["block"]) == 3  # type: ignore[dict-item, list-item]
