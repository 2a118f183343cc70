"""« Revue des accès »: for the maire and the DPO, on the screen and on paper."""

from datetime import date, timedelta
from io import BytesIO

from flask import Blueprint, flash, g, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members.names import directory_reader
from casework.review import paper, service
from casework.web.access import (
    action,
    allowed,
    changes,
    database,
    identity,
    signature,
    today,
)
from casework.web.journal import checkpoint_line
from charter.actions import Action

bp = Blueprint("review", __name__)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EVERY = timedelta(days=365)


@bp.get("/revue-des-acces")
@action(Action.ACCESS_REVIEW)
def show() -> str:
    opening = directory_reader()
    with database().read() as session:
        found = service.review(session, opening, today())
        return render_template(
            "review/show.html",
            review=found,
            asleep_days=service.ASLEEP_AFTER.days,
            overdue=_overdue(found.last),
            may_end=lambda cell: allowed(Action.MANDATE_END, cell) and cell is not None,
            myself=identity().actor.reference,
            readable=opening is not None,
        )


def _overdue(last: date | None) -> bool:
    return last is None or today() - last > EVERY


@bp.get("/revue-des-acces/revue.docx")
@action(Action.ACCESS_EXPORT)
def export() -> Response:
    opening = directory_reader()
    with database().read() as session:
        made = paper.draw(
            service.review(session, opening, today()),
            commune=cells.setting(session, cells.COMMUNE),
            day=today(),
            by=signature(g.decision),
            checkpoint=checkpoint_line(session),
        )
    name = f"revue-des-acces-{today().isoformat()}.docx"
    return send_file(BytesIO(made), mimetype=DOCX, as_attachment=True, download_name=name)


@bp.post("/revue-des-acces/faite")
@action(Action.ACCESS_CERTIFY)
def certify() -> Response:
    with changes() as change:
        service.certify(change.session, today())
        change.commit()
    flash("La revue est consignée à la date d’aujourd’hui.", "succes")
    return redirect(url_for(".show"))
