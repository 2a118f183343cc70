"""Destroying a record for good: its keys first, then every row that hangs on it.

A foreign key that may be empty is emptied, any other takes its row along (:mod:`casework.hanging`).
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy import ColumnElement, Table, delete, select, update
from sqlalchemy.orm import Session

from casework.attachments.models import Scan
from casework.db import Base
from casework.deposits.models import Deposit
from casework.hanging import hanging, references, rows_of
from casework.journal import motives
from casework.rights.models import Freeze, PersonRequest, Transmission
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
    # A limitation is lifted under the reference of a request, in words about the situation.
    limited = select(PersonRequest.reference).join(Transmission).join(Freeze)
    motives.forget_about(session, session.scalars(limited.where(Freeze.situation == id_)).all())
    for deposit in session.scalars(select(Deposit.id).where(Deposit.situation == reference)).all():
        destroy(session, Deposit.__table__, deposit)
    destroy(session, Situation.__table__, id_)


def destroy(session: Session, root: Table, id_: int) -> None:
    """One row, all that hangs on it, and the keys of each. Flushed, not committed."""
    tables = hanging(root)
    records: list[int] = []
    for table in tables:
        if "id" in table.c:
            records += session.scalars(select(table.c.id).where(rows_of(table, root, id_)))
    motives.forget_about(session, references(session, root, id_))
    for part in _chunks(records):
        session.execute(delete(RecordWrap).where(RecordWrap.record.in_(part)))
        session.execute(delete(Scan).where(Scan.record.in_(part)))
    for table in tables:
        for loose, column in _loosely(table):
            held = column.in_(select(table.c.id).where(rows_of(table, root, id_)))
            session.execute(update(loose).where(held).values({column.name: None}))
    for table in tables:
        session.execute(delete(table).where(rows_of(table, root, id_)))
    session.expire_all()


def _loosely(table: Table) -> Iterator[tuple[Table, ColumnElement[int]]]:
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table and key.parent.nullable:
                yield other, key.parent


def _chunks(items: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(items)
    while part := list(islice(rest, CHUNK)):
        yield part
