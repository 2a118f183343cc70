"""The second factor: a one-time code or a passkey, as the member chose, or a recovery code.

Proving changes nothing; spending happens inside the unit of work of what the proof opens, so that
of two answers with one code, or to one challenge, the second is refused.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.members import service as members
from casework.members.models import Member
from casework.signin import passkeys, recovery_codes
from casework.signin.models import Passkey, SpentChallenge
from casework.signin.passkeys import NewPasskey, PasskeyRefused, Site
from casework.vault.keypair import KeyPair

TOTP_STEP_SECONDS = 30
CHALLENGE_LASTS = timedelta(minutes=5)


class FactorRefused(Exception):
    """The second factor does not prove that it is the member."""


class AlreadyUsed(FactorRefused):
    """The right one-time code, but it served already: the next one will do."""


class ClonedPasskey(FactorRefused):
    """The passkey counts fewer signatures than before: a copy of it exists (WebAuthn, §6.1.1)."""


class Kind(StrEnum):
    """As the journal writes it."""

    CODE = "code"
    PASSKEY = "cle-d-acces"
    RECOVERY = "code-de-secours"


@dataclass(frozen=True)
class Given:
    """What was answered: a code, or a passkey's answer to a challenge of ours."""

    code: str = ""
    passkey: str = ""
    site: Site | None = None
    challenge: bytes | None = None


@dataclass(frozen=True)
class Held:
    """What a member can answer with. Read before the passphrase is tried, so that a right one
    takes no longer than a wrong one."""

    member: Member
    passkeys: tuple[Passkey, ...]
    recovery: frozenset[str]

    @property
    def has_code(self) -> bool:
        return self.member.totp is not None


@dataclass(frozen=True)
class Proof:
    """A second factor that was right when looked at."""

    kind: Kind
    counter: int = 0
    passkey: int = 0
    digest: str = ""  # of the recovery code, or of the challenge


def held(session: Session, member: Member) -> Held:
    """The second factors of a member."""
    rows = select(Passkey).filter_by(member=member.reference).order_by(Passkey.created_at)
    return Held(
        member,
        tuple(session.scalars(rows)),
        recovery_codes.unused(session, member.reference),
    )


def prove(mine: Held, key: KeyPair, given: Given) -> Proof:
    """The proof to spend. FactorRefused, AlreadyUsed or ClonedPasskey."""
    if given.passkey:
        return _passkey(mine, given)
    if recovery_codes.looks_like(given.code):
        found = recovery_codes.matching(key, given.code, mine.recovery)
        if found is None:
            raise FactorRefused
        return Proof(Kind.RECOVERY, digest=found)
    return _code(mine.member, key, given.code)


def _passkey(mine: Held, given: Given) -> Proof:
    if given.site is None or given.challenge is None:
        raise FactorRefused
    try:
        answer = passkeys.prove(given.site, given.challenge, given.passkey, mine.passkeys)
    except PasskeyRefused:
        raise FactorRefused from None
    before = answer.passkey.sign_count
    if (before or answer.sign_count) and answer.sign_count <= before:
        raise ClonedPasskey
    digest = hashlib.sha256(given.challenge).hexdigest()
    return Proof(Kind.PASSKEY, answer.sign_count, answer.passkey.id, digest)


def _code(member: Member, key: KeyPair, typed: str) -> Proof:
    if member.totp is None:
        raise FactorRefused
    totp = members.open_totp(member, key)
    digits = "".join(typed.split())
    right = [
        counter
        for counter in _accepted_counters()
        if totp.verify(digits, for_time=counter * TOTP_STEP_SECONDS)
    ]
    for counter in right:
        if counter > member.totp_counter:
            return Proof(Kind.CODE, counter)
    raise AlreadyUsed if right else FactorRefused


def _accepted_counters() -> Iterator[int]:
    """The current 30-second step and its neighbours (RFC 6238, §5.2)."""
    now = int(time.time()) // TOTP_STEP_SECONDS
    yield from (now, now - 1, now + 1)


def spend(session: Session, member: Member, proof: Proof) -> None:
    """Use the proof up, by compare and set. FactorRefused if another use was first."""
    match proof.kind:
        case Kind.CODE:
            step = update(Member).where(Member.id == member.id, Member.totp_counter < proof.counter)
            done = session.execute(step.values(totp_counter=proof.counter)).rowcount == 1
        case Kind.RECOVERY:
            done = recovery_codes.spend(session, member.reference, proof.digest)
        case Kind.PASSKEY:
            done = _count(session, proof) and answered_once(session, proof.digest)
    if not done:
        raise FactorRefused


def _count(session: Session, proof: Proof) -> bool:
    """Some authenticators do not count, and always say zero."""
    advancing = or_(
        Passkey.sign_count < proof.counter, and_(Passkey.sign_count == 0, proof.counter == 0)
    )
    used = session.execute(
        update(Passkey)
        .where(Passkey.id == proof.passkey, advancing)
        .values(sign_count=proof.counter, last_used_at=datetime.now(UTC))
    )
    return used.rowcount == 1


def answered_once(session: Session, digest: str) -> bool:
    """Note that a challenge was answered; False if it was before."""
    now = datetime.now(UTC)
    session.execute(delete(SpentChallenge).where(SpentChallenge.expires_at < now))
    if session.get(SpentChallenge, digest) is not None:
        return False
    session.add(SpentChallenge(digest=digest, expires_at=now + 2 * CHALLENGE_LASTS))
    session.flush()
    return True


def add_passkey(session: Session, member: str, made: NewPasskey, challenge: bytes) -> None:
    """Keep a credential just made. FactorRefused if it, or its challenge, is known already."""
    known = session.scalar(select(Passkey.id).filter_by(credential=made.credential))
    if known is not None or not answered_once(session, hashlib.sha256(challenge).hexdigest()):
        raise FactorRefused
    session.add(
        Passkey(
            id=new_id(),
            member=member,
            credential=made.credential,
            public_key=made.public_key,
            sign_count=made.sign_count,
            created_at=datetime.now(UTC),
        )
    )
    session.flush()


def forget(session: Session, member: str) -> None:
    """Drop passkeys and recovery codes: an account taken up again starts with new ones."""
    session.execute(delete(Passkey).where(Passkey.member == member))
    recovery_codes.forget(session, member)
