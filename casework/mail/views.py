"""The administrator's page: through which server mail leaves, and what could not."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.mail import outbox, settings
from casework.mail.forms import SettingsForm
from casework.mail.settings import Mailing, SettingsError
from casework.mail.transport import ERRORS
from casework.mail.words import Kind
from casework.web.access import action, changes, database, instance
from charter.actions import Action

bp = Blueprint("mail", __name__, url_prefix="/courriels")
USUAL = {"port": 587, "chiffrement": settings.Security.STARTTLS.value, "rappel": 7, "abandon": 5}
KINDS = {
    Kind.CONVOCATION: "Convocation",
    Kind.ANNULATION: "Annulation",
    Kind.RAPPEL: "Rappel de séance",
    Kind.FICHES: "Relance du parquet",
    Kind.HOMOLOGATIONS: "Homologations qui attendent",
    Kind.ECHEANCES: "Termes des transactions",
    Kind.CONTROLE: "Point de contrôle",
    Kind.ALERTES: "Alertes du journal",
    Kind.SAUVEGARDE: "Sauvegarde manquante",
    Kind.ESSAI: "Essai",
}


@bp.get("")
@action(Action.HEALTH_READ)
def show() -> str:
    mailing, wrong = _mailing()
    with database().read() as session:
        return render_template(
            "mail/show.html",
            mailing=mailing,
            wrong=wrong,
            health=outbox.health(session),
            errors=ERRORS,
            kinds={kind.value: label for kind, label in KINDS.items()},
        )


def _mailing() -> tuple[Mailing | None, str]:
    try:
        return settings.load(instance().data), ""
    except SettingsError as error:
        return None, str(error)


@bp.get("/reglages")
@action(Action.MAIL_SETTINGS)
def form() -> str:
    known, _ = _mailing()
    asked = SettingsForm(formdata=None, **({} if known else USUAL))
    if known:
        asked.show(known)
    return _page(asked)


@bp.post("/reglages")
@action(Action.MAIL_SETTINGS)
def save() -> Response | tuple[str, int]:
    asked = SettingsForm()
    if not asked.validate_on_submit():
        return _page(asked), 422
    known, _ = _mailing()
    chosen = asked.mailing(known)
    with changes() as change:
        change.commit(chiffrement=chosen.security.value)
    settings.save(instance().data, chosen)  # once the journal says that it changes
    flash("Les réglages sont enregistrés. Vérifiez-les avec « casework mail test ».", "succes")
    return redirect(url_for(".show"))


def _page(asked: SettingsForm) -> str:
    return render_template("mail/settings.html", form=asked)
