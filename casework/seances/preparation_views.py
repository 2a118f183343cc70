"""Pages that prepare a séance: a new one, an edit, a postponement, a cancellation."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members import service as members
from casework.rights import service as rights
from casework.seances import agenda, preparation, requests, service
from casework.seances.agenda import Due
from casework.seances.aside import LIMITED, out_of_reach
from casework.seances.events import SeanceConflict
from casework.seances.forms import CancelForm, EditForm, SeanceForm
from casework.seances.models import Seance, UrgentRequest
from casework.seances.preparation import Plan, ReasonNeeded
from casework.seances.procedure import ForbiddenStep, Kind, Step, open_to
from casework.seances.views import one
from casework.situations import service as situations
from casework.situations.views import in_cell
from casework.vault.keyring import Reader
from casework.web.access import (
    action,
    also,
    changes,
    database,
    identity,
    require,
    today,
)
from casework.web.french import NBSP, local
from charter import register
from charter.actions import Action
from charter.categories import EVERYTHING
from charter.roles import WITHOUT_KEY
from charter.subjects import Subject

bp = Blueprint("preparation", __name__)
OTHERWISE = (
    "Quelqu’un d’autre a modifié cette séance entre-temps. Ce que vous avez saisi est conservé "
    "ci-dessous : vérifiez-le, puis enregistrez de nouveau."
)


@bp.get("/cellules/<cell>/seances/nouvelle")
@action(Action.SEANCE_CREATE, in_cell)
def new(cell: str) -> str:
    asked = _asked(cell, request.args.get("demande", ""))
    form = SeanceForm(formdata=None, demande=asked.reference if asked else "")
    due = _offer(form, cell)
    # There from the start, for the coordination to correct: what is due, unless something presses;
    # the hour, the place and the members of the séance before.
    form.ordre_du_jour.data = [] if asked else due
    with database().read() as session:
        if before := service.latest(session, cell):
            _as_before(session, form, before)
    return _new_page(form, cell, asked)


def _as_before(session: Session, form: SeanceForm, before: Seance) -> None:
    convened = service.convened_to(session, before.id)
    form.membres.data = [member for member, _ in form.membres.choices if member in convened]
    form.heure.data = local(before.held_at).time()
    reading = also(Action.SEANCE_READ, Subject(before.cell, reference=before.reference))
    form.lieu.data = service.open_place(session, reading, before, EVERYTHING)


@bp.post("/cellules/<cell>/seances/nouvelle")
@action(Action.SEANCE_CREATE, in_cell)
def create(cell: str) -> Response | tuple[str, int]:
    form = SeanceForm()
    asked = _asked(cell, form.demande.data or "")
    _offer(form, cell)
    if not form.validate_on_submit():
        return _new_page(form, cell, asked), 422
    with changes() as change:
        made = service.create(
            change.session,
            change.writer,
            cell,
            form.held_at(),
            form.lieu.data,
            form.ordre_du_jour.data or (),
            form.membres.data or (),
            Kind.URGENTE if asked else Kind.ORDINAIRE,
        )
        if asked:
            requests.accept(change.session, asked.id, change.actor, made)
        change.commit(
            made.reference,
            situations=len(form.ordre_du_jour.data or ()),
            **({"demande": asked.reference} if asked else {}),
        )
    flash("La séance est préparée.", "succes")
    return redirect(url_for("seances.show", reference=made.reference))


def _asked(cell: str, reference: str) -> UrgentRequest | None:
    """The urgent request that this séance answers, if it still waits."""
    with database().read() as session:
        row = requests.by_reference(session, reference) if reference else None
    return row if row and row.cell == cell and row.answered_at is None else None


def _new_page(form: SeanceForm, cell: str, asked: UrgentRequest | None) -> str:
    with database().read() as session:
        return render_template(
            "seances/form.html",
            form=form,
            cell=cells.cell(session, cell),
            asked=asked,
            due_by=service.due_by(session, cell),
        )


def _offer(form: SeanceForm, cell: str) -> list[int]:
    """What is due, then the cell's latest situations (initials only), and its members. Returns the
    ids of what is due."""
    listing = also(Action.SITUATION_LIST, Subject(cell=cell))
    with database().read() as session:
        aside = out_of_reach(session, cell, identity().actor.reference)
        labels = cells.labels(session, "typologie")
        due = agenda.proposed(session, listing, cell, today(), aside)
        latest = situations.page(session, listing, cell, without=aside)
        form.ordre_du_jour.choices = [
            (
                one.id,
                f"{one.reference} · {one.facets.initiales} · "
                f"{labels.get(one.facets.typologie, '')}"
                + (f" ({', '.join(one.reasons)})" if one.reasons else ""),
            )
            for one in _with_latest(due, latest)
        ]
        form.membres.choices = _members(session, listing, cell)
    return [one.id for one in due]


def _with_latest(due: list[Due], latest: list[situations.Line]) -> list[Due]:
    known = {one.id for one in due}
    others = [
        Due(row.id, row.reference, row.facets, ())
        for row in latest
        if row.id not in known and row.facets is not None
    ]
    return [*due, *others]


def _members(session: Session, listing: Reader, cell: str) -> list[tuple[str, str]]:
    seated = members.seats(session, listing, cell, register.seats_of(session, cell))
    return [
        (reference, f"{who.name}, {seat.title}")
        for reference, (who, seat, _) in seated.items()
        if seat.role not in WITHOUT_KEY and (seat.ends is None or seat.ends >= today())
    ]


@bp.get("/seances/<reference>/modifier")
@action(Action.SEANCE_EDIT, one)
def edit_form(reference: str) -> str | Response:
    if not open_to(g.seance.etat, Step.MODIFIER):
        flash(str(ForbiddenStep(g.seance.etat)), "refus")
        return redirect(url_for("seances.show", reference=reference))
    reading = also(Action.SEANCE_READ, g.subject)
    with database().read() as session:
        held = local(g.seance.held_at)
        planned = [row.id for row in service.on_agenda(session, g.seance.id)]
        offered = _offered(session, reading, planned)
        form = EditForm(
            formdata=None,
            data={
                "jour": held.date(),
                "heure": held.time(),
                "lieu": service.open_place(session, reading, g.seance, g.decision.categories),
                "membres": service.convened_to(session, g.seance.id),
                "version": g.seance.version,
                "lignes": [
                    {
                        "situation": one.id,
                        "inscrite": one.id in planned,
                        "rang": planned.index(one.id) + 1 if one.id in planned else None,
                    }
                    for one in offered
                ],
            },
        )
    return _edit_page(form, reading)


@bp.post("/seances/<reference>/modifier")
@action(Action.SEANCE_EDIT, one)
def edit(reference: str) -> Response | tuple[str, int]:
    form = EditForm()
    reading = also(Action.SEANCE_READ, g.subject)
    with database().read() as session:
        form.membres.choices = _members(session, reading, g.seance.cell)
        aside = out_of_reach(session, g.seance.cell, identity().actor.reference)
        limited = rights.frozen_among(session, form.chosen())
        planned = service.on_agenda(session, g.seance.id)
        hidden = [row.id for row in planned if row.reference in aside]
        known = {one.id for one in _offered(session, reading, [row.id for row in planned])}
        taken_off = {row.id for row in planned} - set(form.chosen()) - set(hidden)
        spoken = taken_off & preparation.contributed(session, g.seance.id)
    if not form.validate_on_submit():
        return _edit_page(form, reading), 422
    if limited:
        form.form_errors.append(LIMITED)
        return _edit_page(form, reading), 409
    if spoken:
        form.form_errors.append(
            "Une situation sur laquelle un membre a déjà contribué ne se retire pas de l’ordre du "
            "jour : examinez-la, ou annulez la séance."
        )
        return _edit_page(form, reading), 409
    plan = Plan(
        form.held_at(),
        form.lieu.data,
        [number for number in form.chosen() if number in known],
        form.membres.data or (),
        Kind(g.seance.kind),
    )
    try:
        with changes() as change:
            expected = form.version.data or 0
            preparation.edit(
                *(change.session, change.writer, g.seance.id, expected, plan, change.actor),
                form.motif.data or "",
                hidden,
            )
            change.commit(situations=len(plan.agenda))
    except ReasonNeeded:
        form.motif.errors = [f"La date change{NBSP}: indiquez pourquoi la séance est reportée."]
        return _edit_page(form, reading), 422
    except SeanceConflict:
        return _again(form, reading)
    except ForbiddenStep as refusal:
        form.form_errors.append(str(refusal))
        return _edit_page(form, reading), 409
    flash("La préparation est enregistrée.", "succes")
    return redirect(url_for("seances.show", reference=reference))


def _again(form: EditForm, reading: Reader) -> tuple[str, int]:
    form.form_errors.append(OTHERWISE)
    with database().read() as session:
        form.version.raw_data = None
        form.version.data = require(service.by_reference(session, g.seance.reference)).version
    return _edit_page(form, reading), 409


def _offered(session: Session, reading: Reader, planned: list[int]) -> list[Due]:
    """The agenda in its order, then what is due, then the cell's latest situations."""
    cell = g.seance.cell
    aside = out_of_reach(session, cell, identity().actor.reference)
    held_on = local(g.seance.held_at).date()
    due = agenda.proposed(session, reading, cell, held_on, aside, planned)
    rank = {number: place for place, number in enumerate(planned)}
    due.sort(key=lambda one: rank.get(one.id, len(rank)))
    return _with_latest(due, situations.page(session, reading, cell, without=aside))


