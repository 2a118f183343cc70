"""Who holds the key of a compartment, who still may, and until when.

The charter already refuses a member whose mandate has ended; the key they hold goes away when it is
renewed, for those alone whose mandate goes on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.members import service
from casework.members.founding import OUTSIDE_CELLS
from casework.members.models import Member
from casework.members.public_keys import public_key_of
from casework.vault import store
from casework.vault.keypair import PublicKey
from casework.vault.keyring import Reader
from charter import register
from charter.models import MandateRow
from charter.roles import WITHOUT_KEY, Role


@dataclass(frozen=True)
class Holder:
    """Someone who holds the key of a compartment."""

    reference: str
    name: str
    role: str
    since: datetime
    stays: bool
    suspended: bool
    ended: date | None  # last day of a mandate that is over


def opens(code: str, mandate: MandateRow) -> bool:
    """Is this a mandate for that compartment, whatever its dates?"""
    if code == service.DIRECTORY:
        return True
    if code in OUTSIDE_CELLS:
        return mandate.role in OUTSIDE_CELLS[code]
    return mandate.cell == code and mandate.role not in WITHOUT_KEY


def lasting(mandates: Iterable[MandateRow], code: str, on: date) -> list[MandateRow]:
    """Mandates that open a compartment and have not ended. Exclusion ends all those of a cell."""
    rows = list(mandates)
    closed = {row.cell for row in rows if row.excluded_at is not None}
    return [
        row
        for row in rows
        if opens(code, row) and row.cell not in closed and (row.ends is None or on <= row.ends)
    ]


def staying(session: Session, code: str, on: date) -> dict[str, PublicKey]:
    """Holders of a compartment's key whom a renewal grants the next one. IntegrityError when the
    public key of one of them is not the one they made."""
    held = Member.reference.in_(list(store.held_since(session, code)))
    active = Member.closed_at.is_(None) & Member.suspended_at.is_(None)
    members = session.scalars(select(Member).where(held, active))
    lasts = [m for m in members if lasting(register.mandates_of(session, m.reference), code, on)]
    keys = {member.reference: public_key_of(session, member) for member in lasts}
    return {reference: public for reference, public in keys.items() if public}


def leaving(session: Session, code: str, on: date) -> set[str]:
    """Members who hold the key of a compartment although their mandate is over."""
    return store.held_since(session, code).keys() - staying(session, code, on).keys()


def holders(session: Session, reader: Reader, code: str, on: date) -> list[Holder]:
    """Everyone who holds the key: first those who should not any more, then the oldest."""
    since = store.held_since(session, code)
    rows = session.scalars(select(Member).where(Member.reference.in_(list(since)))).all()
    stopped = {row.reference for row in rows if row.suspended_at is not None}
    names = service.identities(session, reader, rows)
    stay = staying(session, code, on)
    found = []
    for member, moment in since.items():
        mandates = [m for m in register.mandates_of(session, member) if opens(code, m)]
        last = max(mandates, key=lambda m: m.ends or date.max, default=None)
        found.append(
            Holder(
                reference=member,
                name=names[member].name if member in names else member,
                role=Role(last.role).label if last else "",
                since=moment,
                stays=member in stay,
                suspended=member in stopped,
                ended=last.ends if last and member not in stay else None,
            )
        )
    return sorted(found, key=lambda holder: (holder.stays, holder.since, holder.reference))
