"""« En retard » and « En attente du parquet »."""

from flask import url_for

from casework.cells import service as cells
from casework.deadlines.providers import deadlines
from casework.home.lines import Desk, Line, day_of, since
from casework.rappels import service as rappels
from casework.transactions import service as transactions


def late(desk: Desk) -> list[Line]:
    """What each domain holds for late; the parquet's silence has its own block."""
    return [
        Line(
            one.day,
            one.reference,
            one.verb,
            one.url,
            one.what,
            since(one.day, desk.today),
            late=True,
        )
        for one in deadlines(desk.session, desk.cells, desk.aside, desk.today)
        if one.late
    ]


def at_parquet(desk: Desk) -> list[Line]:
    """Fiches and homologations, with the days they have waited: never an agreement."""
    found = []
    for cell in desk.cells:
        reminder = cells.options(desk.session, cell).reminder_days
        for row in rappels.of_cell(desk.session, cell, rappels.BY_PARQUET, desk.aside):
            day = day_of(row.t1_at)
            overdue = (desk.today - day).days > reminder
            url = url_for("rappels.show", reference=row.reference)
            why = f"Fiche-navette, au-delà de {reminder} jours" if overdue else "Fiche-navette"
            verb = "Relancer" if overdue else "Ouvrir"
            said = since(day, desk.today)
            found.append(Line(day, row.reference, verb, url, why, said, overdue))
        for act in transactions.under_way(desk.session, cell, desk.aside):
            if act.attend == transactions.AT_PARQUET:
                day = day_of(act.asked_at or act.created_at)
                url = url_for("transactions.show", reference=act.reference)
                said = since(day, desk.today)
                found.append(Line(day, act.reference, "Ouvrir", url, "Homologation", said))
    return found
