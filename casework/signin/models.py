"""Browser sessions and throttled sign-ins."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped

from casework.db import Base, Moment, key_material, plain


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
