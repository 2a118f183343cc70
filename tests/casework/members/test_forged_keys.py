"""Whoever writes in the database, and only there, is handed nothing and reads nothing new."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from audit.event import Outcome
from audit.query import search
from casework import migrate
from casework.cells.models import Setting
from casework.cells.service import RECOVERY_PUBLIC
from casework.members.models import Member
from casework.situations.models import Situation
from casework.vault.compartment import CompartmentKeys
from casework.vault.errors import IntegrityError
from casework.vault.keypair import KeyPair, PublicKey
from casework.vault.keyring import grant_context
from casework.vault.models import Compartment, CompartmentVersion, Grant
from tests.casework import people
from tests.casework.people import invitation, reference_of, take_up, token_in
from tests.conftest import Visitor, World

CELL = "CCTP"
FORGER = KeyPair.generate()
VICTIM = "commissaire"  # holds the key of the cell, and stays when another is excluded
SAISINE = people.SAISINE | {"nom": "Ollivier", "autre_personne": "1"}


def _forge(world: World, change: Callable[[Session], object]) -> None:
    with world.database.write() as session:
        change(session)
        session.commit()


def _forger_opens(world: World) -> list[str]:
    """Compartments the forger can open, by any member's grant."""
    with world.database.read() as session:
        grants = list(session.scalars(select(Grant)))
    assert grants
    own = Grant(member="M-0001", compartment=CELL, version=1)
    own.sealed = FORGER.public.seal(b"secret", _context(own))
    assert _forger_opens_it(own), "the forger does open what is sealed to them"
    return [row.compartment for row in grants if _forger_opens_it(row)]


def _forger_opens_it(row: Grant) -> bool:
    try:
        FORGER.open(row.sealed, _context(row))
    except IntegrityError:  # not theirs; any other error would be a mistake of this test
        return False
    return True


def _context(row: Grant) -> str:
    return grant_context(row.member, row.compartment, row.version)


def _exclude(coordinator: Visitor, key: str) -> int:
    return coordinator.post(f"/cellules/{CELL}/membres/{reference_of(key)}/exclure").status_code


def _versions(world: World) -> int:
    with world.database.read() as session:
        known = select(func.max(CompartmentVersion.version)).filter_by(compartment=CELL)
        return session.scalar(known) or 0


def _failures(world: World, field: str) -> int:
    with world.database.engine.connect() as connection:
        failures = search(connection, outcome=Outcome.ECHEC)
    return sum(entry.detail.get("champ") == field for entry in failures)


def _swap(session: Session, bound: bytes | None = None) -> None:
    stolen = {"public_key": FORGER.public.raw} | ({"bound": bound} if bound is not None else {})
    session.execute(update(Member).filter_by(reference=reference_of(VICTIM)).values(stolen))


def _swap_and_erase_the_proof(session: Session) -> None:
    _swap(session)
    session.execute(update(Member).filter_by(reference=reference_of(VICTIM)).values(bound=None))


def _swap_with_the_proof_of_another(session: Session) -> None:
    other = session.scalars(select(Member).filter_by(reference=reference_of("dpo"))).one()
    _swap(session, other.bound)


@pytest.mark.parametrize(
    "forgery", [_swap, _swap_and_erase_the_proof, _swap_with_the_proof_of_another]
)
def test_a_swapped_public_key_is_handed_nothing_at_a_renewal(world, forgery) -> None:
    coordinator = world.coordinator()
    _forge(world, forgery)
    before = _versions(world)
    assert _exclude(coordinator, "education") == 500
    assert _versions(world) == before
    assert _forger_opens(world) == []
    assert _failures(world, "member.public_key") == 1


def test_a_swapped_public_key_is_handed_nothing_at_an_admission(small_world) -> None:
    coordinator = small_world.coordinator()
    sent = coordinator.post(f"/cellules/{CELL}/membres/inviter", invitation("pjj"))
    newcomer = take_up(small_world, token_in(sent.text))
    newcomer.sign_charter(CELL)
    with small_world.database.read() as session:
        last = session.scalars(select(Member).order_by(Member.created_at.desc())).first()
    assert last is not None
    stolen = update(Member).filter_by(reference=last.reference)
    _forge(
        small_world, lambda session: session.execute(stolen.values(public_key=FORGER.public.raw))
    )
    answer = coordinator.post(f"/cellules/{CELL}/membres/{last.reference}/admettre")
    assert answer.status_code == 500
    assert "Donnée altérée" in answer.text
    assert _forger_opens(small_world) == []


