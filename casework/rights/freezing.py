"""The limitation of a processing (art. 18 RGPD): a situation is kept, and nothing else is done.

Asked at every page about a situation, without any key. The charter refuses what it forbids
(``Condition.UNFROZEN``); whatever touches several situations at once calls :func:`refuse_frozen`.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.rights.models import Freeze, Transmission
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.keyring import Writer


class FrozenSituation(Exception):
    """The processing of a situation is limited: it is kept, and nothing else."""


class NotFound(Exception):
    """The cell has not said which situation is concerned."""


_IN_USE = "situations_in_use"
# Built once: asked at every page about a situation.
FROZEN = select(
    exists().where(Freeze.situation == bindparam("situation")).where(Freeze.lifted_at.is_(None))
)


def frozen(session: Session, situation: int) -> bool:
    """Is the processing of this situation limited? For every act on it, retention included."""
    return bool(session.scalar(FROZEN, {"situation": situation}))


def frozen_in(session: Session, cell: str | None = None) -> frozenset[str]:
    """References of the situations, of a cell or of all, whose processing is limited."""
    query = select(Situation.reference).join(Freeze, Freeze.situation == Situation.id)
    if cell is not None:
        query = query.where(Situation.cell == cell)
    return frozenset(session.scalars(query.where(Freeze.lifted_at.is_(None))))


def frozen_among(session: Session, situations: Collection[int]) -> frozenset[int]:
    """Those of these situations whose processing is limited."""
    query = select(Freeze.situation).where(Freeze.situation.in_(list(situations)))
    return frozenset(session.scalars(query.where(Freeze.lifted_at.is_(None))))


def refuse_frozen(session: Session, situations: Collection[int]) -> None:
    """FrozenSituation if the processing of one of them is limited, now or when the change is kept
    (:func:`refuse_frozen_since`)."""
    if frozen_among(session, situations):
        raise FrozenSituation
    session.info.setdefault(_IN_USE, set()).update(situations)


def refuse_frozen_since(session: Session) -> None:
    """FrozenSituation if one of the situations this transaction was allowed to touch has been
    limited meanwhile. Asked once the journal's entry is written: whoever writes waits there for
    the others, so that a limitation comes wholly before a change, or wholly after it."""
    in_use = session.info.get(_IN_USE, ())
    if in_use and frozen_among(session, in_use):
        raise FrozenSituation


def current(session: Session, transmission: int) -> Freeze | None:
    """The limitation in force for a request in a cell."""
    query = select(Freeze).where(Freeze.transmission == transmission, Freeze.lifted_at.is_(None))
    return session.scalar(query)


def history(session: Session, transmission: int) -> list[Freeze]:
    """Every limitation for a request in a cell, latest first."""
    query = select(Freeze).where(Freeze.transmission == transmission)
    return list(session.scalars(query.order_by(Freeze.placed_at.desc())))


def freeze(session: Session, writer: Writer, author: str, transmission: Transmission) -> bool:
    """Limit the processing of the situation found; False when it is already. NotFound."""
    if transmission.situation is None:
        raise NotFound
    session.get(Situation, transmission.situation, with_for_update=True)
    if current(session, transmission.id):
        return False
    row = Freeze(
        id=new_id(),
        transmission=transmission.id,
        situation=transmission.situation,
        placed_at=datetime.now(UTC),
        placed_by=author,
    )
    writer.record(transmission.id, store.wraps_of(session, transmission.id)).seal(row, "motif", "")
    session.add(row)
    session.flush()
    return True


def lift(
    session: Session,
    writer: Writer,
    author: str,
    transmission: Transmission,
    motif: str,
    informed_on: date,
) -> bool:
    """End the limitation, the person having been told before (art. 18 §3); False if none runs."""
    row = current(session, transmission.id)
    if row is None:
        return False
    row.lifted_at, row.lifted_by, row.informed_on = datetime.now(UTC), author, informed_on
    wraps = store.wraps_of(session, transmission.id)
    writer.record(transmission.id, wraps).seal(row, "motif", motif)
    session.flush()
    return True
