"""The maire's and the élu's day: to sign, to hold, to decide; then the year in numbers."""

from datetime import datetime

from flask import url_for
from sqlalchemy import func, select

from casework.clock import midnight
from casework.home.lines import Desk, Line, day_of, since
from casework.information import service as information
from casework.rappels import consultations
from casework.rappels import service as rappels
from casework.rappels.models import Rappel
from casework.seances import service as seances
from casework.seances.models import Seance
from casework.seances.procedure import State
from casework.situations.models import Situation
from casework.transactions import service as transactions
from casework.web.french import clock, local, long_date


def to_sign(desk: Desk) -> list[Line]:
    """Papers of transactions that wait for the commune, with the term the law gives it."""
    found = []
    for cell in desk.cells:
        for row in transactions.under_way(desk.session, cell, desk.aside):
            if row.attend == transactions.COMMUNE:
                term = f", avant le {long_date(row.echeance)}" if row.echeance else ""
                why, endpoint = f"Transaction{term}", "transactions.show"
                found.append(_line(desk, row.reference, row.created_at, "Signer", endpoint, why))
    return found


def to_hold(desk: Desk) -> list[Line]:
    """Rappels à l'ordre the procureur lets through, and the coming séances."""
    found = []
    for cell in desk.cells:
        for row in _answered(desk, cell):
            if row.t3_at is None:
                why = "Rappel à l’ordre : le procureur a répondu"
                moment = row.t2_at or row.t1_at
                found.append(_line(desk, row.reference, moment, "Tenir", "rappels.show", why))
        for seance, _, _ in _coming(desk, cell):
            url = url_for("seances.show", reference=seance.reference)
            said = f"{long_date(local(seance.held_at).date())} à {clock(seance.held_at)}"
            day = day_of(seance.held_at)
            found.append(Line(day, seance.reference, "Lire", url, f"Séance de {cell}", said))
    return found


def to_decide(desk: Desk) -> list[Line]:
    """What is left to close, whom to consult, and what an examination waits for."""
    found = []
    for cell in desk.cells:
        for row in _answered(desk, cell):
            if row.t3_at is not None:
                why = "Rappel à l’ordre tenu, à clore"
                found.append(_line(desk, row.reference, row.t3_at, "Clore", "rappels.show", why))
        for asked, mine in consultations.waiting(desk.session, cell, desk.member, desk.aside):
            if not mine:
                found.append(consulted(desk, asked))
        for seance, _, _ in _coming(desk, cell):
            found += _blocked(desk, seance)
    return found


def _blocked(desk: Desk, seance: Seance) -> list[Line]:
    """Situations of an agenda that nobody was told about, where the charter wants it."""
    planned = {row.id: row.reference for row in seances.on_agenda(desk.session, seance.id)}
    stopped = information.blocks(desk.session, seance.cell, planned)
    day = day_of(seance.held_at)
    return [
        Line(
            day,
            reference,
            "Décider",
            url_for("information.exception_form", reference=reference),
            "Personne n’est informé : informer, ou passer outre par exception motivée",
            f"avant le {long_date(day)}",
        )
        for number, reference in planned.items()
        if number in stopped and reference not in desk.aside
    ]


def consulted(desk: Desk, row: consultations.Consultation) -> Line:
    """A consultation that waits for this member's own answer."""
    url = url_for("consultations.show", reference=row.reference)
    said = f"souhaité avant le {long_date(row.until)}"
    return Line(row.until, row.reference, "Répondre", url, "Consultation", said)


def _answered(desk: Desk, cell: str) -> list[Rappel]:
    return rappels.of_cell(desk.session, cell, rappels.BY_COMMUNE, desk.aside)


def _coming(desk: Desk, cell: str) -> list[tuple[Seance, int, int]]:
    return seances.coming(desk.session, cell, midnight(desk.today))[:1]


def _line(desk: Desk, reference: str, moment: datetime, verb: str, endpoint: str, why: str) -> Line:
    day, url = day_of(moment), url_for(endpoint, reference=reference)
    return Line(day, reference, verb, url, why, since(day, desk.today))


def year(desk: Desk) -> list[tuple[str, int]]:
    """The year's numbers, from the first of January; counted, nothing opened."""
    day = desk.today.replace(month=1, day=1)
    first = midnight(day)
    of_ours = list(desk.cells)
    asked = (
        ("Situations suivies", Situation, Situation.closed_on.is_(None)),
        ("Nouvelles situations", Situation, Situation.created_at >= first),
        ("Suivis clos", Situation, Situation.closed_on >= day),
        ("Séances tenues", Seance, (Seance.held_at >= first) & (Seance.etat == State.CLOSE.value)),
        ("Rappels à l’ordre annoncés", Rappel, Rappel.t1_at >= first),
        ("Rappels à l’ordre rendus compte", Rappel, Rappel.t3_at >= first),
    )
    counting = (
        select(func.count()).select_from(kind).where(kind.cell.in_(of_ours), one).scalar_subquery()
        for _, kind, one in asked
    )
    counts = desk.session.execute(select(*counting)).one()
    return [(label, count) for (label, _, _), count in zip(asked, counts, strict=True)]
