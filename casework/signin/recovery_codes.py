"""Recovery codes: on paper, against a lost telephone, each good for one time."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.signin.models import RecoveryCode
from casework.vault.keypair import KeyPair, derive

HOW_MANY = 10
FEW = 3  # left: time to make new ones
# Crockford's alphabet: no I, L, O or U, which are misread. Ten letters of 5 bits are 50 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = 10
HALF = LETTERS // 2
MISREAD = str.maketrans("ILO", "110")


def normal(typed: str) -> str:
    """The ten letters of a code, however it was copied."""
    return "".join(typed.split()).replace("-", "").upper().translate(MISREAD)


def looks_like(typed: str) -> bool:
    return len(normal(typed)) == LETTERS


def renew(session: Session, member: str, key: KeyPair) -> list[str]:
    """Ten new codes in place of the old ones; they are stored nowhere and shown once."""
    forget(session, member)
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(HOW_MANY)]
    session.add_all(
        RecoveryCode(id=new_id(), member=member, digest=digest(key, code)) for code in codes
    )
    session.flush()
    return [f"{code[:HALF]}-{code[HALF:]}" for code in codes]


def digest(key: KeyPair, code: str) -> str:
    """A digest only the member's own key can compute."""
    secret = derive(key.raw, "recovery-code")
    return hmac.new(secret, normal(code).encode(), hashlib.sha256).hexdigest()


def unused(session: Session, member: str) -> frozenset[str]:
    """The digests of the codes that still serve."""
    left = select(RecoveryCode.digest).filter_by(member=member, used_at=None)
    return frozenset(session.scalars(left))


def matching(key: KeyPair, typed: str, digests: Iterable[str]) -> str | None:
    """The digest of the code typed, if it is one of these."""
    found = digest(key, typed)
    return found if any(hmac.compare_digest(found, one) for one in digests) else None


def spend(session: Session, member: str, found: str) -> bool:
    """Use a code up; False if another sign-in was first."""
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.member == member,
            RecoveryCode.digest == found,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=datetime.now(UTC))
    )
    return used.rowcount == 1


def left(session: Session, member: str) -> int:
    """How many codes still serve."""
    query = select(func.count()).select_from(RecoveryCode).filter_by(member=member, used_at=None)
    return session.scalar(query) or 0


def forget(session: Session, member: str) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.member == member))
