"""Pages of the information of the persons, and its letter."""

from flask import Blueprint, flash, g, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.information import letter as document
from casework.information import service
from casework.information.forms import ExceptionForm, InformationForm
from casework.papers.printing import printed, sent
from casework.retention import service as retention
from casework.situations import events
from casework.situations import service as situations
from casework.situations.views import acting, back, one, one_numbered, opened_now
from casework.web.access import (
    action,
    changes,
    database,
    reader,
    require,
    signature,
    today,
)
from charter.actions import Action
from charter.categories import EVERYTHING

bp = Blueprint("information", __name__)


@bp.get("/situations/<reference>/information")
@action(Action.INFORMATION_RECORD, one)
def form(reference: str) -> str:
    asked = InformationForm(formdata=None, faite_le=today())
    with database().read() as session:
        asked.offer(session, opened_now(session).persons)
        return _form_page(session, asked)


@bp.post("/situations/<reference>/information")
@action(Action.INFORMATION_RECORD, one)
def record(reference: str) -> Response | tuple[str, int]:
    asked = InformationForm()
    with database().read() as session:
        asked.offer(session, opened_now(session).persons)
        if not asked.validate_on_submit():
            return _form_page(session, asked), 422
    with changes() as change:
        service.record(change.session, change.writer, g.situation, acting(), asked.texts())
        change.commit()
    flash("L’information est consignée. La lettre est prête à signer.", "succes")
    return redirect(back(reference))


def _form_page(session: Session, asked: InformationForm) -> str:
    return render_template(
        "information/form.html",
        form=asked,
        situation=g.situation,
        back=back(g.situation.reference),
        blocks=service.blocks(session, g.situation.cell, [g.situation.id]),
    )


@bp.get("/situations/<reference>/information/exception")
@action(Action.INFORMATION_EXCEPT, one)
def exception_form(reference: str) -> str:
    return _exception_page(ExceptionForm(formdata=None))


@bp.post("/situations/<reference>/information/exception")
@action(Action.INFORMATION_EXCEPT, one)
def make_exception(reference: str) -> Response | tuple[str, int]:
    asked = ExceptionForm()
    if not asked.validate_on_submit():
        return _exception_page(asked), 422
    with changes() as change:
        service.make_exception(
            change.session, change.writer, g.situation, acting(), asked.motif.data
        )
        change.commit(information=service.EXCEPTION, motive=asked.motive)
    flash("L’exception est consignée, avec son motif.", "succes")
    return redirect(back(reference))


def _exception_page(asked: ExceptionForm) -> str:
    return render_template(
        "information/exception.html",
        form=asked,
        situation=g.situation,
        back=back(g.situation.reference),
    )


@bp.get("/situations/<reference>/information/<number>/lettre.docx")
@action(Action.INFORMATION_EXPORT, one_numbered)
def export(reference: str, number: str) -> Response:
    """The letter, ready to sign; its file name is the reference, which names nobody."""
    situation = g.situation
    with database().read() as session:
        reading = reader()
        record = events.opened(session, reading, situation)
        told = service.of_situation(session, record, situation.id, EVERYTHING)
        found = require(next((one for one in told if one.id == g.number), None))
        require(found.day)
        opened = situations.open_situation(session, reading, situation, EVERYTHING)
        cell = cells.cell(session, situation.cell)
        values = document.values(
            cell=cell.name if cell else situation.cell,
            recipient=found.texts["nom"],
            address=found.texts["adresse"],
            persons=[
                f"{known.texts['prenoms']} {known.texts['nom']}" for known in opened.concerned
            ],
            to_self=found.texts["destinataire"] == service.SELF,
            signed_by=signature(g.decision),
            months=retention.months_kept(session, situation.cell),
        )
        made = printed(session, document.MODEL, situation.reference, found.day, [values])
    return sent(made, f"information-{situation.reference}")
