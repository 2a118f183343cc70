"""« Consultations qui m'attendent »: a member of the cell consulted says yes, no, or nothing."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.rappels import consultations
from casework.rappels.act_forms import OpinionForm
from casework.rights import service as rights
from casework.situations.views import in_cell
from casework.vault.keyring import Reader
from casework.web.access import (
    Identity,
    action,
    also,
    changes,
    database,
    identity,
    reader,
    require,
    today,
)
from charter import recusals
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("consultations", __name__)


def one(session: Session, who: Identity, reference: str) -> Subject:
    """About its situation's person: a déport closes it. Once concluded, it opens no more."""
    g.consultation = row = require(consultations.by_reference(session, reference))
    situation = consultations.situation_of(session, row)
    return Subject(
        cell=row.cell,
        reference=row.reference,
        recused=recusals.is_recused(session, who.actor.reference, situation.reference),
        turn=row.closed_at is None,
        frozen=rights.frozen(session, situation.id),
        situation=situation.id,
        archived=situation.archived_on is not None,
    )


@bp.get("/cellules/<cell>/consultations")
@action(Action.CONSULTATION_LIST, in_cell)
def of_cell(cell: str) -> str:
    member = identity().actor.reference
    with database().read() as session:
        aside = recusals.recused_from(session, member) | rights.frozen_in(session)
        rows = consultations.waiting(session, cell, member, aside)
    return render_template("consultations/list.html", cell=g.cell, rows=rows, today=today())


@bp.get("/consultations/<reference>")
@action(Action.CONSULTATION_READ, one)
def show(reference: str) -> str:
    return _page(reader(), _form(OpinionForm(formdata=None)))


def _form(form: OpinionForm) -> OpinionForm:
    form.avis.choices = list(consultations.OPINIONS.items())
    return form


def _page(reading: Reader, form: OpinionForm) -> str:
    with database().read() as session:
        asked = consultations.read(session, reading, [g.consultation])[0]
    mine = next((s for s in asked.said if s.member == identity().actor.reference), None)
    return render_template(
        "consultations/show.html",
        asked=asked,
        mine=mine,
        form=form,
        labels=consultations.OPINIONS,
    )


@bp.post("/consultations/<reference>")
@action(Action.CONSULTATION_ANSWER, one)
def answer(reference: str) -> Response | tuple[str, int]:
    form = _form(OpinionForm())
    if not form.validate_on_submit():
        return _page(also(Action.CONSULTATION_READ, g.subject), form), 422
    with changes() as change:
        consultations.answer(
            change.session,
            change.writer,
            g.consultation,
            change.actor,
            g.decision.mandate.title,
            form.avis.data,
        )
        change.commit()
    flash(f"Votre réponse à la consultation {reference} est enregistrée.", "succes")
    return redirect(url_for(".of_cell", cell=g.consultation.cell))
