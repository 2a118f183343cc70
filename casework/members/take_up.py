"""Taking up an invitation: a passphrase, a second factor, then recovery codes shown once."""

from flask import render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from audit.event import Event, Outcome
from casework.cells import service as cells
from casework.members import service
from casework.members.forms import TakeUpForm
from casework.members.founding import found_for_roles
from casework.members.models import Member
from casework.members.views import bp
from casework.signin import ceremony, enrolment, factors, recovery_codes, sessions
from casework.signin.factors import FactorRefused
from casework.signin.service import SECURITY_ARTICLE
from casework.vault.keypair import KeyPair
from casework.web.access import action, database, instance
from charter import register
from charter.actions import Action

TAKEN_UP = "member:takeup"
WRONG_CODE = "Ce code n’est pas le bon : attendez le suivant et recopiez-le."


@bp.get("/invitation/<token>")
@action(Action.PUBLIC_PAGE)
def take_up_form(token: str) -> str | tuple[str, int]:
    return _page(token, TakeUpForm(formdata=None, secret=enrolment.genuine(None)))


@bp.post("/invitation/<token>/defi")
@action(Action.PUBLIC_PAGE)
def take_up_challenge(token: str) -> dict[str, object] | Response:
    """The question to the device. The passphrase is looked at first: a passkey made for an
    account that does not open would stay on the device for nothing."""
    form = TakeUpForm()
    form.validate()
    if wrong := [*form.phrase.errors, *form.encore.errors]:
        return enrolment.sentence(" ".join(wrong), 422)
    with database().read() as session:
        try:
            member = service.invited(session, token)
        except service.InvitationInvalid:
            return enrolment.sentence("Cette invitation ne sert plus : demandez-en une autre.", 410)
        shown = _shown(session, member)
        return enrolment.question(session, instance(), member, shown)


@bp.post("/invitation/<token>")
@action(Action.PUBLIC_PAGE)
def take_up(token: str) -> str | tuple[str, int]:
    form = TakeUpForm()
    if not form.validate_on_submit():
        return _page(token, form)
    secret = None if form.cle.data else form.secret.data
    if secret and not enrolment.right_code(secret, form.code.data):
        form.code.errors = [WRONG_CODE]
        return _page(token, form)
    with database().write() as session:
        try:
            member = service.invited(session, token)
            key = service.take_up(member, instance(), form.phrase.data or "", secret)
            _start_anew(session, member.reference)
            if form.cle.data:
                made, challenge = enrolment.answered(member, form.cle.data)
                factors.add_passkey(session, member.reference, made, challenge)
        except service.InvitationInvalid:
            return render_template("members/lapsed.html"), 410
        except FactorRefused:
            form.code.errors = [enrolment.NO_PASSKEY]
            session.rollback()
            return _page(token, form)
        codes = _finish(session, member, key)
    return render_template(
        "signin/codes.html",
        codes=codes,
        opened=True,
        next_url=url_for("signin.form"),
    )


def _start_anew(session: Session, reference: str) -> None:
    """An account opened again has another key: its former factors and sessions end."""
    factors.forget(session, reference)
    sessions.close_others(session, reference, kept="")


def _finish(session: Session, member: Member, key: KeyPair) -> list[str]:
    """Recovery codes, the keys this member is the first to hold, and the entry of it all."""
    codes = recovery_codes.renew(session, member.reference, key)
    roles = frozenset(row.role for row in register.mandates_of(session, member.reference))
    found_for_roles(session, member.reference, key, roles)
    session.flush()
    event = Event.now(
        actor=member.reference,
        action=TAKEN_UP,
        outcome=Outcome.AUTORISE,
        object=member.reference,
        article=SECURITY_ARTICLE,
    )
    instance().journal.append(session.connection(), event)
    session.commit()
    return codes


def _shown(session: Session, member: Member) -> str:
    """The line by which an application or a device shows this account: it names nobody."""
    return f"{cells.setting(session, cells.COMMUNE)} · {member.reference}"


def _page(token: str, form: TakeUpForm) -> str | tuple[str, int]:
    with database().read() as session:
        try:
            member = service.invited(session, token)
        except service.InvitationInvalid:
            return render_template("members/lapsed.html"), 410
        shown = _shown(session, member)
    form.cle.data = ""  # an answer serves once
    page = render_template(
        "members/take_up.html",
        form=form,
        token=token,
        qr=enrolment.drawing(form.secret.data or "", shown),
        why_no_passkey=ceremony.why_not(),
    )
    return (page, 422) if form.errors else page
