"""The parquet's desk beside the fiches: who is away, and the year's activity."""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.clock import midnight
from casework.rappels import absences, service
from casework.rappels.act_forms import AbsenceForm
from casework.rappels.models import Rappel
from casework.rappels.procedure import State
from casework.vault.keyring import Reader
from casework.web.access import action, allowed, changes, database, identity, reader, require, today
from charter.actions import Action

bp = Blueprint("permanence", __name__)


@dataclass(frozen=True)
class Activity:
    """A year's fiches, counted: nothing in it is about a person."""

    year: int
    received: int
    waiting: int
    possible: int
    judicial: int
    reported: int

    @property
    def rows(self) -> list[tuple[str, int]]:
        return [
            ("Fiches reçues (temps 1)", self.received),
            ("En attente de réponse", self.waiting),
            ("Réponses « peut avoir lieu »", self.possible),
            ("Réponses « traitement judiciaire »", self.judicial),
            ("Comptes rendus reçus (temps 3)", self.reported),
        ]


def activity(session: Session, reading: Reader, year: int) -> Activity:
    """Counted from the fiches themselves, by the year they were received."""
    begins, ends = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    query = select(Rappel).where(Rappel.t1_at >= begins, Rappel.t1_at < ends)
    rows = list(session.scalars(query))
    states = Counter(one.state for one in service.open_rappels(session, reading, rows, ()))
    answered = len(rows) - states[State.ANNONCE]
    return Activity(
        year=year,
        received=len(rows),
        waiting=states[State.ANNONCE],
        possible=answered - states[State.JUDICIAIRE],
        judicial=states[State.JUDICIAIRE],
        reported=sum(row.t3_at is not None for row in rows),
    )


def _year() -> int:
    asked = request.args.get("annee", today().year, type=int)
    return asked if 2000 <= asked <= today().year else today().year


@bp.get("/fiches/activite")
@action(Action.ACTIVITY_READ)
def activity_page() -> str:
    with database().read() as session:
        return render_template(
            "fiches/activity.html",
            activity=activity(session, reader(), _year()),
            years=range(today().year, today().year - 5, -1),
            commune=cells.setting(session, cells.COMMUNE),
        )


@bp.get("/fiches/activite.csv")
@action(Action.ACTIVITY_EXPORT)
def activity_export() -> Response:
    with database().read() as session:
        counted = activity(session, reader(), _year())
        commune = cells.setting(session, cells.COMMUNE)
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["Commune", "Année", "Rubrique", "Nombre"])
    writer.writerows([commune, counted.year, label, number] for label, number in counted.rows)
    content = BytesIO(text.getvalue().encode("utf-8-sig"))  # as spreadsheets expect it
    name = f"activite-parquet-{counted.year}.csv"
    return send_file(content, mimetype="text/csv", as_attachment=True, download_name=name)


@bp.get("/fiches/permanence")
@action(Action.FICHE_LIST)
def show() -> str:
    return _page(AbsenceForm(formdata=None))


def _page(form: AbsenceForm) -> str:
    me = identity().actor.reference
    with database().read() as session:
        duty = absences.on_duty(session, today())
        return render_template(
            "fiches/permanence.html",
            form=form,
            mine=absences.coming(session, me, today()),
            here=me in duty,
            others=len(duty - {me}),
            declares=allowed(Action.FICHE_ABSENCE),
        )


@bp.post("/fiches/permanence")
@action(Action.FICHE_ABSENCE)
def declare() -> Response | tuple[str, int]:
    form = AbsenceForm()
    if not form.validate_on_submit():
        return _page(form), 422
    with changes() as change:
        absences.declare(change.session, change.actor, form.du.data, form.au.data)
        change.commit()
    flash("Votre absence est enregistrée.", "succes")
    return redirect(url_for(".show"))


@bp.post("/fiches/permanence/<int:number>/annuler")
@action(Action.FICHE_ABSENCE)
def cancel(number: int) -> Response:
    with changes() as change:
        require(absences.cancel(change.session, change.actor, number) or None)
        change.commit()
    return redirect(url_for(".show"))
