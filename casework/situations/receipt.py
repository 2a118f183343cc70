"""The acknowledgement of a saisine: of a situation, or of a deposit. No name is on it."""

from datetime import date

from flask import g
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.documents.letters import french_date
from casework.papers.printing import printed, sent
from casework.situations.views import bp, one
from casework.web.access import action, database
from casework.web.french import local
from charter.actions import Action


@bp.get("/situations/<reference>/accuse.docx")
@action(Action.SITUATION_RECEIPT, one)
def acknowledge(reference: str) -> Response:
    """Nothing is opened: the day it was recorded, not that of the facts."""
    situation = g.situation
    with database().read() as session:
        received = local(situation.created_at).date()
        return send_receipt(session, situation.cell, reference, received)


def send_receipt(session: Session, cell: str, reference: str, received: date) -> Response:
    known = cells.cell(session, cell)
    name = known.name if known else cell
    values = {"cellule": name[:1].lower() + name[1:], "recue_le": french_date(received)}
    made = printed(session, "accuse_saisine", reference, received, [values])
    return sent(made, f"accuse-{reference}")
