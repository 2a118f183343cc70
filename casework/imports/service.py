"""Imports: parking a spreadsheet's content under seal, and recording its lines batch by batch.

Between two pages the content is a sealed record of the cell, that its author alone is shown. It is
erased, key and columns, when the last line is recorded, when its author gives up, and ``HOURS``
after they stopped. A batch and how far it went are committed together: an interruption loses no
line and records none twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.cells.service import next_reference
from casework.clock import today
from casework.db import new_id
from casework.imports.choices import Choices, pack_sheet, unpack_sheet
from casework.imports.models import Import
from casework.imports.sheet import Sheet
from casework.situations import further
from casework.situations import service as situations
from casework.situations.events import Author
from casework.vault import store
from casework.vault.keyring import Reader, SealingRecord, Writer
from casework.vault.models import RecordWrap

HOURS = 12  # a working day, and not the night after
BATCH = 40  # lines: well under a second during which nobody else writes
PREFIX = "I"


class Step(StrEnum):
    """Where an import stands."""

    COLUMNS = "colonnes"
    TERMS = "termes"
    REPORT = "controle"
    RUNNING = "en_cours"
    DONE = "termine"


class Moved(Exception):
    """Another window of the same member moved the import on: the page must be shown again."""


def mine(session: Session, cell: str, author: str) -> Import | None:
    """A member's import in a cell, under way or just finished."""
    return session.scalar(select(Import).filter_by(cell=cell, author=author))


def park(
    session: Session, writer: Writer, author: str, cell: str, sheet: Sheet, first: Choices
) -> Import:
    """Seal a sheet until its import; a former one of the same member is erased. The row is flushed
    and not committed. NotFounded when the cell has no key yet."""
    if former := mine(session, cell, author):
        erase(session, former)
    now = datetime.now(UTC)
    batch = Import(
        id=new_id(),
        reference=next_reference(session, f"{PREFIX}-{cell}", today().year),
        cell=cell,
        author=author,
        step=Step.COLUMNS.value,
        started_at=now,
        touched_at=now,
        lines=len(sheet.rows),
        total=0,
        done=0,
        joined=0,
    )
    version = store.current(session, cell).version
    record, wrap = writer.new_record(batch.id, cell, version, batch.reference)
    record.seal_bytes(batch, "content", pack_sheet(sheet))
    record.seal_bytes(batch, "choices", first.pack())
    session.add(batch)
    session.flush()
    store.store_wrap(session, batch.id, wrap)
    return batch


def opened(session: Session, reader: Reader, batch: Import) -> tuple[Sheet, Choices]:
    """The sheet and what was decided of it."""
    wraps = store.wraps_of(session, batch.id)
    record = reader.record(batch.id, wraps, batch.reference)
    sheet = unpack_sheet(record.open_bytes(batch, "content"))
    return sheet, Choices.unpack(record.open_bytes(batch, "choices"))


def move(session: Session, writer: Writer, batch: Import, choices: Choices, step: Step) -> Import:
    """Seal what was decided and go to another step. Moved."""
    row = _locked(session, batch)
    _seal(session, writer, row, choices)
    row.step, row.touched_at = step.value, datetime.now(UTC)
    row.total = len(choices.plan)
    session.flush()
    return row


@dataclass
class Recorded:
    """The references of the situations that a batch made, and of those that its lines joined."""

    made: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)


def advance(
    session: Session,
    writer: Writer,
    batch: Import,
    by: Author,
    choices: Choices,
    entries: Mapping[int, situations.Entry],
) -> Recorded:
    """Record the next lines, by number; the last ones erase the content. Moved, further.Ended."""
    row = _locked(session, batch)
    recorded = Recorded()
    awaited = choices.joined_lines()
    for line, entry in sorted(entries.items()):
        if target := choices.target(line):
            further.join(session, writer, target, by, entry)
            recorded.joined.append(target)
        elif choices.joins(line):  # never a second file for want of the first
            raise Moved(batch.reference)
        else:
            target = situations.create(session, writer, row.author, row.cell, entry).reference
            recorded.made.append(target)
        if line in awaited:
            choices.made[line] = target
    row.done += len(entries)
    row.joined += len(recorded.joined)
    row.touched_at = datetime.now(UTC)
    if row.done >= row.total:
        wipe(session, row)
        row.step = Step.DONE.value
    elif awaited & entries.keys():
        _seal(session, writer, row, choices)
    session.flush()
    return recorded


def _seal(session: Session, writer: Writer, row: Import, choices: Choices) -> None:
    record: SealingRecord = writer.record(row.id, store.wraps_of(session, row.id), row.reference)
    record.seal_bytes(row, "choices", choices.pack())


def _locked(session: Session, batch: Import) -> Import:
    """The import as it still is, which nobody else then moves."""
    query = select(Import).where(Import.id == batch.id).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None or (row.step, row.done) != (batch.step, batch.done):
        raise Moved(batch.reference)
    return row


def wipe(session: Session, batch: Import) -> None:
    """Destroy the content and its key; the counts stay."""
    session.execute(delete(RecordWrap).where(RecordWrap.record == batch.id))
    batch.content = batch.choices = None


def erase(session: Session, batch: Import) -> None:
    """Destroy everything of an import."""
    wipe(session, batch)
    session.delete(batch)
    session.flush()


def overdue(session: Session) -> list[Import]:
    """The imports nobody went on with for ``HOURS``."""
    until = datetime.now(UTC) - timedelta(hours=HOURS)
    return list(session.scalars(select(Import).where(Import.touched_at < until)))
