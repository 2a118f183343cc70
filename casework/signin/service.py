"""Signing in: throttle, passphrase, second factor, then a browser session.

Every failure says the same thing and takes the same time (CNIL 2022-100; ANSSI).
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.db import Database
from casework.instance import Instance
from casework.members import service as members
from casework.members.models import Member
from casework.signin import factors, recovery_codes, throttle
from casework.signin.factors import ClonedPasskey, FactorRefused, Given, Held, Kind, Proof
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
OPEN = "session:open"
CLOSE = "session:close"
SUSPENDED = "acces-suspendu"
SECURITY_ARTICLE = "RGPD, art. 32"


class Suspended(Exception):
    """It is them, and their access waits for someone to confirm it."""


class SigninRefused(Exception):
    """Wrong login, passphrase or second factor: which one is not said."""


@dataclass
class Throttled(Exception):
    """Too many failures; try again after ``wait``."""

    wait: timedelta

    @property
    def minutes(self) -> int:
        return max(1, -(-int(self.wait.total_seconds()) // 60))


@dataclass(frozen=True)
class Opened:
    """A session just opened: its cookie's token, by which factor, and the codes that are left."""

    token: str
    kind: Kind
    codes_left: int


def sign_in(
    database: Database,
    instance: Instance,
    login: str,
    passphrase: str,
    given: Given,
    address: str,
) -> Opened:
    """Open a session. SigninRefused, Throttled, Suspended."""
    by_login = instance.blind("attempt-login", members.normal_login(login))
    by_address = instance.blind("attempt-address", address)
    with database.read() as session:
        waiting = throttle.wait(session, [by_login, by_address])
        if waiting > timedelta(0):
            raise Throttled(waiting)
        member = session.scalar(
            select(Member).where(Member.login == members.login_digest(instance, login))
        )
        mine = factors.held(session, member or Member(reference=""))  # nobody takes as long
    try:
        key, proof = _prove(instance, mine, passphrase, given)
    except (SigninRefused, FactorRefused) as refusal:
        subjects = {
            by_login: throttle.FREE_FAILURES,
            by_address: throttle.FREE_FAILURES_OF_AN_ADDRESS,
        }
        _refuse(database, instance, member, subjects, refusal)
        raise SigninRefused from None
    if mine.member.suspended_at is not None:
        instance.journal.record(database.engine, _refusal(mine.member, {"cause": SUSPENDED}))
        raise Suspended
    return _open(database, instance, mine.member, key, proof, passphrase, by_login)


def _prove(instance: Instance, mine: Held, passphrase: str, given: Given) -> tuple[KeyPair, Proof]:
    member = mine.member
    if member.locked_key is None or member.closed_at is not None:
        waste(passphrase, instance.cost)
        raise SigninRefused
    try:
        key = unlock(member.locked_key, passphrase, member.reference)
    except WrongPassphrase:
        raise SigninRefused from None
    return key, factors.prove(mine, key, given)


def _refuse(
    database: Database,
    instance: Instance,
    member: Member | None,
    subjects: dict[str, int],
    refusal: Exception,
) -> None:
    with database.write() as session:
        throttle.failed(session, subjects)
        instance.journal.append(session.connection(), _refusal(member, cause_of(refusal)))
        session.commit()


def _refusal(member: Member | None, detail: dict[str, str]) -> Event:
    return Event.now(
        actor=member.reference if member else "anonyme",
        action=OPEN,
        outcome=Outcome.REFUSE,
        article=SECURITY_ARTICLE,
        detail=detail,
    )


def cause_of(refusal: Exception) -> dict[str, str]:
    """A copied authenticator is a finding; the other failures are not told apart."""
    return {"cause": "cle-clonee"} if isinstance(refusal, ClonedPasskey) else {}


def _open(
    database: Database,
    instance: Instance,
    member: Member,
    key: KeyPair,
    proof: Proof,
    passphrase: str,
    by_login: str,
) -> Opened:
    event = Event.now(
        actor=member.reference,
        action=OPEN,
        outcome=Outcome.AUTORISE,
        article=SECURITY_ARTICLE,
        detail={"facteur": proof.kind.value},
    )
    with database.write() as session:
        try:
            factors.spend(session, member, proof)
        except FactorRefused:
            raise SigninRefused from None
        throttle.succeeded(session, by_login)
        throttle.succeeded(session, throttle.of_member(instance, member.reference))
        if member.locked_key is not None and cost_of(member.locked_key) != instance.cost:
            relocked = lock(key, passphrase, member.reference, instance.cost)
            session.execute(
                update(Member).where(Member.id == member.id).values(locked_key=relocked)
            )
        left = recovery_codes.left(session, member.reference)
        session.flush()
        instance.journal.append(session.connection(), event)
        session.commit()
    name = _own_name(database, instance, member, key)
    token = open_browser_session(database, browser.Unlocked(key, member.reference, name))
    return Opened(token, proof.kind, left)


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


def drop_expired(session: Session) -> None:
    """Erase the sessions that open nothing any more, and the key each holds under its cookie."""
    now = datetime.now(UTC)
    session.execute(
        delete(BrowserSession).where(
            (BrowserSession.created_at < now - ABSOLUTE_LIMIT)
            | (BrowserSession.seen_at < now - IDLE_LIMIT)
        )
    )


def open_browser_session(database: Database, unlocked: browser.Unlocked) -> str:
    """Store a session for an unlocked key; returns the cookie's token."""
    token, session_id, sealed = browser.seal_session(unlocked)
    now = datetime.now(UTC)
    with database.write() as session:
        drop_expired(session)
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
        func.coalesce(Member.closed_at, Member.suspended_at).label("closed_at"),
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
