"""Recording an impact assessment and the DPO's opinion; whether they allow a cell to open."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.aipd.models import Aipd
from casework.cells.kinds import KINDS
from casework.cells.models import Cell
from casework.db import new_id
from casework.vault import store
from casework.vault.keyring import Reader, Writer
from charter.labels import Labelled

DPO = "DPO"


class Opinion(Labelled):
    FAVORABLE = "favorable", "Favorable"
    RESERVES = "reserves", "Favorable avec réserves, levées ou suivies"
    DEFAVORABLE = "defavorable", "Défavorable"


@dataclass(frozen=True)
class Recorded:
    row: Aipd
    reference: str


def record(
    session: Session,
    writer: Writer,
    author: str,
    cell: str,
    reference: str,
    dated: date,
    opinion: Opinion,
    opinion_on: date,
) -> Aipd:
    current = store.current(session, DPO)
    row = Aipd(
        id=new_id(),
        cell=cell,
        dated=dated,
        opinion=opinion.value,
        opinion_on=opinion_on,
        recorded_at=datetime.now(UTC),
        recorded_by=author,
    )
    sealing, wrap = writer.new_record(row.id, DPO, current.version)
    sealing.seal(row, "reference", reference)
    session.add(row)
    session.flush()
    store.store_wrap(session, row.id, wrap)
    return row


def latest(session: Session, cell: str) -> Aipd | None:
    query = select(Aipd).where(Aipd.cell == cell).order_by(Aipd.id.desc())
    return session.scalars(query.limit(1)).first()


def cleared(session: Session, cell: str) -> bool:
    """Are an assessment and an opinion that is not unfavourable recorded for this cell? A CMER does
    not open without them."""
    found = latest(session, cell)
    return found is not None and found.opinion != Opinion.DEFAVORABLE


def uncleared(session: Session, cells: Collection[str]) -> frozenset[str]:
    """Among these cells, those whose kind demands the clearance and that have none."""
    kinds = [kind.slug for kind in KINDS.values() if kind.needs_clearance]
    query = select(Cell.code).where(Cell.code.in_(cells), Cell.kind.in_(kinds))
    return frozenset(code for code in session.scalars(query) if not cleared(session, code))


def history(session: Session, reader: Reader, cell: str) -> list[Recorded]:
    """What was recorded for a cell, newest first."""
    rows = session.scalars(select(Aipd).where(Aipd.cell == cell).order_by(Aipd.id.desc()))
    return [
        Recorded(row, reader.record(row.id, store.wraps_of(session, row.id)).open(row, "reference"))
        for row in rows
    ]
