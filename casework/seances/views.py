"""Pages of a cell's séances: the list, and one of them."""

from flask import Blueprint, g, render_template
from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.mail import service as mail
from casework.members.names import holds_directory
from casework.rights import service as rights
from casework.seances import agenda, contributions, events, examination, requests, service, table
from casework.seances.aside import out_of_reach
from casework.seances.events import What
from casework.seances.procedure import LABELS, Kind, State, Step, open_to
from casework.situations.views import in_cell
from casework.web.access import (
    Identity,
    action,
    allowed,
    database,
    identity,
    reader,
    require,
    today,
)
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("seances", __name__)


def one(session: Session, who: Identity, reference: str) -> Subject:
    g.seance = seance = require(service.by_reference(session, reference))
    convened = service.is_convened(session, seance, who.actor.reference)
    return Subject(seance.cell, convened, seance.reference)


@bp.get("/cellules/<cell>/seances")
@action(Action.SEANCE_LIST, in_cell)
def of_cell(cell: str) -> str:
    """The cell's séances; for a member, those that convene them."""
    coordinates = allowed(Action.SITUATION_LIST, cell)
    with database().read() as session:
        member = None if coordinates else identity().actor.reference
        may_answer = allowed(Action.SEANCE_ANSWER, cell)
        return render_template(
            "seances/list.html",
            cell=cells.cell(session, cell),
            seances=service.of_cell(session, cell, member),
            due_by=None if member else service.due_by(session, cell),
            states=LABELS,
            conscience=contributions.CONSCIENCE,
            asked=requests.waiting(session, cell) if may_answer else [],
            may_ask=allowed(Action.SEANCE_REQUEST, cell),
            may_create=allowed(Action.SEANCE_CREATE, cell),
            mine_only=member is not None,
            closed=cell in identity().actor.forbidden,
            may_publish=allowed(Action.CHARTER_PUBLISH, cell),
        )


@bp.get("/seances/<reference>")
@action(Action.SEANCE_READ, one)
def show(reference: str) -> str:
    seance, me = g.seance, identity().actor.reference
    with database().read() as session:
        limited = rights.frozen_in(session, seance.cell)
        aside = out_of_reach(session, seance.cell, me)
        directory = reader() if holds_directory() else None
        happened = events.of_seance(session, reader(), seance)
        return render_template(
            "seances/show.html",
            seance=seance,
            state=LABELS[State(seance.etat)],
            kind=Kind(seance.kind),
            conscience=contributions.CONSCIENCE,
            place=service.open_place(session, reader(), seance, g.decision.categories),
            agenda=service.agenda(session, reader(), seance, aside),
            around=table.around(session, seance, directory),
            moved=[event for event in happened if event.kind in (What.REPORT, What.ANNULATION)],
            done=examination.examined(session, seance.id),
            contributed=agenda.contributors(session, seance.id),
            me=me,
            may_contribute=_may(Action.SEANCE_CONTRIBUTE) and open_to(seance.etat, Step.CONTRIBUER),
            may_edit=_may(Action.SEANCE_EDIT) and open_to(seance.etat, Step.MODIFIER),
            may_hold=_may(Action.SEANCE_HOLD) and seance.etat != State.ANNULEE,
            may_record=_may(Action.SEANCE_RECORD),
            closed=seance.etat == State.CLOSE,
            convening=mail.panel(session, reader(), seance, identity(), today()),
            limited=limited,
            labels={
                name: cells.labels(session, name) for name in ("typologie", "tranche_age", "statut")
            },
        )


def _may(what: Action) -> bool:
    return allowed(what, g.seance.cell, convened=g.subject.convened)
