"""« Confirmez que c’est bien vous »: the second factor again, and what was typed is kept.

The page carries the act it interrupts: its address, its method and its fields. Once confirmed, the
browser sends it again by itself (307 keeps a POST and its body, RFC 9110 §15.4.8).
"""

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from casework.members import service as members
from casework.signin import ceremony, enrolment, factors, passkeys, sessions
from casework.signin.factors import AlreadyUsed, FactorRefused, Kind
from casework.signin.forms import ConfirmForm
from casework.signin.recovery_codes import FEW
from casework.signin.service import Throttled
from casework.web.access import (
    action,
    cookie_name,
    database,
    identity,
    instance,
    session_identifier,
)
from casework.web.french import NBSP
from casework.web.interrupted import Act, act_at, here, kept
from charter.actions import Action

bp = Blueprint("confirm", __name__)
PREFIX = "confirmer_"
WRONG = "Ce code n’est pas le bon. Recopiez celui qui s’affiche maintenant."
WRONG_PASSKEY = "Cette clé d’accès n’a pas été reconnue. Réessayez, ou employez un code."
USED = "Ce code a déjà servi : attendez le suivant, trente secondes au plus."
CLOSED = "Votre session a été fermée après plusieurs échecs. Reconnectez-vous."


def ask() -> tuple[str, int]:
    """The page shown in place of an act that wants a fresh second factor."""
    form = ConfirmForm(
        formdata=None,
        confirmer_cible=here(),
        confirmer_methode="POST" if request.method == "POST" else "GET",
    )
    return _page(form, 401)


def _page(form: ConfirmForm, status: int, wait_minutes: int = 0) -> tuple[str, int]:
    act = _act(form)
    form.confirmer_cle.data = ""  # an answer serves once
    with database().read() as session:
        mine = _held(session)
    page = render_template(
        "signin/confirm.html",
        form=form,
        act=act,
        kept=kept(PREFIX),
        had_file=bool(request.files),
        wait_minutes=wait_minutes,
        has_code=mine.has_code,
        passkeys_here=bool(mine.passkeys) and not ceremony.why_not(),
        why_no_passkey=ceremony.why_not() if mine.passkeys else "",
    )
    return page, status


def _held(session: object) -> factors.Held:
    member = members.by_reference(session, identity().unlocked.member)
    assert member is not None  # noqa: S101 - their session was resumed
    return factors.held(session, member)


def _act(form: ConfirmForm) -> Act:
    url, method = form.confirmer_cible.data or "", form.confirmer_methode.data or ""
    return act_at(url, method, never=("confirm.confirm",))


@bp.post("/confirmer/defi")
@action(Action.SESSION_CONFIRM)
def challenge() -> dict[str, object] | tuple[str, int]:
    """The question to the member's own passkeys."""
    site = ceremony.here()
    if site is None:
        return enrolment.sentence(ceremony.why_not(), 409)
    with database().read() as session:
        mine = _held(session)
    value = ceremony.issue(ceremony.confirming(identity().unlocked.member))
    return passkeys.request_options(site, value, mine.passkeys)


@bp.post("/confirmer")
@action(Action.SESSION_CONFIRM)
def confirm() -> Response | tuple[str, int]:
    form = ConfirmForm()
    complete = form.validate_on_submit()
    act = _act(form)
    if not complete:
        return _page(form, 422)
    unlocked = identity().unlocked
    given = ceremony.given(
        form.confirmer_code.data, form.confirmer_cle.data, ceremony.confirming(unlocked.member)
    )
    try:
        kind, left = sessions.confirm(database(), instance(), unlocked, session_identifier(), given)
    except sessions.Closed:
        return signed_out()
    except Throttled as throttled:
        return _page(form, 429, throttled.minutes)
    except FactorRefused as refusal:
        wrong = WRONG_PASSKEY if given.passkey else WRONG
        form.confirmer_code.errors = [USED if isinstance(refusal, AlreadyUsed) else wrong]
        return _page(form, 422)
    warn_of_few_codes(kind, left)
    if act.method == "POST" or not act.outgoing:
        return redirect(act.url, 307 if act.method == "POST" else 303)
    # A file would leave this page as it was: say that it comes, and let the browser ask for it.
    response = make_response(render_template("signin/confirmed.html", act=act))
    response.headers["Refresh"] = f"0; url={act.url}"
    return response


def signed_out() -> Response:
    """The session is over: the passphrase is asked again."""
    flash(CLOSED, "attention")
    response = make_response(redirect(url_for("signin.form"), 303))
    response.delete_cookie(cookie_name(), path="/")
    return response


def warn_of_few_codes(kind: Kind, left: int) -> None:
    """Who has just used a recovery code learns how many remain."""
    if kind is not Kind.RECOVERY:
        return
    many = f"Il vous en reste {left}" if left else "C’était le dernier"
    remedy = f"{NBSP}: faites-en de nouveaux dans « Mon compte »" if left <= FEW else ""
    flash(f"Vous avez employé un code de secours. {many}{remedy}.", "attention")
