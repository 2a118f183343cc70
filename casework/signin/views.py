"""Signing in and out."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from casework.demo.accounts import PASSPHRASE, current_code
from casework.demo.members import MEMBERS
from casework.signin import service
from casework.web.access import action, changes, cookie_name, database, instance
from casework.web.forms import Form
from charter.actions import Action
from charter.roles import Role

bp = Blueprint("signin", __name__)


class SigninForm(Form):
    """Login, passphrase and code, checked together."""

    identifiant = StringField(
        "Identifiant", [InputRequired("Indiquez votre identifiant."), Length(max=200)]
    )
    phrase = PasswordField(
        "Phrase de passe", [InputRequired("Indiquez votre phrase de passe."), Length(max=1000)]
    )
    code = StringField(
        "Code à usage unique",
        [InputRequired("Indiquez le code à six chiffres de votre application."), Length(max=12)],
        description="Les six chiffres affichés par votre application d’authentification.",
    )


@bp.get("/connexion")
@action(Action.PUBLIC_PAGE)
def form() -> str:
    return _page(SigninForm(formdata=None))


@bp.post("/connexion")
@action(Action.PUBLIC_PAGE)
def sign_in() -> Response | tuple[str, int]:
    signin = SigninForm()
    if not signin.validate_on_submit():
        return _page(signin), 422
    try:
        token = service.sign_in(
            database(),
            instance(),
            signin.identifiant.data or "",
            signin.phrase.data or "",
            signin.code.data or "",
            request.remote_addr or "",
        )
    except service.SigninRefused:
        return _page(signin, refused=True), 401
    except service.Throttled as throttled:
        minutes = max(1, -(-int(throttled.wait.total_seconds()) // 60))
        return _page(signin, wait_minutes=minutes), 429
    response = redirect(url_for("home.show"))
    remember(response, token)
    return response


def _page(signin: SigninForm, **context: object) -> str:
    """In a demonstration of fictional people, the page also says how to get in."""
    if instance().demo:
        context["accounts"] = [(who.login, Role(who.role).label) for who in MEMBERS]
        context["passphrase"], context["code"] = PASSPHRASE, current_code()
    return render_template("signin/form.html", form=signin, **context)


def remember(response: Response, token: str) -> None:
    """Give the browser the only key to its session."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=None,
        secure=not instance().local_http,
        httponly=True,
        samesite="Strict",
        path="/",
    )


@bp.post("/deconnexion")
@action(Action.SESSION_CLOSE)
def sign_out() -> Response:
    with changes() as change:
        service.sign_out(change.session, request.cookies[cookie_name()])
        change.commit()
    response = make_response(redirect(url_for(".form")))
    response.delete_cookie(cookie_name(), path="/")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
