"""A minor in danger: one page from any situation, and its letter (art. L.226-2-1 CASF)."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.danger import letter as document
from casework.danger import service
from casework.danger.forms import DangerForm
from casework.papers.printing import printed, sent
from casework.situations import events
from casework.situations import service as situations
from casework.situations.views import acting, one, one_numbered, opened_now
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

bp = Blueprint("danger", __name__)


@bp.get("/situations/<reference>/danger")
@action(Action.DANGER_RECORD, one)
def form(reference: str) -> str:
    asked = DangerForm(formdata=None, transmise_le=today())
    with database().read() as session:
        asked.fill_choices(session)
        opened = opened_now(session)
        asked.elements.data = opened.texts["recit"]
    return _form_page(asked, adults=not service.minors(opened.concerned, today()))


@bp.post("/situations/<reference>/danger")
@action(Action.DANGER_RECORD, one)
def record(reference: str) -> Response | tuple[str, int]:
    asked = DangerForm()
    with database().read() as session:
        asked.fill_choices(session)
        if not asked.validate_on_submit():
            return _form_page(asked), 422
        children = service.minors(opened_now(session).concerned, today())
    if not children:
        return _form_page(asked, adults=True), 409
    names = [f"{known.texts['prenoms']} {known.texts['nom']}" for known in children]
    texts = asked.texts() | {"personnes": ", ".join(names)}
    with changes() as change:
        service.record(change.session, change.writer, g.situation, acting(), texts)
        change.commit()
    flash("La transmission est consignée. Le courrier est prêt à signer.", "succes")
    return redirect(url_for("situations.show", reference=reference))


def _form_page(asked: DangerForm, *, adults: bool = False) -> str:
    return render_template("danger/form.html", form=asked, situation=g.situation, adults=adults)


@bp.get("/situations/<reference>/danger/<number>/information.docx")
@action(Action.DANGER_EXPORT, one_numbered)
def export(reference: str, number: str) -> Response:
    situation = g.situation
    with database().read() as session:
        reading = reader()
        record = events.opened(session, reading, situation)
        told = service.of_situation(session, record, situation.id, EVERYTHING)
        notice = require(next((one for one in told if one.id == g.number), None))
        opened = situations.open_situation(session, reading, situation, EVERYTHING)
        values = document.values(
            minors=[known.texts for known in service.minors(opened.concerned, notice.sent_on)],
            family=opened.representants,
            links=cells.labels(session, "lien"),
            elements=notice.texts["elements"],
            signed_by=signature(g.decision),
        )
        made = printed(session, document.MODEL, situation.reference, notice.sent_on, [values])
    return sent(made, f"mineur-en-danger-{situation.reference}")
