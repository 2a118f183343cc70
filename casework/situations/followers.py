"""The coordinator names who follows a situation between two séances."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.validators import Length

from casework.members import service as members
from casework.situations import service
from casework.situations.following import MOST_FOLLOWERS, may_follow, seats
from casework.situations.views import one
from casework.web.access import action, also, changes, database, identity
from casework.web.forms import Form, Members
from charter import register
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("followers", __name__)


class FollowForm(Form):
    """The members who follow a situation."""

    membres = Members(
        "Membres qui suivent cette situation",
        [Length(max=MOST_FOLLOWERS, message=f"Désignez au plus {MOST_FOLLOWERS} membres.")],
    )


@bp.get("/situations/<reference>/suivi")
@action(Action.SITUATION_FOLLOW, one)
def form(reference: str) -> str:
    with database().read() as session:
        known = service.followers_of(session, g.situation.id)
        asked = FollowForm(formdata=None, membres=sorted(known))
        return _page(session, asked)


@bp.post("/situations/<reference>/suivi")
@action(Action.SITUATION_FOLLOW, one)
def name(reference: str) -> Response | tuple[str, int]:
    asked = FollowForm()
    with database().read() as session:
        _offer(session, asked)
        if not asked.validate_on_submit():
            return _page(session, asked), 422
    with changes() as change:
        added, removed = service.name_followers(
            change.session, g.situation.id, asked.membres.data or ()
        )
        change.commit(ajoutes="+".join(sorted(added)), retires="+".join(sorted(removed)))
    flash("Le suivi est enregistré.", "succes")
    return redirect(url_for("situations.show", reference=reference))


def _page(session: Session, asked: FollowForm) -> str:
    _offer(session, asked)
    return render_template("situations/follow.html", form=asked, situation=g.situation)


def _offer(session: Session, asked: FollowForm) -> None:
    """Members who may follow, and those who do already, with what stops them now."""
    cell, reference = g.situation.cell, g.situation.reference
    roles = register.members_of(session, cell)
    following = service.followers_of(session, g.situation.id)
    offered = seats(session, cell, reference, {*may_follow(session, cell, reference), *following})
    reading = also(Action.MEMBER_LIST, Subject(cell))
    names = members.named(session, reading, offered, identity().keyring.compartments)
    asked.membres.choices = [
        (member, _label(names.get(member), member, roles[member].label, hindrance))
        for member, hindrance in offered.items()
    ]


def _label(who: members.Identity | None, member: str, role: str, hindrance: str) -> str:
    return f"{who.name if who else member}, {role}" + (f" ({hindrance})" if hindrance else "")
