"""The open sessions of a member: shown to them, confirmed, and closed."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.db import Database
from casework.instance import Instance
from casework.members import service as members
from casework.signin import factors, recovery_codes, throttle
from casework.signin.factors import AlreadyUsed, FactorRefused, Given, Kind
from casework.signin.models import BrowserSession
from casework.signin.service import (
    ABSOLUTE_LIMIT,
    IDLE_LIMIT,
    SECURITY_ARTICLE,
    Throttled,
    cause_of,
)
from casework.vault.browser import Unlocked
from casework.vault.errors import WrongPassphrase
from casework.vault.passphrase import unlock
from charter.actions import Action
from charter.roles import Role


class Closed(Exception):
    """Too many failures inside a session: it is over, the passphrase is asked again."""


def of_member(session: Session, member: str) -> list[BrowserSession]:
    """The sessions still open, the last used first."""
    now = datetime.now(UTC)
    found = select(BrowserSession).where(
        BrowserSession.member == member,
        BrowserSession.seen_at > now - IDLE_LIMIT,
        BrowserSession.created_at > now - ABSOLUTE_LIMIT,
    )
    return list(session.scalars(found.order_by(BrowserSession.seen_at.desc())))


def close(session: Session, member: str, identifier: str) -> bool:
    """Close one session of this member; False if there is none by that identifier."""
    mine = delete(BrowserSession).filter_by(member=member, id=identifier)
    return session.execute(mine).rowcount == 1


def close_others(session: Session, member: str, kept: str) -> int:
    """Close every session of this member but one; how many there were."""
    others = delete(BrowserSession).where(
        BrowserSession.member == member, BrowserSession.id != kept
    )
    closed: int = session.execute(others).rowcount
    return closed


def close_everyones(session: Session) -> None:
    """Close every session: those of a restored instance are not of its day."""
    session.execute(delete(BrowserSession))


def act(session: Session, identifier: str, role: Role | None) -> None:
    """Choose the role under which to act from now on; None for all of them."""
    chosen = update(BrowserSession).where(BrowserSession.id == identifier)
    session.execute(chosen.values(acting=role.value if role else None))


def check_wait(session: Session, instance: Instance, member: str) -> None:
    """Throttled when this member failed too often a moment ago."""
    waiting = throttle.wait(session, [throttle.of_member(instance, member)])
    if waiting > timedelta(0):
        raise Throttled(waiting)


def confirm(
    database: Database, instance: Instance, unlocked: Unlocked, identifier: str, given: Given
) -> tuple[Kind, int]:
    """The member gives a second factor again; how, and how many recovery codes are left.

    FactorRefused, AlreadyUsed, Throttled, or Closed after too many failures.
    """
    with database.read() as session:
        check_wait(session, instance, unlocked.member)
        member = members.by_reference(session, unlocked.member)
        if member is None:
            raise FactorRefused
        mine = factors.held(session, member)
    try:
        proof = factors.prove(mine, unlocked.key, given)
        with database.write() as session:
            factors.spend(session, member, proof)
            fresh = update(BrowserSession).where(BrowserSession.id == identifier)
            session.execute(fresh.values(confirmed_at=datetime.now(UTC)))
            throttle.succeeded(session, throttle.of_member(instance, unlocked.member))
            left = recovery_codes.left(session, unlocked.member)
            session.flush()
            _journal(session, instance, unlocked.member, Outcome.AUTORISE, facteur=proof.kind.value)
            session.commit()
    except FactorRefused as refusal:
        fail(database, instance, unlocked.member, identifier, refusal)
        raise
    return proof.kind, left


def check_passphrase(
    database: Database, instance: Instance, unlocked: Unlocked, identifier: str, typed: str
) -> None:
    """The member types their present passphrase again. WrongPassphrase, Throttled, Closed."""
    with database.read() as session:
        check_wait(session, instance, unlocked.member)
        member = members.by_reference(session, unlocked.member)
    try:
        if member is None or member.locked_key is None:
            raise WrongPassphrase
        unlock(member.locked_key, typed, member.reference)
    except WrongPassphrase as refusal:
        fail(database, instance, unlocked.member, identifier, refusal)
        raise


def fail(
    database: Database, instance: Instance, member: str, identifier: str, refusal: Exception
) -> None:
    """Journal a failure inside a session, and close it after too many (Closed).

    A code that served already is the member's own: it opens nothing, and is not counted.
    """
    with database.write() as session:
        subject = {throttle.of_member(instance, member): throttle.FREE_FAILURES}
        over = not isinstance(refusal, AlreadyUsed) and throttle.failed(session, subject)
        if over:
            close(session, member, identifier)
        session.flush()
        _journal(session, instance, member, Outcome.REFUSE, **cause_of(refusal))
        session.commit()
    if over:
        raise Closed from refusal


def _journal(
    session: Session, instance: Instance, member: str, outcome: Outcome, **detail: str
) -> None:
    event = Event.now(
        actor=member,
        action=Action.SESSION_CONFIRM.value,
        outcome=outcome,
        article=SECURITY_ARTICLE,
        detail=detail,
    )
    instance.journal.append(session.connection(), event)
