"""How far a member may be from the door of a route, and something to ask for behind it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casework.breaches.models import Breach
from casework.db import new_id
from casework.demo.members import MEMBERS
from casework.deposits.models import Deposit
from casework.parenting.models import Aide
from casework.rappels.models import Consultation, Rappel
from casework.rappels.procedure import BY_COMMUNE, BY_PARQUET
from casework.retention.models import ArchiveOpening, Disposal, Erasure
from casework.rights.models import Freeze, PersonRequest, Transmission
from casework.seances.models import AgendaItem, Convocation, Orientation, Seance, UrgentRequest
from casework.situations.models import Follower, Situation
from casework.transactions.models import Transaction
from casework.transactions.service import AT_PARQUET
from casework.vault.models import Grant
from casework.watch.models import Alert
from casework.watch.patterns import Finding, Pattern
from casework.watch.service import raise_alert
from charter import register
from charter.models import MandateRow, Recusal, Signature
from charter.roles import Role
from charter.subjects import Actor, Subject
from tests.casework.about import (
    ABOUT,
    ACT_PAPER,
    AIDE,
    AIDE_ACT,
    AIDE_PAPER,
    ALERT,
    ASIDE,
    ASKED,
    AWAY,
    CELL,
    DEPOSIT,
    DISPOSED,
    EXAMINED,
    FICHE,
    FILE,
    HOMOLOGATION,
    KEPT_MODEL,
    KEY,
    LENDING,
    LINK,
    LIST,
    MANDATE,
    MANDATE_PLACE,
    MEMBER,
    MINE,
    MODEL,
    NOTHING,
    OUTSIDE,
    PAPER,
    PETITION,
    PETITION_CELL,
    PETITION_PLACE,
    PLACE,
    PROPOSAL,
    RAPPEL,
    REQUEST,
    REVEALED,
    SEANCE,
    SIGNAL_ACT,
    SITUATION,
    STEP,
    TRANSACTION,
    UNDER_WAY,
    VIOLATION,
    WINDOW,
)

CELLS = ("CCTP", "GSP")
COOKIE = "casework_local"
# The commissaire lends a seat to the roles the demonstration does not seat.
SEAT = {Role(who.role): who.key for who in MEMBERS}
LENDER = "commissaire"


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


def _freeze_everything(session: Session) -> None:
    """Every situation is limited. One request stands for all: only the rows are looked at."""
    handed = session.scalars(select(Transmission.id)).first()
    session.add_all(
        Freeze(
            id=new_id(),
            transmission=handed,
            situation=number,
            placed_at=datetime.now(UTC),
            placed_by="M-0001",
            motif=b"",
        )
        for number in session.scalars(select(Situation.id).where(Situation.cell.in_(CELLS)))
    )


YESTERDAY = date.today() - timedelta(days=1)  # noqa: DTZ011 - the commune's calendar
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


def target_of(
    endpoint: str,
    sights: Sights,
    cell: str,
    actor: Actor,
    convened: bool,
    recused: bool = False,
    frozen: bool = False,
):
    """The arguments of a route's address, and what the charter is asked about."""
    kind = ABOUT.get(endpoint)
    if kind is None:
        pytest.fail(f"{endpoint} is not in ABOUT: say what it is about, so that it is walked")
    belongs = any(mandate.cell == cell for mandate in actor.mandates)
    situation = Subject(
        cell, convened and belongs, recused=recused and belongs, frozen=frozen, archived=False
    )
    rappel = Subject(
        sights.rappel_cell,
        recused=recused and any(m.cell == sights.rappel_cell for m in actor.mandates),
        turn=sights.rappel_waits_for == BY_COMMUNE,
        frozen=frozen,
        archived=False,
    )
    about = Subject(
        sights.transaction_cell,
        recused=recused and any(m.cell == sights.transaction_cell for m in actor.mandates),
        turn=True,
        frozen=frozen,
        archived=False,
    )
    act = {"reference": sights.transaction}
    family = replace(
        about,
        cell=sights.aide_cell,
        recused=recused and any(m.cell == sights.aide_cell for m in actor.mandates),
    )
    advised = {"reference": sights.aide}
    here = any(mandate.cell == sights.petition_cell for mandate in actor.mandates)
    stepped_aside = recused and here and sights.petition_situation is not None
    return {
        TRANSACTION: (act, about),
        STEP: (act | {"etape": "remise"}, about),
        ACT_PAPER: (act | {"papier": "proposition"}, about),
        AIDE: (advised, family),
        AIDE_ACT: (advised | {"acte": "conseil"}, family),
        AIDE_PAPER: (advised | {"papier": "avis"}, family),
        HOMOLOGATION: ({"reference": sights.homologation}, Subject(turn=True, archived=False)),
        NOTHING: ({}, Subject()),
        CELL: ({"cell": cell}, Subject(cell)),
        OUTSIDE: ({"cell": cell}, Subject()),
        LIST: ({"cell": cell, "name": "suite"}, Subject(cell)),
        PLACE: (
            {"cell": cell, "reference": sights.coordinator},
            Subject(cell, person=sights.coordinator),
        ),
        MEMBER: ({"reference": sights.coordinator}, Subject(person=sights.coordinator)),
        MANDATE: (
            {"reference": sights.coordinator, "number": str(sights.mandate)},
            Subject(person=sights.coordinator),
        ),
        MANDATE_PLACE: (
            {"cell": cell, "reference": sights.coordinator, "number": str(sights.mandate)},
            Subject(cell, person=sights.coordinator),
        ),
        SITUATION: ({"reference": sights.situation}, situation),
        SIGNAL_ACT: ({"reference": sights.situation, "acte": "retour"}, situation),
        ASIDE: (
            {"reference": sights.situation, "member": sights.coordinator},
            replace(situation, person=sights.coordinator),
        ),
        REVEALED: ({"reference": sights.situation, "number": "1"}, situation),
        PROPOSAL: (
            {"number": str(sights.proposal)},
            replace(
                situation,
                turn=any(m.cell == cell and m.role is Role.COORDONNATEUR for m in actor.mandates),
            ),
        ),
        SEANCE: ({"reference": sights.seance}, Subject(cell, convened and belongs)),
        EXAMINED: ({"reference": sights.seance, "situation": sights.situation}, situation),
        REQUEST: ({"reference": sights.request}, Subject(sights.request_cell)),
        RAPPEL: ({"reference": sights.rappel}, rappel),
        UNDER_WAY: (
            {"reference": sights.rappel},
            replace(rappel, turn=sights.rappel_waits_for != ""),
        ),
        PAPER: ({"reference": sights.rappel, "paper": "convocation"}, rappel),
        ASKED: (
            {"reference": sights.asked},
            replace(rappel, cell=sights.asked_cell, turn=sights.asked_open),
        ),
        AWAY: ({"number": 1}, Subject()),
        WINDOW: ({"identifier": "0" * 32}, Subject()),
        KEY: ({"number": 1}, Subject()),
        MODEL: ({"name": "constat_carence"}, Subject()),
        KEPT_MODEL: ({"cell": cell, "number": 1}, Subject(cell)),
        ALERT: ({"number": sights.alert}, Subject()),
        FICHE: (
            {"reference": sights.rappel},
            Subject(turn=sights.rappel_waits_for == BY_PARQUET, archived=False),
        ),
        DEPOSIT: ({"reference": sights.deposit}, Subject(sights.deposit_cell)),
        MINE: ({"reference": sights.deposit}, Subject()),
        PETITION: ({"reference": sights.petition}, Subject()),
        PETITION_CELL: (
            {"reference": sights.petition, "cell": sights.petition_cell},
            Subject(),
        ),
        PETITION_PLACE: (
            {"reference": sights.petition, "cell": sights.petition_cell},
            Subject(sights.petition_cell, recused=stepped_aside, archived=False),
        ),
        DISPOSED: ({"number": sights.disposal}, Subject()),
        # It waits, was asked by someone else, and is about a situation of the base: nobody's turn.
        LENDING: (
            {"reference": sights.situation, "number": str(sights.lending)},
            replace(situation, person="M-9999"),
        ),
        VIOLATION: ({"reference": sights.breach}, Subject()),
        LINK: ({"token": "jamais-donne"}, Subject()),
        FILE: ({"filename": "casework.css"}, Subject()),
    }[kind]
