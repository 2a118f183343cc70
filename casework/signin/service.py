"""Signing in: throttle, passphrase, one-time code, then a browser session.

Every failure says the same thing and takes the same time (CNIL 2022-100; ANSSI).
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.db import Database
from casework.instance import Instance
from casework.members import service as members
from casework.members.models import Member
from casework.signin import throttle
from casework.signin.models import BrowserSession
from casework.vault import browser, store
from casework.vault.errors import IntegrityError, WrongPassphrase
from casework.vault.keypair import KeyPair
from casework.vault.passphrase import cost_of, lock, unlock, waste
from charter.roles import Role

log = logging.getLogger("casework")
IDLE_LIMIT = timedelta(minutes=15)
ABSOLUTE_LIMIT = timedelta(hours=8)
TOUCH_EVERY = timedelta(seconds=60)
FRESH_FOR = timedelta(minutes=10)  # our choice: no figure in the texts
TOTP_STEP_SECONDS = 30
OPEN = "session:open"
CLOSE = "session:close"
SECURITY_ARTICLE = "RGPD, art. 32"


class SigninRefused(Exception):
    """Wrong login, passphrase or code: which one is not said."""


@dataclass
class Throttled(Exception):
    """Too many failures; try again after ``wait``."""

    wait: timedelta


def sign_in(
    database: Database,
    instance: Instance,
    login: str,
    passphrase: str,
    code: str,
    address: str,
) -> str:
    """Open a session and return its cookie token. SigninRefused, Throttled."""
    by_login = instance.blind("attempt-login", members.normal_login(login))
    by_address = instance.blind("attempt-address", address)
    with database.read() as session:
        waiting = throttle.wait(session, [by_login, by_address])
        if waiting > timedelta(0):
            raise Throttled(waiting)
        member = session.scalar(
            select(Member).where(Member.login == members.login_digest(instance, login))
        )
    try:
        key, counter = _prove(instance, member, passphrase, code)
    except SigninRefused:
        subjects = {
            by_login: throttle.FREE_FAILURES,
            by_address: throttle.FREE_FAILURES_OF_AN_ADDRESS,
        }
        _refuse(database, instance, member, subjects)
        raise
    assert member is not None  # noqa: S101 - _prove refused otherwise
    return _open(database, instance, member, key, counter, passphrase, by_login)


def _prove(
    instance: Instance, member: Member | None, passphrase: str, code: str
) -> tuple[KeyPair, int]:
    if member is None or member.locked_key is None or member.closed_at is not None:
        waste(passphrase, instance.cost)
        raise SigninRefused
    try:
        key = unlock(member.locked_key, passphrase, member.reference)
    except WrongPassphrase:
        raise SigninRefused from None
    totp = members.open_totp(member, key)
    digits = "".join(code.split())
    for counter in _accepted_counters():
        if counter > member.totp_counter and totp.verify(
            digits, for_time=counter * TOTP_STEP_SECONDS
        ):
            return key, counter
    raise SigninRefused


def _accepted_counters() -> Iterator[int]:
    """The current 30-second step and its neighbours (RFC 6238, §5.2)."""
    now = int(time.time()) // TOTP_STEP_SECONDS
    yield from (now, now - 1, now + 1)


def _refuse(
    database: Database, instance: Instance, member: Member | None, subjects: dict[str, int]
) -> None:
    with database.write() as session:
        throttle.failed(session, subjects)
        actor = member.reference if member else "anonyme"
        event = Event.now(
            actor=actor, action=OPEN, outcome=Outcome.REFUSE, article=SECURITY_ARTICLE
        )
        instance.journal.append(session.connection(), event)
        session.commit()


def _open(
    database: Database,
    instance: Instance,
    member: Member,
    key: KeyPair,
    counter: int,
    passphrase: str,
    by_login: str,
) -> str:
    event = Event.now(
        actor=member.reference, action=OPEN, outcome=Outcome.AUTORISE, article=SECURITY_ARTICLE
    )
    with database.write() as session:
        # Compare and set: of two sign-ins with one code, the second is refused.
        used = session.execute(
            update(Member)
            .where(Member.id == member.id, Member.totp_counter < counter)
            .values(totp_counter=counter)
        )
        if used.rowcount != 1:
            raise SigninRefused
        throttle.succeeded(session, by_login)
        if member.locked_key is not None and cost_of(member.locked_key) != instance.cost:
            relocked = lock(key, passphrase, member.reference, instance.cost)
            session.execute(
                update(Member).where(Member.id == member.id).values(locked_key=relocked)
            )
        session.flush()
        instance.journal.append(session.connection(), event)
        session.commit()
    name = _own_name(database, instance, member, key)
    return open_browser_session(database, browser.Unlocked(key, member.reference, name))


def _own_name(database: Database, instance: Instance, member: Member, key: KeyPair) -> str:
    """The member's own name, if they hold the directory's key already."""
    with database.read() as session:
        keyring = store.keyring_of(session, key, member.reference)
        if members.DIRECTORY not in keyring.compartments:
            return ""
        receipt = instance.journal.record(
            database.engine,
            Event.now(
                actor=member.reference,
                action="member:self",
                outcome=Outcome.AUTORISE,
                object=member.reference,
                article=SECURITY_ARTICLE,
            ),
        )
        return members.identity(session, keyring.reader(receipt), member).name


def open_browser_session(database: Database, unlocked: browser.Unlocked) -> str:
    """Store a session for an unlocked key; returns the cookie's token."""
    token, session_id, sealed = browser.seal_session(unlocked)
    now = datetime.now(UTC)
    with database.write() as session:
        session.execute(
            delete(BrowserSession).where(
                (BrowserSession.created_at < now - ABSOLUTE_LIMIT)
                | (BrowserSession.seen_at < now - IDLE_LIMIT)
            )
        )
        session.add(
            BrowserSession(
                id=session_id,
                member=unlocked.member,
                created_at=now,
                seen_at=now,
                confirmed_at=now,
                sealed=sealed,
            )
        )
        session.commit()
    return token


