"""The paper path: the correspondant Justice-Ville carries what the parquet answers on paper.

Agréé by the parquet (000:1889-1900), he holds the key of the fiches and of nothing else. The scan
is sealed under the fiche's own key: commune and parquet see the same page.
"""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from casework.attachments import service as attachments
from casework.rappels import acts, service
from casework.rappels.forms import CarryForm
from casework.rappels.parquet import fiche_page, one, open_fiche
from casework.rappels.procedure import ForbiddenStep, Step
from casework.rappels.views import author
from casework.rappels.views import one as one_rappel
from casework.web.access import (
    action,
    also,
    changes,
    database,
    reader,
    require,
)
from casework.web.french import local
from casework.web.uploads import make_room, shown
from charter.actions import Action

bp = Blueprint("papier", __name__)
make_room(bp, "carry", attachments.LARGEST_BYTES)


@bp.post("/fiches/<reference>/porter")
@action(Action.FICHE_CARRY, one)
def carry(reference: str) -> Response | tuple[str, int]:
    form = CarryForm()
    form.sent_on = local(g.rappel.t1_at).date()
    opened = open_fiche(also(Action.FICHE_READ, g.subject))
    if not form.validate_on_submit():
        return fiche_page(opened, carry_form=form), 422
    if form.version.data != opened.row.version:
        return fiche_page(opened, carry_form=form, changed=True), 409
    try:
        with changes() as change:
            carrier = author()
            acts.carry(
                change.session,
                change.writer,
                opened,
                Step(form.reponse.data),
                replace(carrier, signed=form.by(carrier.signed)),
                form.content,
            )
            change.commit()
    except (ForbiddenStep, service.ActConflict):
        read_again = open_fiche(also(Action.FICHE_READ, g.subject))
        return fiche_page(read_again, carry_form=form, changed=True), 409
    flash(f"Réponse consignée pour la fiche {reference}. La commune en est informée.", "succes")
    return redirect(url_for("fiches.of_parquet"))


@bp.get("/fiches/<reference>/reponse")
@action(Action.FICHE_SCAN, one)
def of_fiche(reference: str) -> Response:
    return _send()


@bp.get("/rappels/<reference>/reponse")
@action(Action.FICHE_SCAN, one_rappel)
def of_rappel(reference: str) -> Response:
    return _send()


def _send() -> Response:
    row = g.rappel
    with database().read() as session:
        found = attachments.open_scan(session, reader(), row.id, row.reference)
    return shown(*require(found), f"reponse-{row.reference}")
