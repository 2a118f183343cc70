"""The depositor's pages: writing a deposit, its number, what became of those already sent."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.deposits import service
from casework.deposits.forms import DepositForm
from casework.deposits.words import origin_of
from casework.situations.receipt import send_receipt
from casework.situations.views import in_cell
from casework.vault import store
from casework.web.access import Identity, action, changes, database, identity, require, today
from casework.web.french import local
from charter.actions import Action
from charter.roles import Role
from charter.subjects import Subject

bp = Blueprint("deposits", __name__)


def mine(session: Session, who: Identity, reference: str) -> Subject:
    """One's own deposit; that of someone else does not exist."""
    found = service.by_reference(session, reference)
    g.deposit = found if found and found.author == who.actor.reference else None
    return Subject(reference=g.deposit.reference if g.deposit else "")


@bp.get("/cellules/<cell>/deposer")
@action(Action.DEPOSIT_CREATE, in_cell)
def new(cell: str) -> str:
    own = origin_of(_role(cell))
    form = DepositForm(formdata=None, origine=own)
    with database().read() as session:
        form.fill_choices(session, cell, own)
        return _form_page(session, form, cell)


def _role(cell: str) -> Role | None:
    """The role under which someone sits in a cell today."""
    held = (m.role for m in identity().actor.hats if m.cell == cell and m.valid(today()))
    return next(held, None)


@bp.post("/cellules/<cell>/deposer")
@action(Action.DEPOSIT_CREATE, in_cell)
def create(cell: str) -> Response | tuple[str, int]:
    form = DepositForm()
    with database().read() as session:
        form.fill_choices(session, cell, origin_of(_role(cell)))
        if not form.validate_on_submit():
            return _form_page(session, form, cell), 422
    with changes() as change:
        made = service.create(change.session, change.actor, cell, form.words())
        change.commit(made.reference)
    flash("Votre dépôt est scellé et envoyé.", "succes")
    return redirect(url_for(".sent", reference=made.reference))


def _form_page(session: Session, form: DepositForm, cell: str) -> str:
    return render_template(
        "deposits/form.html",
        form=form,
        cell=cells.cell(session, cell),
        founded=store.is_founded(session, cell),
    )


@bp.get("/depots")
@action(Action.DEPOSIT_TRACK)
def of_mine() -> str:
    with database().read() as session:
        return render_template(
            "deposits/mine.html",
            deposits=service.of_author(session, identity().actor.reference),
            retours=service.RETOURS,
        )


@bp.get("/depots/<reference>")
@action(Action.DEPOSIT_TRACK, mine)
def sent(reference: str) -> str:
    deposit = require(g.deposit)
    with database().read() as session:
        return render_template(
            "deposits/sent.html",
            deposit=deposit,
            cell=cells.cell(session, deposit.cell),
            retours=service.RETOURS,
        )


@bp.get("/depots/<reference>/accuse.docx")
@action(Action.DEPOSIT_TRACK, mine)
def acknowledge(reference: str) -> Response:
    deposit = require(g.deposit)
    with database().read() as session:
        received = local(deposit.deposited_at).date()
        return send_receipt(session, deposit.cell, deposit.reference, received)
