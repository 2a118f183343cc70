"""Pages of a cell's séances."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members import service as members
from casework.seances import service
from casework.seances.forms import SeanceForm
from casework.seances.models import Seance
from casework.situations import service as situations
from casework.situations.views import in_cell
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
from charter import recusals, register
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("seances", __name__)


def one(session: Session, who: Identity, reference: str) -> Subject:
    g.seance = seance = require(service.by_reference(session, reference))
    convened = service.is_convened(session, seance.id, who.actor.reference)
    return Subject(seance.cell, convened, seance.reference)


@bp.get("/cellules/<cell>/seances")
@action(Action.SEANCE_LIST, in_cell)
def of_cell(cell: str) -> str:
    """The cell's séances; for a member, those that convene them."""
    coordinates = allowed(Action.SITUATION_LIST, cell)
    with database().read() as session:
        member = None if coordinates else identity().actor.reference
        return render_template(
            "seances/list.html",
            cell=cells.cell(session, cell),
            seances=service.of_cell(session, cell, member),
            may_create=allowed(Action.SEANCE_CREATE, cell),
            mine_only=member is not None,
            closed=cell in identity().actor.forbidden,
            may_publish=allowed(Action.CHARTER_PUBLISH, cell),
        )


@bp.get("/seances/<reference>")
@action(Action.SEANCE_READ, one)
def show(reference: str) -> str:
    seance = g.seance
    with database().read() as session:
        aside = recusals.recused_from(session, identity().actor.reference)
        names = _names(session, seance)
        return render_template(
            "seances/show.html",
            seance=seance,
            place=service.open_place(session, reader(), seance, g.decision.categories),
            agenda=service.agenda(session, reader(), seance, aside),
            convened=names,
            labels={
                name: cells.labels(session, name) for name in ("typologie", "tranche_age", "statut")
            },
        )


def _names(session: Session, seance: Seance) -> list[str]:
    """Who is convened: their name, the title of their mandate here, who sends them."""
    if members.DIRECTORY not in identity().keyring.compartments:
        return []
    convened = service.convened_to(session, seance.id)
    seated = members.seats(session, reader(), seance.cell, convened)
    return [
        f"{who.name}, {seat.title}" + (f" ({institution})" if institution else "")
        for who, seat, institution in seated.values()
    ]


@bp.get("/cellules/<cell>/seances/nouvelle")
@action(Action.SEANCE_CREATE, in_cell)
def new(cell: str) -> str:
    form = SeanceForm(formdata=None)
    _offer_choices(form, cell)
    return _form_page(form, cell)


@bp.post("/cellules/<cell>/seances/nouvelle")
@action(Action.SEANCE_CREATE, in_cell)
def create(cell: str) -> Response | tuple[str, int]:
    form = SeanceForm()
    _offer_choices(form, cell)
    if not form.validate_on_submit():
        return _form_page(form, cell), 422
    with changes() as change:
        made = service.create(
            change.session,
            change.writer,
            cell,
            form.held_at(),
            form.lieu.data,
            form.ordre_du_jour.data or (),
            form.membres.data or (),
        )
        change.commit(made.reference, situations=len(form.ordre_du_jour.data or ()))
    flash("La séance est préparée.", "succes")
    return redirect(url_for(".show", reference=made.reference))


def _form_page(form: SeanceForm, cell: str) -> str:
    with database().read() as session:
        return render_template("seances/form.html", form=form, cell=cells.cell(session, cell))


def _offer_choices(form: SeanceForm, cell: str) -> None:
    """The cell's latest situations (initials only) and its members."""
    listing = also(Action.SITUATION_LIST, Subject(cell=cell))
    with database().read() as session:
        aside = recusals.recused_from(session, identity().actor.reference)
        labels = cells.labels(session, "typologie")
        form.ordre_du_jour.choices = [
            (
                line.id,
                f"{line.reference} · {line.facets.initiales} · "
                f"{labels.get(line.facets.typologie, '')}",
            )
            for line in situations.page(session, listing, cell, without=aside)
        ]
        seated = members.seats(session, listing, cell, register.seats_of(session, cell))
        form.membres.choices = [
            (reference, f"{who.name}, {seat.title}")
            for reference, (who, seat, _) in seated.items()
            if seat.ends is None or seat.ends >= today()
        ]
