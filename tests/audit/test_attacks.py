"""A journal of ten thousand entries, attacked in every known way, and judged twice: from the
database, and apart."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from audit import offline
from audit.event import Event, Outcome, leaf_of, timestamp
from audit.expiry import expire
from audit.journal import Journal, Reason
from audit.notes import Checkpoint, Signer, sign
from audit.periods import Period
from audit.readings import Register
from audit.schema import journal_checkpoint, journal_event, journal_head
from audit.verify import verify
from tests.audit.originals import (
    BACKUP,
    CHECKPOINTS,
    FIRST,
    ORIGIN,
    SECOND,
    SIZE,
    UNKNOWN,
    WHERE,
    engine_of,
    events,
    grow,
    said,
    sql,
    write_export,
)

EVENT = "UPDATE journal_event"
DELETE_ONE = "DELETE FROM journal_event WHERE seq = 6123"


def replay_events(path, key):
    """Write the same events again in an empty journal."""
    with engine_of(path).connect() as connection:
        rows = connection.execute(select(journal_event).order_by("seq")).all()
    path.unlink()
    journal, own = Journal(ORIGIN, key), ["seq", "salt", "leaf", "nodes"]
    grow(path, journal, 0, 0)
    with engine_of(path).begin() as connection:
        for number, row in enumerate(rows, start=1):
            said = {name: value for name, value in row._mapping.items() if name not in own}
            detail, outcome = json.loads(said.pop("detail")), Outcome(said.pop("outcome"))
            journal.append(connection, Event(**said, detail=detail, outcome=outcome))
            if number in CHECKPOINTS:
                journal.checkpoint(connection, Reason.JOUR)


def replay_with_the_key(path, _original):
    replay_events(path, FIRST)


def replay_without_the_key(path, original):
    replay_events(path, SECOND)
    with engine_of(path).begin() as connection:
        connection.execute(text("DROP TRIGGER journal_checkpoint_no_delete"))
        connection.execute(text("DROP TRIGGER journal_head_grows"))
        connection.execute(text("DROP TRIGGER journal_head_no_delete"))
        connection.execute(text(f"ATTACH '{original.database}' AS honest"))
        for table in ("journal_head", "journal_checkpoint"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
            connection.execute(text(f"INSERT INTO {table} SELECT * FROM honest.{table}"))  # noqa: S608


def restore_the_backup(path, original):
    shutil.copy(original.backup, path)


def sign_again(path, _original):
    """The same entries, heads and checkpoints, under the thief's own key."""
    signer = Signer(ORIGIN, SECOND)
    with engine_of(path).begin() as connection:
        for table in (journal_head, journal_checkpoint):
            for size, note in connection.execute(select(table.c.size, table.c.note)).all():
                said = Checkpoint.parse(note.partition("\n\n")[0] + "\n")
                signed = update(table).where(table.c.size == size).values(note=sign(said, signer))
                connection.execute(signed)


def rewrite(path, _original):
    """Another actor, and a leaf that agrees."""
    with engine_of(path).begin() as connection:
        one = journal_event.c.seq == WHERE
        row = connection.execute(select(journal_event).where(one)).one()._mapping
        leaf = leaf_of(row["salt"], {**row, "actor": "M-0666"})
        connection.execute(update(journal_event).where(one).values(actor="M-0666", leaf=leaf))


