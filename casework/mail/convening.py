"""Convening to a séance by mail, cancelling it, reminding of it, and who answered what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.instance import Instance
from casework.mail import outbox, settings
from casework.mail.models import OutgoingMail, SeanceAnswer
from casework.mail.words import CellCode, Kind, Moment, SeanceReference, Word, unpack
from casework.seances.models import Convocation, Seance

SUMMONS = (Kind.CONVOCATION.value, Kind.ANNULATION.value)


class Answer(StrEnum):
    PRESENT = "present"
    EXCUSE = "excuse"


ANSWERS = {Answer.PRESENT: "Présent", Answer.EXCUSE: "Excusé"}


class NotSetUp(Exception):
    """No mail leaves this instance: its administrator has not said through which server."""


class Past(Exception):
    """The séance has begun, or is over."""


class NobodyTold(Exception):
    """No convocation left: there is nothing to cancel."""


def _words(seance: Seance) -> dict[str, Word]:
    return {
        "seance": SeanceReference(seance.reference),
        "cellule": CellCode(seance.cell),
        "date": Moment(seance.held_at),
    }


def convene(
    session: Session, instance: Instance, seance: Seance, addresses: Mapping[str, str]
) -> int:
    """Queue a convocation and its reminder for each of these members, in place of those that still
    wait; how many. ``addresses`` were unsealed by whoever convenes. NotSetUp, Past."""
    mailing = settings.load(instance.data)
    if mailing is None:
        raise NotSetUp
    now = datetime.now(UTC)
    if seance.held_at <= now:
        raise Past
    outbox.drop(session, about=seance.reference)
    reminder = seance.held_at - timedelta(days=mailing.reminder_days)
    number = _next_sequence(session, seance.reference)
    for member, address in addresses.items():
        kinds = [(Kind.CONVOCATION, now)]
        if mailing.reminder_days and reminder > now + timedelta(days=1):
            kinds.append((Kind.RAPPEL, reminder))
        for kind, start in kinds:
            outbox.queue(
                session,
                outbox.Sealer(instance),
                kind,
                _words(seance),
                address,
                member=member,
                about=seance.reference,
                sequence=number,
                not_before=start,
                give_up=min(start + timedelta(days=mailing.give_up_days), seance.held_at),
            )
    return len(addresses)


def cancel(
    session: Session, instance: Instance, seance: Seance, addresses: Mapping[str, str]
) -> int:
    """Tell those who were convened that the séance is not held; how many. NotSetUp, NobodyTold."""
    mailing = settings.load(instance.data)
    if mailing is None:
        raise NotSetUp
    told = {m: a for m, a in addresses.items() if m in _told(session, seance.reference)}
    if not told:
        raise NobodyTold
    outbox.drop(session, about=seance.reference)
    number = _next_sequence(session, seance.reference)
    for member, address in told.items():
        outbox.queue(
            session,
            outbox.Sealer(instance),
            Kind.ANNULATION,
            _words(seance),
            address,
            member=member,
            about=seance.reference,
            sequence=number,
            give_up=datetime.now(UTC) + timedelta(days=mailing.give_up_days),
        )
    return len(told)


def _summons(session: Session, reference: str) -> list[OutgoingMail]:
    """Convocations and cancellations about a séance, oldest first."""
    query = select(OutgoingMail).where(
        OutgoingMail.about == reference, OutgoingMail.kind.in_(SUMMONS)
    )
    return list(session.scalars(query.order_by(OutgoingMail.sequence, OutgoingMail.id)))


def _told(session: Session, reference: str) -> set[str]:
    """Whose agenda holds the séance: their last summons is a convocation."""
    last = {row.member: row for row in _summons(session, reference) if row.state != outbox.VOID}
    return {who for who, row in last.items() if row.kind == Kind.CONVOCATION.value}


def _next_sequence(session: Session, reference: str) -> int:
    return max((row.sequence for row in _summons(session, reference)), default=-1) + 1


def sequence(session: Session, reference: str) -> int:
    """The version of the calendar entry that was last sent; 0 before any."""
    return max(0, _next_sequence(session, reference) - 1)


def answer(session: Session, seance: Seance, member: str, given: Answer) -> None:
    """Record whether a member will come; the last answer counts. Whoever is excused is reminded of
    nothing more."""
    session.merge(
        SeanceAnswer(
            seance=seance.id,
            member=member,
            answer=given.value,
            held_at=seance.held_at,
            answered_at=datetime.now(UTC),
        )
    )
    if given is Answer.EXCUSE:
        waiting = select(OutgoingMail).filter_by(
            about=seance.reference, member=member, state=outbox.WAITS, kind=Kind.RAPPEL.value
        )
        for row in session.scalars(waiting):
            outbox.settle(row, outbox.VOID)
    session.flush()


@dataclass(frozen=True)
class Told:
    """One convened member: when they were told what, and what they answered."""

    member: str
    receives: bool
    summons: OutgoingMail | None
    stale: bool  # they were told another date
    answer: str
    answered_at: datetime | None
    answered_stale: bool  # they answered for another date

    @property
    def cancelled(self) -> bool:
        return self.summons is not None and self.summons.kind == Kind.ANNULATION.value


def table(session: Session, seance: Seance, receiving: Collection[str]) -> list[Told]:
    """Every member convened, in the order of references."""
    last = {r.member: r for r in _summons(session, seance.reference) if r.state != outbox.VOID}
    answers = {
        row.member: row
        for row in session.scalars(select(SeanceAnswer).where(SeanceAnswer.seance == seance.id))
    }
    convened = session.scalars(
        select(Convocation.member)
        .where(Convocation.seance == seance.id)
        .order_by(Convocation.member)
    )
    return [
        _line(seance, who, who in receiving, last.get(who), answers.get(who)) for who in convened
    ]


def _line(
    seance: Seance,
    member: str,
    receives: bool,
    summons: OutgoingMail | None,
    given: SeanceAnswer | None,
) -> Told:
    said = unpack(Kind(summons.kind), summons.words)["date"].value if summons else None
    return Told(
        member,
        receives,
        summons,
        stale=said is not None and said != seance.held_at,
        answer=ANSWERS[Answer(given.answer)] if given else "",
        answered_at=given.answered_at if given else None,
        answered_stale=given is not None and given.held_at != seance.held_at,
    )
