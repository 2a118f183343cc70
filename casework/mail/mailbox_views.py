"""« Mon compte »: where one receives mail, or that one wants none."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.mail import addresses, duty
from casework.mail.forms import AddressForm
from casework.web.access import action, changes, database, identity, instance, today
from charter.actions import Action

bp = Blueprint("mailbox", __name__, url_prefix="/mon-compte/courriel")


@bp.get("")
@action(Action.ACCOUNT_MAIL)
def form() -> str:
    with database().read() as session:
        known = addresses.mine(session, identity().actor.reference, identity().unlocked.key)
    asked = _offered(AddressForm(formdata=None, recevoir=True))
    if known:
        asked.adresse.data, asked.recevoir.data = known.address, known.wanted
        if asked.seul:
            asked.seul.data = known.unattended
    return _page(asked, known=known is not None)


def _offered(asked: AddressForm) -> AddressForm:
    mandates = [mandate for mandate in identity().actor.mandates if mandate.valid(today())]
    asked.offer(unattended=any(mandate.role in duty.REMINDED for mandate in mandates))
    return asked


@bp.post("")
@action(Action.ACCOUNT_MAIL)
def save() -> Response | tuple[str, int]:
    if request.form.get("retirer"):
        return _withdraw()
    asked = _offered(AddressForm())
    if not asked.validate_on_submit():
        return _page(asked, known=False), 422
    alone = bool(asked.seul and asked.seul.data)
    with changes() as change:
        addresses.put(
            change.session,
            instance(),
            change.actor,
            identity().unlocked.key,
            asked.adresse.data,
            wanted=asked.recevoir.data,
            unattended=alone,
        )
        change.commit(recoit=int(asked.recevoir.data), automatiques=int(alone))
    flash("Votre adresse est enregistrée.", "succes")
    return redirect(url_for("account.show"), 303)


def _withdraw() -> Response:
    with changes() as change:
        addresses.withdraw(change.session, change.actor)
        change.commit(recoit=0, automatiques=0)
    database().empty_log()
    flash("Votre adresse est effacée, et ce qui vous attendait ne partira pas.", "succes")
    return redirect(url_for("account.show"), 303)


def _page(asked: AddressForm, *, known: bool) -> str:
    return render_template("mail/address.html", form=asked, known=known)
