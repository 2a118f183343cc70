"""Whoever leaves opens nothing any more, with the whole disk in hand; whoever stays, everything."""

from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from audit.query import search
from casework.cli import main
from casework.clock import today
from casework.demo.accounts import PASSPHRASE
from casework.demo.members import MEMBERS
from casework.members.service import DIRECTORY, Identity, Mandate, invite
from casework.vault import store
from casework.vault.models import CompartmentVersion, Grant, KeyRenewal
from charter import register
from charter.models import MandateRow
from charter.roles import WITHOUT_KEY, Role
from tests.casework import people
from tests.casework.departed import Departed, Everyone, everyone, unreadable
from tests.casework.renewing import finish, under_way
from tests.conftest import Visitor, World

TODAY = today()
YESTERDAY = TODAY - timedelta(days=1)
# A signaleur sits in a cell and holds no key.
CELLS = {who.key: who.cells for who in MEMBERS if Role(who.role) not in WITHOUT_KEY}
SEATED = [key for key, cells in CELLS.items() if cells and key != "coordination"]
OUTSIDE = {"parquet": Role.PARQUET, "dpo": Role.DPO, "administration": Role.ADMINISTRATEUR}
COMPARTMENT = {"parquet": "PARQUET", "dpo": "DPO", "administration": DIRECTORY}
SAISINE = people.SAISINE | {"nom": "Ollivier", "autre_personne": "1"}


def _departed(world: World, known: Everyone, key: str) -> Departed:
    leaving = Departed(*known[key])
    with world.database.read() as session:
        leaving.remember(session)
        assert len(list(leaving.opens(session))) > 1, "the search would find what opens"
    return leaving


def _end(world: World, reference: str) -> None:
    with world.database.write() as session:
        for row in register.mandates_of(session, reference):
            row.starts = min(row.starts, YESTERDAY)  # the administrator's began today
            register.end_mandate(session, row.id, YESTERDAY)
        session.commit()


def _sealed_to(world: World, reference: str) -> list[bytes]:
    with world.database.read() as session:
        return list(session.scalars(select(Grant.sealed).where(Grant.member == reference)))


def _assert_nothing_opens(world: World, leaving: Departed, grants: list[bytes]) -> None:
    with world.database.write() as session:
        who = Identity("Caradec", "Inès", "Directrice")
        mandate = Mandate(Role.SIGNALEUR, "CCTP", TODAY, institution="Bailleur")
        invite(session, world.instance, "ines@port-miran.example", who, [mandate])
        session.commit()
    with world.database.read() as session:
        assert store.grants_of(session, leaving.reference) == []
        assert list(leaving.opens(session)) == []
    # Not after closing: SQLite would empty its log by itself.
    for file in world.instance.data.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not any(sealed in content for sealed in grants), file


def _assert_the_others_read(world: World, known: Everyone, gone: str) -> None:
    with world.database.read() as session:
        for key, who in known.items():
            held = {code for code, *_ in store.grants_of(session, who[0])}
            kept = {*CELLS[key], DIRECTORY} if key in CELLS and key != gone else set()
            assert held >= kept, key
            for code in held:
                assert unreadable(session, world, who, code) == [], (key, code)


# Every role leaves once: half of them by exclusion, the others at the end of their mandate.
@pytest.mark.parametrize(
    ("key", "how"), [(key, ("excluded", "ended")[rank % 2]) for rank, key in enumerate(SEATED)]
)
def test_a_member_of_a_cell(small_world: World, key: str, how: str) -> None:
    coordinator, known = small_world.coordinator(), everyone(small_world)
    leaving = _departed(small_world, known, key)
    grants = _sealed_to(small_world, leaving.reference)
    if how == "ended":
        _end(small_world, leaving.reference)
    for cell in CELLS[key]:
        act = f"membres/{leaving.reference}/exclure" if how == "excluded" else "cle/renouveler"
        assert coordinator.post(f"/cellules/{cell}/{act}").status_code == 302
        finish(coordinator, cell)
    for cell in CELLS[key]:
        assert coordinator.post(f"/cellules/{cell}/saisine", SAISINE).status_code == 302
    _assert_the_others_read(small_world, known, key)
    _assert_nothing_opens(small_world, leaving, grants)


