"""The parquet's pages: fiches waiting, oldest first, and three clicks to answer one."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.attachments import service as attachments
from casework.cells import service as cells
from casework.rappels import acts, service
from casework.rappels.forms import AnswerForm, CarryForm
from casework.rappels.procedure import BY_PARQUET, LABELS, ForbiddenStep, State, Step, Unmet
from casework.rappels.steps import on_fiche
from casework.rappels.views import author, send_letter
from casework.situations.models import Situation
from casework.vault.keyring import Reader
from casework.web.access import (
    Identity,
    action,
    allowed,
    also,
    changes,
    database,
    reader,
    require,
    today,
)
from casework.web.french import local
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("fiches", __name__)


def one(session: Session, _who: Identity, reference: str) -> Subject:
    """A fiche is read under the parquet's mandate, which is of no cell."""
    g.rappel = rappel = require(service.by_reference(session, reference))
    situation = session.get_one(Situation, rappel.situation)
    return Subject(
        reference=rappel.reference,
        turn=rappel.attend == BY_PARQUET,
        archived=situation.archived_on is not None,
    )


@bp.get("/fiches")
@action(Action.FICHE_LIST)
def of_parquet() -> str:
    with database().read() as session:
        waiting = service.fiches(session, waiting=True)
        answered = service.fiches(session, waiting=False)
        opened = service.open_rappels(session, reader(), answered, g.decision.categories)
        return render_template(
            "fiches/list.html",
            commune=cells.setting(session, cells.COMMUNE),
            carries=allowed(Action.FICHE_CARRY),
            waiting=[(row, (today() - local(row.t1_at).date()).days) for row in waiting],
            answered=opened,
            labels=LABELS,
        )


@bp.get("/fiches/<reference>")
@action(Action.FICHE_READ, one)
def show(reference: str) -> str:
    return fiche_page(open_fiche(reader()))


def open_fiche(reading: Reader) -> service.Opened:
    with database().read() as session:
        return service.open_rappels(session, reading, [g.rappel], g.decision.categories)[0]


def fiche_page(opened: service.Opened, form: AnswerForm | None = None, **context: object) -> str:
    context.setdefault("carry_form", CarryForm(formdata=None, version=opened.row.version))
    with database().read() as session:
        return render_template(
            "fiches/show.html",
            fiche=opened,
            form=form or AnswerForm(formdata=None, version=opened.row.version),
            label=LABELS[opened.state],
            steps=on_fiche(opened),
            State=State,
            may_answer=allowed(Action.FICHE_ANSWER),
            may_carry=allowed(Action.FICHE_CARRY),
            scan=attachments.of_record(session, opened.row.id),
            Step=Step,
            commune=cells.setting(session, cells.COMMUNE),
            **context,
        )


@bp.post("/fiches/<reference>/confirmer")
@action(Action.FICHE_READ, one)
def confirm(reference: str) -> str | tuple[str, int]:
    """The second of the three clicks: say back what will be answered."""
    form = AnswerForm()
    opened = open_fiche(reader())
    if not form.validate_on_submit():
        return fiche_page(opened, form), 422
    if form.step() is None:
        return fiche_page(opened, form, no_answer=True), 422
    if form.step() is Step.REPONSE_JUDICIAIRE and (form.observation.data or "").strip():
        return fiche_page(opened, form, no_reasons=True), 422
    return fiche_page(opened, form, confirming=form.step())


@bp.post("/fiches/<reference>/repondre")
@action(Action.FICHE_ANSWER, one)
def answer(reference: str) -> Response | tuple[str, int]:
    form = AnswerForm()
    opened = open_fiche(also(Action.FICHE_READ, g.subject))
    step = form.step()
    if not form.validate_on_submit() or step is None:
        return fiche_page(opened, form, no_answer=step is None), 422
    if form.version.data != opened.row.version:
        return fiche_page(opened, form, changed=True), 409
    try:
        with changes() as change:
            observation = form.observation.data or ""
            acts.answer(change.session, change.writer, opened, step, observation, author())
            change.commit()
    except Unmet:
        return fiche_page(opened, form, no_reasons=True), 422
    except (ForbiddenStep, service.ActConflict):
        return fiche_page(open_fiche(also(Action.FICHE_READ, g.subject)), form, changed=True), 409
    flash(f"Réponse transmise pour la fiche {opened.row.reference}.", "succes")
    return redirect(url_for(".of_parquet"))


@bp.get("/fiches/<reference>/fiche.docx")
@action(Action.FICHE_EXPORT, one)
def export(reference: str) -> Response:
    return send_letter(open_fiche(reader()))
