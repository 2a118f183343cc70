"""One person brought to another cell: by a saisine of its own, with nothing but who they are."""

from html import unescape

from sqlalchemy import update

from casework.situations.models import Situation
from tests.casework.situations.around import recorded, text


def test_a_person_is_brought_to_another_cell(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator, recit="Un récit de la CCTP.", nom="D’Aygalades")
    reference = page.rpartition("/")[2]
    assert f"/cellules/GSP/saisine?personne={reference}" in unescape(coordinator.get(page).text)
    offered = text(coordinator, f"/cellules/GSP/saisine?personne={reference}")
    assert f"Pour la même personne que {reference}" in offered
    form = unescape(coordinator.get(f"/cellules/GSP/saisine?personne={reference}").text)
    for taken in ("D’Aygalades", "Younès", "12/03/2012", "4 quai des Pointus"):
        assert taken in form
    assert "Un récit de la CCTP" not in form


def test_who_stepped_aside_brings_nothing(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator, nom="D’Aygalades")
    assert coordinator.post(f"{page}/deport", {"confirme": "y"}).status_code == 302
    answer = coordinator.get(f"/cellules/GSP/saisine?personne={page.rpartition('/')[2]}")
    assert answer.status_code == 403
    assert "Aygalades" not in unescape(answer.text)


def test_a_reference_of_a_cell_one_has_no_seat_in_says_nothing(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator, nom="D’Aygalades")
    with world.database.write() as session:
        session.execute(
            update(Situation)
            .where(Situation.reference == page.rpartition("/")[2])
            .values(reference="ZZZ-2026-001", cell="ZZZ")
        )
        session.commit()
    coordinator.get("/")  # what was just done is said once
    unknown = text(coordinator, "/cellules/GSP/saisine?personne=ZZZ-2026-002")
    assert text(coordinator, "/cellules/GSP/saisine?personne=ZZZ-2026-001") == unknown
