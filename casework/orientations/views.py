"""« Ce qui a été proposé à mon institution »: the list, one proposal, and its answer."""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members import service as members
from casework.orientations import service
from casework.orientations.forms import ReplyForm
from casework.orientations.service import Proposed, Reply, Seats, Withdrawn
from casework.situations import events
from casework.situations import service as situations
from casework.situations.views import acting, in_cell, subject_of
from casework.vault.keyring import Reader
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
from charter import recusals
from charter.actions import Action
from charter.decide import decide
from charter.roles import Role
from charter.subjects import Mandate, Subject

bp = Blueprint("orientations", __name__)
MOST_OPENED = 20  # each opens a situation, and is written in the journal


def one(session: Session, who: Identity, number: str) -> Subject:
    """A proposal is its situation's; whose turn it is to answer, the seats of the cell say."""
    g.proposed = found = require(service.by_number(session, require(row_number(number))))
    g.situation = require(situations.by_reference(session, found.situation))
    cell = found.row.cell
    coordinates = any(m.cell == cell and m.valid(today()) for m in _coordination(who))
    seats = Seats(session, cell, today())
    turn = service.is_turn(seats, found.row, who.actor.reference, coordinates=coordinates)
    return replace(subject_of(session, who, g.situation), turn=turn)


def _coordination(who: Identity) -> list[Mandate]:
    return [m for m in who.actor.hats if m.role is Role.COORDONNATEUR]


@bp.get("/cellules/<cell>/orientations")
@action(Action.ORIENTATION_LIST, in_cell)
def of_cell(cell: str) -> str:
    """A member's, with their words; for the direction, references and days, and no word."""
    directs, me = allowed(Action.SITUATION_LIST, cell), identity().actor.reference
    with database().read() as session:
        aside = recusals.recused_from(session, me)
        seats = Seats(session, cell, today())
        if directs:
            found = service.of_cell(session, cell, aside, waiting=True)
            past = []
        else:
            every = service.to_member(session, cell, me, aside, today())
            found = [one for one in every if one.waits]
            past = [one for one in every if not one.waits]
        return render_template(
            "orientations/list.html",
            cell=g.cell,
            directs=directs,
            waiting=found,
            past=past,
            words={} if directs else _words(session, found),
            nobody={one.row.id for one in found if not seats.holders(one.row.member)},
            suites=cells.labels(session, "suite"),
            charter=service.CHARTER,
        )


def _words(session: Session, found: list[Proposed]) -> dict[int, dict[str, str]]:
    """What was proposed, for the first of those that wait: the charter decides on each situation,
    and the journal has each reading."""
    opened: dict[int, dict[str, str]] = {}
    records = {}
    for one_proposed in found:
        reference = one_proposed.situation
        if reference not in records and len(records) < MOST_OPENED:
            situation = require(situations.by_reference(session, reference))
            subject = subject_of(session, identity(), situation)
            if not decide(identity().actor, Action.SITUATION_READ, subject, today()).allowed:
                continue
            reading = also(Action.SITUATION_READ, subject)
            records[reference] = events.opened(session, reading, situation)
        if reference in records:
            opened[one_proposed.row.id] = service.words(records[reference], one_proposed.row)
    return opened


@bp.get("/orientations/<number>")
@action(Action.SITUATION_READ, one)
def show(number: str) -> str:
    return _page(ReplyForm(formdata=None), reader())


@bp.post("/orientations/<number>/repondre")
@action(Action.ORIENTATION_ANSWER, one)
def answer(number: str) -> Response | tuple[str, int]:
    form = ReplyForm()
    if not form.validate_on_submit():
        return _page(form, also(Action.SITUATION_READ, g.subject)), 422
    reply = Reply(form.reponse.data)
    try:
        with changes() as change:
            service.answer(
                *(change.session, change.writer, g.situation, g.proposed.row.id, acting()),
                reply,
                form.mot.data or "",
            )
            change.commit(orientation=reply.value)
    except Withdrawn:
        flash("La séance a retiré cette proposition : il n’y a plus rien à répondre.", "attention")
        return redirect(url_for(".show", number=number))
    flash("Votre réponse est enregistrée ; vous pourrez en donner une autre.", "succes")
    return redirect(url_for(".of_cell", cell=g.situation.cell))


def _page(form: ReplyForm, reading: Reader) -> str:
    proposed = g.proposed
    with database().read() as session:
        record = events.opened(session, reading, g.situation)
        given = service.answers(session, record, g.situation.id).get(proposed.row.id, [])
        whom = {said.author for said in given} | ({proposed.row.member} - {None})
        return render_template(
            "orientations/show.html",
            form=form,
            proposed=proposed,
            situation=g.situation,
            words=service.words(record, proposed.row),
            suites=cells.labels(session, "suite"),
            given=given,
            names=members.named(session, reading, whom, identity().keyring.compartments),
            may_answer=decide(
                identity().actor, Action.ORIENTATION_ANSWER, g.subject, today()
            ).allowed,
            charter=service.CHARTER,
        )
