"""The key of a cell: who holds it, why it should be renewed, and its renewal batch by batch."""

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members import holders, renewal, service
from casework.situations.views import in_cell
from casework.vault.models import CompartmentVersion
from casework.vault.renewal import under_way
from casework.vault.store import current
from casework.web.access import action, allowed, changes, database, identity, reader, today
from charter.actions import Action

bp = Blueprint("keys", __name__)


@bp.get("/cellules/<cell>/cle")
@action(Action.KEY_READ, in_cell)
def of_cell(cell: str) -> str:
    with database().read() as session:
        held = holders.holders(session, reader(), cell, today())
        return render_template(
            "members/key.html",
            cell=cells.cell(session, cell),
            holders=held,
            leaving=[holder for holder in held if not holder.stays],
            version=session.get_one(CompartmentVersion, (cell, current(session, cell).version)),
            renewals=renewal.history(session, cell),
            works=_works(session, cell),
            may_renew=allowed(Action.KEY_RENEW, cell),
        )


def _works(session: Session, cell: str) -> list[dict[str, object]]:
    """What is under way: the cell, then the directory of members that its departures renew too."""
    found = ((cell, "dossiers"), (service.DIRECTORY, "fiches de l’annuaire des membres"))
    return [
        {"what": what, "done": min(row.done, row.total), "total": row.total, "row": row}
        for code, what in found
        if (row := under_way(session, code)) and code in identity().keyring.compartments
    ]


@bp.post("/cellules/<cell>/cle/renouveler")
@action(Action.KEY_RENEW, in_cell)
def renew(cell: str) -> Response:
    """A new key at once, for those who stay. Pressing twice does not make two."""
    with changes() as change:
        begun = renewal.begin_cell(change.session, cell, change.actor, today())
        change.commit(**renewal.start_detail(begun))
    return redirect(url_for(".of_cell", cell=cell))


@bp.post("/cellules/<cell>/cle/continuer")
@action(Action.KEY_RENEW, in_cell)
def go_on(cell: str) -> Response:
    """One batch, and back to the page."""
    for code in (cell, service.DIRECTORY):
        with changes() as change:
            if not change.writer.holds(code):
                continue
            done = renewal.advance(change.session, change.writer, code)
            if done is None:
                continue
            change.commit(**done.detail())
        if done.finished:
            database().empty_log()
        if done.finished and code == cell:
            flash("La clé de la cellule est renouvelée : l’ancienne est détruite.", "succes")
        if not done.finished:
            break
    return redirect(url_for(".of_cell", cell=cell))
