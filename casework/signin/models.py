"""Browser sessions, throttled sign-ins, and second factors other than the one-time code."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped

from casework.db import Base, Identifier, Moment, key_material, plain


class BrowserSession(Base):
    """A signed-in browser. Only its cookie opens ``sealed``."""

    __tablename__ = "browser_session"

    id: Mapped[str] = plain(String(32), "derived from the cookie", primary_key=True)
    member: Mapped[str] = plain(String(12), "opaque reference", index=True)
    created_at: Mapped[datetime] = plain(Moment, "absolute limit")
    seen_at: Mapped[datetime] = plain(Moment, "idle limit")
    confirmed_at: Mapped[datetime] = plain(Moment, "when the second factor was last given")
    acting: Mapped[str | None] = plain(String(40), "role chosen by someone who holds several")
    sealed: Mapped[bytes] = key_material("private key under the cookie's key")


class SigninAttempt(Base):
    """Recent failures of one login or one address; kept in the database so that it survives a
    restart and is shared by the workers."""

    __tablename__ = "signin_attempt"

    subject: Mapped[str] = plain(String(64), "keyed digest", primary_key=True)
    failures: Mapped[int] = plain(Integer, "failures since the last success")
    blocked_until: Mapped[datetime] = plain(Moment, "next attempt allowed")
    updated_at: Mapped[datetime] = plain(Moment, "forgotten after a day")


class Passkey(Base):
    """A WebAuthn credential of a member. It has no free label: a label is a text."""

    __tablename__ = "passkey"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    member: Mapped[str] = plain(String(12), "opaque reference", index=True)
    credential: Mapped[bytes] = key_material("credential identifier", unique=True)
    public_key: Mapped[bytes] = key_material("public key of the credential (COSE)")
    sign_count: Mapped[int] = plain(BigInteger, "last count of signatures, against clones")
    created_at: Mapped[datetime] = plain(Moment, "shown to its holder")
    last_used_at: Mapped[datetime | None] = plain(Moment, "shown to its holder")


class RecoveryCode(Base):
    """A code that replaces the second factor once. The digest is keyed by the member's private
    key: whoever holds the disk and the instance's key cannot even try codes."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    member: Mapped[str] = plain(String(12), "opaque reference", index=True)
    digest: Mapped[str] = plain(String(64), "keyed digest", unique=True)
    used_at: Mapped[datetime | None] = plain(Moment, "a code serves once")


class SpentChallenge(Base):
    """A WebAuthn challenge that was answered, kept until it would have lapsed anyway."""

    __tablename__ = "spent_challenge"

    digest: Mapped[str] = plain(String(64), "digest of a random value", primary_key=True)
    expires_at: Mapped[datetime] = plain(Moment, "when it may be forgotten")
