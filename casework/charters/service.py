"""Whom a new charter stops, and what the sheets of signatures say."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.documents.signatures import Absent, Signed
from casework.members import service as members
from casework.situations.models import Situation
from casework.vault.keyring import Reader
from casework.web.french import moment
from casework.web.journal import leaves
from charter import publications, register
from charter.changes import Change, changes
from charter.models import CharterText, Signature
from charter.roles import WITHOUT_KEY, Role
from charter.wording import Kind, render


def stopped(session: Session, cell: str, on: date) -> list[tuple[str, int]]:
    """Who must sign a new version before anything opens again: how many, by role."""
    count = Counter(publications.seats(session, cell, on).values())
    return [(role.label, count[role]) for role in Role if count[role] and role not in WITHOUT_KEY]


def situations_kept(session: Session, cell: str) -> int:
    """How many situations a charter of the 2010 type would close; it destroys none."""
    query = select(func.count()).select_from(Situation).where(Situation.cell == cell)
    return session.scalar(query) or 0


def title_of(text: CharterText) -> str:
    """The first heading of a text, which is its title."""
    headings = (block.text for block in render(text.body) if block.kind is Kind.HEADING)
    return next(headings, "Charte de déontologie")


def version_of(session: Session, cell: str, version: int) -> CharterText | None:
    query = select(CharterText).filter_by(cell=cell, version=version)
    return session.scalars(query).first()


def last_signed(session: Session, cell: str, member: str) -> CharterText | None:
    """The newest version a member signed, whether or not it is in force."""
    found = publications.signatures_of(session, cell, member)
    return version_of(session, cell, found[0].version) if found else None


def since_signed(old: CharterText | None, text: CharterText | None) -> list[Change] | None:
    """What changed since the version signed; None when there is nothing to compare."""
    if old is None or text is None or old.version >= text.version:
        return None
    return changes(old.body, text.body)


def signed_lines(
    session: Session, reader: Reader, cell: str, signatures: Iterable[Signature]
) -> list[Signed]:
    """Signatures as the sheets print them, with names for a holder of the directory."""
    found = list(signatures)
    texts = {text.version: text for text in publications.versions(session, cell)}
    seats = _seats(session, reader, cell, {one.member for one in found})
    known = leaves(session, (one.entry for one in found if one.entry is not None))
    return [
        Signed(
            who=seats[one.member],
            role=seats[one.member].role,
            title=title_of(texts[one.version]),
            version=one.version,
            digest=one.digest,
            at=moment(one.signed_at),
            entry=one.entry,
            leaf=known.get(one.entry, "") if one.entry is not None else "",
        )
        for one in found
    ]


def absent_lines(session: Session, reader: Reader, cell: str, on: date) -> list[Absent]:
    """Who sits in the cell without having signed the version in force."""
    missing = publications.unsigned(session, cell, on)
    seats = _seats(session, reader, cell, missing.keys())
    return [Absent(who=seats[who], role=seats[who].role) for who in missing]


@dataclass(frozen=True)
class Seat:
    """A member as a sheet names them: the institution is that of their mandate in this cell."""

    name: str
    fonction: str
    institution: str
    role: str


def _seats(
    session: Session, reader: Reader, cell: str, references: Iterable[str]
) -> dict[str, Seat]:
    wanted = set(references)
    rows = [row for row in members.everyone(session) if row.reference in wanted]
    names = members.identities(session, reader, rows)
    mandates = register.seats_of(session, cell)
    words = members.details(session, reader, (mandates[who].number for who in names))
    return {
        who: Seat(
            identity.name,
            identity.fonction,
            words.get(mandates[who].number, ("", ""))[0],
            mandates[who].title,
        )
        for who, identity in names.items()
    }
