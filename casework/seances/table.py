"""Who is around the table of a séance, and in what capacity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from casework.members import service as members
from casework.seances import service
from casework.seances.models import Seance
from casework.vault.keyring import Reader
from charter import recusals, register
from charter.roles import CELL_MEMBERS, WITHOUT_KEY, Role

# The town sits more than once: its seats say which of its services speaks.
MUNICIPAL = frozenset({Role.CHEF_PM, Role.VEILLE_EDUCATIVE})


@dataclass(frozen=True)
class Seated:
    """A member convened. ``name`` is their reference for who does not hold the directory."""

    member: str
    name: str
    fonction: str
    title: str
    institution: str
    role: Role

    @property
    def service(self) -> str:
        """The institution that speaks through them."""
        return self.title if self.role in MUNICIPAL else self.institution or self.title

    @property
    def speaks(self) -> bool:
        """Whether their service is asked, situation by situation."""
        return self.role in CELL_MEMBERS


def around(session: Session, seance: Seance, reader: Reader | None = None) -> dict[str, Seated]:
    """Those convened, by reference, in order; named when ``reader`` opens the directory."""
    return _seated(session, seance.cell, service.convened_to(session, seance.id), reader)


def substitutes(
    session: Session, seance: Seance, on: date, reader: Reader | None = None
) -> dict[str, Seated]:
    """Who may replace a member: a substitute signs in their own name, so holds a mandate here."""
    convened = service.convened_to(session, seance.id)
    others = [
        member
        for member, seat in register.seats_of(session, seance.cell).items()
        if member not in convened and seat.role not in WITHOUT_KEY and seat.valid(on)
    ]
    return _seated(session, seance.cell, others, reader)


def _seated(
    session: Session, cell: str, references: Iterable[str], reader: Reader | None
) -> dict[str, Seated]:
    wanted = list(references)
    if reader is None:
        seats = register.seats_of(session, cell)
        return {
            who: Seated(who, who, "", seats[who].title, "", seats[who].role)
            for who in wanted
            if who in seats
        }
    found = members.seats(session, reader, cell, wanted)
    return {
        who: Seated(who, identity.name, identity.fonction, seat.title, institution, seat.role)
        for who, (identity, seat, institution) in sorted(found.items())
    }


def leaving(session: Session, seated: Mapping[str, Seated], situation: str) -> list[Seated]:
    """Those around the table who stepped aside from a situation: they leave the room for it."""
    gone = recusals.recused_members(session, situation)
    return [who for who in seated.values() if who.member in gone]
