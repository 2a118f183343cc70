"""The register of requests: recording, handing to cells, prolonging, executing, deciding.

The DPO keeps it without reading a situation; a cell finds the person in its own file and says what
it did. :func:`casework.rights.freezing.frozen` is re-exported here: it is what other domains ask.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cells.service import next_reference
from casework.db import new_id
from casework.rights.clock import Clock
from casework.rights.freezing import FROZEN as FROZEN
from casework.rights.freezing import FrozenSituation as FrozenSituation
from casework.rights.freezing import frozen as frozen
from casework.rights.freezing import frozen_among as frozen_among
from casework.rights.freezing import frozen_in as frozen_in
from casework.rights.freezing import refuse_frozen as refuse_frozen
from casework.rights.freezing import refuse_frozen_since as refuse_frozen_since
from casework.rights.kinds import Kind, Outcome, Result
from casework.rights.models import PersonRequest, Transmission
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.fields import open_row, seal_row
from casework.vault.keypair import PublicKey
from casework.vault.keyring import Reader, SealingRecord, Writer
from casework.vault.models import Compartment
from charter.categories import REQUEST

DPO = "DPO"
PREFIX = "DP"


class Closed(Exception):
    """The request has its answer."""


class Changed(Exception):
    """Someone acted on the request since the page was opened."""


class TooLate(Exception):
    """The first month is over, or the delay was already prolonged (art. 12 §3)."""


class Unreported(Exception):
    """A cell has not said what it did: the person cannot be told that it is done."""


@dataclass(frozen=True)
class Opened:
    """A request as its reader sees it; ``cells`` are those the reader may know of."""

    row: PersonRequest
    texts: dict[str, str]
    cells: list["Reported"]

    def clock(self, on: date) -> Clock:
        return clock_of(self.row, on)


@dataclass(frozen=True)
class Reported:
    """What one cell did; ``situation`` is its reference."""

    row: Transmission
    situation: str | None
    compte_rendu: str


def clock_of(row: PersonRequest, on: date) -> Clock:
    return Clock(row.received_on, on, row.prolonged_on is not None, row.decided_on)


def record(
    session: Session,
    writer: Writer,
    author: str,
    kind: Kind,
    received_on: date,
    texts: Mapping[str, str],
    cell: str | None = None,
) -> PersonRequest:
    """Enter a request in the register; ``cell``: of the coordinator who received the letter.
    NotFounded while the DPO has no key."""
    row = PersonRequest(
        id=new_id(),
        reference=next_reference(session, PREFIX, received_on.year),
        kind=kind.value,
        received_on=received_on,
        recorded_at=datetime.now(UTC),
        recorded_by=author,
        version=1,
    )
    sealing = _new_record(session, writer, row.id, row.reference, cell or DPO, DPO)
    seal_row(sealing, row, dict(texts))
    session.add(row)
    session.flush()
    if cell:
        _hand(session, writer, row, cell, by_cell=True)
    return row


def transmit(session: Session, writer: Writer, row_id: int, version: int, cell: str) -> None:
    """Hand a request to a cell: it reads who asks, and what. Closed, Changed."""
    row = _advance(session, row_id, version)
    if session.scalar(_of(row.id).where(Transmission.cell == cell)) is None:
        sealing = writer.record(row.id, store.wraps_of(session, row.id), row.reference)
        _share(session, sealing, row.id, cell)
        _hand(session, writer, row, cell, by_cell=False)


def _hand(
    session: Session, writer: Writer, row: PersonRequest, cell: str, *, by_cell: bool
) -> None:
    made = Transmission(id=new_id(), request=row.id, cell=cell, sent_at=datetime.now(UTC))
    home, other = (cell, DPO) if by_cell else (DPO, cell)
    sealing = _new_record(session, writer, made.id, row.reference, home, other)
    seal_row(sealing, made, {})
    session.add(made)
    session.flush()


def _new_record(
    session: Session, writer: Writer, row_id: int, shown: str, home: str, other: str
) -> SealingRecord:
    """A record key wrapped where its author belongs, and dropped for the other side."""
    current = store.current(session, home)
    sealing, wrap = writer.new_record(row_id, home, current.version, shown)
    store.store_wrap(session, row_id, wrap)
    if other != home:
        _share(session, sealing, row_id, other)
    return sealing


def _share(session: Session, sealing: SealingRecord, row_id: int, code: str) -> None:
    # A renewal of the key under way ends first: what is dropped under the old one would be lost.
    session.get(Compartment, code, with_for_update={"read": True}, populate_existing=True)
    current = store.current(session, code)
    public = PublicKey(current.deposit)
    store.store_wrap(session, row_id, sealing.deposit(public, row_id, code, current.version))


def verify(session: Session, writer: Writer, row_id: int, version: int, how: str) -> None:
    """The identity in doubt has been checked since (art. 12 §6). Closed, Changed."""
    row = _advance(session, row_id, version)
    sealing = writer.record(row.id, store.wraps_of(session, row.id), row.reference)
    sealing.seal(row, "verification", how)
    session.flush()


def prolong(
    session: Session, writer: Writer, row_id: int, version: int, motif: str, on: date
) -> None:
    """Two more months; the person has been told why. TooLate, Closed, Changed."""
    row = _advance(session, row_id, version)
    if not clock_of(row, on).may_prolong:
        raise TooLate
    row.prolonged_on = on
    sealing = writer.record(row.id, store.wraps_of(session, row.id), row.reference)
    sealing.seal(row, "motif_prolongation", motif)
    session.flush()


def decide(
    session: Session,
    writer: Writer,
    row_id: int,
    version: int,
    outcome: Outcome,
    motifs: str,
    on: date,
) -> None:
    """Answer, and close. Unreported, Closed, Changed."""
    row = _advance(session, row_id, version)
    sent = list(session.scalars(_of(row.id)))
    if outcome is not Outcome.REFUSEE and not (sent and all(one.executed_at for one in sent)):
        raise Unreported
    row.decided_on, row.outcome = on, outcome.value
    sealing = writer.record(row.id, store.wraps_of(session, row.id), row.reference)
    sealing.seal(row, "motifs", motifs)
    session.flush()


def find(session: Session, transmission: int, situation: Situation | None) -> None:
    """The cell says which of its situations is concerned, or none. Closed once it reported."""
    row = _unreported(session, transmission)
    row.situation = situation.id if situation else None
    session.flush()


def execute(
    session: Session, writer: Writer, author: str, transmission: int, result: Result, words: str
) -> None:
    """The cell reports what it did. Closed once it did."""
    row = _unreported(session, transmission)
    row.executed_at, row.executed_by, row.result = datetime.now(UTC), author, result.value
    sealing = writer.record(row.id, store.wraps_of(session, row.id))
    sealing.seal(row, "compte_rendu", words)
    session.flush()


def _unreported(session: Session, transmission: int) -> Transmission:
    row = session.scalars(
        select(Transmission).where(Transmission.id == transmission).with_for_update()
    ).one()
    if row.executed_at or session.get_one(PersonRequest, row.request).decided_on:
        raise Closed
    return row


def _advance(session: Session, row_id: int, version: int) -> PersonRequest:
    row = session.scalars(
        select(PersonRequest).where(PersonRequest.id == row_id).with_for_update()
    ).one()
    if row.decided_on:
        raise Closed
    if row.version != version:
        raise Changed
    row.version += 1
    return row


def _of(request: int):  # type: ignore[no-untyped-def]
    return select(Transmission).where(Transmission.request == request).order_by(Transmission.cell)


def by_reference(session: Session, reference: str) -> PersonRequest | None:
    return session.scalar(select(PersonRequest).where(PersonRequest.reference == reference))


def transmission(session: Session, request: int, cell: str) -> Transmission | None:
    return session.scalar(_of(request).where(Transmission.cell == cell))


def register(session: Session, on: date, cell: str | None = None) -> list[PersonRequest]:
    """The register: what waits first, nearest to its term; then what was answered, latest first.
    Of one cell, what was handed to it."""
    query = select(PersonRequest)
    if cell:
        query = query.join(Transmission).where(Transmission.cell == cell)
    rows = list(session.scalars(query))
    waiting = [row for row in rows if row.decided_on is None]
    answered = [row for row in rows if row.decided_on is not None]
    waiting.sort(key=lambda row: (clock_of(row, on).due, row.id))
    return waiting + sorted(answered, key=lambda row: (row.decided_on, row.id), reverse=True)


def open_request(
    session: Session, reader: Reader, row: PersonRequest, cells: Collection[str] | None = None
) -> Opened:
    """Decrypt a request, and what the cells (those given, or all) did of it."""
    opened = reader.record(row.id, store.wraps_of(session, row.id), row.reference)
    found = []
    for sent in session.scalars(_of(row.id)):
        if cells is None or sent.cell in cells:
            key = reader.record(sent.id, store.wraps_of(session, sent.id), row.reference)
            situation = session.get(Situation, sent.situation) if sent.situation else None
            words = key.open(sent, "compte_rendu")
            found.append(Reported(sent, situation.reference if situation else None, words))
    return Opened(row, open_row(opened, row, REQUEST), found)
