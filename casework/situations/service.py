"""Situations: opening one, listing a cell; recording and editing are in :mod:`.recording`.

Callers hold the journal's receipt (reader) or a unit of work.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.orm import Session, load_only

from casework.clock import local
from casework.situations.entry import Entry, Who
from casework.situations.facets import Facets
from casework.situations.models import CONCERNED, REPRESENTATIVE, Follower, Represents, Situation
from casework.situations.recording import (
    TABLE,
    EditConflict,
    create,
    create_many,
    edit,
    edited,
    persons_of,
    seal_facets,
)
from casework.vault import store
from casework.vault.errors import IntegrityError
from casework.vault.fields import open_row
from casework.vault.keyring import Reader

__all__ = [
    "EditConflict",
    "Entry",
    "Known",
    "Line",
    "Opened",
    "Situation",
    "Who",
    "create",
    "create_many",
    "edit",
    "edited",
    "persons_of",
    "seal_facets",
]

PAGE = 50
BATCH = 1000
NO_FILTER: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class Known:
    """Someone of a situation; ``represents``: rows of those a representative represents."""

    id: int
    kind: str
    texts: dict[str, str]
    represents: tuple[int, ...] = ()

    @property
    def concerned(self) -> bool:
        return self.kind == CONCERNED

    @property
    def birth(self) -> date | None:
        text = self.texts.get("naissance", "")
        return date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Opened:
    """A situation as its reader may see it: texts by column, only in the categories opened."""

    row: Situation
    facets: Facets
    texts: dict[str, str]
    persons: list[Known]

    @property
    def concerned(self) -> list[Known]:
        """Those the situation is about, the first one first."""
        return [known for known in self.persons if known.concerned]

    @property
    def interesse(self) -> dict[str, str]:
        """The first person concerned: lists, facets and procedures are theirs."""
        return next((known.texts for known in self.concerned), {})

    @property
    def representants(self) -> list[dict[str, str]]:
        return [known.texts for known in self.persons if not known.concerned]


@dataclass(frozen=True)
class Line:
    """One line of a cell's list."""

    id: int
    reference: str
    facets: Facets | None  # None: the reader stepped aside from this situation


# Built once: these run at every page about a situation.
BY_REFERENCE = select(Situation).where(Situation.reference == bindparam("reference"))


def by_reference(session: Session, reference: str) -> Situation | None:
    return session.scalar(BY_REFERENCE, {"reference": reference})


# Is this member named as following the situation?
FOLLOWS = select(
    exists()
    .where(Follower.situation == bindparam("situation"))
    .where(Follower.member == bindparam("member"))
)


def followers_of(session: Session, situation_id: int) -> frozenset[str]:
    """References of the members named as following a situation."""
    query = select(Follower.member).where(Follower.situation == situation_id)
    return frozenset(session.scalars(query))