def _new_version(session: Session) -> None:
    """A secret of the forger's, offered to every holder so that they seal what follows with it."""
    keys, number = CompartmentKeys.generate(), 9
    session.add(
        CompartmentVersion(
            compartment=CELL,
            version=number,
            created_at=datetime.now(UTC),
            bucket_bits=0,
            deposit_public=keys.deposit.public.raw,
            recovery=b"",
        )
    )
    session.flush()
    holders = (
        select(Member).join(Grant, Grant.member == Member.reference).filter_by(compartment=CELL)
    )
    for member in session.scalars(holders):
        session.add(
            Grant(
                member=member.reference,
                compartment=CELL,
                version=number,
                since=datetime.now(UTC),
                sealed=_sealed(member, keys, number),
            )
        )
    session.execute(update(Compartment).filter_by(code=CELL).values(version=number))


def _sealed(member: Member, keys: CompartmentKeys, number: int) -> bytes:
    public = PublicKey(member.public_key or b"")
    return public.seal(keys.secret, grant_context(member.reference, CELL, number))


def _deposit_key(session: Session) -> None:
    session.execute(
        update(CompartmentVersion)
        .filter_by(compartment=CELL)
        .values(deposit_public=FORGER.public.raw)
    )


@pytest.mark.parametrize("forgery", [_new_version, _deposit_key])
def test_nothing_is_recorded_under_a_key_the_forger_chose(world, forgery) -> None:
    coordinator = world.coordinator()
    _forge(world, forgery)
    with world.database.read() as session:
        before = session.scalar(select(func.count()).select_from(Situation))
    answer = coordinator.post(f"/cellules/{CELL}/saisine", SAISINE)
    assert answer.status_code == 500
    assert "Donnée altérée" in answer.text
    with world.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Situation)) == before


def test_a_grant_the_forger_wrote_opens_nothing(small_world) -> None:
    """Even where the version is genuine: the secret in the grant would be the forger's."""
    coordinator = small_world.coordinator()

    def forge(session: Session) -> None:
        mine = reference_of("coordination")
        row = session.scalars(select(Grant).filter_by(compartment=CELL, member=mine)).one()
        member = session.scalars(select(Member).filter_by(reference=mine)).one()
        row.sealed = _sealed(member, CompartmentKeys.generate(), row.version)

    _forge(small_world, forge)
    answer = coordinator.post(f"/cellules/{CELL}/saisine", SAISINE)
    assert answer.status_code == 500
    assert "grant_key.sealed" in answer.text


def test_a_replaced_recovery_kit_receives_no_secret(small_world) -> None:
    coordinator = small_world.coordinator()
    stolen = update(Setting).filter_by(key=RECOVERY_PUBLIC).values(value=FORGER.public.raw.hex())
    _forge(small_world, lambda session: session.execute(stolen))
    before = _versions(small_world)
    assert _exclude(coordinator, "education") == 500
    assert _versions(small_world) == before


def test_a_sound_database_renews_and_admits(small_world) -> None:
    """The control: what is refused above is refused for the forgery."""
    coordinator = small_world.coordinator()
    before = _versions(small_world)
    assert _exclude(coordinator, "education") == 302
    assert _versions(small_world) == before + 1
    assert coordinator.post(f"/cellules/{CELL}/saisine", SAISINE).status_code == 302


def test_a_commune_upgraded_from_before_the_bindings_goes_on(world) -> None:
    coordinator = world.coordinator()
    migrate.downgrade(world.database, "0011")
    migrate.upgrade(world.database)
    before = _versions(world)
    assert _exclude(coordinator, "education") == 302
    assert _versions(world) == before + 1
    assert coordinator.post(f"/cellules/{CELL}/saisine", SAISINE).status_code == 302
