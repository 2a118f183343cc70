"""Suspending a member's access, and giving it back, as `casework member suspend` and `confirm`."""

from flask import Blueprint, flash, g, redirect, render_template
from werkzeug.wrappers import Response

from casework.members import suspension
from casework.members.forms import SeatedForm, SuspendForm
from casework.members.mandate_views import OF_MEMBER, opening, page_of
from casework.members.names import names_of
from casework.members.subjects import member as one_member
from casework.web.access import action, changes, database
from casework.web.forms import Form
from charter.actions import Action

bp = Blueprint("suspension", __name__)


@bp.get(f"{OF_MEMBER}/acces")
@action(Action.MEMBER_SUSPEND, one_member)
def form(reference: str) -> str:
    asked = SeatedForm if g.member.suspended_at else SuspendForm
    return _page(asked(formdata=None))


@bp.post(f"{OF_MEMBER}/suspendre")
@action(Action.MEMBER_SUSPEND, one_member)
def suspend(reference: str) -> Response | tuple[str, int]:
    asked = SuspendForm()
    if not asked.validate_on_submit():
        return _page(asked if g.member.suspended_at is None else SeatedForm(formdata=None)), 422
    try:
        with changes() as change:
            suspension.suspend(change.session, reference)
            change.commit(motive=asked.motive)
    except suspension.NotActive:
        flash("Ce compte est clos : il n’ouvre déjà plus rien.", "refus")
        return _back()
    flash("L’accès est suspendu, sessions ouvertes comprises.", "succes")
    return _back()


@bp.post(f"{OF_MEMBER}/confirmer")
@action(Action.MEMBER_CONFIRM, one_member)
def confirm(reference: str) -> Response | tuple[str, int]:
    asked = SeatedForm()
    if g.member.suspended_at is None:
        return _nothing_to_give_back()
    if not asked.validate_on_submit():
        return _page(asked), 422
    try:
        with changes() as change:
            suspension.confirm(change.session, reference)
            change.commit()
    except suspension.NotSuspended:
        return _nothing_to_give_back()
    flash("L’accès est rendu.", "succes")
    return _back()


def _nothing_to_give_back() -> Response:
    flash("Cet accès n’est pas, ou n’est plus, suspendu.", "attention")
    return _back()


def _back() -> Response:
    return redirect(page_of(g.member.reference, None))


def _page(asked: Form) -> str:
    reference = g.member.reference
    read = opening(None)
    with database().read() as session:
        who = names_of(session, read, [g.member]).get(reference)
    return render_template(
        "members/access.html",
        form=asked,
        member=g.member,
        name=who.name if who and who.name else reference,
        back=page_of(reference, None),
    )
