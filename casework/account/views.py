"""« Mon compte »: mandates, means of signing in, open sessions, past sign-ins."""

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from casework.account import service
from casework.account.forms import ApplicationForm, PasskeyForm, PassphraseForm
from casework.account.service import LastFactor
from casework.cells import service as cells
from casework.members import service as members
from casework.signin import ceremony, enrolment, factors, recovery_codes, sessions
from casework.signin.confirm import signed_out
from casework.signin.factors import FactorRefused
from casework.signin.service import Throttled
from casework.vault.errors import WrongPassphrase
from casework.web.access import (
    Change,
    action,
    changes,
    database,
    identity,
    instance,
    session_identifier,
    today,
)
from charter import register
from charter.actions import Action

bp = Blueprint("account", __name__, url_prefix="/mon-compte")
LAST = (
    "C’est votre dernier second facteur : sans lui, votre phrase de passe ouvrirait seule le "
    "compte. Ajoutez-en d’abord un autre."
)


@bp.get("")
@action(Action.ACCOUNT_READ)
def show() -> str:
    me = identity().actor.reference
    with database().read() as session:
        mine = service.own(session, me)
        return render_template(
            "account/show.html",
            reference=me,
            mandates=register.mandates_of(session, me),
            functions=service.functions(session),
            mine=mine,
            codes_left=len(mine.recovery),
            few=recovery_codes.FEW,
            sessions=service.open_sessions(sessions.of_member(session, me), session_identifier()),
            history=service.history(session, me),
            day=today(),
        )


@bp.post("/sessions/<identifier>/fermer")
@action(Action.ACCOUNT_SESSIONS)
def close_session(identifier: str) -> Response:
    with changes() as change:
        if not sessions.close(change.session, change.actor, identifier):
            raise NotFound
        change.commit()
    if identifier == session_identifier():
        return redirect(url_for("signin.form"), 303)
    flash("La session est fermée : son prochain clic demandera de se connecter.", "succes")
    return redirect(url_for(".show"), 303)


@bp.post("/sessions/fermer-les-autres")
@action(Action.ACCOUNT_SESSIONS)
def close_other_sessions() -> Response:
    with changes() as change:
        closed = sessions.close_others(change.session, change.actor, session_identifier())
        change.commit(fermees=closed)
    flash("Vous n’êtes plus connecté qu’ici.", "succes")
    return redirect(url_for(".show"), 303)


@bp.get("/phrase")
@action(Action.ACCOUNT_FACTORS)
def passphrase_form() -> str:
    return render_template("account/passphrase.html", form=PassphraseForm(formdata=None))


@bp.post("/phrase")
@action(Action.ACCOUNT_FACTORS)
def change_passphrase() -> Response | tuple[str, int]:
    form = PassphraseForm()
    if not form.validate_on_submit():
        return render_template("account/passphrase.html", form=form), 422
    try:
        sessions.check_passphrase(
            database(), instance(), identity().unlocked, session_identifier(), form.actuelle.data
        )
    except WrongPassphrase:
        form.actuelle.errors = ["Ce n’est pas votre phrase de passe actuelle."]
        return render_template("account/passphrase.html", form=form), 422
    except Throttled as throttled:
        form.actuelle.errors = [f"Trop d’essais : patientez {throttled.minutes} min."]
        return render_template("account/passphrase.html", form=form), 429
    except sessions.Closed:
        return signed_out()
    with changes() as change:
        member = service.own(change.session, change.actor).member
        key = identity().unlocked.key
        members.change_passphrase(member, instance(), key, form.phrase.data or "")
        _settle(change, "phrase")
    return _done("Votre phrase de passe est changée. Tout ce que vous pouviez lire reste lisible.")


@bp.get("/application")
@action(Action.ACCOUNT_FACTORS)
def application_form() -> str:
    return _application(ApplicationForm(formdata=None, secret=enrolment.genuine(None)))


