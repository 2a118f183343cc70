"""Pages that end a follow-up, and that reopen it."""

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.closure import service
from casework.closure.forms import CloseForm, ReopenForm
from casework.retention import service as retention
from casework.retention.clock import LAST_BIRTHDAY
from casework.situations.service import EditConflict, Opened, Situation
from casework.situations.views import acting, back, one, opened_now
from casework.web.access import Change, action, changes, database, require, today
from charter.actions import Action

bp = Blueprint("closure", __name__)


@bp.get("/situations/<reference>/cloture")
@action(Action.SITUATION_CLOSE, one)
def close_form(reference: str) -> Response | str:
    if g.situation.closed_on is not None:
        return _already("Le suivi est déjà clos.")
    form = CloseForm(formdata=None, le=today(), version=g.situation.version)
    with database().read() as session:
        waits = service.under_way(session, g.situation.id)
    return _close_page(form, waits=waits)


@bp.post("/situations/<reference>/cloture")
@action(Action.SITUATION_CLOSE, one)
def close(reference: str) -> Response | tuple[str, int]:
    form = CloseForm()

    def act(change: Change, opened: Opened) -> Situation:
        return service.close(
            change.session,
            change.writer,
            opened.row.id,
            form.version.data or 0,
            opened.facets,
            acting(),
            form.resultat.data,
            form.le.data,
            form.motif.data or "",
        )

    return _turn(form, act, _close_page, "Le suivi est clos.")


@bp.get("/situations/<reference>/reouverture")
@action(Action.SITUATION_REOPEN, one)
def reopen_form(reference: str) -> Response | str:
    if g.situation.closed_on is None:
        return _already("Le suivi n’est pas clos.")
    form = ReopenForm(formdata=None, le=today(), version=g.situation.version)
    return _reopen_page(form)


@bp.post("/situations/<reference>/reouverture")
@action(Action.SITUATION_REOPEN, one)
def reopen(reference: str) -> Response | tuple[str, int]:
    form = ReopenForm()
    form.began = g.situation.closed_on

    def act(change: Change, opened: Opened) -> Situation:
        return service.reopen(
            change.session,
            change.writer,
            opened.row.id,
            form.version.data or 0,
            opened.facets,
            acting(),
            form.le.data,
            form.motif.data,
        )

    return _turn(form, act, _reopen_page, "Le suivi est rouvert.")


def _turn(
    form: CloseForm | ReopenForm,
    act: Callable[[Change, Opened], Situation],
    page: Callable[..., str],
    done: str,
) -> Response | tuple[str, int]:
    with database().read() as session:
        opened = opened_now(session)
        if isinstance(form, CloseForm):
            form.fill_choices(session)
            form.began = opened.facets.saisine
    if not form.validate_on_submit():
        return page(form), 422
    try:
        with changes() as change:
            act(change, opened)
            change.commit(motive=form.motive)
    except (service.AlreadyClosed, service.NotClosed):
        return _already("Quelqu’un d’autre l’a déjà fait.")
    except service.UnderWay as waits:
        return page(form, waits=waits), 409
    except EditConflict as conflict:
        form.version.raw_data = None
        form.version.data = conflict.current.version
        return page(form, changed=True), 409
    flash(done, "succes")
    return redirect(back(g.situation.reference))


def _already(sentence: str) -> Response:
    flash(sentence, "attention")
    return redirect(url_for("situations.show", reference=g.situation.reference))


def _close_page(form: CloseForm, **context: object) -> str:
    with database().read() as session:
        form.fill_choices(session)
        rules = retention.rules(session, g.situation.cell)
    return render_template(
        "closure/close.html",
        form=form,
        situation=g.situation,
        rules=rules,
        back=back(g.situation.reference),
        birthday=LAST_BIRTHDAY,
        **context,
    )


def _reopen_page(form: ReopenForm, **context: object) -> str:
    situation = require(g.situation)
    return render_template("closure/reopen.html", form=form, situation=situation, **context)
