"""The commune's table of contraventions and its settings of the transaction."""

from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.situations.views import in_cell
from casework.transactions import contraventions
from casework.transactions.eligibility import Protocol
from casework.transactions.forms import hundredths
from casework.transactions.table_forms import ContraventionForm, SettingsForm
from casework.web.access import action, allowed, changes, database, today
from charter.actions import Action

bp = Blueprint("contraventions", __name__)


@bp.get("/cellules/<cell>/contraventions")
@action(Action.CONTRAVENTION_READ, in_cell)
def show(cell: str) -> str:
    return _page()


def _page(
    line_form: ContraventionForm | None = None, settings_form: SettingsForm | None = None
) -> str:
    with database().read() as session:
        lines = contraventions.everything(session)
        protocol = contraventions.protocol(session, g.cell.code)
    agreed = protocol.minors_agreed_on
    kept = SettingsForm(
        formdata=None,
        accord=protocol.minors_agreement,
        accord_date=date.fromisoformat(agreed) if agreed else None,
        alsace_moselle=protocol.alsace_moselle,
    )
    return render_template(
        "transactions/table.html",
        cell=g.cell,
        lines=lines,
        to_compare=any(not line.verifiee for line in lines if line.valid_to is None),
        protocol=protocol,
        line_form=line_form or ContraventionForm(formdata=None, depuis=today()),
        settings_form=settings_form or kept,
        may_edit=allowed(Action.CONTRAVENTION_EDIT, g.cell.code),
    )


@bp.post("/cellules/<cell>/contraventions")
@action(Action.CONTRAVENTION_EDIT, in_cell)
def publish(cell: str) -> Response | tuple[str, int]:
    form = ContraventionForm()
    if not form.validate_on_submit():
        return _page(line_form=form), 422
    values = {name: form[name].data for name in contraventions.Line.__dataclass_fields__}
    made = contraventions.Line(**values | {"amende": hundredths(form.amende.data)})
    try:
        with changes() as change:
            contraventions.publish(change.session, made, form.depuis.data)
            change.commit()
    except contraventions.NotLater:
        form.depuis.errors = [
            "Une nouvelle version commence après celle qui est en vigueur : choisissez un autre "
            "jour. Les actes plus anciens gardent la leur."
        ]
        return _page(line_form=form), 409
    flash("La nouvelle version est enregistrée ; les actes plus anciens gardent la leur.", "succes")
    return redirect(url_for(".show", cell=cell))


@bp.post("/cellules/<cell>/transaction/reglages")
@action(Action.CONTRAVENTION_EDIT, in_cell)
def settle(cell: str) -> Response | tuple[str, int]:
    form = SettingsForm()
    if not form.validate_on_submit():
        return _page(settings_form=form), 422
    agreed = form.accord_date.data
    chosen = Protocol(
        minors_agreement=form.accord.data or "",
        minors_agreed_on=agreed.isoformat() if agreed else "",
        alsace_moselle=form.alsace_moselle.data,
    )
    with changes() as change:
        contraventions.settle(change.session, chosen)
        change.commit()
    flash("Les réglages sont enregistrés.", "succes")
    return redirect(url_for(".show", cell=cell))
