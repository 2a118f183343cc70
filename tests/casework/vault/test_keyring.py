"""Reading needs the receipt of an allowed entry; writing cannot read."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from audit.event import Event, Outcome
from audit.journal import Receipt
from casework.signin.models import BrowserSession
from casework.situations.models import Person, Situation
from casework.vault import browser, store
from casework.vault.errors import NoKey
from casework.vault.keypair import PublicKey
from casework.vault.keyring import Keyring, Reader, SealingRecord, Writer


@dataclass
class Row:
    """A row of a table of our own."""

    __tablename__ = "row"
    id: int = 7
    nom: bytes = b""


@pytest.fixture
def keyring(small_world) -> Keyring:
    """The coordinator's."""
    visitor = small_world.visitor("coordination")
    token = visitor.client.get_cookie("casework_local").value
    with small_world.database.read() as session:
        row = session.get_one(BrowserSession, browser.identifier(token))
        unlocked = browser.open_session(token, row.sealed)
        return store.keyring_of(session, unlocked.key, unlocked.member)


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
    """Through the stored wraps, and only in the cells of the coordinator."""
    visitor = world.visitor("coordination")
    token = visitor.client.get_cookie("casework_local").value
    with world.database.read() as session:
        row = session.get_one(BrowserSession, browser.identifier(token))
        unlocked = browser.open_session(token, row.sealed)
        mine = store.keyring_of(session, unlocked.key, unlocked.member)
        reader = mine.reader(_receipt(world, Outcome.AUTORISE))
        for situation in session.scalars(select(Situation)):
            opened = reader.record(situation.id, store.wraps_of(session, situation.id))
            for person in _persons(session, situation.id):
                assert opened.open(person, "nom")


def _persons(session, situation: int) -> Iterator[Person]:
    yield from session.scalars(select(Person).where(Person.situation == situation))
