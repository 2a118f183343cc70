"""Invitations renewed and withdrawn, keys handed outside the cells, forgotten passphrases."""

import re

import pytest
from sqlalchemy import select, update

from audit.query import search
from casework.members.models import Member
from charter.models import MandateRow, Signature
from tests.casework.people import (
    forget_codes,
    invitation,
    keys_of,
    mandates_of,
    reference_of,
    take_up,
    token_in,
    typed,
)

NEW = "M-0016"
COMMISSAIRE = reference_of("commissaire")


@pytest.fixture
def administrator(small_world):
    return small_world.visitor("administration")


def _invite(administrator, role: str = "dpo", **given: str) -> str:
    answer = administrator.post("/membres/inviter", invitation(role, **given))
    assert answer.status_code == 200, answer.text
    return token_in(answer.text)


def _opens(world, token: str) -> bool:
    return world.visitor().get(f"/invitation/{token}").status_code == 200


def test_a_renewed_link_replaces_the_former_one(small_world, administrator) -> None:
    first = _invite(administrator)
    assert "Inès Caradec" in administrator.get("/membres").text
    second = token_in(administrator.post(f"/membres/{NEW}/invitation/renouveler").text)
    assert not _opens(small_world, first)
    assert _opens(small_world, second)
    take_up(small_world, second)
    answer = administrator.post(f"/membres/{NEW}/invitation/renouveler")
    assert answer.status_code == 302
    assert "n’a pas d’invitation" in administrator.get(answer.location).text


def test_a_withdrawn_invitation_leaves_no_name_and_frees_the_login(
    small_world, administrator
) -> None:
    link = _invite(administrator)
    assert administrator.post(f"/membres/{NEW}/invitation/retirer").status_code == 302
    assert not _opens(small_world, link)
    page = administrator.get("/membres").text
    assert NEW in page
    assert "Caradec" not in page
    assert "Bailleur social" not in administrator.get(f"/membres/{NEW}").text
    _invite(administrator)  # the same login
    with small_world.database.read() as session:
        member = session.scalars(select(Member).where(Member.reference == NEW)).one()
    assert member.closed_at is not None


def test_a_coordinator_invites_in_their_cell_and_no_other(small_world, administrator) -> None:
    coordinator = small_world.coordinator()
    typed_in = invitation("pjj", identifiant="autre@port-miran.example")
    form = coordinator.get("/cellules/CCTP/membres/inviter").text
    assert 'value="dpo"' not in form
    answer = coordinator.post("/cellules/CCTP/membres/inviter", typed_in | {"cellule": "GSP"})
    assert answer.status_code == 200, answer.text
    (row,) = mandates_of(small_world, NEW)
    assert row.cell == "CCTP"
    assert (
        coordinator.post("/cellules/CCTP/membres/inviter", typed_in | {"role": "dpo"}).status_code
        == 422
    )
    here = f"/cellules/CCTP/membres/{NEW}/invitation"
    assert "Inès Caradec" in coordinator.get("/cellules/CCTP/membres").text
    assert coordinator.post(f"{here}/renouveler").status_code == 200
    there = f"/cellules/GSP/membres/{NEW}/invitation/renouveler"
    assert coordinator.post(there).status_code == 404
    mandate = {"role": "pjj", "cellule": "GSP", "institution": "PJJ", "debut": typed(0)}
    administrator.post(f"/membres/{NEW}/mandats/nouveau", mandate)
    refused = coordinator.post(f"{here}/retirer")  # the other cell did not ask for it
    assert "adressez-vous à l’administrateur" in coordinator.get(refused.location).text
    with small_world.database.read() as session:
        member = session.scalars(select(Member).where(Member.reference == NEW)).one()
    assert member.closed_at is None