def test_the_coordinator(small_world: World) -> None:
    """Another coordinator of each cell takes over."""
    small_world.coordinator()
    known = everyone(small_world)
    leaving = _departed(small_world, known, "coordination")
    grants = _sealed_to(small_world, leaving.reference)
    for key, cell in (("elu", "CCTP"), ("pjj", "GSP")):
        with small_world.database.write() as session:
            register.grant_mandate(session, known[key][0], Role.COORDONNATEUR, cell, TODAY)
            session.commit()
        heir = small_world.visitor(key)
        heir.sign_charter(cell)
        heir.post(f"/cellules/{cell}/membres/{leaving.reference}/exclure")
        assert small_world.visitor("coordination").get(f"/cellules/{cell}/cle").status_code == 403
        finish(heir, cell)
        assert heir.post(f"/cellules/{cell}/saisine", SAISINE).status_code == 302
    _assert_the_others_read(small_world, known, "coordination")
    _assert_nothing_opens(small_world, leaving, grants)


def _renew_key(world: World, code: str, reference: str, phrase: str = PASSPHRASE) -> Any:
    arguments = ["key", "compartment", "--data", str(world.instance.data), code]
    return CliRunner().invoke(main, [*arguments, "--member", reference], input=f"{phrase}\n")


@pytest.mark.parametrize("key", OUTSIDE)
def test_outside_the_cells(world: World, key: str) -> None:
    known = everyone(world)
    leaving = _departed(world, known, key)
    grants, code = _sealed_to(world, leaving.reference), COMPARTMENT[key]
    heir = known["justice_ville"]
    with world.database.write() as session:
        for held in register.mandates_of(session, heir[0]):  # such a mandate is held alone
            register.end_mandate(session, held.id, YESTERDAY)
        register.grant_mandate(session, heir[0], OUTSIDE[key], None, TODAY)
        writer = store.keyring_of(session, leaving.key, leaving.reference).writer()
        store.grant(session, writer, code, heir[0], heir[1].public)
        session.commit()
    _end(world, leaving.reference)
    for each in {code, DIRECTORY}:
        done = _renew_key(world, each, heir[0])
        assert done.exit_code == 0, done.output
        assert "l’ancienne est détruite" in done.output
    _assert_the_others_read(world, known, key)
    with world.database.read() as session:
        assert unreadable(session, world, heir, code) == []
        rows = search(session.connection(), action="key:renew", limit=9)
        assert {row.actor for row in rows} == {heir[0]}
    if world.database.url.get_backend_name() == "postgresql":
        grants = []  # its pages and its log are its own
    _assert_nothing_opens(world, leaving, grants)


def test_the_command_refuses_who_should_not_renew(small_world: World) -> None:
    known = everyone(small_world)
    parquet, elu = known["parquet"][0], known["elu"][0]
    wrong = _renew_key(small_world, "PARQUET", parquet, "brume oursin lavande")
    assert "n’est pas la bonne" in wrong.output
    assert "ne détient pas cette clé" in _renew_key(small_world, "PARQUET", elu).output
    _end(small_world, parquet)
    assert "mandat est terminé" in _renew_key(small_world, "PARQUET", parquet).output
    assert "pas un membre actif" in _renew_key(small_world, "PARQUET", "M-9999").output
    with small_world.database.read() as session:
        assert store.current(session, "PARQUET").version == 1
        (refused,) = search(session.connection(), action="key:renew", limit=5)
        assert (refused.actor, refused.outcome) == (parquet, "refuse")


def _versions(world: World, code: str) -> list[int]:
    with world.database.read() as session:
        query = select(CompartmentVersion.version).filter_by(compartment=code)
        return sorted(session.scalars(query))


def test_an_ended_mandate_is_shown_and_takes_no_new_key(world: World) -> None:
    coordinator, known = world.coordinator(), everyone(world)
    reference = known["police_municipale"][0]
    _end(world, reference)
    sentence = "Mandat terminé, clé encore détenue"
    for page in ("membres", "cle"):
        assert sentence in coordinator.get(f"/cellules/CCTP/{page}").text
    assert "Fabrice Bérenguier" in coordinator.get("/cellules/CCTP/cle").text
    coordinator.post("/cellules/CCTP/cle/renouveler")
    assert _sealed_to(world, reference) == []  # the directory's too: no seat is left
    for page in ("membres", "cle"):
        assert sentence not in coordinator.get(f"/cellules/CCTP/{page}").text
    finish(coordinator)
    assert _versions(world, "CCTP") == [2]
    assert _versions(world, DIRECTORY) == [2]
    assert coordinator.post(f"/cellules/CCTP/membres/{reference}/admettre").status_code == 409


