"""Stopping an access at once, until someone says that this member still sits: a passphrase that may
be stolen, a departure, a restored base. Keys and mandates stay; nothing opens meanwhile.
"""

from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.members import service
from casework.members.models import Member
from casework.signin import service as signin


class NotActive(Exception):
    """Nobody by that reference, or an account that is closed for good."""


class NotSuspended(Exception):
    """This access is not suspended: there is nothing to confirm."""


def suspend(session: Session, reference: str) -> None:
    """Every session closes too. NotActive."""
    found = service.by_reference(session, reference, lock=True)
    if found is None or found.closed_at is not None:
        raise NotActive(reference)
    found.suspended_at = found.suspended_at or datetime.now(UTC)
    signin.close_all(session, reference)


def confirm(session: Session, reference: str) -> None:
    """Give an access back: this member still sits, and nothing of theirs was revoked since.
    NotSuspended."""
    found = service.by_reference(session, reference, lock=True)
    if found is None or found.suspended_at is None:
        raise NotSuspended(reference)
    found.suspended_at = None


def suspended(session: Session) -> list[str]:
    """References of those who wait to be confirmed."""
    query = select(Member.reference).where(Member.suspended_at.is_not(None))
    query = query.where(Member.closed_at.is_(None))
    return list(session.scalars(query.order_by(Member.reference)))


def suspend_everyone(session: Session) -> int:
    """Stop every access until it is confirmed, invitations included; how many."""
    active = update(Member).where(Member.closed_at.is_(None), Member.suspended_at.is_(None))
    stopped = session.execute(active.values(suspended_at=datetime.now(UTC)))
    count: int = stopped.rowcount
    return count
