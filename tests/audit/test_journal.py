"""Appending: gapless, all or nothing, and never on top of a forged head."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from audit.event import Outcome
from audit.journal import (
    BrokenSequenceError,
    ForgedHeadError,
    Journal,
    JournalError,
    MissingHeadError,
    Reason,
    Receipt,
)
from audit.notes import open_note
from audit.schema import journal_checkpoint, journal_event, journal_head
from audit.tree import root_of
from audit.triggers import drop_statements
from audit.verify import verify


class Interrupted(Exception):
    """Something stops the caller in the middle of its transaction."""


def writing(engine):
    """A connection that holds the write lock, as the application opens it."""
    return engine.connect().execution_options(immediate=True)


def number_of_events(engine):
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(journal_event)).scalar()


def test_entries_follow_each_other(engine, journal, an_event):
    with writing(engine) as connection, connection.begin():
        entries = [journal.append(connection, an_event()) for _ in range(5)]
        note = connection.execute(select(journal_head.c.note)).scalar()
    assert [(entry.seq, entry.size) for entry in entries] == [(n, n + 1) for n in range(5)]
    checkpoint = open_note(note, journal.verifier)
    assert checkpoint.size == 5
    assert checkpoint.root == root_of(entry.leaf for entry in entries)


def test_equal_events_have_different_leaves(engine, journal, an_event):
    event = an_event()
    with writing(engine) as connection, connection.begin():
        first, second = (journal.append(connection, event) for _ in range(2))
    assert first.leaf != second.leaf


def test_a_rolled_back_change_leaves_no_entry(engine, journal, an_event):
    journal.record(engine, an_event())

    def interrupted():
        with writing(engine) as connection, connection.begin():
            journal.append(connection, an_event())
            raise Interrupted

    with pytest.raises(Interrupted):
        interrupted()
    assert number_of_events(engine) == 1
    assert journal.record(engine, an_event()).seq == 1


def test_a_receipt_says_what_was_committed(engine, journal, an_event):
    event = an_event(outcome=Outcome.REFUSE)
    receipt = journal.record(engine, event)
    assert number_of_events(engine) == 1
    assert (receipt.seq, receipt.action, receipt.object) == (0, event.action, event.object)
    assert (receipt.time, receipt.outcome) == (event.time, Outcome.REFUSE)


def test_no_receipt_without_the_journal(engine, journal, an_event):
    with pytest.raises(TypeError):
        Receipt(0, "situation:read", "CCTP-2026-012", Outcome.AUTORISE, "", token=object())
    with pytest.raises(TypeError):
        Receipt(0, "situation:read", "CCTP-2026-012", Outcome.AUTORISE, "")
    receipt = journal.record(engine, an_event())
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(receipt, object="CCTP-2026-013")
    with pytest.raises(AttributeError):
        receipt.object = "CCTP-2026-013"


def test_no_receipt_when_the_commit_fails(engine, journal, an_event, monkeypatch):
    def broken(_connection):
        raise Interrupted

    monkeypatch.setattr(engine.dialect, "do_commit", broken)
    with pytest.raises(Interrupted):
        journal.record(engine, an_event())
    monkeypatch.undo()
    assert number_of_events(engine) == 0


def test_nothing_is_appended_without_a_head(engine, an_event):
    stranger = Journal("casework.exemple.fr/journal", Ed25519PrivateKey.generate())
    with pytest.raises(MissingHeadError):
        stranger.record(engine, an_event())


def test_a_journal_starts_once(engine, journal):
    with pytest.raises(IntegrityError), engine.begin() as connection:
        journal.initialise(connection)


@pytest.mark.parametrize("origin", ["casework.exemple.fr/journal", "autre.exemple.fr/journal"])
def test_another_key_cannot_continue(engine, journal, an_event, origin):
    with pytest.raises(ForgedHeadError):
        Journal(origin, Ed25519PrivateKey.generate()).record(engine, an_event())


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("DELETE FROM journal_head", MissingHeadError),
        ("UPDATE journal_head SET size = 2", ForgedHeadError),
        ("UPDATE journal_head SET note = ''", ForgedHeadError),
        ("UPDATE journal_head SET frontier = {zeros}", ForgedHeadError),
        ("DELETE FROM journal_event WHERE seq = 2", BrokenSequenceError),
        ("DELETE FROM journal_event", BrokenSequenceError),
        ("UPDATE journal_event SET seq = 7 WHERE seq = 2", BrokenSequenceError),
    ],
)
def test_it_fails_closed_on_a_broken_state(engine, journal, an_event, statement, error):
    for _ in range(3):
        journal.record(engine, an_event())
    zeros = {"sqlite": "zeroblob(72)", "postgresql": "decode(repeat('00', 72), 'hex')"}
    with engine.begin() as connection:
        for drop in drop_statements(engine.dialect.name):
            connection.execute(text(drop))
        connection.execute(text(statement.format(zeros=zeros[engine.dialect.name])))
    before = number_of_events(engine)
    with pytest.raises(error) as refused:
        journal.record(engine, an_event())
    assert isinstance(refused.value, JournalError)
    with pytest.raises(error), writing(engine) as connection:
        journal.checkpoint(connection, Reason.DEMANDE)
    assert number_of_events(engine) == before


def test_a_checkpoint_is_kept_once_for_each_size(engine, journal, an_event):
    journal.record(engine, an_event())
    with writing(engine) as connection, connection.begin():
        first = journal.checkpoint(connection, Reason.JOUR)
        assert journal.checkpoint(connection, Reason.SEANCE) == first
        journal.append(connection, an_event())
        second = journal.checkpoint(connection, Reason.SEANCE)
        kept = connection.execute(
            select(journal_checkpoint.c.size, journal_checkpoint.c.reason).order_by("size")
        ).all()
    assert [tuple(row) for row in kept] == [(1, "jour"), (2, "seance")]
    assert [open_note(note, journal.verifier).size for note in (first, second)] == [1, 2]


def test_two_writers_leave_no_gap(engine, journal, an_event):
    def write(actor):
        return [journal.record(engine, an_event(actor=actor)).seq for _ in range(200)]

    with ThreadPoolExecutor(2) as pool:
        ranks = [rank for ranks in pool.map(write, ["M-0001", "M-0002"]) for rank in ranks]
    assert sorted(ranks) == list(range(400))
    with engine.connect() as connection:
        report = verify(connection, journal.verifier)
    assert report.ok
    assert report.size == 400
