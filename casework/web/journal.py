"""What papers print of the journal: its checkpoint, and the entries that prove an act."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.schema import journal_event, journal_head


def current_note(session: Session) -> str:
    """The signed note of the journal's present state (C2SP)."""
    return session.execute(select(journal_head.c.note)).scalar_one()


def checkpoint_line(session: Session) -> str:
    """Origin, size and root of the journal, on one line."""
    return " · ".join(current_note(session).splitlines()[:3])


def coming_entry(session: Session) -> int:
    """The rank of the entry this transaction will append: until it ends, nobody else appends."""
    return session.execute(select(journal_head.c.size).with_for_update()).scalar_one()


def leaves(session: Session, entries: Iterable[int]) -> dict[int, str]:
    """The leaf of each entry, in hexadecimal: it outlives the content, which expires."""
    rows = select(journal_event.c.seq, journal_event.c.leaf).where(
        journal_event.c.seq.in_(list(entries))
    )
    return {seq: leaf.hex() for seq, leaf in session.execute(rows)}
