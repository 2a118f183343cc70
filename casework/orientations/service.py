"""What the closed séances proposed, to whom, and what each answers at their own judgement.

« Les membres du groupe n'ont pas obligation de “faire”. Le groupe ne peut donner mandat »
(001:817): an answer is never due, and « ne donne pas suite » is one like the others.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from casework.orientations.models import OrientationAnswer
from casework.seances.models import AgendaItem, Convocation, Orientation, Seance
from casework.seances.procedure import State
from casework.situations import events
from casework.situations.events import Author
from casework.situations.happening import Happening
from casework.situations.models import Follower, Situation
from casework.vault.fields import open_row
from casework.vault.keyring import OpenRecord, Writer
from charter import register
from charter.categories import AROUND_THE_TABLE, Category
from charter.labels import Labelled
from charter.roles import CELL_MEMBERS, Role

PROPOSED, WITHDRAWN = "proposee", "retiree"
CHARTER = (
    "Les membres du groupe n’ont pas obligation de « faire ». Le groupe ne peut donner mandat."
)


class Reply(Labelled):
    """What a member says of a proposal made to their institution."""

    EN_COURS = "en_cours", "en cours"
    FAIT = "fait", "fait"
    SANS_SUITE = "sans_suite", "ne donne pas suite"


LABELS = {
    PROPOSED: "proposée, sans réponse",
    WITHDRAWN: "retirée par la séance",
    **{one.value: one.label for one in Reply},
}
OPEN = (PROPOSED, Reply.EN_COURS.value)
# A seat of the commune's own making is an institution only to itself.
INSTITUTIONS = frozenset(CELL_MEMBERS) - {Role.MEMBRE}


class Withdrawn(Exception):
    """The séance took this proposal back."""


@dataclass(frozen=True)
class Proposed:
    """A proposal of a closed séance, in what is said of it without opening anything."""

    row: Orientation
    situation: str
    seance: str
    held_at: datetime

    @property
    def label(self) -> str:
        return LABELS[self.row.etat]

    @property
    def waits(self) -> bool:
        return self.row.etat in OPEN

    def late(self, on: date) -> bool:
        return self.waits and self.row.due_on is not None and self.row.due_on < on


@dataclass(frozen=True)
class Answered:
    """One answer, opened."""

    reply: Reply
    mot: str
    at: datetime
    author: str
    role: str


class Seats:
    """Who represents whom in a cell, today."""

    def __init__(self, session: Session, cell: str, on: date) -> None:
        self._seats = register.seats_of(session, cell)
        self._on = on

    def holders(self, member: str | None) -> frozenset[str]:
        """Who answers for the one it was proposed to: themselves, and whoever sits for the same
        institution. Nobody: the coordination follows it."""
        named = self._seats.get(member or "")
        if named is None:
            return frozenset()
        return frozenset(
            who
            for who, seat in self._seats.items()
            if seat.valid(self._on)
            and (who == member or (seat.role is named.role and seat.role in INSTITUTIONS))
        )


MADE = (
    select(Orientation, Situation.reference, Seance.reference.label("seance"), Seance.held_at)
    .join(Situation, Situation.id == Orientation.situation)
    .join(Seance, Seance.id == Orientation.seance)
    .where(Seance.etat == State.CLOSE.value, Situation.archived_on.is_(None))
    .order_by(Orientation.due_on.is_(None), Orientation.due_on, Orientation.id)
)


def of_cell(
    session: Session, cell: str, aside: Collection[str] = (), *, waiting: bool | None = None
) -> list[Proposed]:
    """What the closed séances of a cell proposed, first due first; without the situations of
    ``aside``. ``waiting``: only those that wait for something, or only the others."""
    query = MADE.where(Orientation.cell == cell, Situation.reference.not_in(list(aside)))
    if waiting is not None:
        here = Orientation.etat.in_(OPEN) & Situation.closed_on.is_(None)
        query = query.where(here if waiting else ~here)
    return [Proposed(*row) for row in session.execute(query)]


def to_member(
    session: Session, cell: str, member: str, aside: Collection[str], on: date
) -> list[Proposed]:
    """Those proposed to a member or their institution, among situations they may read: a séance
    convenes them to it, they follow it, or they brought it. The charter decides again when one is
    opened."""
    convened = exists().where(
        AgendaItem.situation == Situation.id,
        Convocation.seance == AgendaItem.seance,
        Convocation.member == member,
        select(Seance.id)
        .where(Seance.id == AgendaItem.seance, Seance.etat != State.ANNULEE.value)
        .exists(),
    )
    follows = exists().where(Follower.situation == Situation.id, Follower.member == member)
    query = MADE.where(Orientation.cell == cell, Situation.reference.not_in(list(aside))).where(
        or_(convened, follows, Situation.created_by == member)
    )
    seats = Seats(session, cell, on)
    found = [Proposed(*row) for row in session.execute(query)]
    return [one for one in found if member in seats.holders(one.row.member)]


def by_number(session: Session, number: int) -> Proposed | None:
    row = session.execute(MADE.where(Orientation.id == number)).first()
    return Proposed(*row) if row else None


def is_turn(seats: Seats, orientation: Orientation, member: str, *, coordinates: bool) -> bool:
    """May this person answer? Those it was proposed to; the coordination, when it is nobody's."""
    if orientation.etat == WITHDRAWN:
        return False
    holders = seats.holders(orientation.member)
    return member in holders or (coordinates and not holders)


