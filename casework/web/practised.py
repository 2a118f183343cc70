"""A procedure that the settings of a cell leave out: said at the door, not only unseen."""

from flask import flash, g, redirect, url_for
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.web.access import database

# By the setting of a cell that opens it: its name, and the pronoun of the sentence.
PROCEDURES = {
    "rappel": ("le rappel à l’ordre", "le"),
    "transaction": ("la transaction", "la"),
    "parenting": ("l’aide à la fonction parentale", "la"),
}
SENTENCE = (
    "Cette cellule ne pratique pas {what}\u00a0: ses réglages l’écartent. Orientez la situation "
    "vers une cellule qui {it} pratique, ou changez le réglage si le protocole le prévoit."
)


def not_practised(procedure: str) -> Response | None:
    """Back to the situation of this request, told why, if its cell leaves the procedure out."""
    with database().read() as session:
        if getattr(cells.options(session, g.situation.cell), procedure):
            return None
    what, it = PROCEDURES[procedure]
    flash(SENTENCE.format(what=what, it=it), "refus")
    return redirect(url_for("situations.show", reference=g.situation.reference))
