"""What the database itself refuses, on both engines."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from audit.journal import Reason
from audit.triggers import create_statements, drop_statements


@pytest.fixture
def filled(engine, journal, an_event):
    for _ in range(3):
        journal.record(engine, an_event())
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        journal.checkpoint(connection, Reason.JOUR)
    return engine


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_event SET actor = 'M-0009' WHERE seq = 1",
        "UPDATE journal_event SET leaf = leaf",
        "DELETE FROM journal_event WHERE seq = 2",
        "UPDATE journal_checkpoint SET note = ''",
        "DELETE FROM journal_checkpoint",
        "DELETE FROM journal_head",
        "UPDATE journal_head SET note = ''",
        "UPDATE journal_head SET size = 2",
        "UPDATE journal_head SET size = 5",
        "UPDATE journal_head SET size = 4, id = 2",
        "INSERT INTO journal_head SELECT 2, size, frontier, note FROM journal_head",
        "INSERT INTO journal_head SELECT 1, size, frontier, note FROM journal_head",
    ],
)
def test_the_past_is_refused(filled, statement):
    with filled.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(statement))


@pytest.mark.parametrize("table", ["journal_event", "journal_checkpoint", "journal_head"])
def test_postgresql_refuses_to_truncate(filled, table):
    if filled.dialect.name == "sqlite":
        return  # it has no TRUNCATE
    with filled.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(f"TRUNCATE {table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "REPLACE INTO journal_event SELECT * FROM journal_event WHERE seq = 1",
        "REPLACE INTO journal_head SELECT * FROM journal_head",
        "REPLACE INTO journal_checkpoint SELECT * FROM journal_checkpoint",
    ],
)
def test_sqlite_refuses_to_replace(filled, statement):
    if filled.dialect.name == "postgresql":
        return  # ON CONFLICT DO UPDATE is an UPDATE there
    with filled.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(statement))


def test_dropping_undoes_creating(filled):
    dialect = filled.dialect.name
    with filled.begin() as connection:
        for statement in (*drop_statements(dialect), *create_statements(dialect)):
            connection.execute(text(statement))
        for statement in drop_statements(dialect):
            connection.execute(text(statement))
        assert connection.execute(text("DELETE FROM journal_event")).rowcount == 3


def test_another_database_is_not_served():
    with pytest.raises(KeyError):
        create_statements("mysql")
    with pytest.raises(KeyError):
        drop_statements("mysql")
