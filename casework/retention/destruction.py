"""Destroying a record for good: its keys first, then every row that hangs on it.

What hangs on it is read from the schema: a foreign key that may be empty is emptied, any other
takes its row along. So a table added tomorrow is not forgotten.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from casework.attachments.models import Scan
from casework.db import Base
from casework.deposits.models import Deposit
from casework.journal import motives
from casework.situations.models import Situation
from casework.vault.models import RecordWrap
from charter.models import Recusal

CHUNK = 500


def destroy_situation(session: Session, id_: int) -> None:
    """A situation, and what knows it by its reference alone. Nothing when it is gone already."""
    reference = session.scalar(select(Situation.reference).where(Situation.id == id_))
    if reference is None:
        return
    session.execute(delete(Recusal).where(Recusal.object == reference))
    for deposit in session.scalars(select(Deposit.id).where(Deposit.situation == reference)).all():
        destroy(session, Deposit.__table__, deposit)
    destroy(session, Situation.__table__, id_)


def destroy(session: Session, root: Table, id_: int) -> None:
    """One row, all that hangs on it, and the keys of each. Flushed, not committed."""
    tables = hanging(root)
    records: list[int] = []
    references: list[str] = []
    for table in tables:
        if "reference" in table.c:
            references += session.scalars(select(table.c.reference).where(_of(table, root, id_)))
        if "id" in table.c:
            records += session.scalars(select(table.c.id).where(_of(table, root, id_)))
    motives.forget_about(session, references)
    for part in _chunks(records):
        session.execute(delete(RecordWrap).where(RecordWrap.record.in_(part)))
        session.execute(delete(Scan).where(Scan.record.in_(part)))
    for table in tables:
        for loose, column in _loosely(table):
            held = column.in_(select(table.c.id).where(_of(table, root, id_)))
            session.execute(update(loose).where(held).values({column.name: None}))
    for table in tables:
        session.execute(delete(table).where(_of(table, root, id_)))
    session.expire_all()


def hanging(root: Table) -> list[Table]:
    """The tables whose rows go with a row of ``root``, those that others refer to last."""
    found = {root}
    for table in Base.metadata.sorted_tables:  # what is referred to comes first
        if any(key.column.table in found and not key.parent.nullable for key in table.foreign_keys):
            found.add(table)
    return [table for table in reversed(Base.metadata.sorted_tables) if table in found]


def _of(table: Table, root: Table, id_: int) -> ColumnElement[bool]:
    """The rows of a table that hang on this row of ``root``."""
    if table is root:
        return root.c.id == id_
    inside = set(hanging(root))
    return or_(
        *(
            key.parent.in_(select(key.column).where(_of(key.column.table, root, id_)))
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
            if key.column.table in inside and not key.parent.nullable
        )
    )


def _loosely(table: Table) -> Iterator[tuple[Table, ColumnElement[int]]]:
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table and key.parent.nullable:
                yield other, key.parent


def _chunks(items: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(items)
    while part := list(islice(rest, CHUNK)):
        yield part