@bp.post("/application")
@action(Action.ACCOUNT_FACTORS)
def set_application() -> Response | tuple[str, int]:
    form = ApplicationForm()
    if not form.validate_on_submit():
        return _application(form), 422
    if not enrolment.right_code(form.secret.data, form.code.data):
        form.code.errors = ["Ce code n’est pas le bon : attendez le suivant et recopiez-le."]
        return _application(form), 422
    with changes() as change:
        member = service.own(change.session, change.actor).member
        members.seal_totp(member, identity().unlocked.key, form.secret.data)
        _settle(change, "application")
    return _done(
        "Votre application est enregistrée ; l’ancienne, s’il y en avait une, ne sert plus."
    )


def _application(form: ApplicationForm) -> str:
    with database().read() as session:
        replaces = service.own(session, identity().actor.reference).has_code
        qr = enrolment.drawing(form.secret.data or "", _shown(session))
    return render_template("account/application.html", form=form, qr=qr, replaces=replaces)


@bp.post("/application/retirer")
@action(Action.ACCOUNT_FACTORS)
def remove_application() -> Response:
    with changes() as change:
        mine = service.own(change.session, change.actor)
        try:
            service.remove_application(mine, mine.member)
        except LastFactor:
            return _kept()
        _settle(change, "application-retiree")
    return _done("L’application ne sert plus : vous vous connecterez avec une clé d’accès.")


@bp.get("/cles")
@action(Action.ACCOUNT_FACTORS)
def passkey_form() -> str:
    return _passkey(PasskeyForm(formdata=None))


@bp.post("/cles/defi")
@action(Action.ACCOUNT_FACTORS)
def passkey_challenge() -> dict[str, object] | Response:
    """The question to the device that will hold the new passkey."""
    with database().read() as session:
        member = service.own(session, identity().actor.reference).member
        return enrolment.question(session, instance(), member, _shown(session))


@bp.post("/cles")
@action(Action.ACCOUNT_FACTORS)
def add_passkey() -> Response | tuple[str, int]:
    form = PasskeyForm()
    if not form.validate_on_submit() or not form.cle.data:
        return _passkey(form, refused=True), 422
    with changes() as change:
        member = service.own(change.session, change.actor).member
        try:
            made, challenge = enrolment.answered(member, form.cle.data)
            factors.add_passkey(change.session, change.actor, made, challenge)
        except FactorRefused:
            change.session.rollback()
            return _passkey(form, refused=True), 422
        _settle(change, "cle-d-acces")
    return _done("La clé d’accès est enregistrée : elle vaut désormais comme second facteur.")


def _passkey(form: PasskeyForm, *, refused: bool = False) -> str:
    form.cle.data = ""  # an answer serves once
    return render_template(
        "account/passkey.html", form=form, refused=refused, why_no_passkey=ceremony.why_not()
    )


@bp.post("/cles/<int:number>/retirer")
@action(Action.ACCOUNT_FACTORS)
def remove_passkey(number: int) -> Response:
    with changes() as change:
        mine = service.own(change.session, change.actor)
        try:
            if not service.remove_passkey(change.session, mine, number):
                raise NotFound
        except LastFactor:
            return _kept()
        _settle(change, "cle-d-acces-retiree")
    return _done("La clé d’accès ne sert plus. Effacez-la aussi de votre appareil.")


@bp.post("/codes")
@action(Action.ACCOUNT_FACTORS)
def renew_codes() -> str:
    with changes() as change:
        codes = recovery_codes.renew(change.session, change.actor, identity().unlocked.key)
        _settle(change, "codes-de-secours")
    return render_template(
        "signin/codes.html", codes=codes, opened=False, next_url=url_for(".show")
    )


def _settle(change: Change, what: str) -> None:
    """Commit a change of means: whoever was signed in elsewhere must prove themselves again."""
    closed = sessions.close_others(change.session, change.actor, session_identifier())
    change.commit(change.actor, moyen=what, fermees=closed)


def _done(sentence: str) -> Response:
    flash(f"{sentence} Vos autres sessions sont fermées.", "succes")
    return redirect(url_for(".show"), 303)


def _kept() -> Response:
    flash(LAST, "attention")
    return redirect(url_for(".show"), 303)


def _shown(session: Session) -> str:
    """The line by which an application or a device shows this account: it names nobody."""
    return f"{cells.setting(session, cells.COMMUNE)} · {identity().actor.reference}"
