"""The door of this package for the others: what a page about a séance shows of its convocations."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.mail import addresses, convening, mandated
from casework.mail.convening import Told
from casework.mail.models import SeanceAnswer
from casework.members import service as members
from casework.seances import service as seances
from casework.seances.models import Convocation, Seance
from casework.vault.keyring import Reader
from casework.web.access import Identity
from charter.actions import Action
from charter.decide import decide
from charter.subjects import Subject


@dataclass(frozen=True)
class Panel:
    """Convocations of a séance: everyone's for who convenes, one's own for who is convened."""

    lines: list[Told]
    names: dict[str, str]
    may_convoke: bool
    mine: Told | None
    past: bool

    @property
    def told(self) -> bool:
        return any(line.summons and not line.cancelled for line in self.lines)

    @property
    def outdated(self) -> bool:
        return any(line.stale for line in self.lines)


def panel(session: Session, reader: Reader, seance: Seance, who: Identity, on: date) -> Panel:
    """Names come from the directory, for who holds it."""
    subject = Subject(seance.cell, reference=seance.reference)
    may_convoke = decide(who.actor, Action.SEANCE_CONVOKE, subject, on).allowed
    convened = set(seances.convened_to(session, seance.id)) & mandated.in_cell(session, seance.cell)
    everyone = convening.table(session, seance, addresses.receiving(session, convened))
    mine = next((line for line in everyone if line.member == who.actor.reference), None)
    lines = everyone if may_convoke else []
    known = members.named(
        session, reader, [line.member for line in lines], who.keyring.compartments
    )
    return Panel(
        lines,
        {reference: person.name for reference, person in known.items()},
        may_convoke,
        mine,
        seance.held_at <= datetime.now(UTC),
    )


def answered(session: Session, seances: Collection[int]) -> dict[int, Counter[str]]:
    """How many members answered what, by séance; an answer given for another date counts no
    more."""
    found: dict[int, Counter[str]] = {}
    query = (
        select(SeanceAnswer.seance, SeanceAnswer.answer)
        .join(Seance, Seance.id == SeanceAnswer.seance)
        .join(
            Convocation,
            (Convocation.seance == Seance.id) & (Convocation.member == SeanceAnswer.member),
        )
        .where(Seance.id.in_(list(seances)), SeanceAnswer.held_at == Seance.held_at)
    )
    for seance, given in session.execute(query):
        found.setdefault(seance, Counter())[given] += 1
    return found


__all__ = ["Panel", "answered", "panel"]
