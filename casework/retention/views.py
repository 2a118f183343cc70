"""What comes to its end: a cell's page, the DPO's, the agreement of the archives, the papers."""

from io import BytesIO

from flask import Blueprint, Response, flash, g, redirect, render_template, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from casework.cells import service as cells
from casework.papers.printing import printed, sent
from casework.retention import bordereau, certificate, service
from casework.retention.calendar import calendar
from casework.retention.clock import Stage
from casework.retention.forms import AgreementForm, RenewForm
from casework.retention.tables import HELD
from casework.situations import service as situations
from casework.situations.views import aside, in_cell, one, opened_now
from casework.web.access import (
    Identity,
    action,
    allowed,
    changes,
    database,
    require,
    today,
)
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("retention", __name__)
NOT_YET = (
    "Le bordereau dit que les pages de la base ont été réécrites, et elles ne le sont pas encore : "
    "la base était occupée, ou le disque plein. Il se produira après la prochaine nuit."
)


def disposal(session: Session, _who: Identity, number: str) -> Subject:
    g.disposal = require(service.disposal(session, number))
    return Subject(reference=number)


@bp.get("/cellules/<cell>/conservation")
@action(Action.RETENTION_READ, in_cell)
def of_cell(cell: str) -> str:
    with database().read() as session:
        found = calendar(session, today(), {cell}, aside(session))
        return render_template(
            "retention/cell.html",
            cell=g.cell,
            calendar=found,
            stages=list(Stage),
            rules=service.rules(session, cell),
            agreement=service.agreement(session),
            may_open=allowed(Action.ARCHIVE_LIST, cell),
            today=today(),
        )


@bp.get("/conservation")
@action(Action.RETENTION_READ)
def show() -> str:
    return _page(None)


def _page(form: AgreementForm | None) -> str:
    with database().read() as session:
        agreement = service.agreement(session)
        given, on = service.agreement_given(session)
        return render_template(
            "retention/dpo.html",
            form=form or AgreementForm(formdata=None, accord=given, le=on),
            calendar=calendar(session, today()),
            stages=list(Stage),
            names={row.code: row.name for row in cells.every_cell(session)},
            agreement=agreement,
            waiting=service.withdrawn(session, today()),
            disposals=service.told(session),
            held=HELD,
            today=today(),
        )


@bp.post("/conservation/accord")
@action(Action.RETENTION_SET)
def agree() -> Answer | tuple[str, int]:
    form = AgreementForm()
    if not form.validate_on_submit():
        return _page(form), 422
    given = form.accord.data or ""
    with changes() as change:
        service.record_agreement(change.session, given, form.le.data)
        change.commit(accord="consigne" if given else "retire")
    flash(
        "L’accord est consigné : ce qui est à son terme s’effacera cette nuit."
        if given
        else "L’accord est retiré : plus rien ne s’efface, ce qui est dû est retiré de la base.",
        "succes",
    )
    return redirect(url_for(".show"))


@bp.get("/conservation/<number>/bordereau.docx")
@action(Action.RETENTION_EXPORT, disposal)
def export(number: str) -> Response | Answer:
    with database().read() as session:
        if not service.rewritten(session, number):
            flash(NOT_YET, "attention")
            return redirect(url_for(".show"))
        values = bordereau.values(session, g.disposal)
        made = printed(session, bordereau.MODEL, number, g.disposal.made_on, [values])
    return sent(made, f"bordereau-{number}")


@bp.get("/conservation/<number>/certificat.jsonl")
@action(Action.RETENTION_EXPORT, disposal)
def certify(number: str) -> Response:
    with database().read() as session:
        rows = service.erasures(session, number)
        made = certificate.write(session.connection(), rows)
    return send_file(
        BytesIO(made.encode()),
        mimetype="application/jsonl",
        as_attachment=True,
        download_name=f"certificat-{number}.jsonl",
    )


@bp.post("/situations/<reference>/renouveler")
@action(Action.RETENTION_KEEP, one)
def renew(reference: str) -> Answer:
    """The follow-up goes on: inactivity counts from today."""
    form = RenewForm()
    back = redirect(url_for("situations.show", reference=reference))
    with database().read() as session:
        opened = opened_now(session)
    try:
        with changes() as change:
            row = situations.edited(
                change.session, opened.row.id, form.version.data or 0, change.actor
            )
            situations.seal_facets(change.writer, row, opened.facets)
            change.commit()
    except situations.EditConflict:
        flash("Quelqu’un d’autre vient d’agir sur cette situation : relisez-la.", "attention")
        return back
    flash("Le suivi est renouvelé : l’inactivité se compte de ce jour.", "succes")
    return back
