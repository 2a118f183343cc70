"""What a closed séance proposed, and what the institution answers at its own judgement."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import func, select, update

from casework.orientations.models import OrientationAnswer
from casework.seances.models import Orientation, Seance
from charter.models import MandateRow
from charter.roles import Role
from tests.casework.people import TODAY, typed
from tests.casework.sitting import Sitting, coming
from tests.conftest import World

LIST = "/cellules/CCTP/orientations"
WORDS = "Prendre contact avec le collège"


@pytest.fixture
def sitting(small_world: World) -> Sitting:
    return coming(small_world)


def propose(sitting: Sitting, member: str, place: int = 0, **more: object) -> int:
    """A proposal of a séance of two days ago, then closed; its number."""
    with sitting.world.database.write() as session:
        held = {"held_at": datetime.now(UTC) - timedelta(days=2)}
        session.execute(update(Seance).filter_by(reference=sitting.reference).values(held))
        session.commit()
    sitting.open()
    proposed = {
        "orientations-0-suite": 2,
        "orientations-0-membre": member,
        "orientations-0-precision": WORDS,
        "orientations-0-echeance": typed(-1),
        **more,
    }
    answer = sitting.record(place, **proposed)
    assert answer.status_code == 302, answer.text
    sitting.close()
    with sitting.world.database.read() as session:
        newest = select(Orientation.id).join(Seance, Seance.id == Orientation.seance)
        return session.scalars(newest.where(Seance.reference == sitting.reference)).one()


def answers(sitting: Sitting, number: int) -> list[str]:
    with sitting.world.database.read() as session:
        query = select(OrientationAnswer.etat).filter_by(orientation=number)
        return list(session.scalars(query.order_by(OrientationAnswer.id)))


def test_a_member_answers_and_the_table_sees_it(world: World) -> None:
    sitting = coming(world)
    number = propose(sitting, sitting.member(Role.EDUCATION_NATIONALE))
    education = sitting.world.visitor("education")
    reference, url = sitting.agenda[0], f"/orientations/{number}"
    page = education.get(LIST).text
    assert "Le groupe ne peut donner mandat" in page
    assert WORDS in page
    assert "Médiation scolaire" in page
    assert "date passée" in page
    home = education.get("/").text
    assert url in home
    assert "late" in home.partition(url)[2].partition("</li>")[0]

    assert education.post(f"{url}/repondre", {}).status_code == 422  # nothing chosen
    said = {"reponse": "en_cours", "mot": "Rendez-vous pris"}
    assert education.post(f"{url}/repondre", said).status_code == 302
    assert education.post(f"{url}/repondre", {"reponse": "sans_suite"}).status_code == 302
    assert answers(sitting, number) == ["en_cours", "sans_suite"]  # nothing was rewritten
    assert url not in education.get("/").text
    for other in ("coordination", "commissaire"):
        page = sitting.world.visitor(other).get(f"/situations/{reference}").text
        assert "ne donne pas suite" in page
        assert "Rendez-vous pris" in page
    table = unescape(sitting.coordinator.get(sitting.situation()).text)
    assert "Déjà proposé, et ce qu’il en est" in table
    assert "Médiation scolaire, Éducation nationale\u00a0: ne donne pas suite" in table


def test_another_institution_reads_and_does_not_answer(sitting: Sitting) -> None:
    number = propose(sitting, sitting.member(Role.EDUCATION_NATIONALE))
    other, url = sitting.world.visitor("commissaire"), f"/orientations/{number}"
    assert url not in other.get(LIST).text
    assert "Seule l’institution" in other.get(url).text
    for visitor in (other, sitting.coordinator):
        refused = visitor.post(f"{url}/repondre", {"reponse": "fait"})
        assert refused.status_code == 403
    assert answers(sitting, number) == []
    # The coordination sees that it waits, and reads no word in the list.
    page = sitting.coordinator.get(LIST).text
    assert url in page
    assert WORDS not in page
    assert url in sitting.coordinator.get("/").text.partition("En retard")[2]


def test_whoever_stepped_aside_sees_no_trace_of_it(sitting: Sitting) -> None:
    number = propose(sitting, sitting.member(Role.EDUCATION_NATIONALE))
    education = sitting.world.visitor("education")
    education.post(f"/situations/{sitting.agenda[0]}/deport", {"confirme": "y"})
    for page in ("/", LIST):
        assert f"/orientations/{number}" not in education.get(page).text
    assert education.get(f"/orientations/{number}").status_code == 403
    answer = education.post(f"/orientations/{number}/repondre", {"reponse": "fait"})
    assert answer.status_code == 403


def test_nothing_is_proposed_before_the_seance_is_closed(sitting: Sitting) -> None:
    sitting.open()
    member = sitting.member(Role.EDUCATION_NATIONALE)
    sitting.record(**{"orientations-0-suite": 2, "orientations-0-membre": member})
    with sitting.world.database.read() as session:
        newest = session.scalars(select(func.max(Orientation.id))).one()
        open_one = session.get_one(Orientation, newest)
        closed = session.get_one(Seance, open_one.seance).etat == "close"
    assert not closed
    education = sitting.world.visitor("education")
    assert f"/orientations/{newest}" not in education.get(LIST).text
    assert education.get(f"/orientations/{newest}").status_code == 404


def test_when_nobody_sits_for_it_any_more_the_coordination_follows(sitting: Sitting) -> None:
    member = sitting.member(Role.EDUCATION_NATIONALE)
    number = propose(sitting, member)
    with sitting.world.database.write() as session:
        gone = update(MandateRow).where(MandateRow.member == member)
        session.execute(gone.values(ends=TODAY.replace(year=TODAY.year - 1)))
        session.commit()
    assert "à personne qui siège ici" in sitting.coordinator.get(LIST).text
    url = f"/orientations/{number}/repondre"
    assert sitting.coordinator.post(url, {"reponse": "fait"}).status_code == 302
    assert answers(sitting, number) == ["fait"]


def test_a_proposal_taken_back_is_answered_no_more(sitting: Sitting) -> None:
    member = sitting.member(Role.EDUCATION_NATIONALE)
    number = propose(sitting, member)
    sitting.record(0, rang=1, correction="Erreur de ligne")
    education = sitting.world.visitor("education")
    assert "retirée par la séance" in education.get(f"/orientations/{number}").text
    refused = education.post(f"/orientations/{number}/repondre", {"reponse": "fait"})
    assert refused.status_code == 403
    assert re.search(rf"/orientations/{number}\b", education.get("/").text) is None
