"""Another saisine about someone the cell follows already: its page, from the situation, or sent by
the page of a new saisine that finds the person known."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.situations import further
from casework.situations.forms import FurtherForm
from casework.situations.views import acting, one
from casework.web.access import action, changes, database, today
from charter.actions import Action

bp = Blueprint("further", __name__)


@bp.get("/situations/<reference>/saisine")
@action(Action.SITUATION_EDIT, one)
def form(reference: str) -> Response | str:
    if g.situation.closed_on is not None:
        return _ended()
    return _page(FurtherForm(formdata=None, saisine=today()))


@bp.post("/situations/<reference>/saisine")
@action(Action.SITUATION_EDIT, one)
def add(reference: str) -> Response | tuple[str, int]:
    """Nothing of the situation is opened: the words go in."""
    asked = FurtherForm()
    with database().read() as session:
        asked.fill_choices(session, g.situation.cell)
    if not asked.validate_on_submit():
        return _page(asked), 422
    try:
        with changes() as change:
            further.join(change.session, change.writer, reference, acting(), asked.entry())
            change.commit(saisine="jointe")
    except further.Ended:
        return _ended()
    flash("La saisine est jointe à la situation : elle se lit dans « Les faits ».", "succes")
    return redirect(url_for("situations.show", reference=reference))


def _ended() -> Response:
    flash(further.ENDED, "attention")
    return redirect(url_for("situations.show", reference=g.situation.reference))


def _page(asked: FurtherForm) -> str:
    with database().read() as session:
        asked.fill_choices(session, g.situation.cell)
    return render_template("situations/further.html", form=asked, situation=g.situation)
