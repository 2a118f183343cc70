"""The typology report of a cell: on screen as it will be printed, then handed out."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from flask import Blueprint, g, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.reports import periods, service
from casework.reports.docx import document
from casework.reports.forms import FORMATS, ExportForm
from casework.reports.method import sentences
from casework.reports.periods import Period, WrongPeriod
from casework.reports.present import present
from casework.reports.refusals import REFUSALS, Refusal, refusal
from casework.reports.service import Report
from casework.reports.sheets import csv_file, ods_file
from casework.situations.views import in_cell
from casework.vault.keyring import Reader
from casework.web.access import (
    action,
    allowed,
    also,
    database,
    identity,
    reader,
    today,
)
from casework.web.forms import read_day
from casework.web.french import short_date
from casework.web.journal import checkpoint_line
from charter.actions import Action

bp = Blueprint("reports", __name__)
MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}


@bp.get("/cellules/<cell>/rapport")
@action(Action.REPORT_READ, in_cell)
def show(cell: str) -> str:
    rounded = request.args.get("arrondi") == "oui"
    form = ExportForm(formdata=None, arrondi=rounded)
    try:
        period = _asked()
    except WrongPeriod as error:
        return _page(form, None, Refusal("Cette période ne convient pas", str(error)))
    return _shown(form, period, rounded=rounded)


@bp.post("/cellules/<cell>/rapport")
@action(Action.REPORT_EXPORT, in_cell)
def export(cell: str) -> Response | tuple[str, int]:
    """The first export settles the numbers of the period; the next ones repeat them."""
    form = ExportForm()
    try:
        if not form.validate_on_submit():
            raise WrongPeriod("Choisissez une période et un format, puis recommencez.")
        period = Period(form.du.data, form.au.data)
    except WrongPeriod as error:
        return _page(form, None, Refusal("Rien n’a été exporté", str(error))), 422
    rounded = bool(form.arrondi.data)
    acts = also(Action.RAPPEL_READ, service.counted(cell))  # before the write lock is taken
    member = identity()
    with database().write() as session:
        report, refused = _or_refusal(
            lambda: service.publish(
                session,
                reader(),
                lambda: acts,
                member.keyring.writer(),
                member.actor.reference,
                cell,
                period,
                form.texts(),
                today(),
                rounded=rounded,
            ),
            g.cell.threshold,
        )
        if report is None:
            return _page(form, period, refused), 422
        session.commit()
    made = _file(report, form.sortie.data)
    name = f"rapport-{cell}-{period.since}-{period.until}.{form.sortie.data}"
    return send_file(
        BytesIO(made), mimetype=MIME[form.sortie.data], as_attachment=True, download_name=name
    )


def _file(report: Report, sortie: str) -> bytes:
    with database().read() as session:
        shown = present(session, report)
        if sortie == "csv":
            return csv_file(report, shown)
        if sortie == "ods":
            return ods_file(report, shown)
        commune = cells.setting(session, cells.COMMUNE)
        return document(report, shown, g.cell, commune, checkpoint_line(session))


def _shown(form: ExportForm, period: Period, *, rounded: bool) -> str:
    def acts() -> Reader:
        return also(Action.RAPPEL_READ, service.counted(g.cell.code))

    with database().read() as session:
        report, refused = _or_refusal(
            lambda: service.show(session, reader(), acts, g.cell, period, rounded=rounded),
            g.cell.threshold,
        )
        shown = present(session, report) if report else None
    form.du.data, form.au.data = period.since, period.until
    if report is not None:
        form.arrondi.data = report.publication.rounded
        form.difficultes.data = report.difficultes
        form.points_positifs.data = report.points_positifs
    return _page(form, period, refused, report=report, shown=shown)


def _page(form: ExportForm, period: Period | None, refused: Refusal | None, **report: Any) -> str:
    on = today()
    return render_template(
        "reports/typology.html",
        cell=g.cell,
        form=form,
        period=period,
        refusal=refused,
        report=report.get("report"),
        shown=report.get("shown"),
        method=sentences(*report.values(), g.cell) if report.get("report") else (),
        over=period is not None and period.until < on,
        formats=FORMATS,
        may_export=allowed(Action.REPORT_EXPORT, g.cell.code),
        models=[
            {"label": label, "url": _url(chosen), "current": chosen == period}
            for label, chosen in _models(on)
            if chosen is not None
        ],
        rounded_url=period and _url(period, arrondi="oui"),
        exact_url=period and _url(period),
    )


def _url(period: Period, **more: str) -> str:
    du, au = short_date(period.since), short_date(period.until)
    return url_for(".show", cell=g.cell.code, du=du, au=au, **more)


def _models(on: date) -> list[tuple[str, Period | None]]:
    """What a coordinator reports on, one click away."""
    return [
        ("Bilan annuel", periods.last_year(on)),
        ("Année scolaire passée", periods.last_school_year(on)),
        ("Année scolaire en cours", periods.school_year_so_far(on)),
        ("Bilan trimestriel", periods.last_quarter(on)),
    ]


def _asked() -> Period:
    """The period of the address; by default the last complete school year."""
    default = periods.last_school_year(today())
    days = []
    for name, day in (("du", default.since), ("au", default.until)):
        typed = request.args.get(name, "")
        found = read_day(typed) if typed else day
        if found is None:
            raise WrongPeriod("Écrivez les deux dates sous la forme 21/11/2026.")
        days.append(found)
    return Period(*days)


def _or_refusal(make: Callable[[], Report], threshold: int) -> tuple[Report | None, Refusal | None]:
    try:
        return make(), None
    except REFUSALS as error:
        return None, refusal(error, threshold)
