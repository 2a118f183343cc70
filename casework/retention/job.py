"""The nightly job: end, archive, erase what the clock says, without anybody's key.

Each situation is one transaction with its journal entry: killed anywhere, the command run again
finishes the work. Nothing frozen is touched (art. 18 RGPD). Without the agreement of the archives
départementales nothing public is destroyed (art. L. 212-2 du code du patrimoine): what is due is
withdrawn, which nobody opens.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from audit.event import SYSTEME, Event, Outcome
from casework.backup.erasures import Erasure as Line
from casework.backup.erasures import erases
from casework.cells.service import next_reference
from casework.clock import local, today
from casework.db import Base, Database
from casework.deposits.models import Deposit
from casework.hanging import hanging
from casework.instance import Instance
from casework.retention import service
from casework.retention.clock import Stage
from casework.retention.destruction import destroy, destroy_situation
from casework.retention.models import Disposal, Erasure
from casework.retention.service import Expired, Kept
from casework.rights.models import PersonRequest
from casework.rights.service import frozen
from casework.seances.models import UrgentRequest
from casework.situations import facet_pages
from casework.situations.models import FacetPage, Situation
from casework.vault.models import RecordWrap
from charter.labels import Labelled
from charter.references import Article

SERIES = "ELIM"
REPLAYED = "restauration"
SITUATION, DEPOSIT, REQUEST, URGENT = "situation", "depot", "demande", "urgence"
ROOTS = {
    SITUATION: Situation,
    DEPOSIT: Deposit,
    REQUEST: PersonRequest,
    URGENT: UrgentRequest,
}


class Act(Labelled):
    """``value`` is the journal's action."""

    END = "retention:end", "fin d’office d’un suivi que personne n’a renouvelé"
    ARCHIVE = "retention:archive", "passage en archive"
    WITHDRAW = "retention:withdraw", "retrait, faute d’accord des archives départementales"
    ERASE = "retention:erase", "effacement"
    WAIT = "retention:wait", "suspendu : traitement limité"


@dataclass(frozen=True)
class Step:
    """What is to be done to one record; ``why`` is the rule, ``day`` the one it fixed."""

    act: Act
    kind: str
    id: int
    reference: str
    cell: str
    since: date
    day: date
    why: str


@dataclass
class Done:
    counts: Counter[Act] = field(default_factory=Counter)
    disposal: str = ""
    scrubbed: bool = True


def plan(session: Session, on: date) -> Iterator[Step]:
    """All that the job would do on a day, and nothing else: the dry run."""
    agreed = bool(service.agreement(session))
    for kept in service.every(session):
        act = _act(kept, on, agreed)
        if act is not None:
            day = {Act.END: kept.clock.end, Act.ARCHIVE: kept.clock.archived}.get(act)
            yield _step(act, SITUATION, kept, day or kept.clock.erased, kept.clock.why.value)
    if agreed:
        for gone in service.expired(session, on):
            yield _step(Act.ERASE, gone.kind, gone, on, gone.kind)


def _step(act: Act, kind: str, of: Kept | Expired, day: date, why: str) -> Step:
    return Step(act, kind, of.id, of.reference, of.cell, of.since, day, why)


def _act(kept: Kept, on: date, agreed: bool) -> Act | None:
    stage = kept.stage(on)
    if stage is Stage.DUE:
        if kept.frozen:
            return Act.WAIT
        if agreed:
            return Act.ERASE
        return Act.WITHDRAW if kept.archived_on is None else None
    if kept.frozen:
        return None
    if stage is Stage.ARCHIVED and kept.archived_on is None:
        return Act.ARCHIVE
    if stage in {Stage.ENDED, Stage.ARCHIVED} and kept.closed_on is None:
        return Act.END
    return None


def run(
    instance: Instance,
    database: Database,
    on: date,
    told: Callable[[Step], object] = lambda _: None,
) -> Done:
    """Do it. Each step is checked again in its own transaction, then committed."""
    done = Done()
    with database.read() as session:
        steps = list(plan(session, on))
    for step in steps:
        if step.act is not Act.WAIT:
            with database.write() as session:
                if not _still(session, step, on):
                    continue
                _do(session, instance, step, on, done)
                session.commit()
        done.counts[step.act] += 1
        told(step)
    with database.write() as session:
        facet_pages.sweep(session)  # of what was erased or rectified while its page was held
        session.commit()
    done.scrubbed = scrub(database)
    return done


def _still(session: Session, step: Step, on: date) -> bool:
    """Has nobody acted meanwhile? The row stays locked until the end."""
    root = ROOTS[step.kind]
    row = session.scalars(select(root).where(root.id == step.id).with_for_update()).one_or_none()
    if row is None:
        return False
    if not isinstance(row, Situation):
        return True
    if frozen(session, row.id):
        return False
    stage = service.clock_of(session, row).stage(on)
    expected = {
        Act.END: {Stage.ENDED, Stage.ARCHIVED},
        Act.ARCHIVE: {Stage.ARCHIVED},
        Act.WITHDRAW: {Stage.DUE},
        Act.ERASE: {Stage.DUE},
    }
    return stage in expected[step.act]


