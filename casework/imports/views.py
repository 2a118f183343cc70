"""The import of a cell: one page that shows where its author stands, and its acts."""

from collections.abc import Collection

from flask import Blueprint, flash, g, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.imports import asking, check, fields, model, service
from casework.imports.choices import SWAP, Choices
from casework.imports.forms import UploadForm
from casework.imports.lines import Lines
from casework.imports.models import Import
from casework.imports.service import Step
from casework.imports.sheet import LARGEST_BYTES, Sheet
from casework.names.compare import Identity
from casework.rights import service as rights
from casework.situations import further, index
from casework.situations import service as situations
from casework.situations.views import acting, in_cell, subject_of
from casework.web.access import (
    Change,
    action,
    allowed,
    also,
    changes,
    database,
    identity,
    require,
    today,
)
from casework.web.uploads import make_room
from charter import recusals
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("imports", __name__)
make_room(bp, "upload", LARGEST_BYTES)
Page = str | tuple[str, int]


@bp.get("/cellules/<cell>/import")
@action(Action.SITUATION_IMPORT, in_cell)
def show(cell: str) -> str:
    with database().read() as session:
        batch = service.mine(session, cell, identity().actor.reference)
        if batch is None or batch.content is None:
            return _upload_page(UploadForm(formdata=None), batch)
        return _page(session, batch)


@bp.get("/cellules/<cell>/import/modele")
@action(Action.SITUATION_CREATE, in_cell)
def template(cell: str) -> Response:
    """The spreadsheet to fill: .xlsx, or .ods when asked. It names nobody."""
    kind = "ods" if request.args.get("format") == "ods" else "xlsx"
    made = model.ods() if kind == "ods" else model.xlsx()
    return send_file(
        made, mimetype=model.MEDIA[kind], as_attachment=True, download_name=f"modele-import.{kind}"
    )


@bp.post("/cellules/<cell>/import")
@action(Action.SITUATION_IMPORT, in_cell)
def upload(cell: str) -> Response | Page:
    form = UploadForm()
    if not form.validate_on_submit():
        with database().read() as session:
            batch = service.mine(session, cell, identity().actor.reference)
        return _upload_page(form, None if batch and batch.content else batch), 422
    first = Choices(columns=fields.propose(form.sheet.headers))
    with changes() as change:
        batch = service.park(change.session, change.writer, change.actor, cell, form.sheet, first)
        change.commit(batch.reference, etape="depot", lignes=batch.lines)
    return _back(cell)


@bp.post("/cellules/<cell>/import/colonnes")
@action(Action.SITUATION_IMPORT, in_cell)
def columns(cell: str) -> Response | Page:
    batch = _mine(cell, Step.COLUMNS)
    with database().read() as session:
        sheet, choices = _opened(session, batch)
        errors = asking.columns(session, cell, sheet, choices, request.form)
        if errors:
            return _page(session, batch, (sheet, choices), errors=errors), 422
        if not asking.lists(session, cell, sheet, choices):
            return _checked(session, batch, sheet, choices)
    return _move(batch, choices, Step.TERMS)


@bp.post("/cellules/<cell>/import/termes")
@action(Action.SITUATION_IMPORT, in_cell)
def terms(cell: str) -> Response:
    batch = _mine(cell, Step.TERMS)
    with database().read() as session:
        sheet, choices = _opened(session, batch)
        asking.terms(session, cell, sheet, choices, request.form)
        return _checked(session, batch, sheet, choices)


@bp.post("/cellules/<cell>/import/revenir")
@action(Action.SITUATION_IMPORT, in_cell)
def go_back(cell: str) -> Response:
    """To the columns: nothing decided is lost."""
    batch = _mine(cell, Step.TERMS, Step.REPORT)
    with database().read() as session:
        _, choices = _opened(session, batch)
    return _move(batch, choices, Step.COLUMNS)


