"""Pages of the closed lists: what a cell offers and in which order, and the commune's own terms."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service, settings
from casework.cells.forms import ORDER, OrderForm, TermForm
from casework.cells.lists import Term
from casework.cells.present import LIST_TITLES
from casework.situations.views import in_cell
from casework.web.access import Identity, action, changes, database, require
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("lists", __name__)


def in_list(session: Session, who: Identity, cell: str, name: str) -> Subject:
    require(LIST_TITLES.get(name))
    return in_cell(session, who, cell)


@bp.get("/cellules/<cell>/listes/<name>")
@action(Action.CELL_EDIT, in_list)
def order_form(cell: str, name: str) -> str:
    with database().read() as session:
        terms = service.terms(session, name)
        offered = [term.code for term in service.terms(session, name, cell)]
    form = OrderForm(formdata=None, version=g.cell.version)
    for term in terms:
        form.rangs.append_entry(offered.index(term.code) + 1 if term.code in offered else None)
    return _order_page(form, name, terms)


@bp.post("/cellules/<cell>/listes/<name>")
@action(Action.CELL_EDIT, in_list)
def order(cell: str, name: str) -> Response | tuple[str, int]:
    form = OrderForm()
    with database().read() as session:
        terms = service.terms(session, name)
    while len(form.rangs) < len(terms):
        form.rangs.append_entry()
    if not form.validate_on_submit():
        for field in form.rangs:
            field.errors = [ORDER] if field.errors else []
        return _order_page(form, name, terms), 422
    codes = form.codes([term.code for term in terms])
    if not codes:
        form.rangs[0].errors = ["Proposez au moins un terme."]
        form.rangs.errors = [form.rangs[0].errors]
        return _order_page(form, name, terms), 422
    try:
        with changes() as change:
            found = settings.edition(change.session, cell, form.version.data or 0)
            settings.offer(change.session, found, name, codes)
            change.commit(cell, liste=name, termes=len(codes), version=found.version)
    except settings.EditConflict:
        with database().read() as session:
            form.version.raw_data = None
            form.version.data = require(service.cell(session, cell)).version
        return _order_page(form, name, terms, conflict=True), 409
    flash("La liste est enregistrée.", "succes")
    return redirect(url_for("cells.settings_of", cell=cell))


def _order_page(
    form: OrderForm, name: str, terms: tuple[Term, ...], *, conflict: bool = False
) -> str:
    lines = list(zip(terms, form.rangs, strict=True))
    title = LIST_TITLES[name]
    return render_template(
        "cells/order.html", form=form, cell=g.cell, title=title, lines=lines, conflict=conflict
    )


@bp.get("/cellules/<cell>/termes")
@action(Action.CELL_EDIT, in_cell)
def term_form(cell: str) -> str:
    return _term_page(TermForm(formdata=None))


@bp.post("/cellules/<cell>/termes")
@action(Action.CELL_EDIT, in_cell)
def add_term(cell: str) -> Response | tuple[str, int]:
    """A term for the whole commune. A cell that chose its suites offers the new one at once."""
    form = TermForm()
    if not form.validate_on_submit():
        return _term_page(form), 422
    name = form.liste.data
    try:
        with changes() as change:
            made = settings.add_term(change.session, name, form.label.data)
            chosen = service.offered(change.session, cell, name)
            if chosen:
                found = settings.edition(change.session, cell, g.cell.version)
                settings.offer(change.session, found, name, (*chosen, made.code))
            change.commit(cell, liste=name, code=made.code)
    except settings.SettingsError as error:
        form.label.errors = [error.sentence]
        return _term_page(form), 422
    except settings.EditConflict:
        form.label.errors = ["Quelqu’un vient de modifier la cellule : ajoutez de nouveau."]
        return _term_page(form), 409
    flash("Le terme est ajouté aux listes de la commune.", "succes")
    return redirect(url_for(".term_form", cell=cell))


def _term_page(form: TermForm) -> str:
    with database().read() as session:
        own = {
            name: [term.label for term in service.own_terms(session, name)]
            for name in settings.LOCAL_CODES
        }
    titles = {choice.value: choice.label for choice in form.liste.iter_choices()}
    return render_template("cells/terms.html", form=form, cell=g.cell, own=own, titles=titles)