def _do(session: Session, instance: Instance, step: Step, on: date, done: Done) -> None:
    agreed = service.agreement(session)
    disposal = _disposal(session, on, agreed) if step.act is Act.ERASE else None
    detail: dict[str, str | int] = {"motif": step.why, "echeance": step.day.isoformat()}
    if disposal:
        detail |= {"kind": step.kind, "record": str(step.id), "bordereau": disposal}
    event = Event.now(
        actor=SYSTEME,
        action=step.act.value,
        outcome=Outcome.AUTORISE,
        object=step.reference,
        cell=step.cell,
        article=Article.RGPD_5,
        detail=detail,
    )
    entry = instance.journal.append(session.connection(), event)
    if disposal is None:
        row = session.get_one(Situation, step.id)
        if step.act is Act.END:
            row.closed_on = step.day
        else:
            row.closed_on = row.closed_on or min(on, service.clock_of(session, row).end)
            row.archived_on = on
        return
    done.disposal = disposal
    erase(session, step.kind, step.id)
    session.add(
        Erasure(
            id=step.id,
            kind=step.kind,
            reference=step.reference,
            cell=step.cell,
            since=step.since,
            why=step.why,
            erased_on=on,
            seq=entry.seq,
            disposal=disposal,
            scrubbed=False,
        )
    )


def erase(session: Session, kind: str, id_: int) -> None:
    """Destroy a record of this kind; nothing when it is gone already."""
    if kind == SITUATION:
        destroy_situation(session, id_)
    else:
        destroy(session, ROOTS[kind].__table__, id_)


def replayed(session: Session, line: Line) -> None:
    """A restored backup holds it again: it goes, and the register says so again."""
    row = session.get(ROOTS[line.kind], int(line.id))
    if row is None:
        return
    told = Erasure(
        id=row.id,
        kind=line.kind,
        reference=row.reference,
        cell=getattr(row, "cell", ""),
        since=_recorded(row),
        why=REPLAYED,
        erased_on=today(),
        seq=line.seq,
        disposal=None,
        scrubbed=False,
    )
    erase(session, line.kind, row.id)
    session.add(told)
    session.flush()


def exists(session: Session, line: Line) -> bool:
    """Is a record that a certificate says erased still there?"""
    root = ROOTS.get(line.kind)
    return root is not None and session.get(root, int(line.id)) is not None


def _recorded(row: Situation | Deposit | PersonRequest | UrgentRequest) -> date:
    match row:
        case PersonRequest():
            return row.received_on
        case Situation():
            return local(row.created_at).date()
        case Deposit():
            return local(row.deposited_at).date()
        case UrgentRequest():
            return local(row.asked_at).date()


for _kind in ROOTS:
    erases(_kind, replayed)


def _disposal(session: Session, on: date, agreement: str) -> str:
    """The day's bordereau, under this agreement: begun by the first erasure."""
    query = select(Disposal.reference).where(Disposal.made_on == on)
    known = session.scalars(query.where(Disposal.agreement == agreement)).first()
    if known is None:
        known = next_reference(session, SERIES, on.year)
        session.add(Disposal(reference=known, made_on=on, agreement=agreement))
        session.flush()
    return known


def scrub(database: Database) -> bool:
    """Overwrite the pages of what was erased; False when someone was reading just then, and it is
    to be done again tomorrow. SQLite zeroes a page as it frees it, its write-ahead log remains;
    PostgreSQL keeps old versions of rows until the tables are written again."""
    with database.read() as session:
        waiting = session.scalars(select(Erasure.id).where(~Erasure.scrubbed).limit(1)).first()
    if waiting is None:
        return True
    with database.engine.connect() as connection:
        outside = connection.execution_options(isolation_level="AUTOCOMMIT")
        if database.url.get_backend_name() == "sqlite":
            busy = outside.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
            if busy:
                return False
        else:
            outside.execute(text("SET statement_timeout = 0"))
            for table in _rewritten():
                outside.execute(text(f'VACUUM FULL "{table}"'))
            outside.execute(text("RESET statement_timeout"))
    with database.write() as session:
        for row in session.scalars(select(Erasure).where(~Erasure.scrubbed)):
            row.scrubbed = True
        session.commit()
    return True


def _rewritten() -> list[str]:
    tables = {table.name for root in ROOTS.values() for table in hanging(root.__table__)}
    known = tables | {RecordWrap.__tablename__, FacetPage.__tablename__, "scan"}
    return [table.name for table in Base.metadata.sorted_tables if table.name in known]