@bp.post("/cellules/<cell>/import/importer")
@action(Action.SITUATION_IMPORT, in_cell)
def start(cell: str) -> Response | Page:
    """Keep the decisions; and, when asked, begin. What is begun is what was shown: the lines are
    read again, and nothing is recorded if their count is not the one on the button."""
    batch = _mine(cell, Step.REPORT)
    with database().read() as session:
        sheet, choices = _opened(session, batch)
        asking.decisions(choices, request.form)
        seen = (choices.faults, choices.valid)
        check.check(session, cell, sheet, choices, _known(session, batch), today())
    plan = choices.settled()
    same = seen == (choices.faults, choices.valid)
    if "importer" not in request.form:
        flash("Vos choix sont enregistrés.", "succes")
        return _move(batch, choices, Step.REPORT)
    if not (plan and same and request.form.get("compte") == str(len(plan))):
        flash(
            "Rien n’est encore importé : vos choix, ou la cellule, ont changé le compte des "
            "lignes. Relisez le rapport, puis validez.",
            "attention",
        )
        return _move(batch, choices, Step.REPORT)
    choices.plan = [*choices.past, *plan]
    left = batch.lines - len(choices.plan)
    return _move(batch, choices, Step.RUNNING, etape="debut", lignes=len(plan), ecartees=left)


@bp.post("/cellules/<cell>/import/continuer")
@action(Action.SITUATION_IMPORT, in_cell)
def go_on(cell: str) -> Response:
    """One batch, and back to the page."""
    batch = _mine(cell, Step.RUNNING)
    with database().read() as session:
        sheet, choices = _opened(session, batch)
        wanted = set(choices.plan[batch.done : batch.done + service.BATCH])
        reading = Lines(session, cell, sheet, choices, today())
        entries = {
            row[0]: reading.read(row, **_decided(choices, row[0]))[0]
            for row in sheet.rows
            if row[0] in wanted
        }
        joined = {target for line in wanted if (target := choices.target(line))}
        closed = joined - _joinable(session, joined, _aside(session, cell))
        if closed or None in entries.values():  # a term, the calendar, a follow-up: changed since
            flash("Une ligne n’est plus valable : le contrôle est refait.", "attention")
            return _checked(session, batch, sheet, choices)
    try:
        last = _record(cell, batch, choices, entries)
    except further.Ended:  # since a moment: the next press makes the report again
        return _back(cell)
    if last:
        database().empty_log()
    return _back(cell)


def _record(
    cell: str, batch: Import, choices: Choices, entries: dict[int, situations.Entry]
) -> bool:
    """One batch and its entries; was it the last?"""
    with changes() as change:
        recorded = service.advance(change.session, change.writer, batch, acting(), choices, entries)
        for reference in recorded.made:
            change.also(Action.SITUATION_CREATE, Subject(cell=cell, reference=reference))
        for reference in recorded.joined:
            _also_joined(change, reference)
        last = batch.done + len(entries) >= batch.total
        change.commit(
            batch.reference,
            etape="termine" if last else "lot",
            lignes=batch.total if last else len(entries),
        )
    return last


def _also_joined(change: Change, reference: str) -> None:
    """A line joined a situation: the charter is asked about that one, and its entry is its own."""
    situation = require(situations.by_reference(change.session, reference))
    rights.refuse_frozen(change.session, [situation.id])
    change.also(Action.SITUATION_EDIT, subject_of(change.session, identity(), situation))


@bp.post("/cellules/<cell>/import/abandonner")
@action(Action.SITUATION_IMPORT, in_cell)
def give_up(cell: str) -> Response:
    """Erase what is parked; what is recorded already stays."""
    with changes() as change:
        batch = require(service.mine(change.session, cell, change.actor))
        reference, kept = batch.reference, batch.done
        service.erase(change.session, batch)
        change.commit(reference, etape="abandon", lignes=kept)
    database().empty_log()
    flash("Le contenu du tableau est effacé du serveur. Pensez à votre propre fichier.", "succes")
    return _back(cell)


def _mine(cell: str, *steps: Step) -> Import:
    """One's own import, at one of these steps. Moved."""
    with database().read() as session:
        batch: Import = require(service.mine(session, cell, identity().actor.reference))
    if batch.step not in steps:
        raise service.Moved(batch.reference)
    return batch