def answer(
    session: Session,
    writer: Writer,
    situation: Situation,
    number: int,
    by: Author,
    reply: Reply,
    mot: str,
) -> OrientationAnswer:
    """Say what became of it; a new answer is added to those before. Withdrawn."""
    query = select(Orientation).where(Orientation.id == number).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one()
    if row.etat == WITHDRAWN:
        raise Withdrawn
    row.etat = reply.value
    texts = {"mot": mot}
    return events.add(
        *(session, writer, situation, OrientationAnswer, by, texts),
        orientation=row.id,
        etat=reply.value,
    )


def words(record: OpenRecord, orientation: Orientation) -> dict[str, str]:
    """What was proposed, opened: the suite's code, the institution, a precision."""
    return open_row(record, orientation, AROUND_THE_TABLE)


def answers(session: Session, record: OpenRecord, situation: int) -> dict[int, list[Answered]]:
    """Every answer about a situation, oldest first, by orientation."""
    found: dict[int, list[Answered]] = {}
    for row in events.of(session, OrientationAnswer, situation):
        mot = open_row(record, row, AROUND_THE_TABLE)["mot"]
        said = Answered(Reply(row.etat), mot, row.created_at, row.created_by, row.created_as)
        found.setdefault(row.orientation, []).append(said)
    return found


def of_situation(session: Session, situation: int) -> list[Orientation]:
    """What closed séances proposed for a situation, and was not taken back."""
    query = MADE.where(Orientation.situation == situation, Orientation.etat != WITHDRAWN)
    return [row[0] for row in session.execute(query)]


def happenings(
    session: Session,
    record: OpenRecord,
    situation: int,
    categories: Collection[str],
    suites: Mapping[int, str],
) -> Iterable[Happening]:
    """The story's lines, for whom reads orientations: around the table, and the direction."""
    if Category.ORIENTATION not in categories:
        return []
    rows = {row.id: row for row in of_situation(session, situation)}
    return [
        Happening(
            said.at,
            "Orientation",
            f"{suites.get(int(words(record, rows[number])['suite'] or 0), 'Orientation')} : "
            f"{said.reply.label}",
            "",
            said.author,
            said.role,
            said.mot,
        )
        for number, given in answers(session, record, situation).items()
        if number in rows
        for said in given
    ]
