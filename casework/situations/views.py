"""Pages of a cell's situations: list, search, new saisine, one situation, edit."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.confidences import service as confidences
from casework.members import service as members
from casework.names.compare import Identity as Name
from casework.rappels import service as rappels
from casework.seances import service as seances
from casework.situations import index, service
from casework.situations.following import seats
from casework.situations.forms import SaisineForm
from casework.situations.story import story
from casework.web.access import (
    Identity,
    action,
    allowed,
    also,
    changes,
    database,
    identity,
    reader,
    require,
    today,
)
from casework.web.forms import row_number
from charter import recusals, register
from charter.actions import Action
from charter.matrix import readers
from charter.roles import Role
from charter.subjects import Subject

bp = Blueprint("situations", __name__)
LISTS = ("typologie", "origine", "statut", "quartier", "tranche_age", "etablissement", "niveau")

FILTERS = {"statut": "Statut"}


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
)


def subject_of(session: Session, who: Identity, situation: service.Situation) -> Subject:
    """How this person stands towards a situation."""
    member, reference = who.actor.reference, situation.reference
    asked = {"situation": situation.id, "member": member, "reference": reference}
    convened, follower, recused = session.execute(STANDING, asked).one()
    return Subject(
        situation.cell,
        convened=bool(convened),
        reference=reference,
        author=situation.created_by == member,
        follower=bool(follower),
        recused=bool(recused),
    )


def _aside(session: Session) -> frozenset[str]:
    """What the signed-in member stepped aside from: out of lists and searches, before a read."""
    return recusals.recused_from(session, identity().actor.reference)


@bp.get("/cellules/<cell>/situations")
@action(Action.SITUATION_LIST, in_cell)
def of_cell(cell: str) -> str:
    before = row_number(request.args.get("avant"))
    chosen = {name: request.args.get(name, 0, type=int) for name in FILTERS}
    kept = {name: code for name, code in chosen.items() if code}
    with database().read() as session:
        lines = service.page(session, reader(), cell, before, where=kept, without=_aside(session))
        next_url = None
        if len(lines) == service.PAGE:
            next_url = url_for(".of_cell", cell=cell, avant=lines[-1].id, **kept)
        return render_template(
            "situations/list.html",
            cell=g.cell,
            lines=lines,
            labels=_labels(session),
            next_url=next_url,
            first_url=url_for(".of_cell", cell=cell, **kept) if before else None,
            filters=[_filter(session, cell, name, kept) for name in FILTERS],
            may_create=allowed(Action.SITUATION_CREATE, cell),
        )


def _filter(
    session: Session, cell: str, name: str, kept: dict[str, int]
) -> tuple[str, list[dict[str, object]]]:
    """A closed list as plain links; the others keep their choice."""
    others = {key: code for key, code in kept.items() if key != name}
    options = [{"label": "Tous", "code": 0}]
    options += [{"label": term.label, "code": term.code} for term in cells.terms(session, name)]
    return FILTERS[name], [
        {
            "label": option["label"],
            "url": url_for(
                ".of_cell",
                cell=cell,
                **others,
                **({name: option["code"]} if option["code"] else {}),
            ),
            "current": kept.get(name, 0) == option["code"],
        }
        for option in options
    ]


@bp.post("/cellules/<cell>/recherche")
@action(Action.SITUATION_SEARCH, in_cell)
def search(cell: str) -> str:
    """By POST: a name never reaches a URL, a log or a history."""
    query = request.form.get("q", "").strip()[:120]
    with database().read() as session:
        aside = _aside(session)
        by_number = service.by_reference(session, query.upper())
        if by_number is not None and (by_number.cell != cell or by_number.reference in aside):
            by_number = None
        hits = []
        if query and not by_number:
            hits = index.search(session, reader(), cell, query, aside)
        return render_template(
            "situations/search.html",
            cell=g.cell,
            query=query,
            hits=hits,
            by_number=by_number,
        )


@bp.get("/cellules/<cell>/saisine")
@action(Action.SITUATION_CREATE, in_cell)
def new(cell: str) -> str:
    form = SaisineForm(formdata=None, saisine=today(), statut=1)
    with database().read() as session:
        form.fill_choices(session)
        return _form_page(session, form, cell)


@bp.post("/cellules/<cell>/saisine")
@action(Action.SITUATION_CREATE, in_cell)
def create(cell: str) -> Response | tuple[str, int]:
    form = SaisineForm()
    with database().read() as session:
        form.fill_choices(session)
        if not form.validate_on_submit():
            return _form_page(session, form, cell), 422
        if known := look_alikes(session, form, cell):
            return _form_page(session, form, cell, **known), 409
    with changes() as change:
        made = service.create(change.session, change.writer, change.actor, cell, form.entry())
        change.commit(made.reference)
    flash("La saisine est enregistrée.", "succes")
    return redirect(url_for(".show", reference=made.reference))


def look_alikes(session: Session, form: SaisineForm, cell: str) -> dict[str, object]:
    """People of the cell this saisine may be about, unless it says that it is someone else; what
    the form's page shows of them."""
    if form.autre_personne.data:
        return {}
    name = Name(form.nom.data, form.prenoms.data, form.naissance.data)
    searching = also(Action.SITUATION_SEARCH, Subject(cell=cell))
    known = index.known(session, searching, cell, name)
    # Of a situation one stepped aside from, only that it is there: a second file on the same
    # person would undo the déport.
    aside = _aside(session)
    readable = [hit for hit in known if hit.reference not in aside]
    found = {"known": readable, "known_unreadable": len(readable) < len(known)}
    return found if known else {}