def name_followers(
    session: Session, situation_id: int, chosen: Collection[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Make these members, and no other, follow a situation; returns those added and removed."""
    before, after = followers_of(session, situation_id), frozenset(chosen)
    gone = delete(Follower).where(Follower.situation == situation_id)
    session.execute(gone.where(Follower.member.in_(before - after)))
    session.add_all(Follower(situation=situation_id, member=member) for member in after - before)
    session.flush()
    return after - before, before - after


def followed_by(
    session: Session, cell: str, member: str, without: Collection[str] = ()
) -> dict[int, str]:
    """References, by identifier, of the situations of a cell that a member follows."""
    query = (
        select(Situation.id, Situation.reference)
        .join(Follower, Follower.situation == Situation.id)
        .where(Situation.cell == cell, Follower.member == member, Situation.archived_on.is_(None))
        .where(Situation.reference.not_in(without))
        .order_by(Situation.id)
    )
    return {row.id: row.reference for row in session.execute(query)}


def to_review(
    session: Session, cell: str, until: date, without: Collection[str] = ()
) -> list[Situation]:
    """Situations followed that are to be reviewed by a day, the first one first."""
    query = (
        select(Situation)
        .options(load_only(Situation.id, Situation.reference, Situation.due_on))
        .where(Situation.cell == cell, Situation.closed_on.is_(None), Situation.due_on <= until)
        .where(Situation.reference.not_in(list(without)))
    )
    return list(session.scalars(query.order_by(Situation.due_on, Situation.id)))


def followed(
    session: Session, cell: str, without: Collection[str] = ()
) -> dict[int, tuple[str, datetime]]:
    """References and first days, by identifier, of what a cell follows; the oldest first."""
    query = (
        select(Situation.id, Situation.reference, Situation.created_at)
        .where(Situation.cell == cell, Situation.closed_on.is_(None))
        .where(Situation.reference.not_in(list(without)))
        .order_by(Situation.created_at, Situation.id)
    )
    return {row.id: (row.reference, row.created_at) for row in session.execute(query)}


def open_situation(
    session: Session, reader: Reader, situation: Situation, categories: Collection[str]
) -> Opened:
    """Decrypt a situation, in the categories the charter opens."""
    wraps = store.wraps_of(session, situation.id)
    record = reader.record(situation.id, wraps, situation.reference)
    rows = persons_of(session, situation.id)
    links = _links(session, [row.id for row in rows if row.kind == REPRESENTATIVE])
    return Opened(
        row=situation,
        facets=open_facets(reader, situation),
        texts=open_row(record, situation, categories),
        persons=[
            Known(row.id, row.kind, open_row(record, row, categories), links.get(row.id, ()))
            for row in rows
        ],
    )


def _links(session: Session, representatives: Collection[int]) -> dict[int, tuple[int, ...]]:
    if not representatives:
        return {}
    found: dict[int, tuple[int, ...]] = {}
    query = select(Represents).where(Represents.representative.in_(representatives))
    for link in session.scalars(query.order_by(Represents.person)):
        found[link.representative] = (*found.get(link.representative, ()), link.person)
    return found


def open_facets(reader: Reader, situation: Situation) -> Facets:
    row = (situation.id, situation.facets)
    with _named({str(situation.id): situation.reference}):
        ((_, raw),) = reader.facets(situation.cell, situation.key_version, [row], TABLE)
    return Facets.unpack(raw)


@contextmanager
def _named(references: Mapping[str, str]) -> Iterator[None]:
    """Bulk reading knows a situation by its identifier; the user, by its reference."""
    try:
        yield
    except IntegrityError as error:
        raise IntegrityError(error.field, references.get(error.record, error.record)) from None


LINE = select(
    Situation.id,
    Situation.reference,
    Situation.facets,
    Situation.key_version,
    Situation.archived_on,
)
# An archived situation is out of lists, searches, agendas and reports.
IN_BASE = Situation.archived_on.is_(None)


def page(
    session: Session,
    reader: Reader,
    cell: str,
    before: int | None = None,
    where: Mapping[str, int] = NO_FILTER,
    without: Collection[str] = (),
    *,
    closed: bool = False,
) -> list[Line]:
    """One page of a cell's situations, newest first; ``where`` keeps those with these codes,
    ``without`` leaves these references closed (a déport). Those whose follow-up has ended come
    when they are asked for, and not beside the others.

    Codes are sealed, so a filter opens facets batch after batch until the page is full.
    """
    found: list[Line] = []
    while len(found) < PAGE:
        query = (
            LINE.where(Situation.cell == cell, IN_BASE)
            .order_by(Situation.id.desc())
            .limit(BATCH if where else PAGE)
        )
        ended = Situation.closed_on.is_not(None)
        query = query.where(ended if closed else ~ended)
        if before is not None:
            query = query.where(Situation.id < before)
        if without:
            query = query.where(Situation.reference.not_in(without))
        rows = session.execute(query).all()
        lines = open_lines(rows, reader, cell)
        found += [
            line
            for line in lines
            if all(getattr(line.facets, name) == code for name, code in where.items())
        ]
        if len(rows) < (BATCH if where else PAGE):
            break
        before = rows[-1][0]
    return found[:PAGE]


def open_lines(
    rows: Collection[tuple[int, str, bytes, int, date | None]], reader: Reader, cell: str
) -> list[Line]:
    """Open the facets of rows selected by ``LINE``, in their order."""
    opened: dict[int, bytes] = {}
    for version in {row[3] for row in rows}:
        blobs = [(row[0], row[2]) for row in rows if row[3] == version]
        with _named({str(row[0]): row[1] for row in rows}):
            opened.update(reader.facets(cell, version, blobs, TABLE))
    return [Line(row[0], row[1], Facets.unpack(opened[row[0]])) for row in rows]


def entry_of(opened: Opened) -> Entry:
    """The entry a fully opened situation was recorded from, to fill its form again."""
    facets = opened.facets
    first, *others = opened.concerned

    def who(texts: dict[str, str]) -> Who:
        born = texts.get("naissance", "")
        return Who(**texts | {"naissance": date.fromisoformat(born) if born else None})

    return Entry(
        interesse=who(first.texts),
        autres=tuple(who(known.texts) for known in others),
        canal=opened.row.canal or 0,
        representants=tuple(who(texts) for texts in opened.representants),
        saisine=facets.saisine or local(opened.row.created_at).date(),
        **{name: getattr(facets, name) for name in ("origine", "typologie", "statut", "sexe")},
        **{name: getattr(facets, name) for name in ("niveau", "quartier", "etablissement")},
        **{name: getattr(facets, name) for name in ("faits", "suites", "examinee", "echeance")},
        **opened.texts,
    )
