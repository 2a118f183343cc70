"""Expiry: the content of old entries is erased, their leaves stay, and an entry says so.

Every root and every proof keeps its value, since a leaf hides a random salt that is erased with
the content: nothing of it can be guessed back.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, func, select, text, update

from audit.event import EXPIRE, SYSTEME, Event, Outcome
from audit.journal import Journal
from audit.periods import Period
from audit.schema import ERASED, journal_event, journal_head

ARTICLE = "CNIL, délibération 2021-122"
# An expiry holds the journal's lock, which every page waits for: a second's work at a time.
MOST_AT_ONCE = 20_000
_FIRST_KEPT = select(func.min(journal_event.c.seq)).where(
    journal_event.c.time >= bindparam("until")
)
_NOT_ERASED = journal_event.c.time != ""
_TO_ERASE = select(func.count()).where(_NOT_ERASED, journal_event.c.seq < bindparam("before"))
_FIRST_TO_ERASE = select(func.min(journal_event.c.seq)).where(
    _NOT_ERASED, journal_event.c.seq < bindparam("before")
)
_ERASE = (
    update(journal_event)
    .where(_NOT_ERASED, journal_event.c.seq < bindparam("before"))
    .values(dict(ERASED))
)


@dataclass(frozen=True, slots=True)
class Due:
    """Entries whose time is over: ``count`` of them, all under ``before`` and older than
    ``until``."""

    count: int
    before: int
    until: str


def due(connection: Connection, period: Period, now: datetime | None = None) -> Due:
    """What there is to erase. Entries expire in the order they were written in, so that one dated
    a little before its neighbours waits for them."""
    until = period.cutoff(now or datetime.now(UTC))
    before = connection.execute(_FIRST_KEPT, {"until": until}).scalar()
    if before is None:
        before = connection.execute(select(journal_head.c.size)).scalar() or 0
    return Due(connection.execute(_TO_ERASE, {"before": before}).scalar_one(), before, until)


def expire(
    connection: Connection,
    journal: Journal,
    period: Period,
    actor: str = SYSTEME,
    now: datetime | None = None,
) -> Due:
    """Erase what is due, :data:`MOST_AT_ONCE` entries at most: call again until nothing is left.

    Within the caller's transaction, which is as for :meth:`Journal.append`. Nothing due, no entry.
    """
    found = due(connection, period, now)
    if not found.count:
        return found
    first = connection.execute(_FIRST_TO_ERASE, {"before": found.before}).scalar_one()
    before = min(found.before, first + MOST_AT_ONCE)
    count = connection.execute(_TO_ERASE, {"before": before}).scalar_one()
    detail = {
        "before": before,
        "count": count,
        "months": period.months,
        "until": found.until,
    }
    event = Event.now(
        actor=actor, action=EXPIRE, outcome=Outcome.AUTORISE, article=ARTICLE, detail=detail
    )
    journal.append(connection, event)
    connection.execute(_ERASE, {"before": before})
    return Due(count, before, found.until)


def scrub(connection: Connection) -> None:
    """Take what was erased off the disk too, as far as the database can: outside a transaction.

    SQLite then empties its write-ahead log, PostgreSQL frees the former versions of the rows.
    Backups made earlier still hold them.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    connection.execute(
        text("PRAGMA wal_checkpoint(TRUNCATE)" if is_sqlite else "VACUUM journal_event")
    )
