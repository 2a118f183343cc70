"""A situation whose processing is limited stays on its séance by reference alone (art. 18 RGPD)."""

import pytest
from sqlalchemy import select

from casework.seances.models import AgendaItem
from casework.situations.models import Situation
from casework.web.access import today
from tests.casework.seances.test_preparation import _order, _plan

SENTENCE = "limité à la demande de la personne"


def limit(sitting, reference: str) -> None:
    """A request for limitation, received by the cell, found and executed."""
    letter = {
        "droit": "limitation",
        "qualite": "interesse",
        "nom": "Requérante",
        "coordonnees": "3 quai du Port",
        "verification": "guichet",
        "paroles": "Vérifiez d’abord.",
        "recu_le": f"{today():%d/%m/%Y}",
    }
    made = sitting.coordinator.post("/cellules/CCTP/demandes/nouvelle", letter)
    assert made.status_code == 302, made.text
    sitting.coordinator.post(f"{made.location}/situation", {"situation": reference})
    assert sitting.coordinator.post(f"{made.location}/limiter").status_code == 302


def initials(sitting, reference: str) -> str:
    """The line of the séance's page: nothing but the reference once limited."""
    page = sitting.coordinator.get(sitting.url).text
    return page[page.index(reference) :].partition("</tr>")[0]


def test_its_line_says_no_more_than_its_reference(sitting):
    reference = sitting.agenda[0]
    assert "Initiales" in initials(sitting, reference)
    limit(sitting, reference)
    line = initials(sitting, reference)
    assert SENTENCE in line
    assert "Initiales" not in line
    member = sitting.world.visitor("departement")
    assert SENTENCE in member.get(sitting.url).text
    assert member.get(f"/situations/{reference}").status_code == 403
    assert member.get(f"{sitting.url}/contributions/{reference}").status_code == 403


def test_preparing_neither_offers_it_nor_takes_it_off(sitting_on_both):
    sitting = sitting_on_both
    first, number = sitting.agenda[0], _number(sitting, sitting.agenda[0])
    plan = _plan(sitting, 0, 1, 2)
    limit(sitting, first)
    assert f'value="{number}"' not in sitting.coordinator.get(f"{sitting.url}/modifier").text
    refused = sitting.coordinator.post(f"{sitting.url}/modifier", plan | {"lieu": "Salle B"})
    assert refused.status_code == 409
    assert SENTENCE in refused.text
    assert "Salle B" in refused.text  # nothing typed is lost
    plan = {key: told for key, told in plan.items() if not key.startswith("lignes-0-")}
    assert sitting.coordinator.post(f"{sitting.url}/modifier", plan).status_code == 302
    assert _order(sitting) == [*sitting.agenda[1:3], first]


@pytest.mark.parametrize("when", ["before", "after"])
def test_it_is_not_examined_and_the_others_are(sitting, when):
    reference = sitting.agenda[0]
    sitting.open()
    if when == "after":
        sitting.record(0, notes="Motamotdelaseance")
    limit(sitting, reference)
    assert sitting.coordinator.get(sitting.situation()).status_code == 403
    assert sitting.record(0, rang=1).status_code == 403
    held = sitting.coordinator.get(f"{sitting.url}/en-cours").text
    assert SENTENCE in held
    assert f"/en-cours/{reference}" not in held
    assert sitting.record(1).status_code == 302
    sitting.close()
    assert sitting.row().etat == "close"
    minutes = sitting.coordinator.get(f"{sitting.url}/compte-rendu").text
    assert "Motamotdelaseance" not in minutes
    assert SENTENCE in minutes
    assert sitting.coordinator.get(f"{sitting.url}/compte-rendu.docx").status_code == 200


def _number(sitting, reference: str) -> int:
    with sitting.world.database.read() as session:
        query = select(Situation.id).join(AgendaItem, AgendaItem.situation == Situation.id)
        return session.scalars(query.where(Situation.reference == reference)).first()