SESSION_ROW = (
    select(
        BrowserSession.sealed,
        BrowserSession.created_at,
        BrowserSession.seen_at,
        BrowserSession.confirmed_at,
        BrowserSession.acting,
        Member.closed_at,
    )
    .join(Member, Member.reference == BrowserSession.member)
    .where(BrowserSession.id == bindparam("session_id"))
)


@dataclass(frozen=True)
class Resumed:
    """A session found again: its idle clock may be due a touch, its second factor be fresh."""

    unlocked: browser.Unlocked
    touch_due: bool
    fresh: bool
    acting: Role | None


def resume(session: Session, token: str) -> Resumed | None:
    """The session of a cookie; None if it is over."""
    try:
        session_id = browser.identifier(token)
    except ValueError:
        return None
    row = session.execute(SESSION_ROW, {"session_id": session_id}).one_or_none()
    if row is None or row.closed_at is not None:
        return None
    now = datetime.now(UTC)
    idle = now - row.seen_at
    if idle > IDLE_LIMIT or now - row.created_at > ABSOLUTE_LIMIT:
        return None
    try:
        unlocked = browser.open_session(token, row.sealed)
    except IntegrityError as error:
        log.error("integrity error on %s: the session is over", error.field)
        return None
    return Resumed(
        unlocked,
        touch_due=idle > TOUCH_EVERY,
        fresh=now - row.confirmed_at <= FRESH_FOR,
        acting=Role(row.acting) if row.acting else None,
    )


def touch(session: Session, token: str) -> None:
    """Restart the idle clock."""
    session.execute(
        update(BrowserSession)
        .where(BrowserSession.id == browser.identifier(token))
        .values(seen_at=datetime.now(UTC))
    )


def sign_out(session: Session, token: str) -> None:
    """End a session on the server; its blob is gone with it."""
    session.execute(delete(BrowserSession).where(BrowserSession.id == browser.identifier(token)))


def close_all(session: Session, member: str) -> None:
    """End every session of a member."""
    session.execute(delete(BrowserSession).where(BrowserSession.member == member))