def test_a_login_in_use_says_where_to_go(small_world, administrator) -> None:
    taken = invitation("pjj", identifiant="dpo@port-miran.example", cellule="CCTP")
    answer = administrator.post("/membres/inviter", taken)
    assert "ouvrez sa page et ajoutez-lui ce mandat" in answer.text
    answer = small_world.coordinator().post("/cellules/CCTP/membres/inviter", taken)
    assert "demandez à l’administrateur" in answer.text


def test_a_dpo_admits_another(small_world, administrator) -> None:
    first = small_world.visitor("dpo")
    second = take_up(small_world, _invite(administrator, acte="Désignation du 3 mars"))
    assert "Sans clé" in first.get("/habilitations").text
    assert "Désignation du 3 mars" in first.get("/habilitations").text
    assert "ne détenez pas encore la clé" in second.get("/habilitations").text
    assert second.post(f"/habilitations/{NEW}/admettre").status_code == 403  # never oneself
    assert keys_of(small_world, NEW) == set()
    assert first.post(f"/habilitations/{NEW}/admettre").status_code == 302
    assert keys_of(small_world, NEW) == {"DPO", "ANNUAIRE"}
    assert "Inès Caradec" in second.get("/habilitations").text


def test_a_dpo_hands_nothing_to_who_is_not_one(small_world) -> None:
    dpo = small_world.visitor("dpo")
    before = keys_of(small_world, COMMISSAIRE)
    answer = dpo.post(f"/habilitations/{COMMISSAIRE}/admettre")
    assert "ne peut pas lui être remise" in dpo.get(answer.location).text
    assert keys_of(small_world, COMMISSAIRE) == before
    assert small_world.coordinator().get("/habilitations").status_code == 403


@pytest.mark.parametrize("designated", [True, False])
def test_the_correspondant_is_admitted_under_agrement(
    small_world, administrator, designated: bool
) -> None:
    role = "correspondant_justice_ville"
    take_up(small_world, _invite(administrator, role, acte="Agrément du 3 mars"))
    with small_world.database.write() as session:
        seat = update(MandateRow).where(MandateRow.member == NEW)
        session.execute(seat.values(designated=designated))
        session.commit()
    small_world.visitor("parquet").post(f"/habilitations/{NEW}/admettre")
    assert ("PARQUET" in keys_of(small_world, NEW)) is designated


def test_a_second_administrator_receives_the_directory(small_world, administrator) -> None:
    second = take_up(small_world, _invite(administrator, "administrateur"))
    assert "Hélène" not in second.get("/membres").text
    page = f"/membres/{NEW}"
    assert "Remettre la clé de l’annuaire" in administrator.get(page).text
    assert second.post(f"{page}/annuaire").status_code == 403
    assert administrator.post(f"{page}/annuaire").status_code == 302
    assert keys_of(small_world, NEW) == {"ANNUAIRE"}
    assert "Hélène" in second.get("/membres").text
    assert "Remettre la clé de l’annuaire" not in administrator.get(page).text


def test_no_mandate_no_directory(small_world, administrator) -> None:
    take_up(small_world, _invite(administrator, debut=typed(5)))
    answer = administrator.post(f"/membres/{NEW}/annuaire")
    assert "ne peut pas lui être remise" in administrator.get(answer.location).text
    assert keys_of(small_world, NEW) == set()


