"""« Prochaine séance »: when, what is on the agenda, who answered; and when the next one is due."""

from dataclasses import dataclass

from flask import url_for

from casework.clock import midnight
from casework.home.lines import Desk, Line, counted, day_of
from casework.mail import service as mail
from casework.mail.convening import Answer
from casework.seances import service as seances
from casework.web.french import clock, local, long_date


@dataclass(frozen=True)
class Owed:
    """A cell that has nothing planned: by when its cadence wants a séance."""

    cell: str
    url: str
    sentence: str
    late: bool


def coming(desk: Desk) -> tuple[list[Line], list[Owed]]:
    """The next séance of each cell; for a cell without one, by when it should meet."""
    start = midnight(desk.today)
    planned = {cell: seances.coming(desk.session, cell, start)[:1] for cell in desk.cells}
    held = [seance.id for found in planned.values() for seance, _, _ in found]
    answered = mail.answered(desk.session, held)
    lines, owed = [], []
    for cell, found in planned.items():
        for seance, agenda, convened in found:
            given = answered.get(seance.id, {})
            present, excused = given.get(Answer.PRESENT, 0), given.get(Answer.EXCUSE, 0)
            silent = max(0, convened - present - excused)
            reason = (
                f"{cell}, {counted(agenda, 'situation')} à l’ordre du jour. "
                f"{counted(present, 'présent')}, {counted(excused, 'excusé')}, "
                f"{silent} sans réponse."
            )
            said = f"{long_date(local(seance.held_at).date())} à {clock(seance.held_at)}"
            url = url_for("seances.show", reference=seance.reference)
            day = day_of(seance.held_at)
            lines.append(Line(day, seance.reference, "Préparer", url, reason, said))
        if not found:
            owed.append(_owed(desk, cell))
    return lines, owed


def _owed(desk: Desk, cell: str) -> Owed:
    url = url_for("preparation.new", cell=cell)
    due = seances.due_by(desk.session, cell)
    if due is None:
        return Owed(cell, url, "Aucune séance prévue.", late=False)
    sentence = f"Aucune séance prévue. D’après sa cadence, elle est due le {long_date(due)}."
    return Owed(cell, url, sentence, late=due < desk.today)
