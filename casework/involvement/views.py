"""The page of the services already there."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.involvement import service
from casework.involvement.forms import InvolvementForm
from casework.situations import events
from casework.situations.service import EditConflict
from casework.situations.views import one
from casework.web.access import action, also, changes, database
from charter.actions import Action
from charter.categories import EVERYTHING

bp = Blueprint("involvement", __name__)


@bp.get("/situations/<reference>/services")
@action(Action.SITUATION_EDIT, one)
def form(reference: str) -> str:
    asked = InvolvementForm(formdata=None, version=g.situation.version)
    asked.show(_known())
    return _page(asked)


def _known() -> service.Involved:
    reading = also(Action.SITUATION_READ, g.subject)
    with database().read() as session:
        record = events.opened(session, reading, g.situation)
        return service.of_situation(session, record, g.situation.id, EVERYTHING)


@bp.post("/situations/<reference>/services")
@action(Action.SITUATION_EDIT, one)
def save(reference: str) -> Response | tuple[str, int]:
    asked = InvolvementForm()
    with database().read() as session:
        asked.fill_choices(session)
    if not asked.validate_on_submit():
        return _page(asked), 422
    try:
        with changes() as change:
            service.save(
                change.session,
                change.writer,
                g.situation.id,
                asked.version.data or 0,
                change.actor,
                asked.involved(),
            )
            change.commit()
    except EditConflict as conflict:
        asked.version.raw_data = None
        asked.version.data = conflict.current.version
        return _page(asked, theirs=_known()), 409
    flash("Les services et les démarches sont enregistrés.", "succes")
    return redirect(url_for("situations.show", reference=reference))


def _page(asked: InvolvementForm, theirs: service.Involved | None = None) -> str:
    with database().read() as session:
        asked.fill_choices(session)
        labels = dict(asked.presents.choices)
    return render_template(
        "involvement/form.html", form=asked, situation=g.situation, theirs=theirs, labels=labels
    )
