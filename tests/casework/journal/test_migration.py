"""The tree of entries written before proofs existed is grown by the migration, on each database."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from audit.event import Event, Outcome
from audit.schema import journal_event
from audit.verify import verify
from casework import migrate

NODES = select(journal_event.c.seq, journal_event.c.nodes).order_by(journal_event.c.seq)


def test_down_and_up_again(world) -> None:
    journal = world.instance.journal
    event = Event.now(actor="M-0001", action="home:read", outcome=Outcome.AUTORISE)
    for _ in range(9):
        journal.record(world.database.engine, event)
    with world.database.read() as session:
        before = session.execute(NODES).all()
    migrate.downgrade(world.database, "0009")
    with world.database.write() as session, pytest.raises(DBAPIError, match="ne se modifie pas"):
        session.execute(text("UPDATE journal_event SET actor = 'M-0666'"))
    migrate.upgrade(world.database)
    with world.database.read() as session:
        assert session.execute(NODES).all() == before
    with world.database.read() as session:
        assert verify(session.connection(), journal.verifier).ok
    journal.record(world.database.engine, event)