def _edit_page(form: EditForm, reading: Reader) -> str:
    with database().read() as session:
        planned = [row.id for row in service.on_agenda(session, g.seance.id)]
        form.membres.choices = form.membres.choices or _members(session, reading, g.seance.cell)
        return render_template(
            "seances/edit.html",
            form=form,
            seance=g.seance,
            offered={one.id: one for one in _offered(session, reading, planned)},
            labels={name: cells.labels(session, name) for name in ("typologie", "tranche_age")},
        )


@bp.get("/seances/<reference>/annuler")
@action(Action.SEANCE_EDIT, one)
def cancel_form(reference: str) -> str:
    return _cancel_page(CancelForm(formdata=None, version=g.seance.version))


@bp.post("/seances/<reference>/annuler")
@action(Action.SEANCE_EDIT, one)
def cancel(reference: str) -> Response | tuple[str, int]:
    form = CancelForm()
    if not form.validate_on_submit():
        return _cancel_page(form), 422
    try:
        with changes() as change:
            expected = form.version.data or 0
            preparation.cancel(
                change.session, change.writer, g.seance.id, expected, change.actor, form.motif.data
            )
            change.commit(etape="annulation")
    except (ForbiddenStep, SeanceConflict) as refusal:
        form.form_errors.append(OTHERWISE if isinstance(refusal, SeanceConflict) else str(refusal))
        return _cancel_page(form), 409
    flash("La séance est annulée : elle n’ouvre plus aucune situation à ses membres.", "succes")
    return redirect(url_for("seances.show", reference=reference))


def _cancel_page(form: CancelForm) -> str:
    return render_template("seances/cancel.html", form=form, seance=g.seance)