def test_leaving_while_a_renewal_is_under_way_asks_for_another_key(world: World) -> None:
    """The second to leave held the new key: it is replaced before it is even finished."""
    coordinator, known = world.coordinator(), everyone(world)
    first, second = (known[key][0] for key in ("commissaire", "education"))
    coordinator.post(f"/cellules/CCTP/membres/{first}/exclure")
    assert _versions(world, "CCTP") == [1, 2]
    coordinator.post("/cellules/CCTP/cle/renouveler")  # pressed again: the same goes on
    assert _versions(world, "CCTP") == [1, 2]
    coordinator.post(f"/cellules/CCTP/membres/{second}/exclure")
    assert _versions(world, "CCTP") == [1, 2, 3]
    finish(coordinator)
    assert _versions(world, "CCTP") == [3]
    with world.database.read() as session:
        (done,) = session.scalars(select(KeyRenewal).filter_by(compartment="CCTP"))
        assert (done.from_version, done.to_version, done.done) == (1, 3, done.total)
        assert unreadable(session, world, known["maire"], "CCTP") == []


def test_admitted_in_the_middle_reads_everything(world: World) -> None:
    coordinator, known = world.coordinator(), everyone(world)
    newcomer = known["pjj"]
    with world.database.write() as session:
        register.grant_mandate(session, newcomer[0], Role.PJJ, "CCTP", TODAY)
        session.commit()
    world.visitor("pjj").sign_charter("CCTP")
    coordinator.post("/cellules/CCTP/cle/renouveler")
    assert coordinator.post(f"/cellules/CCTP/membres/{newcomer[0]}/admettre").status_code == 302
    for _ in range(2):
        with world.database.read() as session:
            assert unreadable(session, world, newcomer, "CCTP") == []
        finish(coordinator)


def test_the_journal_tells_the_beginning_the_batches_and_the_end(small_world: World) -> None:
    coordinator = small_world.coordinator()
    coordinator.post("/cellules/CCTP/cle/renouveler")
    finish(coordinator)
    with small_world.database.read() as session:
        rows = search(session.connection(), action="key:renew", limit=9)
        (done,) = session.scalars(select(KeyRenewal))
    told = [(row.detail["etape"], row.detail["version"], row.detail["dossiers"]) for row in rows]
    assert told == [("terminee", 2, done.total), ("debut", 2, done.total)]
    assert {row.cell for row in rows} == {"CCTP"}


def test_who_holds_the_key_keeps_their_seniority(small_world: World) -> None:
    coordinator, known = small_world.coordinator(), everyone(small_world)
    with small_world.database.read() as session:
        before = store.held_since(session, "CCTP")
    coordinator.post(f"/cellules/CCTP/membres/{known['elu'][0]}/exclure")
    finish(coordinator)
    with small_world.database.read() as session:
        after = store.held_since(session, "CCTP")
    assert after == {who: since for who, since in before.items() if who != known["elu"][0]}


def _cells_of(world: World, reference: str) -> set[str]:
    with world.database.read() as session:
        return {row.cell for row in session.scalars(select(MandateRow).filter_by(member=reference))}


def test_a_member_of_two_cells_keeps_the_other_and_the_directory(small_world: World) -> None:
    coordinator, known = small_world.coordinator(), everyone(small_world)
    reference = known["commissaire"][0]
    assert _cells_of(small_world, reference) == {"CCTP", "GSP"}
    coordinator.post(f"/cellules/CCTP/membres/{reference}/exclure")
    finish(coordinator)
    with small_world.database.read() as session:
        held = {code for code, *_ in store.grants_of(session, reference)}
    assert held == {"GSP", DIRECTORY}
    assert _versions(small_world, DIRECTORY) == [1]
    visitor: Visitor = small_world.visitor("commissaire")
    assert visitor.get("/cellules/CCTP/seances").status_code == 403
    assert visitor.get("/cellules/GSP/seances").status_code == 200
    assert not under_way(coordinator)
