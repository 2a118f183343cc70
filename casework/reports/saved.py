"""The models of report a cell keeps. Their names are words of the cell, and sealed as such."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.reports.models import ReportModel
from casework.vault import store
from casework.vault.fields import seal_row
from casework.vault.keyring import Reader, Writer

MOST = 20  # of one cell


class TooMany(Exception):
    """A list one no longer reads helps nobody."""


@dataclass(frozen=True)
class Saved:
    """A model, opened."""

    number: int
    nom: str
    periode: str
    tableaux: Sequence[str]
    arrondi: bool


def of_cell(session: Session, reader: Reader, cell: str) -> list[Saved]:
    query = select(ReportModel).where(ReportModel.cell == cell)
    rows = list(session.scalars(query.order_by(ReportModel.id)))
    wraps = store.wraps_of_many(session, [row.id for row in rows])
    return [
        Saved(
            row.id,
            reader.record(row.id, wraps.get(row.id, []), str(row.id)).open(row, "nom"),
            row.periode,
            [name for name in row.tableaux.split(",") if name],
            row.arrondi,
        )
        for row in rows
    ]


def keep(
    session: Session,
    writer: Writer,
    author: str,
    cell: str,
    nom: str,
    periode: str,
    tableaux: Sequence[str],
    *,
    arrondi: bool,
) -> None:
    """Flushed and not committed. TooMany."""
    query = select(ReportModel.id).where(ReportModel.cell == cell)
    if len(session.scalars(query).all()) >= MOST:
        raise TooMany
    row = ReportModel(
        id=new_id(),
        cell=cell,
        created_at=datetime.now(UTC),
        created_by=author,
        periode=periode,
        tableaux=",".join(tableaux),
        arrondi=arrondi,
    )
    current = store.current(session, cell)
    record, wrap = writer.new_record(row.id, cell, current.version, str(row.id))
    seal_row(record, row, {"nom": nom})
    session.add(row)
    session.flush()
    store.store_wrap(session, row.id, wrap)


def forget(session: Session, cell: str, number: int) -> bool:
    """The model and its key; False when the cell has none of this number."""
    row = session.get(ReportModel, number)
    if row is None or row.cell != cell:
        return False
    store.forget(session, row.id)
    session.delete(row)
    session.flush()
    return True
