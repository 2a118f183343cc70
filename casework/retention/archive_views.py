"""The archive of a cell: what it holds, asking to read one situation, answering."""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.members import service as members
from casework.retention import archive, service
from casework.retention.clock import Stage
from casework.retention.forms import OpeningForm
from casework.situations.views import aside, in_cell, one
from casework.web.access import (
    Identity,
    action,
    allowed,
    changes,
    database,
    identity,
    reader,
    require,
    today,
)
from casework.web.forms import row_number
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("archives", __name__)


def closed(session: Session, who: Identity, reference: str) -> Subject:
    """A situation in the archive, whose time is not over: what is withdrawn opens to nobody."""
    subject = one(session, who, reference)
    row = g.situation
    due = service.clock_of(session, row).stage(today()) is Stage.DUE
    return replace(subject, turn=row.archived_on is not None and not due)


def asked(session: Session, who: Identity, reference: str, number: str) -> Subject:
    """A request that waits, of this situation; ``person`` is who asks."""
    subject = closed(session, who, reference)
    g.opening = require(archive.by_number(session, require(row_number(number))))
    require(g.opening.situation == g.situation.id or None)
    waits = subject.turn and g.opening.decided_at is None
    return replace(subject, turn=waits, person=g.opening.member)


@bp.get("/cellules/<cell>/archives")
@action(Action.ARCHIVE_LIST, in_cell)
def of_cell(cell: str) -> str:
    with database().read() as session:
        rows = archive.archived(session, cell, aside(session))
        openings = archive.running(session, reader(), rows)
        names = members.named(
            session,
            reader(),
            {one.row.member for one in openings},
            identity().keyring.compartments,
        )
        clocks = {row.reference: service.clock_of(session, row) for row in rows}
    return render_template(
        "retention/archives.html",
        cell=g.cell,
        rows=rows,
        clocks=clocks,
        openings=openings,
        names=names,
        me=identity().actor.reference,
        may_ask=allowed(Action.ARCHIVE_REQUEST, cell),
        today=today(),
        due=Stage.DUE,
    )


@bp.get("/situations/<reference>/archive")
@action(Action.ARCHIVE_REQUEST, closed)
def form(reference: str) -> str:
    return _page(OpeningForm(formdata=None, jours=5))


@bp.post("/situations/<reference>/archive")
@action(Action.ARCHIVE_REQUEST, closed)
def ask(reference: str) -> Response | tuple[str, int]:
    typed = OpeningForm()
    if not typed.validate_on_submit():
        return _page(typed), 422
    try:
        with changes() as change:
            made = archive.ask(
                *(change.session, change.writer, g.situation, change.actor),
                *(typed.jours.data, typed.motif.data),
            )
            change.commit(motive=typed.motive, demande=str(made.id), jours=made.days)
    except archive.AlreadyAsked:
        flash("Votre demande attend déjà une réponse, ou la lecture vous est ouverte.", "attention")
        return _back()
    flash("La demande est enregistrée : une autre personne de la direction y répond.", "succes")
    return _back()


@bp.post("/situations/<reference>/archive/<number>/accorder")
@action(Action.ARCHIVE_DECIDE, asked)
def grant(reference: str, number: str) -> Response:
    return _decide(granted=True)


@bp.post("/situations/<reference>/archive/<number>/refuser")
@action(Action.ARCHIVE_DECIDE, asked)
def refuse(reference: str, number: str) -> Response:
    return _decide(granted=False)


def _decide(*, granted: bool) -> Response:
    try:
        with changes() as change:
            made = archive.answer(change.session, g.opening.id, change.actor, granted=granted)
            change.commit(demande=str(made.id), reponse="accordee" if granted else "refusee")
    except archive.Answered:
        flash("Quelqu’un d’autre y a déjà répondu.", "attention")
        return _back()
    flash("La lecture est accordée." if granted else "La lecture est refusée.", "succes")
    return _back()


def _back() -> Response:
    return redirect(url_for(".of_cell", cell=g.situation.cell))


def _page(typed: OpeningForm) -> str:
    return render_template("retention/ask.html", form=typed, situation=g.situation)
