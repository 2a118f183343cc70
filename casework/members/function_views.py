"""The functions a commune adds to the roles of the charter."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.members.forms import FunctionForm
from casework.web.access import action, changes, database
from charter import functions
from charter.actions import Action
from charter.roles import Role

bp = Blueprint("functions", __name__)
REFUSALS = {
    functions.FunctionExistsError: "Cette fonction existe déjà : elle est proposée telle quelle.",
    functions.UnnameableError: "Écrivez le nom de la fonction en lettres.",
    functions.NoSeatError: "Choisissez une place parmi celles qui sont proposées.",
}


@bp.get("/fonctions")
@action(Action.FUNCTION_ADD)
def form() -> str:
    return _page(FunctionForm(formdata=None))


@bp.post("/fonctions")
@action(Action.FUNCTION_ADD)
def add() -> Response | tuple[str, int]:
    asked = FunctionForm()
    if not asked.validate_on_submit():
        return _page(asked), 422
    try:
        with changes() as change:
            made = functions.add(change.session, asked.label.data, Role(asked.place.data))
            change.commit(made.code, place=made.role.value)
    except functions.FunctionError as error:
        asked.label.errors = [REFUSALS[type(error)]]
        return _page(asked), 422
    flash("La fonction est ajoutée : elle est proposée partout où un mandat se donne.", "succes")
    return redirect(url_for(".form"))


def _page(asked: FunctionForm) -> str:
    with database().read() as session:
        return render_template("members/functions.html", form=asked, every=functions.every(session))
