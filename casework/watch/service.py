"""Looking at the journal for what is out of the ordinary, and answering what was found."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from audit import query
from casework.cells import service as cells
from casework.clock import local, midnight
from casework.db import new_id
from casework.members.founding import DPO
from casework.seances.models import AgendaItem
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.keyring import Reader, Writer
from casework.watch import patterns, thresholds
from casework.watch.models import Alert
from casework.watch.patterns import File, Finding, Pattern
from charter.labels import Labelled

MOST_ENTRIES = 500_000  # what three months of a large town write, three times over


class Answer(Labelled):
    EXPLIQUEE = "expliquee", "Expliquée"
    RAPPEL = "rappel", "Rappel des règles fait à la personne"
    SUITE = "suite", "Une suite est donnée (registre des violations, exclusion…)"


def look(session: Session, today: date) -> list[Alert]:
    """Raise what goes beyond the thresholds and was not raised yet; the new alerts."""
    since = midnight(today - timedelta(days=patterns.DAYS_OF_HABIT))
    entries = query.every(session.connection(), MOST_ENTRIES, since=since)
    values = thresholds.values(session)
    days = patterns.gather(entries, values, alsace_moselle=cells.keeps_alsace_moselle(session))
    known = {(one.pattern, one.actor, one.cell, one.day) for one in session.scalars(select(Alert))}
    raised = [
        raise_alert(finding)
        for finding in patterns.findings(days, _files(session), values, today)
        if (finding.pattern.value, finding.actor, finding.cell, finding.day) not in known
    ]
    session.add_all(raised)
    session.flush()
    return raised


def raise_alert(finding: Finding) -> Alert:
    return Alert(
        id=new_id(),
        pattern=finding.pattern.value,
        actor=finding.actor,
        cell=finding.cell,
        day=finding.day,
        count=finding.count,
        raised_at=datetime.now(UTC),
        handled_by="",
        answer="",
    )


def _files(session: Session) -> dict[str, File]:
    on_an_agenda = exists().where(AgendaItem.situation == Situation.id)
    rows = session.execute(
        select(Situation.reference, Situation.created_at, Situation.created_by, on_an_agenda)
    )
    return {
        reference: File(local(created).date(), author, examined)
        for reference, created, author, examined in rows
    }


def waiting(session: Session) -> list[Alert]:
    """Alerts nobody answered, the most recent day first."""
    query = select(Alert).where(Alert.handled_at.is_(None))
    return list(session.scalars(query.order_by(Alert.day.desc(), Alert.id)))


def answered(session: Session, limit: int) -> list[Alert]:
    query = select(Alert).where(Alert.handled_at.is_not(None))
    return list(session.scalars(query.order_by(Alert.handled_at.desc()).limit(limit)))


def by_id(session: Session, number: int) -> Alert | None:
    return session.get(Alert, number, with_for_update=True)


def pattern_of(alert: Alert) -> Pattern:
    return Pattern(alert.pattern)


def answer(
    session: Session, writer: Writer, alert: Alert, by: str, given: Answer, note: str
) -> None:
    """Keep what the DPO found, sealed to the DPO's compartment."""
    current = store.current(session, DPO)
    record, wrap = writer.new_record(alert.id, DPO, current.version)
    record.seal(alert, "note", note)
    store.store_wrap(session, alert.id, wrap)
    alert.answer, alert.handled_by, alert.handled_at = given.value, by, datetime.now(UTC)
    session.flush()


def notes(session: Session, reader: Reader, alerts: list[Alert]) -> dict[int, str]:
    """The notes of answered alerts, opened with the DPO's key."""
    wraps = store.wraps_of_many(session, [one.id for one in alerts])
    return {
        one.id: reader.record(one.id, wraps[one.id]).open(one, "note")
        for one in alerts
        if one.note is not None and one.id in wraps
    }
