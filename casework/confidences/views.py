"""The maire's own pages about a situation. Nobody else is shown that they exist."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from casework.confidences import service
from casework.confidences.forms import ConfidenceForm
from casework.members.founding import found_for_roles
from casework.situations.views import one
from casework.vault import store
from casework.web.access import Identity, action, changes, database, identity, reader, require
from casework.web.forms import row_number
from charter.actions import Action
from charter.roles import Role
from charter.subjects import Subject

bp = Blueprint("confidences", __name__)


def of_one(session: Session, who: Identity, reference: str, number: str) -> Subject:
    """One piece of information is the situation's, for the charter as for the journal."""
    g.number = require(row_number(number))
    return one(session, who, reference)


@bp.get("/situations/<reference>/information-revelee")
@action(Action.CONFIDENCE_READ, one)
def show(reference: str) -> str:
    holds = service.MAIRE in identity().keyring.compartments
    with database().read() as session:
        return render_template(
            "confidences/show.html",
            situation=g.situation,
            frozen=g.subject.frozen,
            keyless=_keyless(store.is_founded(session, service.MAIRE)),
            revealed=service.of_situation(session, reader(), g.situation) if holds else [],
        )


def _keyless(founded: bool) -> bool:
    """A later maire, whom nobody has given the key yet."""
    return founded and service.MAIRE not in identity().keyring.compartments


@bp.get("/situations/<reference>/information-revelee/consigner")
@action(Action.CONFIDENCE_WRITE, one)
def form(reference: str) -> str:
    return _form_page(ConfidenceForm(formdata=None))


@bp.post("/situations/<reference>/information-revelee/consigner")
@action(Action.CONFIDENCE_WRITE, one)
def record(reference: str) -> Response | tuple[str, int]:
    asked = ConfidenceForm()
    if not asked.validate_on_submit():
        return _form_page(asked), 422
    with changes() as change:
        found_for_roles(
            change.session, change.actor, identity().unlocked.key, frozenset({Role.MAIRE})
        )
        keyring = store.keyring_of(change.session, identity().unlocked.key, change.actor)
        if service.MAIRE not in keyring.compartments:
            return _form_page(asked), 409
        service.record(change.session, keyring.writer(), g.situation, change.actor, asked.texts())
        change.commit()
    flash("L’information est consignée : seul le maire peut la lire.", "succes")
    return redirect(url_for(".show", reference=reference))


def _form_page(asked: ConfidenceForm) -> str:
    with database().read() as session:
        return render_template(
            "confidences/form.html",
            form=asked,
            situation=g.situation,
            frozen=g.subject.frozen,
            keyless=_keyless(store.is_founded(session, service.MAIRE)),
        )


@bp.post("/situations/<reference>/information-revelee/<number>/effacer")
@action(Action.CONFIDENCE_ERASE, of_one)
def erase(reference: str, number: str) -> Response:
    if service.MAIRE not in identity().keyring.compartments:
        raise NotFound  # one erases what one can read
    with changes() as change:
        found = service.erase(change.session, g.situation.id, g.number)
        if found:
            change.commit(effacees=1)
    database().empty_log()
    flash("L’information est effacée." if found else "Elle était déjà effacée.", "succes")
    return redirect(url_for(".show", reference=reference))