#           sequence, integrity, consistency, completeness, and the first wrong entry by each
ATTACKS = {
    "nothing": (sql(), None, None, None, None),
    "edit": (sql(f"{EVENT} SET actor = 'M-0666' WHERE seq = {WHERE}"), None, WHERE, None, None),
    "edit with its leaf": (rewrite, None, 5_000, UNKNOWN, WHERE),
    "delete": (sql(DELETE_ONE), WHERE, WHERE, WHERE, WHERE),
    "delete and renumber": (
        sql(
            DELETE_ONE,
            f"{EVENT} SET seq = -seq WHERE seq > {WHERE}",
            f"{EVENT} SET seq = -seq - 1 WHERE seq < 0",
        ),
        SIZE - 1,
        SIZE - 1,
        UNKNOWN,
        WHERE,
    ),
    "swap": (
        sql(
            f"{EVENT} SET seq = -1 WHERE seq = {WHERE}",
            f"{EVENT} SET seq = {WHERE} WHERE seq = {WHERE + 1}",
            f"{EVENT} SET seq = {WHERE + 1} WHERE seq = -1",
        ),
        None,
        5_000,
        UNKNOWN,
        WHERE,
    ),
    "duplicate": (
        sql(
            "CREATE TEMP TABLE one AS SELECT * FROM journal_event WHERE seq = 6123",
            "UPDATE one SET seq = 10000",
            "INSERT INTO journal_event SELECT * FROM one",
        ),
        SIZE,
        None,
        None,
        None,
    ),
    "truncate": (sql("DELETE FROM journal_event WHERE seq >= 9500"), 9_500, 9_500, None, None),
    "drop and replay": (replay_without_the_key, None, 0, UNKNOWN, 10),
    "drop and replay with the key": (replay_with_the_key, None, None, UNKNOWN, 10),
    "roll back": (restore_the_backup, None, None, BACKUP, 8_500),
    "sign again": (sign_again, None, UNKNOWN, None, None),
    "drop": (sql("DELETE FROM journal_event", "DELETE FROM journal_head"), None, UNKNOWN, 0, 10),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_each_attack_gets_its_verdict(original, attacked, tmp_path, name):
    attack, *expected = ATTACKS[name]
    attack(attacked, original)
    kept, readings = original.kept.read_text(), original.register.read()
    with engine_of(attacked).connect() as connection:
        found = verify(connection, original.key, kept, readings)
    assert said(found) == tuple(expected), found.sentences()
    exported = write_export(attacked, original.key, original.register, tmp_path / "export")
    offline_found = offline.verify(exported, original.kept, str(original.key))
    assert said(offline_found) == tuple(expected), offline_found.sentences()


def test_an_older_export_tells_the_first_entry_that_changed(original, attacked, tmp_path):
    """Even to someone who held the key and signed everything again."""
    replay_with_the_key(attacked, original)
    exported = write_export(attacked, original.key, original.register, tmp_path / "export")
    found = offline.verify(exported, original.export)
    assert found.integrity.ok
    assert said(found)[2] == 0
    assert offline.verify(original.export, original.export).ok


def test_a_bundle_under_the_key_of_a_thief(original, attacked, tmp_path):
    """It agrees with itself; the kept key and the kept checkpoint do not agree with it."""
    sign_again(attacked, original)
    thief = Signer(ORIGIN, SECOND).verifier
    exported = write_export(attacked, thief, original.register, tmp_path / "export")
    assert offline.verify(exported).ok
    assert said(offline.verify(exported, original.kept))[2] == UNKNOWN
    assert not offline.verify(exported, None, str(original.key)).integrity.ok


def test_expiry_and_rotation_are_no_alarm(tmp_path):
    """An export made before both, and the first key, still agree with one made after."""
    path, register = tmp_path / "journal.db", Register(tmp_path / "lectures")
    journal = Journal(ORIGIN, FIRST, held=lambda: [FIRST, SECOND], register=register)
    grow(path, journal, 0, 0)
    engine, old = engine_of(path), datetime.now(UTC) - timedelta(days=800)
    with engine.begin() as connection:
        for number, event in enumerate(events(40)):
            then = replace(event, time=timestamp(old)) if number < 25 else event
            journal.append(connection, then)
    with engine.connect() as connection:
        leaves = connection.execute(select(journal_event.c.leaf).order_by("seq")).scalars().all()
    register.note(3, leaves[3])
    register.note(30, leaves[30])
    before = write_export(path, journal.verifier, register, tmp_path / "before")
    with engine.begin() as connection:
        journal.rotate(connection, SECOND)
        assert expire(connection, journal, Period()).count == 25
        assert journal.checkpoint(connection, Reason.DEMANDE)
    after = write_export(path, journal.verifier, register, tmp_path / "after")
    found = offline.verify(after, before, str(journal.verifier))
    assert found.ok, found.sentences()
    assert found.erased == 25
    assert b"M-0003" in before.read_bytes().split(b"\n")[4]
    assert b"M-0003" not in after.read_bytes().split(b"\n")[4]
