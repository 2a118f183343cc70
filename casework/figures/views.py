"""The working numbers of a cell, for whoever coordinates it."""

from flask import Blueprint, g, render_template

from casework.figures import service
from casework.situations.views import aside, in_cell
from casework.web.access import action, database, reader, today
from charter.actions import Action

bp = Blueprint("figures", __name__)


@bp.get("/cellules/<cell>/nombres")
@action(Action.FIGURES_READ, in_cell)
def show(cell: str) -> str:
    with database().read() as session:
        left = aside(session)
        found = service.charts(session, reader(), cell, left, today())
    return render_template("figures/show.html", cell=g.cell, charts=found, aside=bool(left))