@bp.get("/situations/<reference>")
@action(Action.SITUATION_READ, one)
def show(reference: str) -> str:
    categories = g.decision.categories
    with database().read() as session:
        opened = service.open_situation(session, reader(), g.situation, categories)
        fiches = rappels.of_situation(session, g.situation.id)
        sittings = seances.seances_about(session, g.situation.id)
        cell = g.situation.cell
        may_read_rappel = allowed(Action.RAPPEL_READ, cell)
        directs = allowed(Action.SITUATION_RESTORE, cell)
        aside = recusals.recused_members(session, reference) if directs else {}
        followers = service.followers_of(session, g.situation.id)
        names = members.named(
            session, reader(), followers | aside.keys(), identity().keyring.compartments
        )
        return render_template(
            "situations/show.html",
            situation=opened,
            labels=_labels(session, *LISTS, "sexe", "faits", "suite", "lien"),
            readers=readers(Action.SITUATION_READ, _seats(session, g.situation.cell)),
            categories=categories,
            story=story(opened, fiches, sittings),
            rappels=fiches,
            verdicts={} if may_read_rappel else rappels.verdicts(session, reader(), fiches),
            names=names,
            followers=seats(session, cell, reference, followers),
            stepped_aside=aside,
            directs=directs,
            confidences=_confidences(session, g.situation),
            may_follow=allowed(Action.SITUATION_FOLLOW, cell),
            may_edit=allowed(Action.SITUATION_EDIT, cell),
            may_announce=allowed(Action.RAPPEL_ANNOUNCE, cell),
            may_read_rappel=may_read_rappel,
        )


def _confidences(session: Session, situation: service.Situation) -> int | None:
    """How many the maire recorded; None for anybody else, who is not even told that any exist."""
    if not allowed(Action.CONFIDENCE_READ, situation.cell):
        return None
    return confidences.count(session, situation.id)


def _seats(session: Session, cell: str) -> frozenset[Role]:
    """The roles someone holds in this cell: who may see a block, and nobody else's."""
    return frozenset(register.members_of(session, cell).values())


@bp.get("/situations/<reference>/modifier")
@action(Action.SITUATION_EDIT, one)
def edit_form(reference: str) -> str:
    reading = also(Action.SITUATION_READ, g.subject)
    form = SaisineForm(formdata=None)
    with database().read() as session:
        form.fill_choices(session)
        opened = service.open_situation(session, reading, g.situation, g.decision.categories)
        form.show(service.entry_of(opened))
        form.version.data = g.situation.version
        return _form_page(session, form, g.situation.cell, editing=g.situation)


@bp.post("/situations/<reference>/modifier")
@action(Action.SITUATION_EDIT, one)
def edit(reference: str) -> Response | tuple[str, int]:
    form = SaisineForm()
    situation = g.situation
    with database().read() as session:
        form.fill_choices(session)
        if not form.validate_on_submit():
            return _form_page(session, form, situation.cell, editing=situation), 422
    try:
        with changes() as change:
            expected = form.version.data or 0
            service.edit(
                change.session, change.writer, change.actor, situation.id, expected, form.entry()
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
        theirs.fill_choices(session)
        current = require(service.by_reference(session, conflict.current.reference))
        opened = service.open_situation(session, reading, current, g.decision.categories)
        theirs.show(service.entry_of(opened))
        form.version.raw_data = None
        form.version.data = current.version
        return _form_page(
            session, form, current.cell, editing=current, differences=_differences(form, theirs)
        )


def _differences(mine: SaisineForm, theirs: SaisineForm) -> list[tuple[str, str, str]]:
    """Label, saved value and typed value of each field that differs, as they read."""
    found = []
    for ours, saved in zip(_readable(mine), _readable(theirs), strict=True):
        if ours != saved:
            found.append((ours[0], saved[1], ours[1]))
    return found


def _readable(form: SaisineForm) -> list[tuple[str, str]]:
    values = []
    for field in form:
        if field.name in {"csrf_token", "version", "autre_personne"}:
            continue
        if field.name == "representants":
            for number, who in enumerate(field, start=1):
                values += [
                    (f"{sub.label.text} (représentant {number})", _text(sub)) for sub in who.form
                ]
        else:
            values.append((field.label.text, _text(field)))
    return values


def _text(field: object) -> str:
    data, options = field.data, dict(getattr(field, "choices", None) or ())  # type: ignore[attr-defined]
    if options:
        chosen = data if isinstance(data, list) else [data]
        return ", ".join(str(options.get(code, "")) for code in sorted(chosen) if code)
    return data.strftime("%d/%m/%Y") if hasattr(data, "strftime") else str(data or "")


def _form_page(session: Session, form: SaisineForm, cell: str, **context: object) -> str:
    return render_template(
        "situations/form.html", form=form, cell=cells.cell(session, cell), **context
    )


def _labels(session: Session, *names: str) -> dict[str, dict[int, str]]:
    return {name: cells.labels(session, name) for name in names or LISTS}
