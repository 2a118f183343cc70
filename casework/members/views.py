"""Members: the list, invitations, admission to a cell, exclusion."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members import accounts, admission, mandates, service
from casework.members.names import directory_reader, names_of
from casework.members.subjects import place
from casework.situations.views import in_cell
from casework.vault import renewal
from casework.web.access import (
    action,
    allowed,
    changes,
    database,
    identity,
    reader,
    today,
)
from charter.actions import Action

bp = Blueprint("members", __name__)


@bp.get("/membres")
@action(Action.MEMBER_LIST)
def everyone() -> str:
    """The administrator's list: names and mandates, nothing of the cells' work."""
    opening = directory_reader()
    with database().read() as session:
        rows = service.everyone(session)
        names = names_of(session, opening, rows)
        people = [
            {
                "row": row,
                "name": names.get(row.reference),
                "mandates": mandates.held(session, opening, row.reference, None, today()),
                "state": accounts.state_of(row),
            }
            for row in sorted(rows, key=lambda row: _rank(names, row.reference))
        ]
        return render_template(
            "members/everyone.html",
            people=people,
            invited=_invited(session, names, None),
            suspended=[
                (row, names[row.reference].name if row.reference in names else row.reference)
                for row in rows
                if row.suspended_at is not None and row.closed_at is None
            ],
            may_invite=allowed(Action.MEMBER_INVITE),
        )


def _rank(names: dict[str, service.Identity], reference: str) -> tuple[str, str]:
    return names[reference].rank if reference in names else (reference, "")


def _invited(
    session: Session, names: dict[str, service.Identity], cell: str | None
) -> list[dict[str, object]]:
    """Links given and not used yet."""
    return [
        {
            "row": row,
            "name": names[row.reference].name if row.reference in names else row.reference,
            "lapsed": row.invited_until is None or row.invited_until < datetime.now(UTC),
        }
        for row in accounts.pending(session, cell)
    ]


@bp.get("/cellules/<cell>/membres")
@action(Action.MEMBER_LIST, in_cell)
def of_cell(cell: str) -> str:
    """The coordinator's list: who belongs to the cell, who signed, who waits for a key."""
    with database().read() as session:
        places = admission.places(session, reader(), cell, today())
        rows = accounts.pending(session, cell)
        return render_template(
            "members/cell.html",
            cell=cells.cell(session, cell),
            places=places,
            renewing=renewal.under_way(session, cell),
            invited=_invited(session, names_of(session, reader(), rows), cell),
            may_invite=allowed(Action.MEMBER_INVITE, cell),
            may_open=allowed(Action.MANDATE_READ, cell),
            myself=identity().actor.reference,
        )


@bp.post("/cellules/<cell>/membres/<reference>/admettre")
@action(Action.MEMBER_ADMIT, place)
def admit(cell: str, reference: str) -> Response:
    with changes() as change:
        admission.admit(change.session, change.writer, cell, reference, today())
        change.commit()
    flash("Le membre détient désormais la clé de la cellule.", "succes")
    return redirect(url_for(".of_cell", cell=cell))


@bp.post("/cellules/<cell>/membres/<reference>/exclure")
@action(Action.MEMBER_EXCLUDE, place)
def exclude(cell: str, reference: str) -> Response:
    with changes() as change:
        admission.exclude(change.session, cell, reference, change.actor, today())
        change.commit()
    flash("Le membre est exclu : son accès est clos, sa clé lui est retirée.", "succes")
    return redirect(url_for("keys.of_cell", cell=cell))
