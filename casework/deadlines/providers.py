"""What has a date: each domain tells its own deadlines here, by reference and never by name."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.orientations import service as orientations
from casework.parenting import service as parenting
from casework.rappels import service as rappels
from casework.situations import service as situations
from casework.transactions import service as transactions
from casework.web.french import local


@dataclass(frozen=True)
class Deadline:
    """``day``: when it is due, or since when it waits; ``effect``: what the day itself does."""

    day: date
    cell: str
    reference: str
    what: str
    url: str
    late: bool
    effect: str = ""
    frozen: bool = False  # the processing is limited: the date runs, nothing is recorded
    verb: str = "Ouvrir"


@dataclass(frozen=True)
class Asked:
    """Whose deadlines: a cell, a day, what the reader stepped aside from, and the situations whose
    processing is limited (art. 18 RGPD)."""

    cell: str
    today: date
    aside: frozenset[str]
    frozen: frozenset[str] = frozenset()

    @property
    def without(self) -> frozenset[str]:
        """Nothing is due, by us, of what is limited: until it is lifted, nobody may act."""
        return self.aside | self.frozen


Provider = Callable[[Session, Asked], list[Deadline]]


def of_rappels(session: Session, asked: Asked) -> list[Deadline]:
    """Fiches without an answer: a reminder is due, never an agreement."""
    cell, today = asked.cell, asked.today
    days = cells.options(session, cell).reminder_days
    found = []
    for row in rappels.of_cell(session, cell, rappels.BY_PARQUET, asked.without):
        due = local(row.t1_at).date() + timedelta(days=days)
        url = url_for("rappels.show", reference=row.reference)
        what = "Rappel à l’ordre : relancer le parquet"
        found.append(Deadline(due, cell, row.reference, what, url, due < today))
    return found


WHAT = {
    transactions.COMMUNE: "Transaction : acte de la commune",
    transactions.REPONSE: "Transaction : réponse de la personne",
    transactions.AT_PARQUET: "Transaction : homologation demandée, sans délai légal",
    transactions.EXECUTION: "Transaction : à exécuter avant",
}
SILENCE = "Par l’effet de la loi, le silence vaut refus : informez le procureur."


LIMITED = (
    "Traitement limité : le délai de la loi court tout de même. Rien ne s’enregistre avant la "
    "levée de la limitation."
)


def of_transactions(session: Session, asked: Asked) -> list[Deadline]:
    """A limitation suspends no delay of criminal procedure: it is shown, and said to be limited."""
    cell, today = asked.cell, asked.today
    limited = {row.id for row in transactions.under_way(session, cell, asked.aside)} - {
        row.id for row in transactions.under_way(session, cell, asked.without)
    }
    found = []
    for row in transactions.under_way(session, cell, asked.aside):
        frozen = row.id in limited
        if frozen and row.echeance is None:
            continue
        day = row.echeance or local(row.asked_at or row.created_at).date()
        late = row.echeance is not None and day < today
        silent = late and row.attend == transactions.REPONSE
        url = url_for("transactions.show", reference=row.reference)
        effect = LIMITED if frozen else SILENCE if silent else ""
        found.append(
            Deadline(day, cell, row.reference, WHAT[row.attend], url, late, effect, frozen)
        )
    return found


def of_aides(session: Session, asked: Asked) -> list[Deadline]:
    """The nearest day of each aide parentale: nobody owes an answer, so late only means « ask »."""
    cell, today = asked.cell, asked.today
    found = []
    for row, reference in parenting.under_way(session, cell, asked.without):
        day = row.echeance or local(row.created_at).date()
        what, url = parenting.waits(row), url_for("parenting.show", reference=reference)
        late = row.echeance is not None and day < today
        found.append(Deadline(day, cell, reference, what, url, late))
    return found


def of_orientations(session: Session, asked: Asked) -> list[Deadline]:
    """Proposals without an end: nobody owes an answer, so late only means « ask »."""
    cell, today = asked.cell, asked.today
    found = []
    for one in orientations.of_cell(session, cell, asked.without, waiting=True):
        if one.row.due_on is not None:
            url = url_for("orientations.show", number=one.row.id)
            what = f"Orientation {one.label}"
            late = one.late(today)
            found.append(Deadline(one.row.due_on, cell, one.situation, what, url, late))
    return found


def of_reviews(session: Session, asked: Asked) -> list[Deadline]:
    """Situations to review: those of a month to come, and those that no séance took in time."""
    cell, today = asked.cell, asked.today
    found = []
    until = today + REVIEWED_WITHIN
    for row in situations.to_review(session, cell, until, asked.without):
        url = url_for("situations.show", reference=row.reference)
        late = row.due_on < today
        found.append(Deadline(row.due_on, cell, row.reference, "Situation à revoir", url, late))
    return found


PROVIDERS: tuple[Provider, ...] = (
    of_rappels,
    of_transactions,
    of_aides,
    of_orientations,
    of_reviews,
)
REVIEWED_WITHIN = timedelta(days=31)


def deadlines(
    session: Session,
    held: Collection[str],
    aside: Collection[str],
    today: date,
    frozen: Collection[str] = (),
) -> list[Deadline]:
    """All deadlines of these cells, oldest first; of ``frozen``, those the law keeps running."""
    found = [
        line
        for cell in held
        for provider in PROVIDERS
        for line in provider(session, Asked(cell, today, frozenset(aside), frozenset(frozen)))
    ]
    return sorted(found, key=lambda line: (line.day, line.reference))
