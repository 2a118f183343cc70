"""The paper path of a homologation: the correspondant Justice-Ville carries what was decided.

As for the fiches (000:1889-1900): agréé by the parquet, he holds its key. The scan is sealed under
the transaction's own key: commune and parquet open the same page.
"""

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from casework.attachments import service as attachments
from casework.transactions import service
from casework.transactions.homologation import one, page
from casework.transactions.homologation_forms import CarriedForm
from casework.transactions.procedure import Forbidden
from casework.transactions.views import one as one_of_commune
from casework.transactions.views import open_one
from casework.web.access import (
    action,
    also,
    changes,
    database,
    reader,
    record_refusal,
    require,
    signature,
    today,
)
from casework.web.uploads import make_room, shown
from charter.actions import Action

bp = Blueprint("homologation_paper", __name__)
make_room(bp, "carry", attachments.LARGEST_BYTES)


@bp.post("/homologations/<reference>/porter")
@action(Action.HOMOLOGATION_CARRY, one)
def carry(reference: str) -> Response | tuple[str, int]:
    form = CarriedForm()
    opened = open_one(also(Action.HOMOLOGATION_READ, g.subject))
    form.sent_on = opened.dossier.last_on
    if not form.validate_on_submit():
        return page(opened, carried=form), 422
    if form.version.data != opened.row.version:
        return page(opened, carried=form, changed=True), 409
    carrier = signature(g.decision)
    signed = service.Signed(carrier, g.decision.mandate.number)
    try:
        with changes() as change:
            service.carry(
                change.session,
                change.writer,
                opened,
                form.event(carrier),
                signed,
                today(),
                form.content,
                change.actor,
            )
            change.commit()
    except Forbidden as no:
        record_refusal()
        form.repondu_le.errors = [*form.repondu_le.errors, str(no)]
        return page(opened, carried=form), 409
    except service.ActConflict:
        again = open_one(also(Action.HOMOLOGATION_READ, g.subject))
        return page(again, carried=form, changed=True), 409
    flash(f"Décision consignée pour {reference}. La commune en est informée.", "succes")
    return redirect(url_for("homologations.of_parquet"))


@bp.get("/homologations/<reference>/decision")
@action(Action.HOMOLOGATION_SCAN, one)
def of_parquet(reference: str) -> Response:
    return _send()


@bp.get("/transactions/<reference>/decision")
@action(Action.HOMOLOGATION_SCAN, one_of_commune)
def of_commune(reference: str) -> Response:
    return _send()


def _send() -> Response:
    row = g.transaction
    with database().read() as session:
        found = attachments.open_scan(session, reader(), row.id, row.reference)
    return shown(*require(found), f"decision-{row.reference}")
