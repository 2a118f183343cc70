"""Something real of each kind to ask for behind the door of a route."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from casework.breaches.models import Breach
from casework.db import new_id
from casework.deposits.models import Deposit
from casework.parenting.models import Aide
from casework.rappels.models import Consultation, Rappel
from casework.retention.models import ArchiveOpening, Disposal, Erasure
from casework.rights.models import PersonRequest, Transmission
from casework.seances.models import AgendaItem, Orientation, Seance, UrgentRequest
from casework.situations.models import Follower, Situation
from casework.transactions.models import Transaction
from casework.transactions.service import AT_PARQUET
from casework.watch.models import Alert
from casework.watch.patterns import Finding, Pattern
from casework.watch.service import raise_alert
from charter.models import MandateRow
from charter.roles import Role
from tests.casework.states import YESTERDAY


@dataclass(frozen=True)
class Sights:
    """Something real of each kind in a cell."""

    situation: str
    seance: str
    rappel: str
    rappel_cell: str
    rappel_waits_for: str
    deposit: str
    deposit_cell: str
    asked: str
    asked_cell: str
    asked_open: bool
    request: str
    request_cell: str
    coordinator: str  # who admits and excludes nobody but herself, which changes nothing
    mandate: int  # hers in this cell
    alert: int
    transaction: str  # it waits for the commune or the person
    transaction_cell: str
    proposal: int  # made to nobody: the coordination answers it
    homologation: str  # it waits for the parquet
    petition: str
    petition_cell: str
    petition_situation: str | None
    breach: str
    disposal: str
    lending: int
    aide: str  # a situation whose parents are being advised
    aide_cell: str


def sights_of(world, cell: str) -> Sights:
    with world.database.read() as session:
        situation, seance = session.execute(
            select(Situation.reference, Seance.reference)
            .join(AgendaItem, AgendaItem.situation == Situation.id)
            .join(Seance, Seance.id == AgendaItem.seance)
            .where(Situation.cell == cell)
            .limit(1)
        ).one()
        rappel = session.scalars(select(Rappel).order_by(Rappel.id)).first()
        transaction = session.scalars(
            select(Transaction).where(Transaction.attend != AT_PARQUET).order_by(Transaction.id)
        ).first()
        homologation = session.scalars(select(Transaction).filter_by(attend=AT_PARQUET)).first()
        deposit = session.scalars(select(Deposit).order_by(Deposit.id)).first()
        asked = session.scalars(select(Consultation).order_by(Consultation.id)).first()
        request = session.scalars(select(UrgentRequest).order_by(UrgentRequest.id)).first()
        mandate = session.scalars(
            select(MandateRow).where(MandateRow.cell == cell, MandateRow.role == Role.COORDONNATEUR)
        ).one()
        handed = session.scalars(select(Transmission).order_by(Transmission.id)).first()
        petition = session.get_one(PersonRequest, handed.request)
        concerned = session.get(Situation, handed.situation) if handed.situation else None
        breach = session.scalars(select(Breach)).first()
        aide = session.scalars(
            select(Situation).join(Aide, Aide.situation == Situation.id).order_by(Aide.id)
        ).first()
    return Sights(
        situation,
        seance,
        *(rappel.reference, rappel.cell, rappel.attend),
        *(deposit.reference, deposit.cell),
        *(asked.reference, asked.cell, asked.closed_at is None),
        *(request.reference, request.cell),
        *(mandate.member, mandate.id, _alert(world)),
        *(transaction.reference, transaction.cell, _proposal(world, cell), homologation.reference),
        *(petition.reference, handed.cell, concerned and concerned.reference, breach.reference),
        *_kept(world, situation),
        *(aide.reference, aide.cell),
    )


def _proposal(world, cell: str) -> int:
    """Of a closed séance, about a situation that nobody is named to follow."""
    with world.database.read() as session:
        followed = select(Follower.situation)
        return session.scalars(
            select(Orientation.id)
            .join(Seance, Seance.id == Orientation.seance)
            .where(Orientation.cell == cell, Orientation.member.is_(None), Seance.etat == "close")
            .where(Orientation.situation.not_in(followed))
            .limit(1)
        ).one()


def _kept(world, reference: str) -> tuple[str, int]:
    """A bordereau, and someone's request to read an archive: the demonstration has neither."""
    with world.database.write() as session:
        session.merge(Disposal(reference="ELIM-2026-001", made_on=YESTERDAY, agreement="AD-1"))
        session.flush()
        session.merge(
            Erasure(
                id=1,
                kind="depot",
                reference="D-2025-001",
                cell="CCTP",
                since=YESTERDAY,
                why="depot",
                erased_on=YESTERDAY,
                seq=0,
                disposal="ELIM-2026-001",
                scrubbed=True,
            )
        )
        situation = session.scalars(select(Situation.id).filter_by(reference=reference)).one()
        found = session.scalars(select(ArchiveOpening).filter_by(situation=situation)).first()
        if found is None:
            found = ArchiveOpening(
                id=new_id(),
                situation=situation,
                member="M-9999",
                asked_at=datetime.now(UTC),
                days=5,
                motif=b"",
            )
            session.add(found)
        session.commit()
        return "ELIM-2026-001", found.id


def _alert(world) -> int:
    """An alert of the watch, which the demonstration has none of."""
    with world.database.write() as session:
        found = session.scalars(select(Alert)).first()
        if found is None:
            found = raise_alert(Finding(Pattern.REFUS, "M-0003", YESTERDAY, 7))
            session.add(found)
            session.commit()
        return found.id
