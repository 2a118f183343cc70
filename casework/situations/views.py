"""Pages of a cell's situations: list, search, new saisine, one situation, edit."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.names.compare import Identity as Name
from casework.retention import service as retention
from casework.rights import service as rights
from casework.seances import service as seances
from casework.situations import further, index, people, service
from casework.situations.differences import differences
from casework.situations.entry import Entry
from casework.situations.events import Author
from casework.situations.forms import SaisineForm
from casework.web.access import (
    Identity,
    action,
    allowed,
    also,
    changes,
    database,
    identity,
    require,
    today,
)
from casework.web.forms import row_number
from charter import recusals
from charter.actions import Action
from charter.categories import EVERYTHING
from charter.subjects import Subject

bp = Blueprint("situations", __name__)
LISTS = ("typologie", "origine", "statut", "quartier", "tranche_age", "etablissement", "niveau")


def in_cell(session: Session, _who: Identity, cell: str) -> Subject:
    g.cell = require(cells.cell(session, cell))
    return Subject(cell=g.cell.code)


def one(session: Session, who: Identity, reference: str) -> Subject:
    g.situation = situation = require(service.by_reference(session, reference))
    return subject_of(session, who, situation)


# One question to the database, at every page about a situation.
STANDING = select(
    seances.EXAMINES.scalar_subquery(),
    service.FOLLOWS.scalar_subquery(),
    recusals.RECUSED.scalar_subquery(),
    rights.FROZEN.scalar_subquery(),
)


def subject_of(session: Session, who: Identity, situation: service.Situation) -> Subject:
    """How this person stands towards a situation."""
    member, reference = who.actor.reference, situation.reference
    asked = {"situation": situation.id, "member": member, "reference": reference}
    convened, follower, recused, frozen = session.execute(STANDING, asked).one()
    return Subject(
        situation.cell,
        convened=bool(convened),
        reference=reference,
        author=situation.created_by == member,
        follower=bool(follower),
        recused=bool(recused),
        frozen=bool(frozen),
        situation=situation.id,
        archived=situation.archived_on is not None,
        lent=retention.lent(session, situation, member),
    )


def one_numbered(session: Session, who: Identity, reference: str, number: str) -> Subject:
    """What hangs on a situation is the situation's, for the charter as for the journal."""
    g.number = require(row_number(number))
    return one(session, who, reference)


def acting() -> Author:
    """Who acts, and under which mandate: what the events of a situation keep."""
    mandate = g.decision.mandate
    return Author(identity().actor.reference, mandate.role.value if mandate else "")


def back(reference: str) -> str:
    """Where one came from: the séance that sent here (« ?seance= »), or the situation."""
    with database().read() as session:
        seance = seances.by_reference(session, request.args.get("seance", ""))
    if seance is None:
        return url_for("situations.show", reference=reference)
    return url_for("examens.form", reference=seance.reference, situation=reference)


def opened_now(session: Session) -> service.Opened:
    """The situation as a whole, read under its own journal entry before an act on it."""
    reading = also(Action.SITUATION_READ, g.subject)
    situation = require(service.by_reference(session, g.situation.reference))
    return service.open_situation(session, reading, situation, EVERYTHING)


def aside(session: Session) -> frozenset[str]:
    """What the signed-in member stepped aside from: out of lists and searches, before a read."""
    return recusals.recused_from(session, identity().actor.reference)


@bp.get("/cellules/<cell>/saisine")
@action(Action.SITUATION_CREATE, in_cell)
def new(cell: str) -> str:
    form = SaisineForm(formdata=None, saisine=today(), statut=1)
    with database().read() as session:
        form.fill_choices(session, cell)
        known = service.by_reference(session, request.args.get("personne", ""))
        if known is not None and not allowed(Action.SITUATION_READ, known.cell):
            known = None  # not even that it exists
        if known is not None and any(cells.isolated(session, c) for c in (cell, known.cell)):
            known = None  # nobody is brought to an isolated cell, nor from it
        if known is not None:
            form.show(_brought(session, known))
        return _form_page(session, form, cell, brought=known)


