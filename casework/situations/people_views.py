"""Pages that add, correct or remove the people of a situation."""

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.situations import people
from casework.situations.models import CONCERNED, REPRESENTATIVE
from casework.situations.people_forms import ConcernedForm, RepresentativeForm
from casework.situations.service import EditConflict, Known, Opened
from casework.situations.views import acting, look_alikes, one, one_numbered, opened_now
from casework.web.access import Change, action, changes, database, require
from charter.actions import Action

bp = Blueprint("people", __name__)
AnyForm = ConcernedForm | RepresentativeForm
TITLES = {CONCERNED: "Ajouter une personne concernée", REPRESENTATIVE: "Ajouter un représentant"}
FULL = "La situation ne peut pas porter plus de {} personnes de cette sorte."


def _new(kind: str, opened: Opened, session: Session, **options: object) -> AnyForm:
    if kind == CONCERNED:
        return ConcernedForm(**options)
    form = RepresentativeForm(**options)
    form.offer(session, opened.concerned)
    return form


@bp.get("/situations/<reference>/personnes/ajouter")
@action(Action.SITUATION_EDIT, one)
def add_form(reference: str) -> Response | str:
    return _add_form(CONCERNED)


@bp.post("/situations/<reference>/personnes/ajouter")
@action(Action.SITUATION_EDIT, one)
def add(reference: str) -> Response | tuple[str, int]:
    return _add(CONCERNED)


@bp.get("/situations/<reference>/representants/ajouter")
@action(Action.SITUATION_EDIT, one)
def add_representative_form(reference: str) -> Response | str:
    return _add_form(REPRESENTATIVE)


@bp.post("/situations/<reference>/representants/ajouter")
@action(Action.SITUATION_EDIT, one)
def add_representative(reference: str) -> Response | tuple[str, int]:
    return _add(REPRESENTATIVE)


def _add_form(kind: str) -> Response | str:
    with database().read() as session:
        opened = opened_now(session)
        if not people.room(opened, kind):
            return _full(kind)
        form = _new(kind, opened, session, formdata=None, version=opened.row.version)
        if isinstance(form, RepresentativeForm):
            form.represente.data = [known.id for known in opened.concerned]
        return _page(form, kind)


def _add(kind: str) -> Response | tuple[str, int]:
    with database().read() as session:
        opened = opened_now(session)
        form = _new(kind, opened, session)
        if not form.validate_on_submit():
            return _page(form, kind), 422
        asks = isinstance(form, ConcernedForm)
        if asks and (alike := look_alikes(session, form, opened.row.cell)):
            return _page(form, kind, alike=alike), 409

    def act(change: Change) -> None:
        chosen = _represented(form)
        people.add(change.session, change.writer, opened, kind, form.who(), acting(), chosen)

    return _save(form, opened, kind, act)


@bp.get("/situations/<reference>/personnes/<number>")
@action(Action.SITUATION_EDIT, one_numbered)
def correct_form(reference: str, number: str) -> str:
    with database().read() as session:
        opened = opened_now(session)
        known = _known(opened)
        form = _new(known.kind, opened, session, formdata=None, version=opened.row.version)
        form.show(known)
        return _page(form, known.kind, known, first=_first(opened, known))


@bp.post("/situations/<reference>/personnes/<number>")
@action(Action.SITUATION_EDIT, one_numbered)
def correct(reference: str, number: str) -> Response | tuple[str, int]:
    with database().read() as session:
        opened = opened_now(session)
        known = _known(opened)
        form = _new(known.kind, opened, session)
        if not form.validate_on_submit():
            return _page(form, known.kind, known, first=_first(opened, known)), 422

    def act(change: Change) -> None:
        who, chosen = form.who(known), _represented(form)
        people.correct(change.session, change.writer, opened, known.id, who, acting(), chosen)

    return _save(form, opened, known.kind, act, known)


@bp.post("/situations/<reference>/personnes/<number>/retirer")
@action(Action.SITUATION_EDIT, one_numbered)
def remove(reference: str, number: str) -> Response:
    with database().read() as session:
        opened = opened_now(session)
    known = _known(opened)
    try:
        with changes() as change:
            people.remove(change.session, change.writer, opened, known.id, acting())
            change.commit()
    except people.FirstPerson:
        flash("La première personne porte la situation : corrigez-la plutôt.", "attention")
    except EditConflict:
        flash("Quelqu’un d’autre vient de modifier la situation : relisez-la.", "attention")
    else:
        database().empty_log()
        flash("La personne est retirée ; ce qui la décrivait est détruit.", "succes")
    return redirect(url_for("situations.show", reference=reference))


def _known(opened: Opened) -> Known:
    found: Known = require(next((one for one in opened.persons if one.id == g.number), None))
    return found


def _first(opened: Opened, known: Known) -> bool:
    return known.id == opened.concerned[0].id


def _represented(form: AnyForm) -> list[int]:
    return list(form.represente.data or ()) if isinstance(form, RepresentativeForm) else []


def _save(
    form: AnyForm,
    opened: Opened,
    kind: str,
    act: Callable[[Change], None],
    known: Known | None = None,
) -> Response | tuple[str, int]:
    """One act on what was read at the version the form started from."""
    if form.version.data != opened.row.version:
        form.version.raw_data = None
        form.version.data = opened.row.version
        return _page(form, kind, known, changed=True), 409
    try:
        with changes() as change:
            act(change)
            change.commit()
    except people.TooMany:
        return _full(kind)
    except EditConflict as conflict:
        form.version.raw_data = None
        form.version.data = conflict.current.version
        return _page(form, kind, known, changed=True), 409
    flash("Les personnes de la situation sont à jour.", "succes")
    return redirect(url_for("situations.show", reference=opened.row.reference))


def _full(kind: str) -> Response:
    flash(FULL.format(people.MOST[kind]), "attention")
    return redirect(url_for("situations.show", reference=g.situation.reference))


def _page(form: AnyForm, kind: str, known: Known | None = None, **context: object) -> str:
    return render_template(
        "situations/person.html",
        form=form,
        situation=g.situation,
        title="Corriger une personne" if known else TITLES[kind],
        concerned=kind == CONCERNED,
        person=known,
        **context,
    )