def test_a_forgotten_passphrase_costs_the_keys_and_nothing_else(world) -> None:
    administrator, coordinator = world.visitor("administration"), world.coordinator()
    member = world.visitor("commissaire")
    assert member.get("/cellules/CCTP/seances").status_code == 200
    page = administrator.get(f"/membres/{COMMISSAIRE}/rouvrir").text
    assert "Hélène Vidal-Le Guen" in page  # who must act next
    assert administrator.post(f"/membres/{COMMISSAIRE}/rouvrir").status_code == 422
    assert keys_of(world, COMMISSAIRE)

    before = [(row.id, row.ends) for row in mandates_of(world, COMMISSAIRE)]
    answer = administrator.post(f"/membres/{COMMISSAIRE}/rouvrir", {"compris": "y"})
    assert answer.status_code == 200, answer.text
    assert keys_of(world, COMMISSAIRE) == set()
    assert member.get("/cellules/CCTP/seances").location == "/connexion"
    assert member.sign_in("commissaire").status_code == 401
    assert [(row.id, row.ends) for row in mandates_of(world, COMMISSAIRE)] == before
    with world.database.read() as session:
        mine = select(Signature).where(Signature.member == COMMISSAIRE)
        assert session.scalars(mine).all() == []  # whoever takes it up signs in person
    refused = coordinator.post(f"/cellules/CCTP/membres/{COMMISSAIRE}/invitation/renouveler")
    assert refused.status_code == 302  # reopening is the administrator's

    again = take_up(world, token_in(answer.text))
    assert again.get("/cellules/CCTP/seances").status_code == 403
    assert f"membres/{COMMISSAIRE}/admettre" not in coordinator.get("/cellules/CCTP/membres").text
    again.sign_charter("CCTP")
    assert again.get("/cellules/CCTP/seances").status_code == 403
    listed = coordinator.get("/cellules/CCTP/membres").text
    assert re.search(rf"membres/{COMMISSAIRE}/admettre", listed)
    assert "de vive voix" in listed
    assert "Admettre 1" in coordinator.get("/").text
    assert coordinator.post(f"/cellules/CCTP/membres/{COMMISSAIRE}/admettre").status_code == 302
    assert again.get("/cellules/CCTP/seances").status_code == 200


def test_the_last_holder_is_announced(small_world, administrator) -> None:
    page = administrator.get(f"/membres/{reference_of('dpo')}/rouvrir").text
    assert "Personne d’autre ne peut remettre la clé « DPO »" in page
    assert "casework member recover" in page


def test_an_account_never_opened_is_not_reopened(small_world, administrator) -> None:
    _invite(administrator)
    answer = administrator.post(f"/membres/{NEW}/rouvrir", {"compris": "y"})
    assert "renouvelez plutôt son invitation" in administrator.get(answer.location).text


def test_an_access_is_suspended_and_given_back_from_the_page(small_world, administrator) -> None:
    member, page = small_world.visitor("commissaire"), f"/membres/{COMMISSAIRE}"
    assert member.get("/").status_code == 200
    assert "Suspendre l’accès…" in administrator.get(page).text
    assert administrator.post(f"{page}/suspendre").status_code == 422
    stopped = administrator.post(f"{page}/suspendre", {"motif": "Téléphone volé hier soir."})
    assert stopped.status_code == 302
    assert member.get("/").location == "/connexion"
    forget_codes(small_world)
    assert small_world.visitor().sign_in("commissaire").status_code == 403
    assert "1 accès suspendu" in administrator.get("/membres").text.replace("\u00a0", " ")

    assert administrator.post(f"{page}/confirmer").status_code == 422
    assert administrator.post(f"{page}/confirmer", {"siege": "y"}).status_code == 302
    again = administrator.post(f"{page}/confirmer", {"siege": "y"})
    assert "n’est plus, suspendu" in administrator.get(again.location).text
    forget_codes(small_world)
    assert small_world.visitor().sign_in("commissaire").status_code == 302
    with small_world.database.read() as session:
        found = search(session.connection(), object=COMMISSAIRE, limit=10)
    done = {row.action: row for row in found}
    assert done["member:suspend"].motive, "sealed to the DPO"
    assert not done["member:confirm"].motive


def test_nobody_suspends_themselves_nor_without_being_the_administrator(small_world) -> None:
    administrator, me = small_world.visitor("administration"), reference_of("administration")
    typed = {"motif": "Essai."}
    assert administrator.post(f"/membres/{me}/suspendre", typed).status_code == 403
    assert "Suspendre l’accès" not in administrator.get(f"/membres/{me}").text
    for key in ("coordination", "dpo", "maire"):
        answer = small_world.visitor(key).post(f"/membres/{COMMISSAIRE}/suspendre", typed)
        assert answer.status_code == 403, key
