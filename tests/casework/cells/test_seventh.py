"""A commune adds a cell from the pages, without restarting, and it works like the others."""

import re
from html import unescape

from casework.cells.settings import RESERVED
from casework.deposits.service import PREFIX as DEPOSITS
from casework.members.founding import OUTSIDE_CELLS
from casework.rappels.consultations import PREFIX as CONSULTATIONS
from casework.rappels.service import PREFIX as RAPPELS
from casework.rights.service import PREFIX as RIGHTS
from tests.casework.people import reference_of, typed
from tests.conftest import World

SAISINE = {
    "saisine": typed(-10),
    "origine": "1",
    "nom": "Ferrandi-Coste",
    "prenoms": "Ilan",
    "naissance": "12/03/2012",
    "typologie": "1",
    "statut": "1",
    "recit": "Absences répétées depuis septembre.",
    "version": "1",
}


def granted(world: World, key: str, role: str, cell: str) -> None:
    answer = world.visitor("administration").post(
        f"/membres/{reference_of(key)}/mandats/nouveau",
        {"role": role, "cellule": cell, "institution": "Ville", "debut": typed(0)},
    )
    assert answer.status_code == 302, answer.text


def created(world: World, code: str, model: str) -> None:
    administrator = world.visitor("administration")
    answer = administrator.post("/cellules/nouvelle", {"code": code, "modele": model})
    assert answer.status_code == 302, answer.text
    assert code in administrator.get("/cellules").text


def test_a_seventh_cell_works_end_to_end(world: World) -> None:
    created(world, "GSN", "profil:sarts:GSN")  # the sixth
    created(world, "CVP", "profil:miramas:CVP")  # the seventh
    granted(world, "coordination", "coordonnateur", "CVP")
    granted(world, "pjj", "pjj", "CVP")

    coordinator, member = world.coordinator(), world.visitor("pjj")
    assert coordinator.get("/cellules/CVP/situations").status_code == 403  # not signed yet
    assert coordinator.sign_charter("CVP").status_code == 302  # founds the key
    assert member.sign_charter("CVP").status_code == 302
    who = reference_of("pjj")
    assert coordinator.post(f"/cellules/CVP/membres/{who}/admettre").status_code == 302

    made = coordinator.post("/cellules/CVP/saisine", SAISINE)
    assert made.status_code == 302, made.text
    reference = made.location.rpartition("/")[2]
    assert re.fullmatch(r"CVP-\d{4}-001", reference)
    assert "Ferrandi-Coste" in coordinator.get(f"/situations/{reference}").text
    assert member.get(f"/situations/{reference}").status_code == 403  # not on any agenda yet

    page = coordinator.get("/cellules/CVP/seances/nouvelle").text
    assert "Chaque mois" in unescape(coordinator.get("/cellules/CVP/seances").text)
    situation = re.search(r'name="ordre_du_jour"[^>]*value="(\d+)"', page)
    assert situation
    held = coordinator.post(
        "/cellules/CVP/seances/nouvelle",
        {
            "jour": typed(7),
            "heure": "14:30",
            "lieu": "Mairie",
            "ordre_du_jour": situation[1],
            "membres": who,
        },
    )
    assert held.status_code == 302, held.text
    assert reference in member.get(held.location).text
    assert "Absences répétées" in member.get(f"/situations/{reference}").text
    report = coordinator.get("/cellules/CVP/rapport")
    assert report.status_code == 200
    assert "CVP" in coordinator.get("/").text
    # The other cells hear nothing of it.
    assert reference not in world.visitor("maire").get("/cellules/CCTP/situations").text


def test_no_cell_may_take_the_name_of_another_series_or_compartment() -> None:
    assert set(OUTSIDE_CELLS) <= RESERVED
    assert {RAPPELS, CONSULTATIONS, RIGHTS} <= RESERVED
    assert len(DEPOSITS) == 1  # shorter than any code
