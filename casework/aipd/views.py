"""The impact assessment's page: what it must answer, where, and what was recorded by cell."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from casework.aipd import service
from casework.aipd.checklist import MEASURES
from casework.cells import service as cells
from casework.documents.letters import DOCX
from casework.documents.sheet import Block, Heading, Table, Text, draw
from casework.vault.keyring import Reader
from casework.web.access import action, also, changes, database, reader, today
from casework.web.forms import PAST, Form, day, line
from casework.web.french import long_date
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("aipd", __name__)


class AipdForm(Form):
    cellule = SelectField("Cellule", [InputRequired("Choisissez la cellule.")])
    reference = line(
        "Référence de l’analyse",
        "Indiquez la référence de l’analyse.",
        description="Celle de l’acte ou du document, par exemple « AIPD 2026-03 ».",
    )
    datee = day("Date de l’analyse", "Indiquez la date de l’analyse.", PAST)
    avis = RadioField(
        "Avis du délégué à la protection des données",
        [InputRequired("Indiquez l’avis du délégué.")],
        choices=[SelectChoice(it.value, it.label) for it in service.Opinion],
    )
    avis_le = day("Date de l’avis", "Indiquez la date de l’avis.", PAST)


@bp.get("/analyse-impact")
@action(Action.PROCESSING_READ)
def show() -> str:
    return _page(reader(), AipdForm(formdata=None))


def _page(reading: Reader, form: AipdForm) -> str:
    with database().read() as session:
        found = cells.every_cell(session)
        form.cellule.choices = [(cell.code, cell.name) for cell in found]
        recorded = [(cell, service.history(session, reading, cell.code)) for cell in found]
        cleared = {cell.code: service.cleared(session, cell.code) for cell in found}
    labels = {it.value: it.label for it in service.Opinion}
    return render_template(
        "aipd/show.html",
        form=form,
        themes={
            theme: [measure for measure in MEASURES if measure.theme == theme]
            for theme in dict.fromkeys(measure.theme for measure in MEASURES)
        },
        recorded=recorded,
        cleared=cleared,
        labels=labels,
    )


@bp.post("/analyse-impact")
@action(Action.PROCESSING_ASSESS)
def record() -> Response | tuple[str, int]:
    form = AipdForm()
    with database().read() as session:
        form.cellule.choices = [(cell.code, cell.name) for cell in cells.every_cell(session)]
    if not form.validate_on_submit():
        return _page(also(Action.PROCESSING_READ, Subject()), form), 422
    with changes() as change:
        service.record(
            change.session,
            change.writer,
            change.actor,
            form.cellule.data,
            form.reference.data,
            form.datee.data,
            service.Opinion(form.avis.data),
            form.avis_le.data,
        )
        change.commit(cellule=form.cellule.data, avis=form.avis.data)
    flash("L’analyse et l’avis sont consignés.", "succes")
    return redirect(url_for(".show"))


@bp.get("/analyse-impact/liste.docx")
@action(Action.PROCESSING_EXPORT)
def export() -> Response:
    with database().read() as session:
        commune = cells.setting(session, cells.COMMUNE)
        blocks = _blocks(session, reader(), commune)
    made = draw("Liste de contrôle de l’AIPD", commune, today(), blocks, landscape=True)
    name = f"aipd-{today().isoformat()}.docx"
    return send_file(BytesIO(made), mimetype=DOCX, as_attachment=True, download_name=name)


def _blocks(session: Any, reading: Reader, commune: str) -> list[Block]:
    blocks: list[Block] = [Text(f"{commune}, le {long_date(today())}.")]
    for theme in dict.fromkeys(measure.theme for measure in MEASURES):
        rows = tuple((m.question, m.answer, m.where) for m in MEASURES if m.theme == theme)
        headers = ("Question", "Ce que fait l’application", "Où le lire")
        blocks += [Heading(theme), Table(headers, rows, (7, 11, 7))]
    lines = tuple(
        (
            cell.code,
            it.reference,
            long_date(it.row.dated),
            f"{service.Opinion(it.row.opinion).label}, le {long_date(it.row.opinion_on)}",
        )
        for cell in cells.every_cell(session)
        for it in service.history(session, reading, cell.code)
    )
    headers = ("Cellule", "Analyse", "Datée du", "Avis du délégué")
    told = Table(headers, lines, (4, 8, 5, 8)) if lines else Text("Rien n’est consigné.")
    return [*blocks, Heading("Analyses et avis consignés"), told]
