"""How far a member may be from the door of a route."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casework.clock import today
from casework.db import new_id
from casework.rights.models import Freeze, Transmission
from casework.seances.models import Convocation
from casework.situations.models import Situation
from casework.vault.models import Grant
from charter import register
from charter.models import MandateRow, Recusal, Signature

CELLS = ("CCTP", "GSP")


@dataclass(frozen=True)
class State:
    """How far a member is from the door, put into the database and into the expected actor."""

    apply: Callable[[Session], object]
    signed: bool = True
    admitted: bool = True
    excluded: bool = False
    convened: bool = True
    fresh: bool = True
    recused: bool = False
    frozen: bool = False
    ends: date | None = None
    cell: str | None = None  # the cell walked; by default the member's own


def _nothing(_session: Session) -> None:
    """The state of every day: the charter is signed."""


def _everyone_steps_aside(session: Session) -> None:
    """From every situation of their cells."""
    for cell in CELLS:
        references = session.scalars(select(Situation.reference).where(Situation.cell == cell))
        session.add_all(
            Recusal(member=member, cell=cell, object=reference, declared_at=datetime.now(UTC))
            for reference in references
            for member in register.members_of(session, cell)
        )


def freeze(session: Session, numbers: Iterable[int], since: datetime) -> None:
    """These situations are limited. One request stands for all: only the rows are looked at."""
    handed = session.scalars(select(Transmission.id)).first()
    session.add_all(
        Freeze(
            id=new_id(),
            transmission=handed,
            situation=number,
            placed_at=since,
            placed_by="M-0001",
            motif=b"",
        )
        for number in numbers
    )


def _freeze_everything(session: Session) -> None:
    everything = session.scalars(select(Situation.id).where(Situation.cell.in_(CELLS)))
    freeze(session, everything, datetime.now(UTC))


YESTERDAY = today() - timedelta(days=1)
STATES = {
    "signed": State(_nothing),
    "signed, in the CCTP": State(_nothing, cell="CCTP"),
    "signed, in the GSP": State(_nothing, cell="GSP"),
    "unsigned": State(lambda s: s.execute(delete(Signature)), signed=False),
    "mandate ended": State(
        lambda s: s.execute(update(MandateRow).values(ends=YESTERDAY)), ends=YESTERDAY
    ),
    "excluded": State(
        lambda s: s.execute(
            update(MandateRow)
            .where(MandateRow.cell.is_not(None))
            .values(excluded_at=datetime.now(UTC))
        ),
        excluded=True,
    ),
    "not admitted": State(
        lambda s: s.execute(delete(Grant).where(Grant.compartment.in_(CELLS))), admitted=False
    ),
    "stale": State(_nothing, fresh=False),
    "not convened": State(lambda s: s.execute(delete(Convocation)), convened=False),
    "recused": State(_everyone_steps_aside, recused=True),
    "frozen": State(_freeze_everything, frozen=True),
    "recused, in the GSP": State(_everyone_steps_aside, recused=True, cell="GSP"),
}
