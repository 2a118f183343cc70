"""« Qu’est-ce qui sort de l’ordinaire ? »: the alerts of the watch, and their thresholds."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.journal.views import names_of_members
from casework.watch import service, thresholds
from casework.watch.forms import AnswerForm, ThresholdsForm
from casework.watch.models import Alert
from casework.watch.service import Answer
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
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("watch", __name__)
MOST_ANSWERED = 50


@bp.get("/journal/alertes")
@action(Action.WATCH_READ)
def show() -> str:
    with database().read() as session:
        waiting, answered = service.waiting(session), service.answered(session, MOST_ANSWERED)
        return render_template(
            "watch/list.html",
            waiting=waiting,
            answered=answered,
            notes=service.notes(session, reader(), answered),
            names=names_of_members(session, reader(), identity().keyring.compartments),
            pattern_of=service.pattern_of,
            answers={one.value: one.label for one in Answer},
        )


@bp.post("/journal/alertes")
@action(Action.WATCH_RUN)
def look() -> Response:
    """The daily look, now."""
    with changes() as change:
        raised = service.look(change.session, today())
        change.commit(alertes=len(raised))
    if raised:
        found = "1 alerte nouvelle" if len(raised) == 1 else f"{len(raised)} alertes nouvelles"
        flash(f"Le journal a été parcouru\u00a0: {found}.", "attention")
    else:
        flash("Le journal a été parcouru\u00a0: rien de nouveau ne sort de l’ordinaire.", "succes")
    return redirect(url_for(".show"))


def one(session: Session, _who: Identity, number: int) -> Subject:
    g.alert = require(service.by_id(session, number))
    return Subject(reference=f"ALERTE-{number}")


@bp.get("/journal/alertes/<int:number>")
@action(Action.WATCH_ANSWER, one)
def answer_form(number: int) -> str | Response:
    return _answer_page(AnswerForm(formdata=None), g.alert)


@bp.post("/journal/alertes/<int:number>")
@action(Action.WATCH_ANSWER, one)
def answer(number: int) -> Response | tuple[str, int] | str:
    form = AnswerForm()
    if not form.validate_on_submit():
        return _answer_page(form, g.alert), 422
    with changes() as change:
        alert = require(service.by_id(change.session, number))
        if alert.handled_at is not None:
            flash("Cette alerte a déjà reçu sa réponse\u00a0: elle est inchangée.", "attention")
            return redirect(url_for(".show"))
        given = Answer(form.reponse.data)
        service.answer(
            change.session, change.writer, alert, change.actor, given, form.note.data or ""
        )
        change.commit(reponse=given.value)
    flash("La réponse est consignée.", "succes")
    return redirect(url_for(".show"))


def _answer_page(form: AnswerForm, alert: Alert) -> str:
    reading = also(Action.WATCH_READ, g.subject)
    with database().read() as session:
        names = names_of_members(session, reading, identity().keyring.compartments)
    return render_template(
        "watch/answer.html",
        form=form,
        alert=alert,
        pattern=service.pattern_of(alert),
        who=names.get(alert.actor, alert.actor),
    )


@bp.get("/journal/alertes/reglages")
@action(Action.WATCH_SET)
def settings_form() -> str:
    with database().read() as session:
        form = ThresholdsForm(formdata=None, data=thresholds.values(session))
    return render_template("watch/settings.html", form=form, known=thresholds.THRESHOLDS)


@bp.post("/journal/alertes/reglages")
@action(Action.WATCH_SET)
def settings() -> Response | tuple[str, int]:
    form = ThresholdsForm()
    if not form.validate_on_submit():
        page = render_template("watch/settings.html", form=form, known=thresholds.THRESHOLDS)
        return page, 422
    chosen = {known.key: form[known.key].data for known in thresholds.THRESHOLDS}
    with changes() as change:
        before = thresholds.values(change.session)
        thresholds.put(change.session, chosen)
        changed = {key: value for key, value in chosen.items() if value != before[key]}
        change.commit(**changed)
    flash("Les seuils sont enregistrés.", "succes")
    return redirect(url_for(".show"))
