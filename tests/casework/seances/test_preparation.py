"""A prepared séance is edited, postponed, cancelled; an urgent one is asked for."""

import re

import pytest
from sqlalchemy import select

from casework.seances.models import AgendaItem, UrgentRequest
from casework.seances.table import Seated
from casework.situations.models import Situation
from casework.web.access import today
from charter.roles import Role


def _plan(sitting, *places: int, **changed: object) -> dict[str, object]:
    page = sitting.coordinator.get(f"{sitting.url}/modifier").text
    row = sitting.row()
    found = {"jour": f"{row.held_at:%d/%m/%Y}", "heure": "14:30", "lieu": "Mairie"}
    found |= {"version": row.version, "membres": sitting.member(Role.EDUCATION_NATIONALE)}
    with sitting.world.database.read() as session:
        ids = {row.reference: row.id for row in session.scalars(select(Situation))}
    for line, place in enumerate(places):
        found[f"lignes-{line}-situation"] = ids[sitting.agenda[place]]
        found[f"lignes-{line}-inscrite"] = "y"
        found[f"lignes-{line}-rang"] = line + 1
    assert "À revoir" in page  # the reasons are shown
    return found | changed


def _order(sitting) -> list[str]:
    with sitting.world.database.read() as session:
        return list(
            session.scalars(
                select(Situation.reference)
                .join(AgendaItem, AgendaItem.situation == Situation.id)
                .where(AgendaItem.seance == sitting.row().id)
                .order_by(AgendaItem.rank)
            )
        )


def test_the_agenda_is_reordered_and_the_second_editor_is_told(sitting_on_both) -> None:
    sitting = sitting_on_both
    plan = _plan(sitting, 2, 0, 1)
    answer = sitting.coordinator.post(f"{sitting.url}/modifier", plan)
    assert answer.status_code == 302, answer.text
    assert _order(sitting) == [sitting.agenda[place] for place in (2, 0, 1)]
    late = sitting.coordinator.post(f"{sitting.url}/modifier", plan | {"lieu": "Autre salle"})
    assert late.status_code == 409
    assert "Autre salle" in late.text
    moved = _plan(sitting, 2, 0, 1, jour="14/12/2026")
    assert sitting.coordinator.post(f"{sitting.url}/modifier", moved).status_code == 422
    moved["motif"] = "Salle prise"
    assert sitting.coordinator.post(f"{sitting.url}/modifier", moved).status_code == 302
    assert "Salle prise" in sitting.world.visitor("education").get(sitting.url).text
    assert sitting.world.visitor("departement").get(sitting.url).status_code == 403


def test_what_a_member_spoke_of_is_not_taken_off(sitting) -> None:
    answer = sitting.coordinator.post(f"{sitting.url}/modifier", _plan(sitting, 1))
    assert answer.status_code == 409
    assert "déjà contribué" in answer.text
    assert _order(sitting) == sitting.agenda


def test_a_cancelled_seance_opens_nothing_any_more(sitting) -> None:
    member = sitting.world.visitor("departement")
    assert member.get(f"{sitting.url}").status_code == 200
    url = f"{sitting.url}/annuler"
    assert sitting.coordinator.post(url, {"version": 1}).status_code == 422
    answer = sitting.coordinator.post(url, {"version": 1, "motif": "Faute de quorum"})
    assert answer.status_code == 302
    assert "Faute de quorum" in sitting.coordinator.get(sitting.url).text
    assert member.get(sitting.url).status_code == 403
    sitting.coordinator.post(f"{sitting.url}/ouvrir", {"lue": "y", "version": 2})
    assert sitting.row().etat == "annulee"


def test_an_urgent_seance_is_asked_for_then_prepared_or_declined(sitting) -> None:
    member, coordinator = sitting.world.visitor("departement"), sitting.coordinator
    url = "/cellules/CCTP/seances/urgence"
    for reason in ("Exclusion définitive", "Fugue signalée"):
        assert member.post(url, {"motif": reason}).status_code == 302
    with sitting.world.database.read() as session:
        query = select(UrgentRequest.reference).order_by(UrgentRequest.id.desc()).limit(2)
        second, first = session.scalars(query)
    page = coordinator.get(f"/seances/demandes/{first}").text
    assert "Exclusion définitive" in page
    assert "Nadia Meziane" in page
    plan = {"jour": "01/12/2026", "heure": "9:00", "lieu": "Mairie", "demande": first}
    made = coordinator.post("/cellules/CCTP/seances/nouvelle", plan)
    assert "à la demande d’un membre" in coordinator.get(made.location).text
    declined = coordinator.post(f"/seances/demandes/{second}/decliner", {"refus": "Déjà prévu"})
    assert declined.status_code == 302
    again = coordinator.post(f"/seances/demandes/{second}/decliner", {"refus": "Deux fois"})
    assert again.status_code == 409
    mine = member.get(url).text
    assert "Déjà prévu" in mine
    assert "Séance préparée" in mine
    assert member.get(f"/seances/demandes/{first}").status_code == 403
    assert re.search("Exclusion", sitting.world.visitor("education").get(url).text) is None


def test_a_new_seance_starts_from_what_is_due_and_who_came_last(sitting) -> None:
    page = sitting.coordinator.get("/cellules/CCTP/seances/nouvelle").text
    lines = re.findall(r'<label class="choice"[^>]*>(.*?)</label>', page, re.DOTALL)
    situations = [line for line in lines if "CCTP-" in line]
    assert any("(" in line for line in situations)
    for line in situations:
        assert ("checked" in line) is ("(" in line)  # ticked for a reason, which is said
    convened = [line for line in lines if "Da Costa" in line]
    assert ["checked" in line for line in convened] == [True]
    assert 'value="14:30"' in page
    assert re.search(r'name="lieu"[^>]*value="[^"]+"', page), "the place of the séance before"
    assert "D’après sa cadence" in page


def test_a_follow_up_closed_from_a_seance_comes_back_to_it(sitting) -> None:
    sitting.open()
    for place, situation in enumerate(sitting.agenda):
        end = f"/situations/{situation}/cloture?seance={sitting.reference}"
        assert end in sitting.coordinator.get(sitting.situation(place)).text
        form = sitting.coordinator.get(end).text
        assert f'href="{sitting.situation(place)}"' in form
        version = re.search(r'name="version"[^>]*value="(\d+)"', form)[1]
        typed = {"resultat": "4", "le": f"{today():%d/%m/%Y}", "version": version}
        answer = sitting.coordinator.post(end, typed)
        if answer.status_code != 409:  # no procedure keeps it open
            break
    assert answer.location == sitting.situation(place)


def test_the_towns_services_are_told_apart() -> None:
    seats = {
        role: Seated("M-1", "Une personne", "", role.label, "Ville de Port-Miran", role).service
        for role in (Role.CHEF_PM, Role.VEILLE_EDUCATIVE, Role.PREVENTION_SPECIALISEE)
    }
    assert len(set(seats.values())) == 3
    assert seats[Role.PREVENTION_SPECIALISEE] == "Ville de Port-Miran"


def test_a_seance_opened_before_its_day_says_so(sitting) -> None:
    assert "avant son jour" in sitting.coordinator.get(f"{sitting.url}/en-cours").text


@pytest.mark.parametrize("day", ["12/12/1926", "12/12/2062"])
def test_a_slip_of_the_year_prepares_nothing(sitting, day: str) -> None:
    asked = {"jour": day, "heure": "14:30", "lieu": "Mairie"}
    answer = sitting.coordinator.post("/cellules/CCTP/seances/nouvelle", asked)
    assert answer.status_code == 422
    assert "vérifiez l’année" in answer.text
