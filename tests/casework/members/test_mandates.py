"""A member's page: mandates given, ended, withdrawn; who may, and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from charter.models import MandateRow
from charter.roles import Role
from tests.casework.people import TODAY, mandates_of, reference_of, typed

COMMISSAIRE, DPO, MAIRE = (reference_of(key) for key in ("commissaire", "dpo", "maire"))
MANDATE = {"role": "pjj", "cellule": "GSP", "institution": "PJJ", "acte": "", "debut": typed(0)}


def _rows(world, reference: str, cell: str | None = "CCTP") -> list[MandateRow]:
    return [row for row in mandates_of(world, reference) if row.cell == cell]


def test_the_administrator_sees_all_mandates_with_their_act(small_world) -> None:
    page = small_world.visitor("administration").get(f"/membres/{COMMISSAIRE}").text
    assert page.count("Commissaire de police") >= 2
    assert "Police nationale" in page
    assert "Lettre du directeur interdépartemental" in page


def test_a_coordinator_sees_and_touches_their_own_cell_only(small_world) -> None:
    coordinator = small_world.coordinator()
    here = f"/cellules/CCTP/membres/{COMMISSAIRE}"
    (there,) = _rows(small_world, COMMISSAIRE, "GSP")
    page = coordinator.get(here).text
    assert f"/mandats/{_rows(small_world, COMMISSAIRE)[0].id}/fin" in page
    assert f"/mandats/{there.id}/fin" not in page
    assert coordinator.get(f"/membres/{COMMISSAIRE}").status_code == 403
    assert coordinator.get(f"{here}/mandats/{there.id}/fin").status_code == 404
    assert coordinator.post(f"{here}/mandats/{there.id}/fin", {"fin": typed(0)}).status_code == 404
    outside = f"/cellules/CCTP/membres/{reference_of('pjj')}"  # sits in the GSP alone
    assert coordinator.get(outside).status_code == 404
    assert coordinator.post(f"{outside}/mandats/nouveau", MANDATE).status_code == 404


def test_a_mandate_is_added_beside_another(world) -> None:
    administrator = world.visitor("administration")
    page = f"/membres/{reference_of('police_municipale')}"
    answer = administrator.post(
        f"{page}/mandats/nouveau",
        MANDATE | {"role": "chef_pm", "acte": "Lettre du 3 mars", "fin": typed(365)},
    )
    assert answer.status_code == 302, answer.text
    shown = administrator.get(page).text
    assert "Lettre du 3 mars" in shown
    assert "GSP" in shown
    (row,) = _rows(world, reference_of("police_municipale"), "GSP")
    assert (row.role, row.designated, row.ends) == (
        Role.CHEF_PM,
        True,
        TODAY + timedelta(days=365),
    )


@pytest.mark.parametrize(
    ("who", "given", "sentence"),
    [
        (DPO, {}, "art. 38 § 6 du RGPD"),
        (COMMISSAIRE, {"role": "dpo", "cellule": ""}, "art. 38 § 6 du RGPD"),
        (COMMISSAIRE, {"role": "elu_delegue"}, "l’arrêté de délégation"),
        (
            reference_of("administration"),
            {"role": "correspondant_justice_ville", "cellule": ""},
            "",
        ),
        (COMMISSAIRE, {"fin": typed(-1)}, "précède son début"),
        (COMMISSAIRE, {"role": "maire", "cellule": ""}, "Choisissez sa cellule"),
        (COMMISSAIRE, {"role": "parquet"}, "hors cellule"),
        (COMMISSAIRE, {"debut": "le jour dit"}, "21/11/2026"),
        (COMMISSAIRE, {"role": "roi"}, "réponses proposées"),
    ],
)
def test_an_impossible_mandate_is_refused_in_french(small_world, who, given, sentence) -> None:
    before = len(mandates_of(small_world, who))
    administrator = small_world.visitor("administration")
    answer = administrator.post(f"/membres/{who}/mandats/nouveau", MANDATE | given)
    assert answer.status_code == (422 if sentence else 403)  # nobody for themselves
    assert sentence in answer.text
    assert len(mandates_of(small_world, who)) == before


def test_an_excluded_member_receives_nothing_there(small_world) -> None:
    coordinator = small_world.coordinator()
    coordinator.post(f"/cellules/GSP/membres/{COMMISSAIRE}/exclure")
    answer = small_world.visitor("administration").post(
        f"/membres/{COMMISSAIRE}/mandats/nouveau", MANDATE
    )
    assert answer.status_code == 422
    assert "a été exclue de cette cellule" in answer.text


def test_the_end_is_today_unless_said_and_closes_the_day_after(small_world) -> None:
    member = small_world.visitor("commissaire")
    coordinator = small_world.coordinator()
    (row,) = _rows(small_world, COMMISSAIRE)
    url = f"/cellules/CCTP/membres/{COMMISSAIRE}/mandats/{row.id}/fin"
    assert f'value="{typed(0)}"' in coordinator.get(url).text
    assert coordinator.post(url, {"fin": "31/08/2025"}).status_code == 422  # before it began
    assert coordinator.post(url, {"fin": "demain"}).status_code == 422
    assert member.get("/cellules/CCTP/seances").status_code == 200
    assert coordinator.post(url, {"fin": typed(-1)}).status_code == 302
    assert member.get("/cellules/CCTP/seances").status_code == 403
    assert member.get("/cellules/GSP/seances").status_code == 200
    later = coordinator.post(url, {"fin": typed(30)})
    assert later.status_code == 422
    assert "enregistrez un nouveau" in later.text


def test_a_mandate_to_come_is_withdrawn(small_world) -> None:
    administrator = small_world.visitor("administration")
    page = f"/membres/{MAIRE}"
    given = MANDATE | {"role": "maire", "debut": typed(20), "acte": "Élection du 3 mars"}
    administrator.post(f"{page}/mandats/nouveau", given)
    (row,) = _rows(small_world, MAIRE, "GSP")
    url = f"{page}/mandats/{row.id}/fin"
    assert "n’a pas commencé" in administrator.get(url).text
    assert administrator.post(url, {"fin": typed(0)}).status_code == 302
    assert _rows(small_world, MAIRE, "GSP") == []


def test_an_act_that_comes_later_is_recorded(small_world) -> None:
    """The correspondant carries nothing until the agrément is there."""
    carrier = reference_of("justice_ville")
    visitor = small_world.visitor("justice_ville")
    with small_world.database.write() as session:
        seat = update(MandateRow).where(MandateRow.member == carrier)
        session.execute(seat.values(designated=False))
        session.commit()
    assert visitor.get("/fiches").status_code == 403
    (row,) = mandates_of(small_world, carrier)
    administrator = small_world.visitor("administration")
    url = f"/membres/{carrier}/mandats/{row.id}/acte"
    assert "Agrément du procureur" in administrator.get(url).text
    missing = administrator.post(url, {"institution": "Ville", "acte": ""})
    assert missing.status_code == 422
    assert "l’agrément du parquet" in missing.text
    new = {"institution": "Ville", "acte": "Agrément n° 7"}
    assert administrator.post(url, new).status_code == 302
    assert "Agrément n° 7" in administrator.get(f"/membres/{carrier}").text
    assert visitor.get("/fiches").status_code == 200


def test_a_function_of_the_commune_is_offered_and_shown(world) -> None:
    administrator = world.visitor("administration")
    added = {"label": "Bailleur social", "place": "membre"}
    assert administrator.post("/fonctions", added).status_code == 302
    again = administrator.post("/fonctions", added | {"label": "bailleur  SOCIAL"})
    assert again.status_code == 422
    assert "existe déjà" in again.text
    ours = administrator.post("/fonctions", added | {"label": "Maire"})
    assert "existe déjà" in ours.text
    assert administrator.post("/fonctions", added | {"label": "!!"}).status_code == 422
    seat = administrator.post("/fonctions", {"label": "Adjoint", "place": "maire"})
    assert seat.status_code == 422

    form = administrator.get("/membres/inviter").text
    assert "Bailleur social" in form
    given = MANDATE | {"role": "fonction:bailleur-social", "cellule": "CCTP"}
    page = f"/membres/{reference_of('pjj')}"
    assert administrator.post(f"{page}/mandats/nouveau", given).status_code == 302
    (row,) = _rows(world, reference_of("pjj"))
    assert (row.role, row.function) == (Role.MEMBRE, "bailleur-social")
    coordinator = world.coordinator()
    for address in ("/cellules/CCTP/membres", "/cellules/CCTP/seances/nouvelle"):
        assert "Bailleur social" in coordinator.get(address).text, address
    assert "Bailleur social" in world.visitor("pjj").get("/").text  # in the header


def test_nobody_ends_their_own_mandate(small_world) -> None:
    coordinator = small_world.coordinator()
    me = reference_of("coordination")
    (row,) = _rows(small_world, me)
    url = f"/cellules/CCTP/membres/{me}/mandats/{row.id}/fin"
    assert coordinator.post(url, {"fin": typed(-1)}).status_code == 403
    assert f"/mandats/{row.id}/fin" not in coordinator.get(f"/cellules/CCTP/membres/{me}").text


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "-1", "un"])
def test_a_mandate_that_does_not_exist_is_not_found(small_world, number: str) -> None:
    visitor = small_world.visitor("administration")
    assert visitor.get(f"/membres/{DPO}/mandats/{number}/fin").status_code == 404


def test_given_the_direction_one_waits_for_a_new_admission(world) -> None:
    """A mandate is not a key: the administrator alone makes nobody read a whole cell."""
    administrator, coordinator = world.visitor("administration"), world.coordinator()
    member = world.visitor("commissaire")
    promoted = MANDATE | {"role": "coordonnateur", "cellule": "CCTP"}
    answer = administrator.post(f"/membres/{COMMISSAIRE}/mandats/nouveau", promoted)
    assert answer.status_code == 302, answer.text
    assert member.get("/cellules/CCTP/situations").status_code == 403
    assert coordinator.get("/cellules/GSP/situations").status_code == 200
    admitted = f"/cellules/CCTP/membres/{COMMISSAIRE}/admettre"
    assert coordinator.post(admitted).status_code == 302
    assert member.get("/cellules/CCTP/situations").status_code == 200
    # Who directs the cell already keeps its key under another title.
    maire = promoted | {"role": "maire"}
    assert administrator.post(f"/membres/{COMMISSAIRE}/mandats/nouveau", maire).status_code == 302
    assert member.get("/cellules/CCTP/situations").status_code == 200
