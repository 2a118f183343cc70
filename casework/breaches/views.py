"""The register of breaches: the clock first, one breach, its sheet for the CNIL."""

from datetime import UTC, datetime
from io import BytesIO

from flask import Blueprint, flash, g, redirect, render_template, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.breaches import paper, service
from casework.breaches.forms import DeclareForm, StepForm
from casework.cells import service as cells
from casework.documents.letters import DOCX
from casework.vault.keyring import Reader
from casework.web.access import (
    Identity,
    action,
    allowed,
    also,
    changes,
    database,
    reader,
    require,
    today,
)
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("breaches", __name__)


def one(session: Session, _who: Identity, reference: str) -> Subject:
    g.breach = require(service.by_reference(session, reference))
    return Subject(reference=g.breach.reference)


@bp.get("/violations")
@action(Action.BREACH_READ)
def register() -> str:
    with database().read() as session:
        lines = service.register(session, datetime.now(UTC))
        return render_template("breaches/list.html", lines=lines, natures=paper.natures)


@bp.get("/violations/declarer")
@action(Action.BREACH_DECLARE)
def new() -> str:
    return render_template("breaches/form.html", form=DeclareForm(formdata=None), reads=_reads())


def _reads() -> bool:
    return allowed(Action.BREACH_READ)


@bp.post("/violations/declarer")
@action(Action.BREACH_DECLARE)
def declare() -> Response | tuple[str, int]:
    form = DeclareForm()
    if not form.validate_on_submit():
        return render_template("breaches/form.html", form=form, reads=_reads()), 422
    with changes() as change:
        natures = "".join(sorted(form.nature.data or ()))
        args = (change.session, change.actor, form.known_at(), natures, form.texts())
        made = service.declare(*args)
        change.commit(made.reference)
    if not _reads():
        flash(f"Violation {made.reference} déclarée et scellée : prévenez le délégué.", "succes")
        return redirect(url_for(".new"))
    flash("La violation est inscrite au registre. Le délai de 72 heures court.", "succes")
    return redirect(url_for(".show", reference=made.reference))


@bp.get("/violations/<reference>")
@action(Action.BREACH_READ, one)
def show(reference: str) -> str:
    return _page(reader(), StepForm(formdata=None, version=g.breach.version))


def _page(reading: Reader, form: StepForm, **context: bool) -> str:
    with database().read() as session:
        line = service.line_of(session, g.breach, datetime.now(UTC))
        texts, steps = service.open_breach(session, reading, line)
        return render_template(
            "breaches/show.html",
            line=line,
            texts=texts,
            steps=steps,
            form=form,
            kinds={it.value: it.label for it in service.Kind},
            natures=paper.natures(line),
            **context,
        )


@bp.post("/violations/<reference>/etape")
@action(Action.BREACH_RECORD, one)
def add_step(reference: str) -> Response | tuple[str, int]:
    form = StepForm()
    if not form.validate_on_submit():
        return _page(also(Action.BREACH_READ, g.subject), form), 422
    try:
        with changes() as change:
            args = (g.breach.id, form.version.data or 0, service.Kind(form.etape.data), form.at())
            service.add_step(change.session, change.writer, change.actor, *args, form.texte.data)
            change.commit(etape=form.etape.data)
    except service.Unsettled:
        return _page(also(Action.BREACH_READ, g.subject), form, unsettled=True), 409
    except service.Changed:
        with database().read() as session:
            g.breach = require(service.by_reference(session, reference))
        form.version.raw_data, form.version.data = None, g.breach.version
        return _page(also(Action.BREACH_READ, g.subject), form, changed=True), 409
    except service.Closed:
        flash("Cette violation est close. Une suite nouvelle se déclare à part.", "refus")
        return redirect(url_for(".show", reference=reference))
    flash("L’acte est inscrit au registre.", "succes")
    return redirect(url_for(".show", reference=reference))


@bp.get("/violations/<reference>/fiche.docx")
@action(Action.BREACH_EXPORT, one)
def export(reference: str) -> Response:
    with database().read() as session:
        line = service.line_of(session, g.breach, datetime.now(UTC))
        texts, steps = service.open_breach(session, reader(), line)
        made = paper.sheet(line, texts, steps, cells.setting(session, cells.COMMUNE), today())
    name = f"violation-{reference}.docx"
    return send_file(BytesIO(made), mimetype=DOCX, as_attachment=True, download_name=name)
