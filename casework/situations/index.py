"""Finding a person by the sound of a name, without an index that names anybody.

A sound's keyed hash is truncated to a bucket that several people share; the candidates of a bucket
are decrypted and compared. As a cell grows, buckets are cut finer.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from casework.names.compare import LIKELY, Identity, Query, resemblance
from casework.names.normal import words
from casework.names.sound import search_keys
from casework.situations.facets import sounds_of
from casework.situations.models import CONCERNED, NameBucket, Person, Situation
from casework.vault import store
from casework.vault.compartment import bucket_bits
from casework.vault.keyring import Reader, Wrap, Writer
from casework.vault.models import CompartmentVersion, RecordWrap
from casework.vault.store import Current

MINIMUM_MATCH = 0.84  # Jaro-Winkler: under it, users called the suggestion noise
MOST_HITS = 25
MARK_BITS = 8  # one of 256: a town's names share each of them
PERSON_FIELDS = ("nom", "prenoms", "naissance")


@dataclass(frozen=True)
class Hit:
    """A person already known of the cell."""

    reference: str
    identity: Identity
    score: float
    reason: str


def add(
    session: Session, writer: Writer, current: Current, sounds: Mapping[int, Iterable[str]]
) -> None:
    """Index new situations by their sounds, cutting the buckets finer when the cell has outgrown
    them."""
    _insert(session, writer, current, sounds)
    bits = bits_for(session, current.code)
    if bits > current.bits and len(store.versions(session, current.code)) == 1:
        rebuild(session, writer, current.code, current.version, bits)


def bits_for(session: Session, cell: str) -> int:
    """How finely the buckets of a cell should be cut today."""
    query = select(func.count()).select_from(Situation).where(Situation.cell == cell)
    return bucket_bits(session.scalar(query) or 0)


BUCKETS_OF = select(NameBucket.bucket).where(NameBucket.situation == bindparam("situation"))


def replace(
    session: Session, writer: Writer, current: Current, situation: int, sounds: Iterable[str]
) -> None:
    """Index a situation again, when an edit changed the sound of the name."""
    known = set(session.scalars(BUCKETS_OF, {"situation": situation}))
    if known != _buckets(writer, current, sounds):
        session.execute(delete(NameBucket).where(NameBucket.situation == situation))
        _insert(session, writer, current, {situation: sounds})


def _buckets(writer: Writer, current: Current, sounds: Iterable[str]) -> set[int]:
    return {writer.bucket(current.code, current.version, key, current.bits) for key in sounds}


def _insert(
    session: Session, writer: Writer, current: Current, sounds: Mapping[int, Iterable[str]]
) -> None:
    rows = [
        {"cell": current.code, "bucket": bucket, "situation": situation}
        for situation, keys in sounds.items()
        for bucket in _buckets(writer, current, keys)
    ]
    if rows:
        session.execute(insert(NameBucket), rows)


def rebuild(session: Session, writer: Writer, cell: str, version: int, bits: int) -> None:
    """Write a cell's buckets again, from the sounds its facets hold."""
    session.execute(delete(NameBucket).where(NameBucket.cell == cell))
    session.execute(
        update(CompartmentVersion)
        .where(CompartmentVersion.compartment == cell, CompartmentVersion.version == version)
        .values(bucket_bits=bits)
    )
    blobs = session.execute(select(Situation.id, Situation.facets).where(Situation.cell == cell))
    _index_facets(session, writer, Current(cell, version, bits, b""), blobs)


def _index_facets(
    session: Session, writer: Writer, current: Current, blobs: Iterable[tuple[int, bytes]]
) -> None:
    cell, version, bits, _ = current
    rows = [
        {"cell": cell, "bucket": bucket, "situation": situation}
        for situation, buckets in writer.buckets(
            cell, version, blobs, Situation.__tablename__, sounds_of, bits
        )
        for bucket in buckets
    ]
    if rows:
        session.execute(insert(NameBucket), rows)


def left(session: Session, cell: str, version: int) -> int:
    """How many situations have their facets under an older key."""
    query = select(func.count()).where(Situation.cell == cell, Situation.key_version < version)
    return session.scalar(query) or 0


