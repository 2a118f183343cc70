"""A member's own account: what it shows, and the changes of its means of signing in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit import query
from audit.event import Outcome
from casework.members import service as members
from casework.members.models import Member
from casework.signin import factors
from casework.signin.factors import Held, Kind
from casework.signin.models import BrowserSession, Passkey
from casework.signin.service import OPEN
from charter.models import Function

HISTORY = 50
MEANS = {
    Kind.CODE: "code d’application",
    Kind.PASSKEY: "clé d’accès",
    Kind.RECOVERY: "code de secours",
}


class LastFactor(Exception):
    """Without this one, the passphrase alone would open the account."""


@dataclass(frozen=True)
class SignIn:
    """One line of the history of sign-ins."""

    at: str
    allowed: bool
    means: str


@dataclass(frozen=True)
class OpenSession:
    """A browser where this member is signed in."""

    identifier: str
    opened_at: datetime
    seen_at: datetime
    this_one: bool


def own(session: Session, reference: str) -> Held:
    """The member and their second factors; kept from other requests of theirs in a write."""
    member = members.by_reference(session, reference, lock=True)
    if member is None:
        raise LookupError(reference)
    return factors.held(session, member)


def functions(session: Session) -> dict[str, str]:
    """The names of the functions the commune added."""
    return {row.code: row.label for row in session.scalars(select(Function))}


def history(session: Session, reference: str) -> list[SignIn]:
    """The last sign-ins under this account, refused ones included, newest first."""
    rows = query.search(session.connection(), actor=reference, action=OPEN, limit=HISTORY)
    return [
        SignIn(row.time, row.outcome is Outcome.AUTORISE, _means(row.detail.get("facteur")))
        for row in rows
    ]


def _means(written: object) -> str:
    return MEANS[Kind(written)] if written in set(Kind) else ""


def open_sessions(rows: Iterable[BrowserSession], mine: str) -> list[OpenSession]:
    return [OpenSession(row.id, row.created_at, row.seen_at, row.id == mine) for row in rows]


def remove_passkey(session: Session, mine: Held, number: int) -> bool:
    """Forget a passkey; False if it is not one of theirs. LastFactor."""
    if number not in {row.id for row in mine.passkeys}:
        return False
    if len(mine.passkeys) == 1 and not mine.has_code:
        raise LastFactor
    session.execute(delete(Passkey).where(Passkey.id == number))
    return True


def remove_application(mine: Held, member: Member) -> None:
    """Forget the secret of the application. LastFactor."""
    if not mine.passkeys:
        raise LastFactor
    member.totp = None
