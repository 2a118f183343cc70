"""The paper path: the correspondant Justice-Ville carries what the parquet answers on paper.

Agréé by the parquet (000:1889-1900), he holds the key of the fiches and of nothing else. The scan
is sealed under the fiche's own key: commune and parquet see the same page.
"""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from casework.attachments import service as attachments
from casework.rappels import acts, service
from casework.rappels.forms import CarryForm
from casework.rappels.parquet import fiche_page, one, open_fiche
from casework.rappels.procedure import ForbiddenStep, Step
from casework.rappels.views import author
from casework.rappels.views import one as one_rappel
from casework.vault import store
from casework.web.access import (
    action,
    also,
    changes,
    database,
    reader,
    require,
)
from casework.web.french import local
from charter.actions import Action

bp = Blueprint("papier", __name__)
# A file a little too large gets its sentence at the field; a huge one is not even read.
LARGEST_REQUEST = 2 * attachments.LARGEST_BYTES


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, str] | None) -> None:
    if endpoint == "papier.carry":
        request.max_content_length = LARGEST_REQUEST


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
    """Shown in the browser, from memory: `no-store` keeps it off the disk on both sides."""
    with database().read() as session:
        scan = require(attachments.of_record(session, g.rappel.id))
        wraps = store.wraps_of(session, g.rappel.id)
        opened = reader().record(g.rappel.id, wraps, g.rappel.reference)
        content = attachments.content_of(scan, opened)
    suffix = scan.media.rpartition("/")[2]
    name = f"reponse-{g.rappel.reference}.{suffix}"
    return send_file(content, mimetype=scan.media, download_name=name)
