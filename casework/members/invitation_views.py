"""Inviting a member, renewing or withdrawing the link, reopening a forgotten account."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members import accounts, service
from casework.members.forms import InviteForm, ResetForm
from casework.members.mandate_views import OF_CELL, OF_MEMBER, offer, page_of, told
from casework.members.names import holds_directory, names_of
from casework.members.subjects import member as one_member
from casework.situations.views import in_cell
from casework.web.access import (
    Identity,
    action,
    allowed,
    also,
    changes,
    database,
    instance,
    today,
)
from charter import register
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("invitations", __name__)
OPEN_ALREADY = "Ce compte est ouvert, ou clos : il n’a pas d’invitation en attente."
ELSEWHERE = (
    "Cette personne est aussi invitée ailleurs, ou son compte est à rouvrir : adressez-vous à "
    "l’administrateur."
)


def _anyone_or_in_cell(session: Session, who: Identity, cell: str | None = None) -> Subject:
    return in_cell(session, who, cell) if cell else Subject()


@bp.get("/membres/inviter")
@bp.get("/cellules/<cell>/membres/inviter", endpoint="form_in_cell")
@action(Action.MEMBER_INVITE, _anyone_or_in_cell)
def form(cell: str | None = None) -> str:
    return _invite_page(_offered(InviteForm(formdata=None, debut=today()), cell), cell)


@bp.post("/membres/inviter")
@bp.post("/cellules/<cell>/membres/inviter", endpoint="invite_in_cell")
@action(Action.MEMBER_INVITE, _anyone_or_in_cell)
def invite(cell: str | None = None) -> str | tuple[str, int]:
    asked = _offered(InviteForm(), cell)
    if not asked.validate_on_submit():
        return _invite_page(asked, cell), 422
    try:
        with changes() as change:
            member, token = service.invite(
                change.session,
                instance(),
                asked.identifiant.data,
                asked.identity(),
                [asked.mandate()],
            )
            given = register.mandates_of(change.session, member.reference)[0]
            change.commit(member.reference, **told(given))
    except service.LoginTaken:
        asked.identifiant.errors = [
            "Cet identifiant est celui d’un membre : s’il s’agit de la même personne, "
            + (
                "demandez à l’administrateur de lui enregistrer ce mandat."
                if cell
                else "ouvrez sa page et ajoutez-lui ce mandat."
            )
        ]
        return _invite_page(asked, cell), 422
    except register.CharterError as error:
        asked.refuse(error)
        return _invite_page(asked, cell), 422
    return _link_page(token, member.reference, cell, login=asked.identifiant.data)


def _offered(asked: InviteForm, cell: str | None) -> InviteForm:
    offer(asked, cell)
    return asked


def _invite_page(asked: InviteForm, cell: str | None) -> str:
    with database().read() as session:
        found = cells.cell(session, cell) if cell else None
        return render_template("members/invite.html", form=asked, cell=found, back=_list(cell))


def _list(cell: str | None) -> str:
    return url_for("members.of_cell", cell=cell) if cell else url_for("members.everyone")


def _link_page(
    token: str, reference: str, cell: str | None, *, again: bool = False, login: str = ""
) -> str:
    root = request.host_url if instance().local_http else instance().address
    return render_template(
        "members/invited.html",
        link=root.rstrip("/") + url_for("members.take_up_form", token=token),
        reference=reference,
        days=service.INVITATION_DAYS,
        again=again,
        login=login,
        back=_list(cell),
    )


@bp.post(f"{OF_MEMBER}/invitation/renouveler")
@bp.post(f"{OF_CELL}/invitation/renouveler", endpoint="renew_in_cell")
@action(Action.MEMBER_INVITE, one_member)
def renew(reference: str, cell: str | None = None) -> Response | str:
    """Another link; the former one, lost or gone to the wrong person, opens nothing any more."""
    try:
        with changes() as change:
            member = change.session.merge(g.member)
            token = accounts.renew_link(change.session, member, cell)
            change.commit(reference)
    except (accounts.NoInvitation, accounts.SeatedElsewhere) as error:
        return _refused(error, reference, cell)
    return _link_page(token, reference, cell, again=True)


@bp.post(f"{OF_MEMBER}/invitation/retirer")
@bp.post(f"{OF_CELL}/invitation/retirer", endpoint="withdraw_in_cell")
@action(Action.MEMBER_INVITE, one_member)
def withdraw(reference: str, cell: str | None = None) -> Response:
    try:
        with changes() as change:
            member = change.session.merge(g.member)
            accounts.withdraw(change.session, instance(), member, cell, today())
            change.commit(reference)
    except (accounts.NoInvitation, accounts.SeatedElsewhere) as error:
        return _refused(error, reference, cell)
    flash("L’invitation est retirée : le lien n’ouvre plus rien.", "succes")
    return redirect(_list(cell))


def _refused(error: Exception, reference: str, cell: str | None) -> Response:
    flash(ELSEWHERE if isinstance(error, accounts.SeatedElsewhere) else OPEN_ALREADY, "refus")
    return redirect(page_of(reference, cell))


@bp.get(f"{OF_MEMBER}/rouvrir")
@action(Action.MEMBER_RESET, one_member)
def reset_form(reference: str) -> str:
    return _reset_page(ResetForm(formdata=None))


@bp.post(f"{OF_MEMBER}/rouvrir")
@action(Action.MEMBER_RESET, one_member)
def reset(reference: str) -> Response | str | tuple[str, int]:
    """A forgotten passphrase: the account is reopened with nothing but mandates and signatures."""
    asked = ResetForm()
    if not asked.validate_on_submit():
        return _reset_page(asked), 422
    try:
        with changes() as change:
            token = accounts.reset(change.session, change.session.merge(g.member))
            change.commit(reference)
    except accounts.NoInvitation:
        flash("Ce compte n’est pas ouvert : renouvelez plutôt son invitation.", "refus")
        return redirect(page_of(reference, None))
    return _link_page(token, reference, None, again=True)


def _reset_page(asked: ResetForm) -> str:
    reference = g.member.reference
    opening = None
    if holds_directory() and allowed(Action.MANDATE_READ):
        opening = also(Action.MANDATE_READ, Subject(reference=reference))
    with database().read() as session:
        losses = accounts.losses(session, reference, today())
        names = names_of(session, opening, service.everyone(session))
        return render_template(
            "members/reset.html",
            form=asked,
            reference=reference,
            name=names[reference].name if reference in names else reference,
            losses=[
                (loss.label, sorted(names[who].name if who in names else who for who in loss.able))
                for loss in losses
            ],
            back=page_of(reference, None),
            days=service.INVITATION_DAYS,
        )
