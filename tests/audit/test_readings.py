"""The register of decryptions: outside the database, before anything is read."""

import re
import shutil
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine, text

from audit.evidence import Reading
from audit.journal import Journal, JournalError
from audit.readings import Register
from audit.schema import metadata
from audit.triggers import drop_statements
from audit.verify import verify

LEAF = bytes(range(32))


@pytest.fixture
def register(tmp_path):
    return Register(tmp_path / "lectures")


def test_no_register_is_not_an_empty_one(register):
    assert register.read() is None
    register.note(3, LEAF)
    assert register.read() == [Reading(3, LEAF)]


def test_an_entry_is_counted_once(register):
    for seq in (4, 3, 4):
        register.note(seq, LEAF)
    assert [reading.seq for reading in register.read()] == [3, 4]


def test_only_its_owner_reads_it(register, tmp_path):
    register.note(3, LEAF)
    (file,) = (tmp_path / "lectures").iterdir()
    assert re.fullmatch(r"[0-9]{4}-[0-9]{2}\.txt", file.name)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_line_cut_short_announced_nothing(register, tmp_path):
    register.note(3, LEAF)
    (file,) = (tmp_path / "lectures").iterdir()
    with file.open("a") as opened:
        opened.write("4 0011")
    assert [reading.seq for reading in register.read()] == [3]


def test_expired_months_are_dropped_whole(register, tmp_path):
    folder = tmp_path / "lectures"
    folder.mkdir()
    for month, seqs in (("2025-01", (1, 2)), ("2025-02", (3, 12))):
        lines = [f"{seq} {LEAF.hex()}\n" for seq in seqs]
        (folder / f"{month}.txt").write_text("".join(lines))
    register.note(9, LEAF)
    register.forget(10)
    assert [reading.seq for reading in register.read()] == [3, 9, 12]
    assert (folder / f"{datetime.now(UTC):%Y-%m}.txt").exists()


@pytest.fixture
def registered(journal, register):
    return Journal(journal.origin, journal._signer._key, register=register)


def test_a_receipt_is_noted_when_it_is_redeemed(engine, registered, an_event):
    receipt = registered.record(engine, an_event())
    assert registered.readings() is None
    receipt.redeem()
    receipt.redeem()
    assert [reading.seq for reading in registered.readings()] == [0]


def test_nothing_is_read_when_the_register_is_closed(engine, registered, an_event, tmp_path):
    receipt = registered.record(engine, an_event())
    (tmp_path / "lectures").write_text("a file where the folder should be")
    with pytest.raises(JournalError):
        receipt.redeem()


def completeness(engine, registered):
    with engine.connect() as connection:
        return verify(connection, registered.verifier, readings=registered.readings()).completeness


def test_every_reading_has_its_entry(engine, registered, an_event):
    for _ in range(4):
        registered.record(engine, an_event()).redeem()
    registered.record(engine, an_event())
    verdict = completeness(engine, registered)
    assert verdict.ok
    assert "4\u00a0lectures" in verdict.sentence


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("DELETE FROM journal_event WHERE seq >= 2", 2),
        ("UPDATE journal_event SET leaf = salt WHERE seq = 1", 1),
    ],
)
def test_a_reading_whose_entry_is_gone(engine, registered, an_event, statement, first):
    for _ in range(4):
        registered.record(engine, an_event()).redeem()
    with engine.begin() as connection:
        for drop in drop_statements(engine.dialect.name):
            connection.execute(text(drop))
        connection.execute(text(statement))
    verdict = completeness(engine, registered)
    assert (verdict.ok, verdict.first) == (False, first)


def test_a_database_put_back_to_yesterday(tmp_path, register, an_event):
    """Without any kept checkpoint: the register alone knows what was read since."""
    path, backup = tmp_path / "journal.db", tmp_path / "backup.db"
    engine = create_engine(f"sqlite:///{path}")
    journal = Journal("exemple.fr/journal", Ed25519PrivateKey.generate(), register=register)
    with engine.begin() as connection:
        metadata.create_all(connection)
        journal.initialise(connection)
    journal.record(engine, an_event()).redeem()
    engine.dispose()
    shutil.copy(path, backup)
    journal.record(engine, an_event()).redeem()
    engine.dispose()
    shutil.copy(backup, path)
    verdict = completeness(engine, journal)
    engine.dispose()
    assert (verdict.ok, verdict.first) == (False, 1)
