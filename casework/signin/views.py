"""Signing in and out, and choosing the role under which to act."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.demo.accounts import PASSPHRASE, current_code
from casework.demo.members import MEMBERS
from casework.signin import ceremony, enrolment, passkeys, resume, service, sessions
from casework.signin.confirm import warn_of_few_codes
from casework.signin.forms import ActForm, SigninForm
from casework.web import navigation
from casework.web.access import (
    action,
    changes,
    cookie_name,
    database,
    instance,
    session_identifier,
)
from charter.actions import Action
from charter.roles import Role

bp = Blueprint("signin", __name__)


@bp.get("/connexion")
@action(Action.PUBLIC_PAGE)
def form() -> str:
    return _page(SigninForm(formdata=None))


def signed_out() -> Response | tuple[str, int]:
    """In place of an act nobody is signed in for: the sign-in page, with what was typed."""
    kept = resume.typed()
    if kept is None:
        return redirect(url_for("signin.form"))
    return _page(SigninForm(formdata=None), kept=kept, had_file=bool(request.files)), 401


@bp.post("/connexion")
@action(Action.PUBLIC_PAGE)
def sign_in() -> Response | tuple[str, int]:
    signin, kept = SigninForm(), resume.carried()
    if not signin.validate_on_submit():
        return _page(signin, kept=kept), 422
    try:
        opened = service.sign_in(
            database(),
            instance(),
            signin.identifiant.data or "",
            signin.phrase.data or "",
            ceremony.given(signin.code.data, signin.cle.data, ceremony.SIGN_IN),
            request.remote_addr or "",
        )
    except service.SigninRefused:
        return _page(signin, kept=kept, refused=True), 401
    except service.Suspended:
        return _page(signin, kept=kept, suspended=True), 403
    except service.Throttled as throttled:
        return _page(signin, kept=kept, wait_minutes=throttled.minutes), 429
    warn_of_few_codes(opened.kind, opened.codes_left)
    if kept:
        response = make_response(render_template("signin/resume.html", kept=kept))
    else:
        response = redirect(url_for("home.show"))
    remember(response, opened.token)
    return response


@bp.post("/connexion/defi")
@action(Action.PUBLIC_PAGE)
def challenge() -> dict[str, object] | tuple[str, int]:
    """The question to any passkey of this site: it does not say who has one."""
    site = ceremony.here()
    if site is None:
        return enrolment.sentence(ceremony.why_not(), 409)
    return passkeys.request_options(site, ceremony.issue(ceremony.SIGN_IN), ())


def _page(signin: SigninForm, **context: object) -> str:
    """In a demonstration of fictional people, the page also says how to get in."""
    if instance().demo:
        context["accounts"] = [(who.login, Role(who.role).label) for who in MEMBERS]
        context["passphrase"], context["code"] = PASSPHRASE, current_code()
    context["why_no_passkey"] = ceremony.why_not()
    signin.cle.data = ""  # an answer serves once
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


@bp.post("/agir")
@action(Action.SESSION_ACT)
def act() -> Response:
    """From now on, under one role or under all of them."""
    form = ActForm()
    form.role.choices = navigation.roles_offered()
    if form.validate_on_submit():
        with changes() as change:
            sessions.act(change.session, session_identifier(), form.chosen)
            change.commit(**({"sous": form.chosen.value} if form.chosen else {}))
    else:
        flash("Ce rôle n’est pas, ou n’est plus, l’un des vôtres.", "attention")
    return redirect(url_for("home.show"), 303)