@bp.errorhandler(service.Moved)
def _moved(_error: service.Moved) -> Response:
    flash("Cet import a avancé dans une autre fenêtre : voici où il en est.", "attention")
    return _back(g.cell.code)


def _back(cell: str) -> Response:
    return redirect(url_for("imports.show", cell=cell))


def _opened(session: Session, batch: Import) -> tuple[Sheet, Choices]:
    """What is parked, behind an entry of its own."""
    subject = Subject(cell=batch.cell, reference=batch.reference)
    reading = also(Action.SITUATION_IMPORT, subject, etape="relecture")
    return service.opened(session, reading, batch)


def _move(batch: Import, choices: Choices, step: Step, **detail: str | int) -> Response:
    with changes() as change:
        service.move(change.session, change.writer, batch, choices, step)
        change.commit(batch.reference, **{"etape": step.value, **detail})
    return _back(batch.cell)


def _checked(session: Session, batch: Import, sheet: Sheet, choices: Choices) -> Response:
    if choices.plan:  # the import was under way: what is recorded is not read again
        choices.past = choices.plan[: batch.done]
    check.check(session, batch.cell, sheet, choices, _known(session, batch), today())
    choices.plan = []
    return _move(batch, choices, Step.REPORT, lignes=len(sheet.rows), fautes=len(choices.faults))


def _known(session: Session, batch: Import) -> check.Known:
    """Who a line may be about, already in the cell. Of a situation one stepped aside from, or
    whose processing is limited, only that it is there."""
    searching = also(Action.SITUATION_SEARCH, Subject(cell=batch.cell), lignes=batch.lines)
    aside = _aside(session, batch.cell)

    def known(who: Identity) -> tuple[check.Alike, ...]:
        hits = index.known(session, searching, batch.cell, who)
        readable = list(dict.fromkeys(it.reference for it in hits if it.reference not in aside))
        may = _joinable(session, readable, aside)
        found = tuple(check.Alike(reference, reference in may) for reference in readable)
        return found or (check.Alike("", open=False),) * bool(hits)

    return known


def _aside(session: Session, cell: str) -> frozenset[str]:
    """What whoever imports must not touch: stepped aside from, or limited."""
    recused = recusals.recused_from(session, identity().actor.reference)
    return recused | rights.frozen_in(session, cell)


def _joinable(
    session: Session, references: Collection[str], aside: frozenset[str]
) -> frozenset[str]:
    """Those of the cell's situations that a line may join: followed, and open to who imports."""
    if not references or not allowed(Action.SITUATION_EDIT, g.cell.code):
        return frozenset()
    return further.joinable(session, references) - aside


def _decided(choices: Choices, line: int) -> dict[str, object]:
    swap, without = asking.decided(choices, line)
    return {"swap": swap == SWAP, "without": without}


def _upload_page(form: UploadForm, finished: Import | None) -> str:
    return render_template(
        "imports/upload.html", form=form, cell=g.cell, finished=finished, hours=service.HOURS
    )


def _page(
    session: Session,
    batch: Import,
    opened: tuple[Sheet, Choices] | None = None,
    errors: list[tuple[str, str]] | None = None,
) -> str:
    """The page of the step: each has its own template."""
    common = {"cell": g.cell, "batch": batch, "steps": asking.steps(batch), "hours": service.HOURS}
    if batch.step == Step.RUNNING:
        return render_template("imports/running.html", **common)
    sheet, choices = opened or _opened(session, batch)
    common |= {"sheet": sheet, "choices": choices, "errors": errors or []}
    if batch.step == Step.COLUMNS:
        lists = {
            name: cells.terms(session, name, g.cell.code)
            for name in ("origine", "typologie", "statut")
        }
        typed = request.form if errors else {}
        return render_template(
            "imports/columns.html", labels=check.labels(), lists=lists, typed=typed, **common
        )
    if batch.step == Step.TERMS:
        asked = asking.lists(session, g.cell.code, sheet, choices)
        return render_template("imports/terms.html", asked=asked, **common)
    return render_template(
        "imports/report.html",
        report=asking.report(batch, choices),
        may_list=allowed(Action.SITUATION_LIST, g.cell.code),
        **common,
    )
