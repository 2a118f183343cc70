"""The parquet's pages: transactions to homologate, oldest first, and its decision.

The procureur homologates a repair. For unpaid work he forwards the file to the tribunal de police
and sends its decision back here (art. R. 15-33-63 CPP): the page says which of the two decides.
"""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.attachments import service as attachments
from casework.cells import service as cells
from casework.situations.models import Situation
from casework.transactions import service
from casework.transactions.homologation_forms import CarriedForm, DecisionForm
from casework.transactions.procedure import AUTHORITY, Authority, Forbidden
from casework.transactions.views import open_one, told
from casework.transactions.words import LABELS
from casework.web.access import (
    Identity,
    action,
    allowed,
    also,
    changes,
    database,
    reader,
    record_refusal,
    require,
    signature,
    today,
)
from casework.web.french import local
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("homologations", __name__)


def one(session: Session, _who: Identity, reference: str) -> Subject:
    """A transaction exists for the parquet once its homologation was asked for."""
    g.transaction = row = require(service.by_reference(session, reference))
    require(row.asked_at)
    situation = session.get_one(Situation, row.situation)
    return Subject(
        reference=row.reference,
        turn=row.attend == service.AT_PARQUET,
        archived=situation.archived_on is not None,
    )


@bp.get("/homologations")
@action(Action.HOMOLOGATION_LIST)
def of_parquet() -> str:
    with database().read() as session:
        waiting = service.homologations(session, waiting=True)
        answered = service.homologations(session, waiting=False)
        opened = service.open_transactions(
            session, reader(), answered, g.decision.categories, today()
        )
        return render_template(
            "homologations/list.html",
            commune=cells.setting(session, cells.COMMUNE),
            waiting=[(row, (today() - local(row.asked_at).date()).days) for row in waiting],
            answered=opened,
            labels=LABELS,
            carries=allowed(Action.HOMOLOGATION_CARRY),
        )


@bp.get("/homologations/<reference>")
@action(Action.HOMOLOGATION_READ, one)
def show(reference: str) -> str:
    return page(open_one(reader()))


def page(
    opened: service.Opened,
    form: DecisionForm | None = None,
    carried: CarriedForm | None = None,
    **context: object,
) -> str:
    with database().read() as session:
        commune = cells.setting(session, cells.COMMUNE)
        scan = attachments.of_record(session, opened.row.id)
    return render_template(
        "homologations/show.html",
        transaction=opened,
        commune=commune,
        form=form or _blank(opened),
        carried=carried or CarriedForm(formdata=None, version=opened.row.version),
        may_answer=allowed(Action.HOMOLOGATION_ANSWER),
        may_carry=allowed(Action.HOMOLOGATION_CARRY),
        scan=scan,
        **told(opened),
        **context,
    )


def _blank(opened: service.Opened) -> DecisionForm:
    """The procureur homologates in their own name; of the tribunal, they write who decided."""
    ours = AUTHORITY[opened.dossier.terms.kind] is Authority.PROCUREUR
    by = signature(g.decision) if ours and allowed(Action.HOMOLOGATION_ANSWER) else ""
    return DecisionForm(formdata=None, le=today(), version=opened.row.version, magistrat=by)


@bp.post("/homologations/<reference>")
@action(Action.HOMOLOGATION_ANSWER, one)
def answer(reference: str) -> Response | tuple[str, int]:
    form = DecisionForm()
    opened = open_one(also(Action.HOMOLOGATION_READ, g.subject))
    if not form.validate_on_submit():
        return page(opened, form), 422
    if form.version.data != opened.row.version:
        return page(opened, form, changed=True), 409
    try:
        with changes() as change:
            signed = service.Signed(signature(g.decision), g.decision.mandate.number)
            service.act(change.session, change.writer, opened, form.event(), signed, today())
            change.commit()
    except Forbidden as no:
        record_refusal()
        form.le.errors = [*form.le.errors, str(no)]
        return page(opened, form), 409
    except service.ActConflict:
        return page(open_one(also(Action.HOMOLOGATION_READ, g.subject)), form, changed=True), 409
    flash(f"Décision transmise pour la transaction {reference}.", "succes")
    return redirect(url_for(".of_parquet"))
