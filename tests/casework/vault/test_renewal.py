"""Excluding a member gives the cell a new key: he reads nothing more, the others everything."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import func, select

from casework.rappels.models import Rappel
from casework.seances.models import Seance
from casework.situations.models import NameBucket, Person, Situation
from casework.vault import store
from casework.vault.aead import open_sealed
from casework.vault.compartment import CompartmentKeys
from casework.vault.errors import IntegrityError
from casework.vault.keyring import grant_context, wrap_place
from casework.vault.models import Grant, RecordWrap
from charter import register
from charter.roles import Role
from tests.casework import people
from tests.casework.people import unlocked
from tests.casework.renewing import finish

SAISINE = people.SAISINE | {"recit": "Récit d’avant."}


@dataclass
class Excluded:
    """A commune where the commissaire has just been excluded from the CCTP."""

    world: object
    reference: str
    old: CompartmentKeys
    situation: str


def _save(coordinator, nom: str) -> str:
    answer = coordinator.post("/cellules/CCTP/saisine", SAISINE | {"nom": nom})
    assert answer.status_code == 302, answer.text
    return answer.location.rpartition("/")[2]


@pytest.fixture
def excluded(world) -> Excluded:
    coordinator, who = world.coordinator(), unlocked(world, "commissaire")
    with world.database.read() as session:
        (grant,) = (g for g in store.grants_of(session, who.member) if g.compartment == "CCTP")
    secret = who.key.open(grant.sealed, grant_context(who.member, "CCTP", grant.version))
    situation = _save(coordinator, "Benkacem-Fabre")
    done = coordinator.post(f"/cellules/CCTP/membres/{who.member}/exclure")
    assert done.status_code == 302, done.text
    finish(coordinator)
    return Excluded(world, who.member, CompartmentKeys(secret), situation)


def test_the_grant_is_gone_and_the_key_has_moved(excluded: Excluded) -> None:
    with excluded.world.database.read() as session:
        held = {g.compartment for g in store.grants_of(session, excluded.reference)}
        assert "CCTP" not in held
        assert "GSP" in held
        assert store.current(session, "CCTP").version == 2
        assert store.current(session, "GSP").version == 1
        for model in (Grant, RecordWrap):
            of_cell = select(func.count()).where(model.compartment == "CCTP")
            assert session.scalar(of_cell.where(model.version == 2))
            assert not session.scalar(of_cell.where(model.version == 1))
        versions = select(Situation.key_version).where(Situation.cell == "CCTP").distinct()
        assert list(session.scalars(versions)) == [2]


def test_the_old_secret_opens_no_new_wrap(excluded: Excluded) -> None:
    with excluded.world.database.read() as session:
        wraps = session.scalars(select(RecordWrap).where(RecordWrap.compartment == "CCTP")).all()
    assert wraps
    for wrap in wraps:
        for version in (1, 2):
            with pytest.raises(IntegrityError):
                open_sealed(
                    excluded.old.wrap, wrap.sealed, wrap_place(wrap.record, "CCTP", version)
                )


def test_the_excluded_member_is_refused_at_once(excluded: Excluded) -> None:
    visitor = excluded.world.visitor("commissaire")
    for address in ("/cellules/CCTP/seances", f"/situations/{excluded.situation}"):
        answer = visitor.get(address)
        assert answer.status_code == 403
        assert "Benkacem" not in answer.text
    assert visitor.get("/cellules/GSP/seances").status_code == 200
    assert visitor.sign_charter("CCTP").status_code == 403
    coordinator = excluded.world.coordinator()
    again = coordinator.post(f"/cellules/CCTP/membres/{excluded.reference}/admettre")
    assert again.status_code == 409


def test_the_others_still_read_everything(excluded: Excluded) -> None:
    world = excluded.world
    with world.database.read() as session:
        addresses = [
            f"/{kind}/{reference}"
            for kind, model in (("situations", Situation), ("seances", Seance), ("rappels", Rappel))
            for reference in session.scalars(select(model.reference).where(model.cell == "CCTP"))
        ]
    for who in (world.coordinator(), world.visitor("maire")):
        for address in [*addresses, "/cellules/CCTP/situations", "/cellules/CCTP/rapport"]:
            assert who.get(address).status_code == 200, address
    assert "Récit d’avant." in world.visitor("maire").get(f"/situations/{excluded.situation}").text
    (fiche, *_) = re.findall(
        r'href="(/fiches/RO-[^"]+)"', world.visitor("parquet").get("/fiches").text
    )
    assert world.visitor("parquet").get(fiche).status_code == 200


def test_people_are_still_found_old_and_new(excluded: Excluded) -> None:
    coordinator = excluded.world.coordinator()
    newcomer = _save(coordinator, "Ollivier")
    for typed, reference in (("Ben Kassem", excluded.situation), ("Olivier", newcomer)):
        assert reference in coordinator.post("/cellules/CCTP/recherche", {"q": typed}).text
    with excluded.world.database.read() as session:
        indexed = session.scalars(select(NameBucket.situation).where(NameBucket.cell == "CCTP"))
        known = session.scalars(select(Situation.id).where(Situation.cell == "CCTP"))
        assert set(indexed) == set(known)
        assert session.scalar(select(func.count()).select_from(Person))


def test_a_newcomer_is_admitted_under_the_new_key(excluded: Excluded) -> None:
    world, newcomer = excluded.world, unlocked(excluded.world, "pjj").member
    with world.database.write() as session:
        register.grant_mandate(session, newcomer, Role.PJJ, "CCTP", date(2026, 9, 1))
        session.commit()
    visitor, coordinator = world.visitor("pjj"), world.coordinator()
    assert visitor.sign_charter("CCTP").status_code == 302
    admission = coordinator.post(f"/cellules/CCTP/membres/{newcomer}/admettre")
    assert admission.status_code == 302
    assert visitor.get("/cellules/CCTP/seances").status_code == 200
    with world.database.read() as session:
        held = [g.version for g in store.grants_of(session, newcomer) if g.compartment == "CCTP"]
    assert held == [2]


def test_someone_unknown_to_the_cell_is_neither_admitted_nor_excluded(small_world) -> None:
    coordinator = small_world.coordinator()
    for act in ("admettre", "exclure"):
        assert coordinator.post(f"/cellules/CCTP/membres/M-9999/{act}").status_code == 404


def test_nobody_excludes_themselves(small_world) -> None:
    coordinator, mine = small_world.coordinator(), unlocked(small_world, "coordination").member
    assert coordinator.post(f"/cellules/CCTP/membres/{mine}/exclure").status_code == 403
    assert coordinator.get("/cellules/CCTP/situations").status_code == 200
