"""The typology report of a cell: on screen as it will be printed, then handed out."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.reports import periods, saved, service
from casework.reports.docx import document
from casework.reports.forms import FORMATS, ExportForm, ModelForm
from casework.reports.method import sentences
from casework.reports.periods import KINDS, Period, WrongPeriod
from casework.reports.present import choices, present
from casework.reports.refusals import REFUSALS, Refusal, refusal
from casework.reports.service import Report
from casework.reports.sheets import csv_file, ods_file
from casework.situations.views import in_cell
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
from casework.web.forms import read_day
from casework.web.french import short_date
from casework.web.journal import checkpoint_line
from charter.actions import Action
from charter.subjects import Subject

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
    offered = choices(g.cell)
    tables = [name for name in offered if name in request.args.getlist("tableau")]
    form = ExportForm(
        formdata=None, arrondi=rounded, tableau=tables if len(tables) < len(offered) else []
    )
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
    counting = also(Action.REPORT_READ, service.counted(cell))
    try:
        if not form.validate_on_submit():
            raise WrongPeriod("Choisissez une période et un format, puis recommencez.")
        period = Period(form.du.data, form.au.data)
    except WrongPeriod as error:
        return _page(form, None, Refusal("Rien n’a été exporté", str(error)), counting), 422
    rounded = bool(form.arrondi.data)
    acts = _readers(cell)  # before the write lock is taken
    with changes() as change:
        report, refused = _or_refusal(
            lambda: service.publish(
                change.session,
                counting,
                acts.get,
                change.writer,
                change.actor,
                cell,
                period,
                form.texts(),
                today(),
                rounded=rounded,
            ),
            g.cell.threshold,
        )
        if report is not None:
            change.commit()
    if report is None:
        return _page(form, period, refused, counting), 422
    made = _file(report, form.sortie.data, form.tableau.data or ())
    name = f"rapport-{cell}-{period.since}-{period.until}.{form.sortie.data}"
    return send_file(
        BytesIO(made), mimetype=MIME[form.sortie.data], as_attachment=True, download_name=name
    )


@bp.post("/cellules/<cell>/rapport/modeles")
@action(Action.REPORT_MODEL, in_cell)
def keep_model(cell: str) -> Response | tuple[str, int]:
    """Keep the choice on the page, to ask for it again in one click."""
    form = ModelForm()
    counting = also(Action.REPORT_READ, service.counted(cell))
    if form.validate_on_submit():
        with changes() as change:
            try:
                saved.keep(
                    change.session,
                    change.writer,
                    change.actor,
                    cell,
                    form.nom.data,
                    form.periode.data,
                    form.tableau.data or (),
                    arrondi=bool(form.arrondi.data),
                )
            except saved.TooMany:
                message = f"Une cellule garde {saved.MOST} modèles : oubliez-en un d’abord."
                form.nom.errors = [message]
            else:
                change.commit()
                flash("Le modèle est gardé.", "succes")  # its name would stay in a cookie
                return redirect(_url(KINDS[form.periode.data].on(today()), _choice(form)))
    blank = ExportForm(formdata=None)
    return _page(blank, None, None, counting, keeping=form), 422


def _kept_by(session: Session, who: Identity, cell: str, **_of: int) -> Subject:
    return in_cell(session, who, cell)


@bp.post("/cellules/<cell>/rapport/modeles/<int:number>/oublier")
@action(Action.REPORT_MODEL, _kept_by)
def forget_model(cell: str, number: int) -> Response:
    with changes() as change:
        require(saved.forget(change.session, cell, number) or None)
        change.commit()
    flash("Le modèle est oublié. Les rapports publiés restent.", "succes")
    return redirect(url_for(".show", cell=cell))


def _readers(cell: str) -> dict[Action, Reader]:
    """Rappels and transactions are read under their own actions, each with its entry."""
    with database().read() as session:
        found = [source.action for source in service.sources(session, cell)]
    # Under a charter that forbids any file of persons, no procedure opens: none is counted.
    return {one: also(one, service.counted(cell)) for one in found if allowed(one, cell)}


def _file(report: Report, sortie: str, chosen: Sequence[str]) -> bytes:
    with database().read() as session:
        shown = present(session, report, g.cell, chosen)
        if sortie == "csv":
            return csv_file(report, shown)
        if sortie == "ods":
            return ods_file(report, shown)
        commune = cells.setting(session, cells.COMMUNE)
        return document(report, shown, g.cell, commune, checkpoint_line(session))


def _shown(form: ExportForm, period: Period, *, rounded: bool) -> str:
    acts = _readers(g.cell.code)
    with database().read() as session:
        report, refused = _or_refusal(
            lambda: service.show(session, reader(), acts.get, g.cell, period, rounded=rounded),
            g.cell.threshold,
        )
        shown = present(session, report, g.cell, form.tableau.data or ()) if report else None
    form.du.data, form.au.data = period.since, period.until
    if report is not None:
        form.arrondi.data = report.publication.rounded
        form.difficultes.data = report.difficultes
        form.points_positifs.data = report.points_positifs
    return _page(form, period, refused, report=report, shown=shown)


def _page(
    form: ExportForm,
    period: Period | None,
    refused: Refusal | None,
    counting: Reader | None = None,
    keeping: ModelForm | None = None,
    **report: Any,
) -> str:
    on, code = today(), g.cell.code
    chosen = _choice(form)
    with database().read() as session:
        kept = saved.of_cell(session, counting or reader(), code)
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
        may_export=allowed(Action.REPORT_EXPORT, code),
        models=[*_built_in(period, chosen), *_kept(kept, period, chosen)],
        kept=kept,
        keeping=keeping or ModelForm(formdata=None, periode=_kind_of(period)),
        choices=choices(g.cell),
        chosen=chosen.getlist("tableau"),
        rounded_url=period and _url(period, _choice(form, rounded=True)),
        exact_url=period and _url(period, _choice(form, rounded=False)),
    )


def _kind_of(period: Period | None) -> str | None:
    return next((slug for slug, kind in KINDS.items() if kind.on(today()) == period), None)


def _choice(form: ExportForm | ModelForm, *, rounded: bool | None = None) -> MultiDict[str, str]:
    """What a model keeps, as an address says it."""
    asked = bool(form.arrondi.data) if rounded is None else rounded
    return _said(form.tableau.data or (), rounded=asked)


def _said(tables: Sequence[str], *, rounded: bool) -> MultiDict[str, str]:
    return MultiDict(
        [*(("tableau", name) for name in tables), *([("arrondi", "oui")] if rounded else [])]
    )


def _url(period: Period | None, choice: MultiDict[str, str]) -> str:
    days = {"du": short_date(period.since), "au": short_date(period.until)} if period else {}
    return url_for(".show", cell=g.cell.code, **days, **choice.to_dict(flat=False))


def _built_in(period: Period | None, chosen: MultiDict[str, str]) -> list[dict[str, Any]]:
    """What a coordinator reports on, one click away."""
    dated = [(kind.label, kind.on(today())) for kind in KINDS.values()]
    return [
        {"label": label, "url": _url(one, MultiDict()), "current": one == period and not chosen}
        for label, one in dated
        if one is not None
    ]


def _kept(
    kept: Sequence[saved.Saved], period: Period | None, chosen: MultiDict[str, str]
) -> list[dict[str, Any]]:
    found = []
    for one in kept:
        on, choice = KINDS[one.periode].on(today()), _said(one.tableaux, rounded=one.arrondi)
        if on is not None:
            current = on == period and choice == chosen
            found.append({"label": one.nom, "url": _url(on, choice), "current": current})
    return found


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
