"""What others ask of retention: the clock of a situation, and what comes.

Everything here is read in clear: the clock runs without anybody's key.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.schema import journal_event
from casework.cells import service as cells
from casework.clock import local, midnight
from casework.deposits.models import Deposit
from casework.legal_days import months_after
from casework.retention.clock import Clock, Dates, Rules, Stage, clock
from casework.retention.models import ArchiveOpening, Disposal, Erasure
from casework.rights.retention import due as requests_due
from casework.rights.service import frozen_among
from casework.seances.models import UrgentRequest
from casework.situations.models import Situation
from casework.web.french import long_date

AGREEMENT, AGREED_ON = "retention_agreement", "retention_agreed_on"
LAST_NIGHT = "retention_last_night"
MOST_NIGHTS_MISSED = timedelta(days=31)
ANSWERED_MONTHS, UNANSWERED_MONTHS = 3, 12  # a deposit, a request for an urgent séance
BATCH = 5000


@dataclass(frozen=True)
class Kept:
    """A situation as its clock sees it."""

    id: int
    reference: str
    cell: str
    since: date
    archived_on: date | None
    closed_on: date | None
    clock: Clock
    frozen: bool

    def stage(self, on: date) -> Stage:
        return self.clock.stage(on)


@dataclass(frozen=True)
class Expired:
    """A record of another kind whose time is over."""

    id: int
    kind: str
    reference: str
    cell: str
    since: date


def rules(session: Session, cell: str) -> Rules:
    options = cells.options(session, cell)
    return Rules(options.retention_months, options.archive_months, options.review_months)


def months_kept(session: Session, cell: str) -> int:
    """From the end of the follow-up to the erasure: what the persons are told."""
    found = rules(session, cell)
    return found.after_end + found.archive


def agreement(session: Session) -> str:
    """The archives départementales' agreement, with its date; empty without one."""
    given, day = cells.setting(session, AGREEMENT), cells.setting(session, AGREED_ON)
    return f"{given} du {long_date(date.fromisoformat(day))}" if given and day else given


def record_agreement(session: Session, reference: str, on: date | None) -> None:
    """An empty reference: there is none any more, and nothing is erased."""
    cells.put_setting(session, AGREEMENT, reference)
    cells.put_setting(session, AGREED_ON, on.isoformat() if reference and on else "")


def agreement_given(session: Session) -> tuple[str, date | None]:
    """As it was typed."""
    day = cells.setting(session, AGREED_ON)
    return cells.setting(session, AGREEMENT), date.fromisoformat(day) if day else None


def clock_of(session: Session, situation: Situation) -> Clock:
    dates = Dates(situation.active_on, situation.closed_on, situation.limit_on)
    return clock(dates, rules(session, situation.cell))


def last_night(session: Session) -> date | None:
    """The last day the job ran; before the first one, the day of the journal's last entry."""
    known = cells.setting(session, LAST_NIGHT)
    if known:
        return date.fromisoformat(known)
    newest = select(journal_event.c.time).order_by(journal_event.c.seq.desc()).limit(1)
    latest = session.execute(newest).scalar()
    return local(datetime.fromisoformat(latest)).date() if latest else None


def leaps(session: Session, on: date) -> date | None:
    """The last night, when this day comes too long after it: the machine's date may be wrong, and
    what a wrong date erases never comes back."""
    last = last_night(session)
    return last if last is not None and on - last > MOST_NIGHTS_MISSED else None


def record_night(session: Session, on: date) -> None:
    cells.put_setting(session, LAST_NIGHT, on.isoformat())


COLUMNS = (
    Situation.id,
    Situation.reference,
    Situation.cell,
    Situation.created_at,
    Situation.archived_on,
    Situation.closed_on,
    Situation.active_on,
    Situation.limit_on,
)


def every(
    session: Session, cells_of: Collection[str] | None = None, given: Rules | None = None
) -> Iterator[Kept]:
    """The situations of these cells, or of all, each with its clock; under the rules ``given``,
    to see what they would do."""
    known = {row.code: given or rules(session, row.code) for row in cells.every_cell(session)}
    query = select(*COLUMNS).order_by(Situation.id).limit(BATCH)
    if cells_of is not None:
        query = query.where(Situation.cell.in_(list(cells_of)))
    last = 0
    while rows := session.execute(query.where(Situation.id > last)).all():
        last = rows[-1].id
        frozen = _frozen(session, [row.id for row in rows])
        for row in rows:
            dates = Dates(row.active_on, row.closed_on, row.limit_on)
            yield Kept(
                *(row.id, row.reference, row.cell, local(row.created_at).date()),
                *(row.archived_on, row.closed_on),
                clock(dates, known[row.cell]),
                row.id in frozen,
            )


def _frozen(session: Session, ids: list[int]) -> frozenset[int]:
    parts = [ids[at : at + 500] for at in range(0, len(ids), 500)]
    return frozenset().union(*(frozen_among(session, part) for part in parts))


