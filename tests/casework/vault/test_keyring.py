"""Reading needs the receipt of an allowed entry; writing cannot read."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from audit.event import Event, Outcome
from audit.journal import Receipt
from casework.demo.people import demo_situations
from casework.situations.models import Person, Situation
from casework.vault import store
from casework.vault.errors import NoKey
from casework.vault.keypair import PublicKey
from casework.vault.keyring import Keyring, Reader, SealingRecord, Writer
from tests.casework.people import unlocked


@dataclass
class Row:
    """A row of a table of our own."""

    __tablename__ = "row"
    id: int = 7
    nom: bytes = b""


@pytest.fixture
def keyring(small_world) -> Keyring:
    """The coordinator's."""
    who = unlocked(small_world, "coordination")
    with small_world.database.read() as session:
        return store.keyring_of(session, who.key, who.member)


def _receipt(world, outcome: Outcome) -> Receipt:
    event = Event.now(actor="M-0002", action="situation:read", outcome=outcome)
    return world.instance.journal.record(world.database.engine, event)


def test_an_allowed_entry_opens(small_world, keyring: Keyring) -> None:
    reader = keyring.reader(_receipt(small_world, Outcome.AUTORISE))
    record, wrap = keyring.writer().new_record(7, "CCTP", 1)
    row = Row()
    record.seal(row, "nom", "Benkacem")
    assert b"Benkacem" not in row.nom
    assert reader.record(7, [wrap]).open(row, "nom") == "Benkacem"


@pytest.mark.parametrize("outcome", [Outcome.REFUSE, Outcome.ECHEC])
def test_a_refusal_opens_nothing(small_world, keyring: Keyring, outcome: Outcome) -> None:
    with pytest.raises(TypeError, match="allowed journal entry"):
        keyring.reader(_receipt(small_world, outcome))


@pytest.mark.parametrize("forged", [None, True, "receipt", object()])
def test_nothing_else_than_a_receipt_opens(keyring: Keyring, forged: object) -> None:
    with pytest.raises(TypeError):
        keyring.reader(forged)


def test_only_the_journal_issues_receipts() -> None:
    with pytest.raises(TypeError, match="only the journal"):
        Receipt(1, "situation:read", "CCTP-2026-001", Outcome.AUTORISE, "", object())


def test_a_writer_has_no_way_to_read() -> None:
    reading = {"open", "open_at", "facets", "deposited"}
    for writing in (Writer, SealingRecord):
        public = {name for name in vars(writing) if not name.startswith("_")}
        assert not public & reading
    assert reading & set(vars(Reader))


def test_a_compartment_that_was_not_granted(small_world, keyring: Keyring) -> None:
    reader = keyring.reader(_receipt(small_world, Outcome.AUTORISE))
    assert "PARQUET" not in keyring.compartments
    with pytest.raises(NoKey):
        reader.bucket("PARQUET", 1, "BENKASEM", 4)
    with pytest.raises(NoKey):
        keyring.writer().new_record(7, "PARQUET", 1)
    with pytest.raises(NoKey):
        keyring.writer().new_record(7, "CCTP", 2)


def test_a_record_shared_with_nobody_we_are(small_world, keyring: Keyring) -> None:
    reader = keyring.reader(_receipt(small_world, Outcome.AUTORISE))
    with pytest.raises(NoKey, match="CCTP-2026-999"):
        reader.record(7, [], "CCTP-2026-999")


def test_who_deposits_for_the_parquet_cannot_read_there(small_world, keyring: Keyring) -> None:
    """The fiche-navette: one record key, two compartments, and each reads with its own."""
    with small_world.database.read() as session:
        parquet = store.current(session, "PARQUET")
    record, _ = keyring.writer().new_record(7, "CCTP", 1)
    deposit = record.deposit(PublicKey(parquet.deposit), 7, "PARQUET", parquet.version)
    assert deposit.deposited == 1
    with pytest.raises(NoKey):
        keyring.reader(_receipt(small_world, Outcome.AUTORISE)).record(7, [deposit])


def test_every_situation_of_the_commune_opens(world) -> None:
    """To the coordinator, through the stored wraps; and none of them to who holds no cell."""
    coordinator, parquet = unlocked(world, "coordination"), unlocked(world, "parquet")
    with world.database.read() as session:
        mine, theirs = (
            store.keyring_of(session, who.key, who.member).reader(_receipt(world, Outcome.AUTORISE))
            for who in (coordinator, parquet)
        )
        situations = session.scalars(select(Situation)).all()
        assert len(situations) >= len(demo_situations())
        for situation in situations:
            wraps = store.wraps_of(session, situation.id)
            opened = mine.record(situation.id, wraps)
            persons = session.scalars(select(Person).where(Person.situation == situation.id)).all()
            assert persons
            assert all(opened.open(person, "nom") for person in persons)
            with pytest.raises(NoKey):
                theirs.record(situation.id, wraps)
