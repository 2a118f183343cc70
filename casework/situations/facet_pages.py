"""The facets of a cell, copied by pages: a report opens one page where it would open sixty-four.

A page is a copy, under the same key, of what a report counts: the codes, the dates, and a checksum
of a surname's sounds, which stands for the family. ``situation.page`` says where a situation is
copied. Triggers of both databases destroy the page as soon as one of its situations changes, leaves
the lists or is erased; and a page is believed only while as many situations point to it as it says
it holds. Pages are written when a report is published, and never by reading one.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import CTE, Select, delete, func, literal, select, union_all, update
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.situations.facets import LAYOUT, OTHERS
from casework.situations.models import FacetPage, Situation
from casework.vault.keyring import Reader, Writer

PAGE = 64  # one change destroys a page: that many situations are then opened one by one
AT_ONCE = 2_048
SIZE = LAYOUT.size
HEAD = struct.Struct(">H")
ENTRY = np.dtype([("id", ">i8"), ("facets", np.uint8, (SIZE,)), ("family", ">u4")])
# Birth and family of each person concerned after the first.
OTHER = np.dtype([("id", ">i8"), ("born", ">u2"), ("family", ">u4")])
WHOLE, LOOSE = 0, 1
TABLE, PAGES = Situation.__tablename__, FacetPage.__tablename__


class Columns(NamedTuple):
    """Some situations of a cell, without a name."""

    entries: np.ndarray
    others: np.ndarray


def columns(session: Session, reader: Reader, cell: str) -> Iterator[Columns]:
    """All that a report counts of a cell, batch by batch: memory is flat.

    One statement, so that a situation which changes meanwhile is counted once.
    """
    query = _everything(cell).execution_options(yield_per=AT_ONCE)
    with session.connection().execute(query) as found:
        for batch in found.partitions():
            for kind, version in sorted({(row[0], row[1]) for row in batch}):
                same = [row for row in batch if row[0] == kind and row[1] == version]
                ids, blobs = [row[2] for row in same], [row[3] for row in same]
                yield _open(reader, cell, kind, version, ids, blobs)


def file_pages(session: Session, reader: Reader, writer: Writer, cell: str) -> None:
    """Copy into pages what is in none. Not committed."""
    last = 0
    while rows := _unfiled(session, cell, last):
        last = rows[-1].id
        for version in sorted({row.key_version for row in rows}):
            same = [row for row in rows if row.key_version == version]
            for part in _parts(same, PAGE):
                _file(session, reader, writer, cell, version, part)
    sweep(session, cell)


def sweep(session: Session, cell: str | None = None) -> int:
    """Destroy the pages that are no longer believed; how many there were. Not committed."""
    whole = select(_whole(_pointing(cell), cell).c.id)
    broken = select(FacetPage.id).where(FacetPage.id.not_in(whole), *_of(cell))
    # One that someone destroys just now needs no second hand, nor a wait for the first.
    ids = session.scalars(broken.with_for_update(skip_locked=True)).all()
    for part in _parts(ids, AT_ONCE):
        session.execute(delete(FacetPage).where(FacetPage.id.in_(part)))
    return len(ids)


def family_of(row_id: int, sounds: bytes) -> int:
    """No sound, no family: such a situation stands for itself."""
    return zlib.crc32(sounds) if sounds else row_id & 0xFFFFFFFF


def _parts(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for first in range(0, len(rows), size):
        yield rows[first : first + size]


def _of(cell: str | None) -> list[Any]:
    return [] if cell is None else [FacetPage.cell == cell]


def _pointing(cell: str | None) -> CTE:
    where = [Situation.page.is_not(None)] + ([] if cell is None else [Situation.cell == cell])
    counted = select(Situation.page, func.count().label("many")).where(*where)
    return counted.group_by(Situation.page).cte("pointing")


def _whole(pointing: CTE, cell: str | None) -> CTE:
    """The pages that are believed."""
    matched = (pointing.c.page == FacetPage.id) & (pointing.c.many == FacetPage.situations)
    return select(FacetPage.id).join(pointing, matched).where(*_of(cell)).cte("whole")


def _everything(cell: str) -> Any:
    """The pages that are believed, then the situations in none of them."""
    pointing = _pointing(cell)
    whole = select(_whole(pointing, cell).c.id)
    pages = select(literal(WHOLE), FacetPage.key_version, FacetPage.id, FacetPage.facets)
    one = select(literal(LOOSE), Situation.key_version, Situation.id, Situation.facets).where(
        Situation.cell == cell, Situation.archived_on.is_(None)
    )
    lost = select(pointing.c.page).where(pointing.c.page.not_in(whole))
    return union_all(
        pages.where(FacetPage.id.in_(whole)),
        one.where(Situation.page.is_(None)),
        one.where(Situation.page.in_(lost)),
    )


def _unfiled(session: Session, cell: str, after: int) -> Sequence[Any]:
    whole = select(_whole(_pointing(cell), cell).c.id)
    query: Select[Any] = (
        select(Situation.id, Situation.key_version, Situation.facets)
        .where(Situation.cell == cell, Situation.archived_on.is_(None), Situation.id > after)
        .where(Situation.page.is_(None) | Situation.page.not_in(whole))
        .order_by(Situation.id)
        .limit(AT_ONCE)
        # Whoever is being saved just now is left for next time.
        .with_for_update(skip_locked=True)
    )
    return session.execute(query).all()


def _file(
    session: Session,
    reader: Reader,
    writer: Writer,
    cell: str,
    version: int,
    rows: Sequence[Any],
) -> None:
    ids = [row.id for row in rows]
    opened = reader.facets_of_many(cell, version, ids, [row.facets for row in rows], TABLE)
    page, held = new_id(), columns_of(ids, opened)
    plain = HEAD.pack(len(ids)) + held.entries.tobytes() + held.others.tobytes()
    session.add(
        FacetPage(
            id=page,
            cell=cell,
            situations=len(ids),
            key_version=version,
            facets=writer.seal_facets(cell, version, PAGES, page, plain),
        )
    )
    session.flush()
    session.execute(update(Situation).where(Situation.id.in_(ids)).values(page=page))


def _open(
    reader: Reader, cell: str, kind: int, version: int, ids: Sequence[int], blobs: Sequence[bytes]
) -> Columns:
    if kind == LOOSE:
        return columns_of(ids, reader.facets_of_many(cell, version, ids, blobs, TABLE))
    entries, others = [], []
    for plain in reader.facets_of_many(cell, version, ids, blobs, PAGES):
        end = HEAD.size + HEAD.unpack_from(plain)[0] * ENTRY.itemsize
        entries.append(plain[HEAD.size : end])
        others.append(plain[end:])
    return Columns(np.frombuffer(b"".join(entries), ENTRY), np.frombuffer(b"".join(others), OTHER))


def columns_of(ids: Sequence[int], opened: Sequence[bytes]) -> Columns:
    """What a report counts of these opened facets."""
    entries = np.empty(len(ids), ENTRY)
    entries["id"] = ids
    entries["facets"] = np.frombuffer(b"".join([raw[:SIZE] for raw in opened]), np.uint8).reshape(
        -1, SIZE
    )
    tails = [raw[SIZE:].split(OTHERS) for raw in opened]
    entries["family"] = [
        family_of(row_id, tail[0]) for row_id, tail in zip(ids, tails, strict=True)
    ]
    return Columns(entries, np.array(list(_others(ids, tails)), OTHER))


def _others(ids: Iterable[int], tails: Iterable[list[bytes]]) -> Iterator[tuple[int, int, int]]:
    for row_id, tail in zip(ids, tails, strict=True):
        for part in tail[1:]:
            born, _, sounds = part.partition(b":")
            yield row_id, int(born), zlib.crc32(sounds)
