"""The déport: stepping aside from one situation, and lifting the déport of someone else.

Whoever steps aside owes no reason. The guard refuses the situation at their next click; lists and
searches leave it out before anything of it is opened (``without`` in the services).
"""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.recusals.forms import RecuseForm
from casework.situations.views import one
from casework.web.access import Identity, action, changes, database, identity, today
from charter import recusals, register
from charter.actions import Action
from charter.decide import decide
from charter.subjects import Subject

bp = Blueprint("recusals", __name__)


def of_member(session: Session, who: Identity, reference: str, member: str) -> Subject:
    """Someone's déport from one situation."""
    return replace(one(session, who, reference), person=member)


@bp.get("/situations/<reference>/deport")
@action(Action.SITUATION_RECUSE, one)
def form(reference: str) -> str:
    return _page(RecuseForm(formdata=None))


@bp.post("/situations/<reference>/deport")
@action(Action.SITUATION_RECUSE, one)
def declare(reference: str) -> Response | tuple[str, int]:
    asked = RecuseForm()
    if not asked.validate_on_submit():
        return _page(asked), 422
    with changes() as change:
        recusals.declare(change.session, change.actor, g.situation.cell, reference)
        change.commit()
    flash(f"Vous vous êtes déporté de {reference} : elle ne vous est plus ouverte.", "succes")
    return redirect(url_for("home.show"))


def _page(asked: RecuseForm) -> str:
    with database().read() as session:
        return render_template(
            "recusals/declare.html",
            form=asked,
            situation=g.situation,
            nobody_left=not _somebody_left(session),
        )


def _somebody_left(session: Session) -> bool:
    """Could someone of the direction lift this déport? Whoever lacks the key can be given it."""
    cell, me = g.situation.cell, identity().actor.reference
    gone = recusals.recused_members(session, g.situation.reference)
    theirs = replace(g.subject, recused=False, person=me)
    return any(
        decide(
            register.actor_for(session, other, frozenset({cell}), fresh=True),
            Action.SITUATION_RESTORE,
            theirs,
            today(),
        ).allowed
        for other in register.members_of(session, cell).keys() - gone.keys()
    )


@bp.post("/situations/<reference>/deport/<member>/lever")
@action(Action.SITUATION_RESTORE, of_member)
def lift(reference: str, member: str) -> Response:
    back = redirect(url_for("situations.show", reference=reference))
    with changes() as change:
        if not recusals.is_recused(change.session, member, reference):
            flash("Ce déport était déjà levé.", "info")
            return back
        recusals.lift(change.session, member, reference)
        change.commit(membre=member)
    flash("Le déport est levé : ce membre retrouve ses droits sur la situation.", "succes")
    return back
