"""Situations: recording one, opening one, editing one, listing a cell.

A situation's record key is wrapped for its cell; its closed-list codes are also kept in a small
blob under the cell's facet key. Callers hold the journal's receipt (reader) or a unit of work.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.orm import Session

from casework.cells.lists import tranche_age
from casework.cells.service import next_references
from casework.db import new_id
from casework.names.normal import fold
from casework.names.sound import search_keys
from casework.situations import index
from casework.situations.entry import Entry, Who
from casework.situations.facets import Facets, initials
from casework.situations.models import CONCERNED, REPRESENTATIVE, Follower, Person, Situation
from casework.vault import store
from casework.vault.errors import IntegrityError
from casework.vault.fields import open_row, seal_row
from casework.vault.keyring import Reader, SealingRecord, Wrap, Writer

PAGE = 50
BATCH = 1000
NO_FILTER: Mapping[str, int] = MappingProxyType({})
TABLE = Situation.__tablename__


class EditConflict(Exception):
    """Someone else saved this situation since the page was opened."""

    def __init__(self, current: Situation) -> None:
        super().__init__(current.reference)
        self.current = current


@dataclass(frozen=True)
class Opened:
    """A situation as its reader may see it: texts by column, only in the categories opened."""

    row: Situation
    facets: Facets
    texts: dict[str, str]
    interesse: dict[str, str]
    representants: list[dict[str, str]]


@dataclass(frozen=True)
class Line:
    """One line of a cell's list."""

    id: int
    reference: str
    facets: Facets | None  # None: the reader stepped aside from this situation


def create(
    session: Session,
    writer: Writer,
    author: str,
    cell: str,
    entry: Entry,
    brought_by: str | None = None,
) -> Situation:
    """Record a new situation in a cell; returns its row, flushed and not committed.

    ``brought_by``: the member who brought it, when someone else records it for them.
    """
    made = create_many(session, writer, author, cell, [entry])[0]
    made.created_by = brought_by or author
    return made


def create_many(
    session: Session, writer: Writer, author: str, cell: str, entries: Collection[Entry]
) -> list[Situation]:
    """Record new situations in a cell, in few statements; rows are flushed and not committed."""
    current = store.current(session, cell)
    now = datetime.now(UTC)
    years = Counter(entry.saisine.year for entry in entries)
    references = {
        year: iter(next_references(session, cell, year, count)) for year, count in years.items()
    }
    made: list[Situation] = []
    persons: list[Person] = []
    wraps: dict[int, Wrap] = {}
    for entry in entries:
        situation = Situation(
            id=new_id(),
            reference=next(references[entry.saisine.year]),
            cell=cell,
            version=1,
            created_at=now,
            created_by=author,
            key_version=current.version,
        )
        record, wraps[situation.id] = writer.new_record(
            situation.id, cell, current.version, situation.reference
        )
        _fill(writer, record, situation, entry, author, now)
        made.append(situation)
        persons += _persons(record, situation, entry)
    session.add_all(made)
    session.flush()
    session.add_all(persons)
    session.flush()
    store.store_wraps(session, wraps)
    sounds = {row.id: facets_of(entry).sounds for row, entry in zip(made, entries, strict=True)}
    index.add(session, writer, current, sounds)
    return made


def edit(
    session: Session,
    writer: Writer,
    author: str,
    situation_id: int,
    expected_version: int,
    entry: Entry,
) -> Situation:
    """Save a situation again; EditConflict if it changed since ``expected_version``."""
    situation = session.scalars(
        select(Situation).where(Situation.id == situation_id).with_for_update()
    ).one()
    if situation.version != expected_version:
        raise EditConflict(situation)
    record = writer.record(situation.id, store.wraps_of(session, situation.id), situation.reference)
    situation.version += 1
    _fill(writer, record, situation, entry, author, datetime.now(UTC))
    session.execute(delete(Person).where(Person.situation == situation.id))
    session.add_all(_persons(record, situation, entry))
    session.flush()
    current = store.current(session, situation.cell)
    index.replace(session, writer, current, situation.id, facets_of(entry).sounds)
    return situation


def _fill(
    writer: Writer,
    record: SealingRecord,
    situation: Situation,
    entry: Entry,
    author: str,
    now: datetime,
) -> None:
    situation.updated_at, situation.updated_by = now, author
    seal_row(record, situation, entry.texts())
    seal_facets(writer, situation, facets_of(entry))


