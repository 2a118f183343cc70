"""Stepping aside from a situation, through the pages: what closes, what stays, who may undo it."""

import re
from html import unescape

import pytest
from sqlalchemy import select, update

from audit.event import Outcome
from audit.query import search
from casework.rappels.models import Rappel
from casework.rappels.procedure import BY_COMMUNE
from casework.seances.models import AgendaItem, Seance
from casework.situations.models import CONCERNED, Person, Situation
from charter.models import MandateRow, Recusal
from charter.roles import Role
from tests.casework import people
from tests.casework.people import reference_of

SAISINE = people.SAISINE | {"version": "1"}
REFUSAL = "Vous vous êtes déporté de cette situation"


def _step_aside(visitor, reference: str) -> None:
    answer = visitor.post(f"/situations/{reference}/deport", {"confirme": "y"})
    assert (answer.status_code, answer.location) == (302, "/"), answer.text
    assert f"Vous vous êtes déporté de {reference}" in visitor.get("/").text


def _record(coordinator, **changed: str) -> str:
    answer = coordinator.post("/cellules/CCTP/saisine", SAISINE | changed)
    assert answer.status_code == 302, answer.text
    return answer.location.rpartition("/")[2]


def _examined(world) -> tuple[str, str]:
    """A situation on the agenda of a séance of the CCTP, and that séance."""
    with world.database.read() as session:
        return tuple(
            session.execute(
                select(Situation.reference, Seance.reference)
                .join(AgendaItem, AgendaItem.situation == Situation.id)
                .join(Seance, Seance.id == AgendaItem.seance)
                .where(Situation.cell == "CCTP", Situation.closed_on.is_(None))
                .limit(1)
            ).one()
        )


def _row(page: str, reference: str) -> str:
    """The line of a table that is about a reference."""
    return next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if reference in row)


def _total(page: str) -> str:
    return re.search(r'keyfigure-value">(\d+)<', page)[1]


def test_the_page_says_what_a_deport_does_and_asks_to_confirm(small_world) -> None:
    coordinator = small_world.coordinator()
    reference = _record(coordinator)
    address = f"/situations/{reference}/deport"
    assert address in coordinator.get(f"/situations/{reference}").text
    page = unescape(coordinator.get(address).text)
    assert "Vous ne pourrez plus la lire" in page
    assert "Seul un autre membre de la direction" in page
    assert "Aucun motif n’est demandé" in page
    assert coordinator.post(address).status_code == 422
    assert coordinator.get(f"/situations/{reference}").status_code == 200


def test_whoever_steps_aside_reads_the_situation_no_more(world) -> None:
    coordinator = world.coordinator()
    reference = _record(coordinator)
    kept = _record(coordinator, nom="Ollivier", prenoms="Maëlle", naissance="05/06/2011")
    year = "/cellules/CCTP/rapport?du=01/01/2026&au=31/12/2026"
    before = _total(coordinator.get(year).text)
    opened = coordinator.get(f"/situations/{reference}/modifier")
    assert opened.status_code == 200

    _step_aside(coordinator, reference)

    for refused in (
        coordinator.get(f"/situations/{reference}"),
        coordinator.get(f"/situations/{reference}/modifier"),
        coordinator.post(f"/situations/{reference}/modifier", SAISINE),
        coordinator.get(f"/situations/{reference}/rappel"),
        coordinator.get(f"/situations/{reference}/deport"),
        coordinator.get(f"/situations/{reference}/suivi"),
    ):
        assert refused.status_code == 403
        assert REFUSAL in refused.text
        assert "Benkacem" not in refused.text
    listed = coordinator.get("/cellules/CCTP/situations").text
    assert reference not in listed
    assert kept in listed
    assert reference not in coordinator.get("/cellules/CCTP/situations?statut=1").text
    for typed in ("Benkacem", "Ben Kassem Fabre", reference):
        found = coordinator.post("/cellules/CCTP/recherche", {"q": typed}).text
        assert f"/situations/{reference}" not in found
        assert "Younès" not in found
    assert reference not in coordinator.get("/cellules/CCTP/seances/nouvelle").text
    assert _total(coordinator.get(year).text) == before  # reports keep counting it

    with world.database.read() as session:
        found = search(session.connection(), action="situation:recuse", limit=5)
    assert [(row.object, row.outcome) for row in found] == [
        (reference, Outcome.REFUSE),  # the page asked for again
        (reference, Outcome.AUTORISE),
    ]
    assert reference in world.visitor("maire").get("/cellules/CCTP/situations").text


