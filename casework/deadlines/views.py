"""The deadlines of whoever directs, all their cells together. Nothing here opens the vault."""

from flask import Blueprint, render_template

from casework.deadlines.providers import deadlines
from casework.rights import service as rights
from casework.web.access import action, allowed, database, identity, today
from charter import recusals
from charter.actions import Action

bp = Blueprint("deadlines", __name__)


@bp.get("/echeances")
@action(Action.DEADLINE_LIST)
def show() -> str:
    actor = identity().actor
    codes = sorted({m.cell for m in actor.hats if m.cell and m.valid(today())})
    held = [code for code in codes if allowed(Action.SITUATION_LIST, code)]
    with database().read() as session:
        aside = recusals.recused_from(session, actor.reference)
        frozen = frozenset().union(*(rights.frozen_in(session, code) for code in held))
        lines = deadlines(session, held, aside, today(), frozen)
    return render_template("deadlines/show.html", lines=lines, cells_of_table=held)
