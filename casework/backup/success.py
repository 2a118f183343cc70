"""When a backup last succeeded, as the journal says, and whether the next one is late."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.event import Outcome
from audit.schema import journal_event
from casework.backup.entries import KEY, MAKE
from casework.clock import local

LATE_AFTER_DAYS = 2  # a nightly backup, and the night that follows


def is_late(session: Session, on: date) -> bool:
    """Backups were set up, and none has succeeded for too long."""
    return _latest(session, KEY) is not None and days_without(session, on) >= LATE_AFTER_DAYS


def days_without(session: Session, on: date) -> int:
    """Days since the last backup that succeeded; since they were set up if none did."""
    last = _latest(session, MAKE) or _latest(session, KEY)
    return max(0, (on - last).days) if last else 0


def _latest(session: Session, action: str) -> date | None:
    done = (journal_event.c.action == action) & (journal_event.c.outcome == Outcome.AUTORISE.value)
    found = session.execute(select(func.max(journal_event.c.time)).where(done)).scalar()
    return local(found).date() if found else None