def test_a_second_file_on_the_same_person_is_stopped_without_saying_which(world) -> None:
    coordinator = world.coordinator()
    reference = _record(coordinator, recit="Récit d’avant.")
    _step_aside(coordinator, reference)
    again = SAISINE | {"nom": "Ben Kassem Fabre", "prenoms": "Younes"}
    warned = coordinator.post("/cellules/CCTP/saisine", again)
    page = unescape(warned.text)
    assert warned.status_code == 409
    assert "Une situation que vous ne pouvez pas lire" in page
    assert reference not in page
    assert "Benkacem" not in page
    assert 'value="Ben Kassem Fabre"' in page
    another = coordinator.post("/cellules/CCTP/saisine", again | {"autre_personne": "oui"})
    assert another.status_code == 302
    maire = world.visitor("maire").get(f"/situations/{reference}")
    assert maire.status_code == 200


def test_the_closed_situation_is_not_even_opened(small_world) -> None:
    """What is altered stops whoever opens it: the others, and not the one who stepped aside."""
    coordinator = small_world.coordinator()
    reference, seance = _examined(small_world)
    page = unescape(coordinator.get(f"/situations/{reference}").text)
    typed = {"q": re.search(r"Nom de naissance</dt><dd>([^<]+)", page)[1]}
    _step_aside(coordinator, reference)
    with small_world.database.write() as session:
        chosen = select(Situation.id).where(Situation.reference == reference).scalar_subquery()
        session.execute(
            update(Situation).where(Situation.reference == reference).values(facets=b"\1" * 60)
        )
        broken = update(Person).where(Person.situation == chosen, Person.kind == CONCERNED)
        session.execute(broken.values(nom=b"\1" * 60))
        session.commit()
    maire = small_world.visitor("maire")
    for address in ("/cellules/CCTP/situations", f"/seances/{seance}"):
        assert coordinator.get(address).status_code == 200
        assert maire.get(address).status_code == 500
    assert coordinator.post("/cellules/CCTP/recherche", typed).status_code == 200
    assert maire.post("/cellules/CCTP/recherche", typed).status_code == 500


@pytest.mark.parametrize("key", ["coordination", "commissaire"])
def test_the_agenda_keeps_the_reference_alone(world, key: str) -> None:
    reference, seance = _examined(world)
    visitor = world.coordinator() if key == "coordination" else world.visitor(key)
    before = _row(visitor.get(f"/seances/{seance}").text, reference)
    initials = re.search(r'data-label="Initiales">(\w\w)<', before)[1]
    assert f"/situations/{reference}/deport" in before
    assert visitor.get(f"/situations/{reference}").status_code == 200

    _step_aside(visitor, reference)

    after = _row(visitor.get(f"/seances/{seance}").text, reference)
    assert "Vous vous êtes déporté" in after
    assert f">{initials}<" not in after
    assert "data-label" not in after
    assert "href" not in after
    assert visitor.get(f"/situations/{reference}").status_code == 403
    other = world.visitor("education").get(f"/seances/{seance}").text
    assert f">{initials}<" in _row(other, reference)


def test_procedures_leave_the_home_page_and_close(world) -> None:
    coordinator = world.coordinator()
    with world.database.read() as session:
        rappel, situation = session.execute(
            select(Rappel.reference, Situation.reference)
            .join(Situation, Situation.id == Rappel.situation)
            .where(Rappel.attend == BY_COMMUNE)
        ).first()
        others = session.scalars(
            select(Rappel.reference).where(
                Rappel.attend != "", Rappel.reference != rappel, Rappel.cell == "CCTP"
            )
        ).all()
    assert rappel in coordinator.get("/").text
    _step_aside(coordinator, situation)
    home = coordinator.get("/").text
    assert rappel not in home
    assert all(other in home for other in others)
    assert others
    for address in (f"/rappels/{rappel}", f"/rappels/{rappel}/fiche.docx"):
        assert coordinator.get(address).status_code == 403
    assert coordinator.post(f"/rappels/{rappel}/consigner").status_code == 403
    assert world.visitor("maire").get(f"/rappels/{rappel}").status_code == 200


