"""Who may sign for the mairie: the maire, and each delegate with the arrêté of their mandate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.members import service
from casework.vault.keyring import Reader
from casework.web.french import long_date
from charter.models import MandateRow
from charter.roles import Role

SIGN = (Role.MAIRE, Role.ELU_DELEGUE)


@dataclass(frozen=True)
class Signatory:
    """A mandate of the mairie; ``acte`` is the arrêté that delegates, empty for the maire."""

    number: int
    member: str
    name: str
    role: Role
    starts: date
    ends: date | None
    acte: str

    @property
    def signed(self) -> str:
        """How a paper names them: « Samir Haddouche, élu délégué »."""
        return f"{self.name}, {self.role.label[:1].lower()}{self.role.label[1:]}"

    def label(self, on: date) -> str:
        """The same for whoever chooses, with what there is to know."""
        told = self.signed + (f" ({self.acte})" if self.acte else "")
        ended = self.ends is not None and self.ends < on
        return f"{told}, mandat terminé le {long_date(self.ends)}" if ended else told

    def held(self, on: date) -> bool:
        """Was the mandate in force that day?"""
        return self.starts <= on and (self.ends is None or on <= self.ends)


def of_cell(
    session: Session, reader: Reader, cell: str, held: Collection[str], on: date
) -> list[Signatory]:
    """The maire first; nobody for whoever does not hold the directory: they write the name."""
    if service.DIRECTORY not in held:
        return []
    rows = session.scalars(
        select(MandateRow)
        .where(MandateRow.cell == cell, MandateRow.role.in_(SIGN))
        .where(MandateRow.starts <= on, MandateRow.excluded_at.is_(None))
        .order_by(MandateRow.id)
    ).all()
    names = service.named(session, reader, [row.member for row in rows], held)
    words = service.details(session, reader, [row.id for row in rows])
    found = [
        Signatory(
            row.id,
            row.member,
            names[row.member].name,
            row.role,
            row.starts,
            row.ends,
            words.get(row.id, ("", ""))[1] if row.role is Role.ELU_DELEGUE else "",
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: SIGN.index(one.role))
