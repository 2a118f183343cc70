"""An urgent séance: asked by a member, answered by the coordination."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members import service as members
from casework.seances import requests, service
from casework.seances.forms import DeclineForm, RequestForm
from casework.situations.views import in_cell
from casework.web.access import (
    Identity,
    action,
    also,
    changes,
    database,
    identity,
    require,
)
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("urgences", __name__)
THANKS = "Votre demande est transmise à la coordination, scellée."
ALREADY = "Cette demande a déjà reçu une réponse."


def one(session: Session, _who: Identity, reference: str) -> Subject:
    g.asked = row = require(requests.by_reference(session, reference))
    return Subject(row.cell, reference=row.reference)


@bp.get("/cellules/<cell>/seances/urgence")
@action(Action.SEANCE_REQUEST, in_cell)
def form(cell: str) -> str:
    return _page(cell, RequestForm(formdata=None))


@bp.post("/cellules/<cell>/seances/urgence")
@action(Action.SEANCE_REQUEST, in_cell)
def ask(cell: str) -> Response | tuple[str, int]:
    typed = RequestForm()
    if not typed.validate_on_submit():
        return _page(cell, typed), 422
    with changes() as change:
        made = requests.ask(change.session, change.writer, cell, change.actor, typed.motif.data)
        change.commit(made.reference)
    flash(THANKS, "succes")
    return redirect(url_for(".form", cell=cell))


def _page(cell: str, typed: RequestForm) -> str:
    """The form, and the member's own requests with their answers."""
    reading = also(Action.SEANCE_LIST, Subject(cell))
    with database().read() as session:
        mine = requests.of_member(session, cell, identity().actor.reference)
        return render_template(
            "seances/request.html",
            form=typed,
            cell=cells.cell(session, cell),
            mine=[requests.opened(session, reading, row) for row in mine],
        )


@bp.get("/seances/demandes/<reference>")
@action(Action.SEANCE_ANSWER, one)
def show(reference: str) -> str:
    return _answer_page(DeclineForm(formdata=None))


@bp.post("/seances/demandes/<reference>/decliner")
@action(Action.SEANCE_ANSWER, one)
def decline(reference: str) -> Response | tuple[str, int]:
    typed = DeclineForm()
    if not typed.validate_on_submit():
        return _answer_page(typed), 422
    try:
        with changes() as change:
            requests.decline(
                change.session, change.writer, g.asked.id, change.actor, typed.refus.data
            )
            change.commit(etape="declinee")
    except requests.AlreadyAnswered:
        typed.form_errors.append(ALREADY)
        return _answer_page(typed), 409
    flash("La demande est déclinée ; le membre qui l’a faite lira votre raison.", "succes")
    return redirect(url_for("seances.of_cell", cell=g.asked.cell))


def _answer_page(typed: DeclineForm) -> str:
    reading = also(Action.SEANCE_LIST, Subject(g.asked.cell))
    with database().read() as session:
        held = identity().keyring.compartments
        names = members.named(session, reading, [g.asked.asked_by], held)
        known = require(requests.by_reference(session, g.asked.reference))
        return render_template(
            "seances/answer.html",
            form=typed,
            asked=requests.opened(session, reading, known),
            who=names.get(known.asked_by),
            answered=service.by_number(session, known.seance) if known.seance else None,
        )