def test_an_agenda_prepared_before_the_deport_is_refused(small_world) -> None:
    coordinator = small_world.coordinator()
    reference = _record(coordinator)
    with small_world.database.read() as session:
        number = session.scalar(select(Situation.id).where(Situation.reference == reference))
    _step_aside(coordinator, reference)
    seance = {"jour": "01/12/2026", "heure": "14:30", "lieu": "Mairie", "ordre_du_jour": number}
    answer = coordinator.post("/cellules/CCTP/seances/nouvelle", seance)
    assert answer.status_code == 422
    assert "Choisissez parmi les termes proposés" in answer.text


def test_the_direction_sees_who_stepped_aside_and_lifts_it(world) -> None:
    coordinator, maire = world.coordinator(), world.visitor("maire")
    reference = _record(coordinator)
    mine = reference_of("coordination")
    _step_aside(coordinator, reference)
    lifting = f"/situations/{reference}/deport/{mine}/lever"
    assert coordinator.post(lifting).status_code == 403  # never one's own

    page = unescape(maire.get(f"/situations/{reference}").text)
    assert "Hélène Vidal-Le Guen, depuis le" in page
    assert lifting in page
    assert maire.post(lifting).status_code == 302
    assert coordinator.get(f"/situations/{reference}").status_code == 200
    assert reference in coordinator.get("/cellules/CCTP/situations").text
    again = maire.post(lifting)
    assert again.status_code == 302
    assert "déjà levé" in maire.get(again.location).text
    with world.database.read() as session:
        found = search(session.connection(), action="situation:restore", limit=5)
        (entry,) = (row for row in found if row.outcome is Outcome.AUTORISE)
        assert entry.object == reference
        assert session.scalars(select(Recusal)).one().lifted_at is not None
    _step_aside(coordinator, reference)  # and one may step aside again
    assert coordinator.get(f"/situations/{reference}").status_code == 403


def test_nobody_lifts_their_own_deport_even_through_someone_else(small_world) -> None:
    coordinator, maire = small_world.coordinator(), small_world.visitor("maire")
    reference = _record(coordinator)
    _step_aside(coordinator, reference)
    _step_aside(maire, reference)
    for visitor in (coordinator, maire):
        for key in ("coordination", "maire"):
            member = reference_of(key)
            lifting = f"/situations/{reference}/deport/{member}/lever"
            assert visitor.post(lifting).status_code == 403


def test_members_neither_see_who_stepped_aside_nor_lift_it(small_world) -> None:
    reference, _ = _examined(small_world)
    member, education = small_world.visitor("commissaire"), small_world.visitor("education")
    _step_aside(member, reference)
    page = education.get(f"/situations/{reference}").text
    assert "N’Guessan" not in unescape(page)
    assert "/lever" not in page
    lifting = f"/situations/{reference}/deport/{reference_of('commissaire')}/lever"
    assert education.post(lifting).status_code == 403
    assert small_world.visitor("maire").post(lifting).status_code == 302
    assert member.get(f"/situations/{reference}").status_code == 200


def test_a_situation_that_nobody_else_could_lead_is_said_first(small_world) -> None:
    coordinator = small_world.coordinator()
    warning = "personne de la direction ne pourra lire"
    answer = coordinator.post("/cellules/GSP/saisine", SAISINE)  # the maire sits in the CCTP
    assert warning in coordinator.get(f"{answer.location}/deport").text
    reference = _record(coordinator)
    assert warning not in coordinator.get(f"/situations/{reference}/deport").text
    with small_world.database.write() as session:
        mairie = MandateRow.role.in_((Role.MAIRE, Role.ELU_DELEGUE))
        session.execute(update(MandateRow).where(mairie).values(ends=MandateRow.starts))
        session.commit()
    assert warning in coordinator.get(f"/situations/{reference}/deport").text