def seal_facets(writer: Writer, situation: Situation, facets: Facets) -> None:
    situation.facets = writer.seal_facets(
        situation.cell, situation.key_version, TABLE, situation.id, facets.pack()
    )


def _persons(record: SealingRecord, situation: Situation, entry: Entry) -> list[Person]:
    people = [(CONCERNED, entry.interesse), *((REPRESENTATIVE, who) for who in entry.representants)]
    rows = []
    for rank, (kind, who) in enumerate(people):
        person = Person(id=new_id(), situation=situation.id, kind=kind, rank=rank)
        seal_row(record, person, who.texts())
        rows.append(person)
    return rows


def facets_of(entry: Entry) -> Facets:
    """The codes, dates, initials and search sounds of an entry."""
    birth = entry.interesse.naissance
    return Facets(
        typologie=entry.typologie,
        origine=entry.origine,
        statut=entry.statut,
        sexe=entry.sexe,
        niveau=entry.niveau,
        tranche_age=tranche_age(birth, entry.saisine).code if birth else 0,
        quartier=entry.quartier,
        etablissement=entry.etablissement,
        faits=entry.faits,
        suites=entry.suites,
        saisine=entry.saisine,
        naissance=birth,
        examinee=entry.examinee,
        echeance=entry.echeance,
        initiales=initials(entry.interesse.prenoms, entry.interesse.nom, fold),
        sounds=tuple(sorted(search_keys(entry.interesse.nom))),
    )


# Built once: these run at every page about a situation.
BY_REFERENCE = select(Situation).where(Situation.reference == bindparam("reference"))
PERSONS_OF = select(Person).where(Person.situation == bindparam("situation")).order_by(Person.rank)


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
        .where(Situation.cell == cell, Follower.member == member)
        .where(Situation.reference.not_in(without))
        .order_by(Situation.id)
    )
    return {row.id: row.reference for row in session.execute(query)}


def persons_of(session: Session, situation_id: int) -> list[Person]:
    return list(session.scalars(PERSONS_OF, {"situation": situation_id}))


def open_situation(
    session: Session, reader: Reader, situation: Situation, categories: Collection[str]
) -> Opened:
    """Decrypt a situation, in the categories the charter opens."""
    wraps = store.wraps_of(session, situation.id)
    record = reader.record(situation.id, wraps, situation.reference)
    persons = persons_of(session, situation.id)
    opened = [open_row(record, person, categories) for person in persons]
    pairs = list(zip(persons, opened, strict=True))
    return Opened(
        row=situation,
        facets=open_facets(reader, situation),
        texts=open_row(record, situation, categories),
        interesse=next((texts for person, texts in pairs if person.kind == CONCERNED), {}),
        representants=[texts for person, texts in pairs if person.kind == REPRESENTATIVE],
    )


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


LINE = select(Situation.id, Situation.reference, Situation.facets, Situation.key_version)


def page(
    session: Session,
    reader: Reader,
    cell: str,
    before: int | None = None,
    where: Mapping[str, int] = NO_FILTER,
    without: Collection[str] = (),
) -> list[Line]:
    """One page of a cell's situations, newest first; ``where`` keeps those with these codes,
    ``without`` leaves these references closed (a déport).

    Codes are sealed, so a filter opens facets batch after batch until the page is full.
    """
    found: list[Line] = []
    while len(found) < PAGE:
        query = (
            LINE.where(Situation.cell == cell)
            .order_by(Situation.id.desc())
            .limit(BATCH if where else PAGE)
        )
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
    rows: Collection[tuple[int, str, bytes, int]], reader: Reader, cell: str
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

    def who(texts: dict[str, str]) -> Who:
        born = texts.get("naissance", "")
        return Who(**texts | {"naissance": date.fromisoformat(born) if born else None})

    return Entry(
        interesse=who(opened.interesse),
        representants=tuple(who(texts) for texts in opened.representants),
        saisine=facets.saisine or opened.row.created_at.date(),
        **{name: getattr(facets, name) for name in ("origine", "typologie", "statut", "sexe")},
        **{name: getattr(facets, name) for name in ("niveau", "quartier", "etablissement")},
        **{name: getattr(facets, name) for name in ("faits", "suites", "examinee", "echeance")},
        **opened.texts,
    )