def rekey(session: Session, writer: Writer, current: Current, after: int, until: int) -> None:
    """Move facets and buckets of situations to the key in use: those identified by
    ``after < id <= until``. While some are still to move, searches look under both keys."""
    table = Situation.__tablename__
    rows = session.execute(
        select(Situation.id, Situation.facets, Situation.key_version)
        .where(Situation.cell == current.code, Situation.key_version < current.version)
        .where(Situation.id > after, Situation.id <= until)
        # Whoever edits one meanwhile waits; whoever refers to one does not (PostgreSQL).
        .with_for_update(key_share=True)
    ).all()
    moved: dict[int, bytes] = {}
    for old in {row.key_version for row in rows}:
        blobs = [(row.id, row.facets) for row in rows if row.key_version == old]
        versions = (old, current.version)
        moved.update(writer.reseal_facets(current.code, versions, table, blobs))
    if moved:
        values = [{"id": id_, "facets": blob} for id_, blob in moved.items()]
        session.execute(
            update(Situation), [row | {"key_version": current.version} for row in values]
        )
        session.execute(delete(NameBucket).where(NameBucket.situation.in_(moved)))
        _index_facets(session, writer, current, moved.items())


CANDIDATES = (
    select(
        Situation.id,
        Situation.reference,
        Person.id.label("person"),
        Person.nom,
        Person.prenoms,
        Person.naissance,
        RecordWrap.compartment,
        RecordWrap.version,
        RecordWrap.deposited,
        RecordWrap.sealed,
    )
    .join(Person, (Person.situation == Situation.id) & (Person.kind == CONCERNED))
    .join(RecordWrap, (RecordWrap.record == Situation.id))
    .where(Situation.archived_on.is_(None))
)


def candidates(
    session: Session,
    reader: Reader,
    cell: str,
    texts: Iterable[str],
    without: Collection[str] = (),
) -> list[tuple[str, Identity]]:
    """People of a cell whose surname may sound like one of these, decrypted; the situations of
    ``without`` stay closed."""
    keys = frozenset().union(*(search_keys(text) for text in texts))
    buckets = {
        reader.bucket(cell, known.version, key, known.bits)
        for known in store.versions(session, cell)
        for key in keys
    }
    if not buckets:
        return []
    wanted = (
        select(NameBucket.situation)
        .where(NameBucket.cell == cell, NameBucket.bucket.in_(buckets))
        .distinct()
    )
    query = CANDIDATES.where(Situation.id.in_(wanted), RecordWrap.compartment == cell)
    if without:
        query = query.where(Situation.reference.not_in(without))
    found = []
    for id_, reference, person, nom, prenoms, naissance, *wrap in session.execute(query):
        record = reader.record(id_, (Wrap(*wrap),), reference)
        values = [
            record.open_at("person", column, person, blob)
            for column, blob in zip(PERSON_FIELDS, (nom, prenoms, naissance), strict=True)
        ]
        born = date.fromisoformat(values[2]) if values[2] else None
        found.append((reference, Identity(values[0], values[1], born)))
    return found


def mark(session: Session, writer: Writer, cell: str, query: str) -> int:
    """A few bits of the keyed hash of what is searched: enough for the watch to see the same name
    asked again and again, far too few to say which."""
    sounds = "|".join(sorted(search_keys(query)))
    return writer.bucket(cell, store.current(session, cell).version, f"veille {sounds}", MARK_BITS)


def search(
    session: Session, reader: Reader, cell: str, query: str, without: Collection[str] = ()
) -> list[Hit]:
    """People of a cell a typed name may mean, best first."""
    texts = {query, *words(query)}
    typed = Query(query)
    hits = [
        Hit(reference, identity, typed.match(identity), "")
        for reference, identity in candidates(session, reader, cell, texts, without)
    ]
    return _best(hit for hit in hits if hit.score >= MINIMUM_MATCH)


def known(session: Session, reader: Reader, cell: str, identity: Identity) -> list[Hit]:
    """People of a cell who may be this one: other spelling, inverted names, mistyped birth."""
    hits = []
    for reference, other in candidates(session, reader, cell, (identity.nom, identity.prenoms)):
        likeness = resemblance(identity, other)
        if likeness.score >= LIKELY:
            hits.append(Hit(reference, other, likeness.score, likeness.reason))
    return _best(hits)


def _best(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.reference))[:MOST_HITS]
