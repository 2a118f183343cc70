"""Slowing down guesses: by login and by network address, doubling, forgotten after a day."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.instance import Instance
from casework.signin.models import SigninAttempt

FREE_FAILURES = 5  # of one login
FREE_FAILURES_OF_AN_ADDRESS = 30  # a whole mairie may share one
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


def of_member(instance: Instance, member: str) -> str:
    """The subject of failures inside an open session."""
    return instance.blind("attempt-member", member)


def wait(session: Session, subjects: list[str]) -> timedelta:
    """How long these subjects must still wait; zero when they may try."""
    now = datetime.now(UTC)
    attempts = [session.get(SigninAttempt, subject) for subject in subjects]
    waits = [attempt.blocked_until - now for attempt in attempts if attempt]
    return max([*waits, timedelta(0)])


def failed(session: Session, subjects: Mapping[str, int]) -> bool:
    """Count a failure against each subject; the value is how many it may have before waiting.

    True when one of them must now wait."""
    now, reached = datetime.now(UTC), False
    session.execute(delete(SigninAttempt).where(SigninAttempt.updated_at < now - FORGOTTEN_AFTER))
    for subject, free in subjects.items():
        attempt = _counted(session, subject, now)
        attempt.failures += 1
        attempt.updated_at = now
        extra = attempt.failures - free
        if extra >= 0:
            attempt.blocked_until = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(extra, 10))
            reached = True
    return reached


def _counted(session: Session, subject: str, now: datetime) -> SigninAttempt:
    """The row of a subject, kept from other workers: of failures at once, none is lost."""
    known = session.get(SigninAttempt, subject, with_for_update=True, populate_existing=True)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            made = SigninAttempt(subject=subject, failures=0, blocked_until=now, updated_at=now)
            session.add(made)
        return made
    except IntegrityError:  # another worker counted the first failure meanwhile
        return session.get_one(SigninAttempt, subject, with_for_update=True, populate_existing=True)


def succeeded(session: Session, login_subject: str) -> None:
    """Forget the failures of a login, or of a member; those of an address stay."""
    session.execute(delete(SigninAttempt).where(SigninAttempt.subject == login_subject))