def _brought(session: Session, known: service.Situation) -> Entry:
    """The person of a situation, for another cell: who they are, and nothing of what the first cell
    knows of them. Read under its own entry, by someone who reads both."""
    subject = subject_of(session, identity(), known)
    reading = also(Action.SITUATION_READ, subject)
    rights.refuse_frozen(session, [known.id])
    opened = service.open_situation(session, reading, known, EVERYTHING)
    return service.entry_of(opened).of_the_person(today())


@bp.post("/cellules/<cell>/saisine")
@action(Action.SITUATION_CREATE, in_cell)
def create(cell: str) -> Response | tuple[str, int]:
    form = SaisineForm()
    with database().read() as session:
        form.fill_choices(session, cell)
        if not form.validate_on_submit():
            return _form_page(session, form, cell), 422
        if known := look_alikes(session, form, cell):
            return _form_page(session, form, cell, **known), 409
    with changes() as change:
        made = service.create(change.session, change.writer, change.actor, cell, form.entry())
        change.commit(made.reference)
    flash("La saisine est enregistrée.", "succes")
    return redirect(url_for(".show", reference=made.reference))


def look_alikes(session: Session, form: Any, cell: str) -> dict[str, object]:
    """People of the cell this saisine may be about, unless it says that it is someone else; what
    the form's page shows of them."""
    if form.autre_personne.data:
        return {}
    name = Name(form.nom.data, form.prenoms.data, form.naissance.data)
    searching = also(Action.SITUATION_SEARCH, Subject(cell=cell))
    known = index.known(session, searching, cell, name)
    # Of a situation one stepped aside from, only that it is there: a second file on the same
    # person would undo the déport.
    left = aside(session)
    readable = [hit for hit in known if hit.reference not in left]
    found = {
        "known": readable,
        "known_unreadable": len(readable) < len(known),
        "joinable": further.joinable(session, {hit.reference for hit in readable}),
    }
    return found if known else {}


@bp.get("/situations/<reference>/modifier")
@action(Action.SITUATION_EDIT, one)
def edit_form(reference: str) -> str:
    reading = also(Action.SITUATION_READ, g.subject)
    form = SaisineForm(formdata=None)
    with database().read() as session:
        opened = service.open_situation(session, reading, g.situation, g.decision.categories)
        form.fill_choices(session, g.situation.cell, opened.facets)
        form.show(service.entry_of(opened))
        form.version.data = g.situation.version
        return _form_page(session, form, g.situation.cell, editing=g.situation)


@bp.post("/situations/<reference>/modifier")
@action(Action.SITUATION_EDIT, one)
def edit(reference: str) -> Response | tuple[str, int]:
    form = SaisineForm()
    situation = g.situation
    with database().read() as session:
        opened = opened_now(session)
        form.fill_choices(session, g.situation.cell, opened.facets)
        if not form.validate_on_submit():
            return _form_page(session, form, situation.cell, editing=situation), 422
    try:
        with changes() as change:
            service.edit(
                change.session,
                change.writer,
                change.actor,
                situation.id,
                form.version.data or 0,
                form.entry(),
                people.others(opened),
            )
            change.commit()
    except service.EditConflict as conflict:
        return _conflict(form, conflict), 409
    flash("Les modifications sont enregistrées.", "succes")
    return redirect(url_for(".show", reference=reference))


def _conflict(form: SaisineForm, conflict: service.EditConflict) -> str:
    """Both versions side by side: what was typed is kept, what was saved is shown."""
    reading = also(Action.SITUATION_READ, g.subject)
    theirs = SaisineForm(formdata=None)
    with database().read() as session:
        current = require(service.by_reference(session, conflict.current.reference))
        opened = service.open_situation(session, reading, current, g.decision.categories)
        theirs.fill_choices(session, current.cell, opened.facets)
        theirs.show(service.entry_of(opened))
        form.version.raw_data = None
        form.version.data = current.version
        return _form_page(
            session, form, current.cell, editing=current, differences=differences(form, theirs)
        )


def _form_page(session: Session, form: SaisineForm, cell: str, **context: object) -> str:
    return render_template(
        "situations/form.html", form=form, cell=cells.cell(session, cell), **context
    )


def labels(session: Session, *names: str) -> dict[str, dict[int, str]]:
    return {name: cells.labels(session, name) for name in names or LISTS}
