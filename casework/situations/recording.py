"""Recording a situation and editing it: what is typed, sealed under the situation's key.

A situation's record key is wrapped for its cell; its closed-list codes are also kept in a small
blob under the cell's facet key. Callers hold a unit of work.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.cells.lists import ENDED, tranche_age
from casework.cells.service import next_references
from casework.clock import local, today
from casework.db import new_id
from casework.names.normal import fold
from casework.names.sound import search_keys
from casework.retention.clock import limit_of
from casework.situations import index
from casework.situations.entry import Entry, Who
from casework.situations.facets import Facets, Other, initials
from casework.situations.models import CONCERNED, REPRESENTATIVE, Person, Represents, Situation
from casework.vault import store
from casework.vault.fields import seal_row
from casework.vault.keyring import SealingRecord, Wrap, Writer

TABLE = Situation.__tablename__


class EditConflict(Exception):
    """Someone else saved this situation since the page was opened."""

    def __init__(self, current: Situation) -> None:
        super().__init__(current.reference)
        self.current = current


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
            canal=entry.canal or None,
            # Recorded already over: its clock starts today.
            closed_on=today() if entry.statut in ENDED else None,
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
    sounds = {
        row.id: facets_of(entry).every_sound for row, entry in zip(made, entries, strict=True)
    }
    index.add(session, writer, current, sounds)
    return made


def edit(
    session: Session,
    writer: Writer,
    author: str,
    situation_id: int,
    expected_version: int,
    entry: Entry,
    others: Collection[Other] = (),
) -> Situation:
    """Save a situation again; EditConflict if it changed since ``expected_version``.

    ``others``: what the facets hold of the other persons concerned, whom this edit leaves alone.
    """
    situation = edited(session, situation_id, expected_version, author)
    record = writer.record(situation.id, store.wraps_of(session, situation.id), situation.reference)
    seal_row(record, situation, entry.texts())
    if entry.canal:
        situation.canal = entry.canal
    rows = persons_of(session, situation.id)
    if sum(row.kind == CONCERNED for row in rows) != 1 + len(others):
        raise ValueError("the others concerned must be told: their names would leave the index")
    _edit_persons(session, record, situation, rows, entry)
    facets = facets_of(entry, others)
    seal_facets(writer, situation, facets)
    session.flush()
    current = store.current(session, situation.cell)
    index.replace(session, writer, current, situation.id, facets.every_sound)
    return situation


def edited(session: Session, situation_id: int, expected_version: int, author: str) -> Situation:
    """The situation, locked, its next version begun; EditConflict."""
    situation = session.scalars(
        select(Situation).where(Situation.id == situation_id).with_for_update()
    ).one()
    if situation.version != expected_version:
        raise EditConflict(situation)
    situation.version += 1
    situation.updated_at, situation.updated_by = datetime.now(UTC), author
    return situation


def _edit_persons(
    session: Session, record: SealingRecord, situation: Situation, rows: list[Person], entry: Entry
) -> None:
    """In place, by their order: whom a representative represents is kept with the row."""
    first = next(row for row in rows if row.kind == CONCERNED)
    seal_row(record, first, entry.interesse.texts())
    known = [row for row in rows if row.kind == REPRESENTATIVE]
    for row, who in zip(known, entry.representants, strict=False):
        if who.empty:
            forget_person(session, row)
        else:
            seal_row(record, row, who.texts())
    after = max(row.rank for row in rows) + 1
    new = [who for who in entry.representants[len(known) :] if not who.empty]
    session.add_all(
        new_person(record, situation, REPRESENTATIVE, after + place, who)
        for place, who in enumerate(new)
    )


def forget_person(session: Session, person: Person) -> None:
    """A person leaves: the links to them first."""
    gone = (Represents.person == person.id) | (Represents.representative == person.id)
    session.execute(delete(Represents).where(gone))
    session.delete(person)


def persons_of(session: Session, situation_id: int) -> list[Person]:
    """Those concerned and their representatives, in the order of the page."""
    query = select(Person).where(Person.situation == situation_id)
    return list(session.scalars(query.order_by(Person.rank, Person.id)))


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
    situation.due_on = facets.echeance
    # What the retention clock needs, and reads without anybody's key.
    situation.active_on = today()
    opened = local(situation.created_at).date()
    situation.limit_on = limit_of(facets.births, opened, situation.active_on)
    situation.facets = writer.seal_facets(
        situation.cell, situation.key_version, TABLE, situation.id, facets.pack()
    )


def _persons(record: SealingRecord, situation: Situation, entry: Entry) -> list[Person]:
    concerned = [(CONCERNED, who) for who in (entry.interesse, *entry.autres)]
    family = [(REPRESENTATIVE, who) for who in entry.representants if not who.empty]
    return [
        new_person(record, situation, kind, rank, who)
        for rank, (kind, who) in enumerate(concerned + family)
    ]


def new_person(
    record: SealingRecord, situation: Situation, kind: str, rank: int, who: Who
) -> Person:
    person = Person(id=new_id(), situation=situation.id, kind=kind, rank=rank)
    seal_row(record, person, who.texts())
    return person


def other_of(who: Who) -> Other:
    """What the facets keep of a person concerned after the first: to be found, and counted."""
    return who.naissance, sounds_of_name(who.nom)


def sounds_of_name(nom: str) -> tuple[str, ...]:
    return tuple(sorted(search_keys(nom)))


def identity_facets(who: Who, saisine: date | None) -> dict[str, object]:
    """The codes that follow from who the first person concerned is."""
    birth = who.naissance
    return {
        "tranche_age": tranche_age(birth, saisine).code if birth and saisine else 0,
        "naissance": birth,
        "initiales": initials(who.prenoms, who.nom, fold),
        "sounds": sounds_of_name(who.nom),
    }


def facets_of(entry: Entry, others: Iterable[Other] = ()) -> Facets:
    """The codes, dates, initials and search sounds of an entry."""
    return Facets(
        typologie=entry.typologie,
        origine=entry.origine,
        statut=entry.statut,
        sexe=entry.sexe,
        niveau=entry.niveau,
        quartier=entry.quartier,
        etablissement=entry.etablissement,
        faits=entry.faits,
        suites=entry.suites,
        saisine=entry.saisine,
        examinee=entry.examinee,
        echeance=entry.echeance,
        others=(*map(other_of, entry.autres), *others),
        **identity_facets(entry.interesse, entry.saisine),  # type: ignore[arg-type]
    )
