"""The current checkpoint of the journal, as papers print it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.schema import journal_head


def current_note(session: Session) -> str:
    """The signed note of the journal's present state (C2SP)."""
    return session.execute(select(journal_head.c.note)).scalar_one()


def checkpoint_line(session: Session) -> str:
    """Origin, size and root of the journal, on one line."""
    return " · ".join(current_note(session).splitlines()[:3])
