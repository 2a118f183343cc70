"""Reading and signing the charter of a cell; the public table of rules."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from casework.cells import service as cells
from casework.members.founding import found_cell_if_first
from casework.situations.views import in_cell
from casework.web.access import action, changes, database, identity
from casework.web.forms import Form
from charter import matrix, register
from charter.actions import Action
from charter.wording import render

bp = Blueprint("charters", __name__)


class SignForm(Form):
    """One sentence to tick; the digest says which text was read."""

    digest = HiddenField()
    engagement = BooleanField(
        "J’ai lu la charte de déontologie et je m’engage personnellement à la respecter.",
        [InputRequired("Cochez la phrase d’engagement pour signer.")],
    )


@bp.get("/cellules/<cell>/charte")
@action(Action.CHARTER_READ, in_cell)
def read(cell: str) -> str:
    return _page(cell, SignForm(formdata=None))


@bp.post("/cellules/<cell>/charte")
@action(Action.CHARTER_SIGN, in_cell)
def sign(cell: str) -> Response | tuple[str, int]:
    form = SignForm()
    if not form.validate_on_submit():
        return _page(cell, form), 422
    try:
        with changes() as change:
            signature = register.sign(change.session, change.actor, cell, form.digest.data or "")
            found_cell_if_first(change.session, identity().actor, identity().unlocked.key, cell)
            change.commit(version=signature.version)
    except register.NotTheCurrentTextError:
        flash("Le texte a changé pendant votre lecture : relisez-le avant de signer.", "attention")
        return redirect(url_for(".read", cell=cell))
    flash("Vous avez signé la charte.", "succes")
    return redirect(url_for("home.show"))


def _page(cell: str, form: SignForm) -> str:
    with database().read() as session:
        text = register.current_text(session, cell)
        if text is not None:
            form.digest.data = text.digest
        return render_template(
            "charters/read.html",
            cell=cells.cell(session, cell),
            text=text,
            blocks=render(text.body) if text else [],
            signed=cell in identity().actor.signed,
            form=form,
        )


@bp.get("/qui-voit-quoi")
@action(Action.MATRIX_READ)
def who_sees_what() -> str:
    return render_template("charters/matrix.html", rows=matrix.rows())