def expired(session: Session, on: date) -> list[Expired]:
    """Deposits and requests whose time is over. What a member wrote to ask for an urgent séance
    hangs on no situation, and may speak of one."""
    answered = midnight(months_after(on, -ANSWERED_MONTHS))
    received = midnight(months_after(on, -UNANSWERED_MONTHS))
    loose = select(Deposit).where(Deposit.situation.is_(None))
    old = (Deposit.answered_at < answered) | (
        Deposit.answered_at.is_(None) & (Deposit.deposited_at < received)
    )
    found = [
        Expired(row.id, "depot", row.reference, row.cell, local(row.deposited_at).date())
        for row in session.scalars(loose.where(old).order_by(Deposit.id))
    ]
    answered_late = UrgentRequest.answered_at < answered
    unanswered = UrgentRequest.answered_at.is_(None) & (UrgentRequest.asked_at < received)
    urgent = select(UrgentRequest).where(answered_late | unanswered).order_by(UrgentRequest.id)
    found += [
        Expired(row.id, "urgence", row.reference, row.cell, local(row.asked_at).date())
        for row in session.scalars(urgent)
    ]
    return found + [
        Expired(row.id, "demande", row.reference, "", row.received_on)
        for row in requests_due(session, on)
    ]


def to_renew(
    session: Session, cell: str, on: date, without: Collection[str] = ()
) -> list[tuple[str, date]]:
    """Follow-ups whose review is due, by reference, with the day they end by themselves."""
    given = rules(session, cell)
    query = (
        select(Situation.reference, Situation.active_on)
        .where(Situation.cell == cell, Situation.closed_on.is_(None))
        .where(Situation.active_on <= months_after(on, -given.review))
        .where(Situation.reference.not_in(list(without)))
        .order_by(Situation.active_on, Situation.id)
    )
    found = []
    for reference, active in session.execute(query):
        ends = clock(Dates(active), given).end
        if clock(Dates(active), given).stage(on) is Stage.REVIEW:
            found.append((reference, ends))
    return found


@dataclass(frozen=True)
class Effect:
    """What new rules would do the night they are saved, and would not have done without them;
    ``sooner``: what they would erase later than tonight, yet sooner than without them."""

    ended: list[str]
    archived: list[str]
    erased: list[str]
    sooner: list[str]

    def __bool__(self) -> bool:
        return bool(self.tonight or self.sooner)

    @property
    def tonight(self) -> bool:
        return bool(self.ended or self.archived or self.erased)

    @property
    def mark(self) -> str:
        """What was shown is what is agreed to: anything else asks again."""
        every = (self.ended, self.archived, self.erased, self.sooner)
        return "-".join(str(len(references)) for references in every)


def effect(session: Session, cell: str, new: Rules, on: date) -> Effect:
    """Counts and references, before anything is saved."""
    tomorrow = on + timedelta(days=1)
    sooner: list[str] = []
    touched: dict[Stage, list[str]] = {Stage.ENDED: [], Stage.ARCHIVED: [], Stage.DUE: []}
    for old, kept in zip(every(session, {cell}), every(session, {cell}, new), strict=True):
        stage = kept.stage(tomorrow)
        if stage in touched and old.stage(tomorrow) is not stage:
            touched[stage].append(kept.reference)
        elif kept.clock.erased < old.clock.erased and stage is not Stage.DUE:
            sooner.append(kept.reference)
    return Effect(touched[Stage.ENDED], touched[Stage.ARCHIVED], touched[Stage.DUE], sooner)


def erasures(session: Session, disposal: str | None = None) -> list[Erasure]:
    """What is no more, of one bordereau or of all, oldest first."""
    query = select(Erasure).order_by(Erasure.seq)
    if disposal is not None:
        query = query.where(Erasure.disposal == disposal)
    return list(session.scalars(query))


def lent(session: Session, situation: Situation, member: str) -> bool:
    """Was this archived situation opened to a member, and is it still? What has reached its end
    opens to nobody, even so."""
    if situation.archived_on is None:
        return False
    now = datetime.now(UTC)
    query = select(ArchiveOpening.id).where(ArchiveOpening.situation == situation.id)
    mine = query.where(ArchiveOpening.member == member, ArchiveOpening.until > now)
    if session.scalars(mine.limit(1)).first() is None:
        return False
    return clock_of(session, situation).stage(local(now).date()) is not Stage.DUE


def disposal(session: Session, reference: str) -> Disposal | None:
    return session.get(Disposal, reference)


def told(session: Session) -> list[tuple[Disposal, int]]:
    """The bordereaux, latest first, and how many records each tells of."""
    query = (
        select(Disposal, func.count(Erasure.id))
        .join(Erasure, Erasure.disposal == Disposal.reference)
        .group_by(Disposal.reference, Disposal.made_on, Disposal.agreement)
        .order_by(Disposal.reference.desc())
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def withdrawn(session: Session, on: date) -> int:
    """How many situations are at their end, and wait for the archives' agreement."""
    return sum(kept.stage(on) is Stage.DUE and not kept.frozen for kept in every(session))


def disposals(session: Session) -> list[str]:
    """Numbers of the bordereaux, oldest first."""
    query = select(Disposal.reference).order_by(Disposal.made_on, Disposal.reference)
    return list(session.scalars(query))
