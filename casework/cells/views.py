"""Pages of the cells: the list, one cell's settings, editing them, a new cell.

The settings of a cell have two addresses: its direction's, and the DPO's and administrator's, who
stand outside all cells. The charter is asked about the one or the other.
"""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import present, service, settings
from casework.cells.forms import NewCellForm, SettingsForm
from casework.cells.kinds import KINDS
from casework.retention import service as retention
from casework.retention.clock import Rules
from casework.situations.views import in_cell
from casework.web.access import (
    Identity,
    action,
    allowed,
    changes,
    database,
    identity,
    require,
    today,
)
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("cells", __name__)


def outside(session: Session, _who: Identity, cell: str) -> Subject:
    """A cell seen by whoever stands outside all of them: known by its code."""
    g.cell = require(service.cell(session, cell))
    return Subject(reference=g.cell.code)


@bp.get("/cellules")
@action(Action.CELL_LIST)
def every() -> str:
    """Every cell for those who stand outside; their own for those who direct one."""
    own = {mandate.cell for mandate in identity().actor.hats if mandate.valid(today())} - {None}
    with database().read() as session:
        found = [row for row in service.every_cell(session) if not own or row.code in own]
        return render_template(
            "cells/list.html",
            lines=[present.line(session, row, _address(row.code)) for row in found],
            may_create=allowed(Action.CELL_CREATE),
            own=bool(own),
        )


def _address(code: str) -> str:
    """Where the signed-in member reads a cell's settings; nowhere for some."""
    if allowed(Action.CELL_READ):
        return url_for(".show", cell=code)
    return url_for(".settings_of", cell=code) if allowed(Action.CELL_READ, code) else ""


@bp.get("/cellules/<cell>")
@action(Action.CELL_READ, outside)
def show(cell: str) -> str:
    return _page()


@bp.get("/cellules/<cell>/reglages")
@action(Action.CELL_READ, in_cell)
def settings_of(cell: str) -> str:
    return _page()


def _page() -> str:
    with database().read() as session:
        return render_template(
            "cells/show.html",
            cell=g.cell,
            kind=service.kind(g.cell),
            blocks=present.blocks(session, g.cell),
            seats=service.options(session, g.cell.code).seats,
            lists=present.lists(session, g.cell),
            may_edit=allowed(Action.CELL_EDIT, g.cell.code),
            may_list=allowed(Action.CELL_LIST),
            state=present.state(session, g.cell),
        )


@bp.get("/cellules/<cell>/reglages/modifier")
@action(Action.CELL_EDIT, in_cell)
def edit_form(cell: str) -> str:
    form = SettingsForm(formdata=None)
    with database().read() as session:
        form.show(g.cell.name, service.options(session, cell), g.cell.version)
    return _edit_page(form)


@bp.post("/cellules/<cell>/reglages/modifier")
@action(Action.CELL_EDIT, in_cell)
def edit(cell: str) -> Response | tuple[str, int]:
    form = SettingsForm()
    if not form.validate_on_submit():
        return _edit_page(form), 422
    if (touched := _touched(form)) and form.effet.data != touched.mark:
        form.effet.raw_data, form.effet.data = None, touched.mark
        return _edit_page(form, touched=touched), 409
    try:
        with changes() as change:
            told = settings.change(
                *(change.session, cell, form.version.data or 0),
                *(form.name.data, form.options()),
            )
            change.commit(cell, **told)
    except settings.EditConflict:
        return _conflict(form), 409
    flash("Les réglages sont enregistrés. Ils s’appliquent dès maintenant.", "succes")
    return redirect(url_for(".settings_of", cell=cell))


def _touched(form: SettingsForm) -> retention.Effect:
    """What the durations typed would end, archive or erase tonight: shown before they are saved."""
    typed = form.options()
    rules = Rules(typed.retention_months, typed.archive_months, typed.review_months)
    with database().read() as session:
        return retention.effect(session, g.cell.code, rules, today())


def _conflict(form: SettingsForm) -> str:
    """What was typed is kept; what someone else saved meanwhile is shown beside."""
    with database().read() as session:
        saved = require(service.cell(session, g.cell.code))
        in_force = service.options(session, saved.code)
    differences = present.differences(form, saved.name, in_force)
    form.version.raw_data = None
    form.version.data = saved.version
    return _edit_page(form, differences)


def _edit_page(
    form: SettingsForm,
    differences: list[tuple[str, str, str]] | None = None,
    touched: retention.Effect | None = None,
) -> str:
    return render_template(
        "cells/edit.html", form=form, cell=g.cell, differences=differences, touched=touched
    )


@bp.get("/cellules/nouvelle")
@action(Action.CELL_CREATE)
def new() -> str:
    return _new_page(NewCellForm(formdata=None))


@bp.post("/cellules/nouvelle")
@action(Action.CELL_CREATE)
def create() -> Response | tuple[str, int]:
    form = NewCellForm()
    if not form.validate_on_submit():
        return _new_page(form), 422
    kind, name, options, offered, profile = form.model()
    try:
        with changes() as change:
            made = settings.create(
                *(change.session, form.code.data.upper(), form.nom.data or name),
                *(kind, options, offered, profile),
            )
            change.commit(made.code, type=kind)
    except settings.SettingsError as error:
        form.code.errors = [error.sentence]
        return _new_page(form), 422
    flash(f"La cellule {made.code} est créée. {_what_next(kind)}", "succes")
    return redirect(url_for(".every"))


def _what_next(kind: str) -> str:
    if KINDS[kind].needs_clearance:
        return "Elle reste fermée tant que ses préalables ne sont pas consignés."
    return (
        "Donnez-lui un coordonnateur : sa signature de la charte fonde la clé, puis il admet "
        "les membres."
    )


def _new_page(form: NewCellForm) -> str:
    return render_template("cells/new.html", form=form)
