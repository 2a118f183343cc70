"""Saisines through the pages: conflict of two browsers, doubles, search, list."""

import re
from html import unescape

import pytest
from sqlalchemy import func, select, update

from casework.situations.models import Situation
from charter.models import MandateRow
from charter.roles import Role
from tests.casework import people
from tests.casework.people import reference_of

REFERENCE = re.compile(r"CCTP-\d{4}-\d{3}")
SAISINE = people.SAISINE | {
    "lieu_naissance": "Port-Miran",
    "recit": "Premier récit.",
    "implication": "Témoin.",
    "version": "1",
}


def _create(visitor, **changed: str) -> str:
    answer = visitor.post("/cellules/CCTP/saisine", SAISINE | changed)
    assert answer.status_code == 302, answer.text
    return answer.location.rpartition("/")[2]


def _second_coordinator(world):
    """The élu, who holds the cell's key already, coordinates too."""
    visitor = world.visitor("elu")
    with world.database.write() as session:
        seat = update(MandateRow).where(MandateRow.member == reference_of("elu"))
        session.execute(seat.values(role=Role.COORDONNATEUR))
        session.commit()
    return visitor


def _version(page: str) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', page)[1]


def test_two_browsers_edit_the_same_situation(world) -> None:
    first, second = world.coordinator(), _second_coordinator(world)
    address = f"/situations/{_create(first)}/modifier"
    opened_by_first, opened_by_second = first.get(address).text, second.get(address).text
    assert _version(opened_by_first) == _version(opened_by_second) == "1"

    saved = SAISINE | {"recit": "Récit de la première.", "autre_personne": "oui"}
    assert first.post(address, saved).status_code == 302

    typed = SAISINE | {"recit": "Récit de la seconde.", "adresse": "12 quai des Lices"}
    conflict = second.post(address, typed)
    page = unescape(conflict.text)
    assert conflict.status_code == 409
    assert "Récit de la première." in page
    assert re.search(r"<textarea[^>]*name=\"recit\"[^>]*>\s*Récit de la seconde\.", page)
    assert 'value="12 quai des Lices"' in page
    assert _version(page) == "2"

    kept = typed | {"version": "2"}
    assert second.post(address, kept).status_code == 302
    shown = unescape(first.get(address.removesuffix("/modifier")).text)
    assert "Récit de la seconde." in shown
    assert "Récit de la première." not in shown


def test_a_stale_save_changes_nothing(small_world) -> None:
    first = small_world.coordinator()
    reference = _create(first)
    address = f"/situations/{reference}/modifier"
    assert first.post(address, SAISINE | {"recit": "Deux."}).status_code == 302
    assert first.post(address, SAISINE | {"recit": "Trois."}).status_code == 409
    assert "Deux." in first.get(f"/situations/{reference}").text
    assert "Trois." not in first.get(f"/situations/{reference}").text
    with small_world.database.read() as session:
        query = select(Situation.version).where(Situation.reference == reference)
        assert session.scalar(query) == 2


def test_a_person_already_known_is_shown_before_saving(world) -> None:
    coordinator = world.coordinator()
    reference = _create(coordinator)
    spelled_otherwise = SAISINE | {"nom": "Ben Kassem Fabre", "prenoms": "Younes"}
    warned = coordinator.post("/cellules/CCTP/saisine", spelled_otherwise)
    assert warned.status_code == 409
    assert reference in warned.text
    assert 'value="Ben Kassem Fabre"' in warned.text
    confirmed = spelled_otherwise | {"autre_personne": "oui"}
    assert coordinator.post("/cellules/CCTP/saisine", confirmed).status_code == 302


def test_another_person_is_saved_at_once(small_world) -> None:
    coordinator = small_world.coordinator()
    _create(coordinator)
    assert _create(coordinator, nom="Ollivier", prenoms="Maëlle", naissance="05/06/2011")


@pytest.mark.parametrize(
    "typed", ["Benkacem-Fabre", "benkacem", "BEN KACEM", "Benkassem", "Fabre", "younes benkacem"]
)
def test_a_person_is_found_under_another_spelling(small_world, typed: str) -> None:
    coordinator = small_world.coordinator()
    reference = _create(coordinator)
    found = coordinator.post("/cellules/CCTP/recherche", {"q": typed})
    assert reference in found.text
    elsewhere = coordinator.post("/cellules/GSP/recherche", {"q": typed})
    assert reference not in elsewhere.text


def test_a_name_is_never_in_an_address(small_world) -> None:
    coordinator = small_world.coordinator()
    assert coordinator.get("/cellules/CCTP/recherche?q=Benkacem").status_code == 405


def test_a_name_changed_by_an_edit_is_found_under_the_new_one(small_world) -> None:
    coordinator = small_world.coordinator()
    reference = _create(coordinator)
    coordinator.post(f"/situations/{reference}/modifier", SAISINE | {"nom": "Ollivier"})
    assert reference in coordinator.post("/cellules/CCTP/recherche", {"q": "Olivier"}).text
    assert reference not in coordinator.post("/cellules/CCTP/recherche", {"q": "Benkacem"}).text


def _listed(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="/situations/(CCTP-\d{4}-\d{3})"', page)))


def test_the_list_turns_pages_and_filters(small_world) -> None:
    coordinator = small_world.coordinator()
    made = [
        _create(coordinator, autre_personne="oui", statut=str(1 + number % 2))
        for number in range(54)
    ]
    with small_world.database.read() as session:
        followed = (Situation.cell == "CCTP") & Situation.closed_on.is_(None)
        total = session.scalar(select(func.count()).where(followed))
    first = coordinator.get("/cellules/CCTP/situations").text
    assert _listed(first) == made[:-51:-1]
    following = unescape(re.search(r'href="(/cellules/CCTP/situations\?avant=\d+)"', first)[1])
    rest = _listed(coordinator.get(following).text)
    assert rest[:4] == made[3::-1]
    assert len(rest) == min(50, total - 50)

    second_status = _listed(coordinator.get("/cellules/CCTP/situations?statut=2").text)
    assert second_status[:27] == made[::-2]
    assert not set(made[::2]) & set(second_status)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(small_world) -> None:
    coordinator = small_world.coordinator()
    answer = coordinator.post("/cellules/CCTP/saisine", SAISINE | {"naissance": "hier"})
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert "Écrivez la date sous la forme 21/11/2026." in page
    assert 'value="hier"' in page
    assert 'value="Benkacem-Fabre"' in page


def test_absurd_addresses_and_dates_are_answered_in_french(small_world) -> None:
    coordinator = small_world.coordinator()
    far = "9" * 30
    assert coordinator.get(f"/cellules/CCTP/situations?avant={far}").status_code == 200
    assert coordinator.get("/cellules/CCTP/rapport?du=01/01/1900&au=31/12/2999").status_code == 200
    assert small_world.visitor("dpo").get(f"/journal?before={far}").status_code == 200
    typed = {
        "saisine": "01/01/2001",
        "naissance": "01/02/2012",
        "origine": 2,
        "nom": "Roche",
        "prenoms": "Lou",
        "typologie": 1,
        "statut": 1,
    }
    answer = coordinator.post("/cellules/CCTP/saisine", typed)
    assert answer.status_code == 422
    assert "précède la naissance" in answer.text
