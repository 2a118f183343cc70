"""Members: the list, invitations, admission to a cell, exclusion."""

import io
from datetime import UTC, datetime

import pyotp
import segno
from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from audit.event import Event, Outcome
from casework.cells import service as cells
from casework.members import accounts, admission, mandates, service
from casework.members.forms import TakeUpForm
from casework.members.founding import found_for_roles
from casework.members.names import directory_reader, names_of
from casework.members.subjects import place
from casework.situations.views import in_cell
from casework.vault import renewal
from casework.web.access import (
    action,
    allowed,
    changes,
    database,
    identity,
    instance,
    reader,
    today,
)
from charter import register
from charter.actions import Action

bp = Blueprint("members", __name__)
ISSUER = "casework"
TAKEN_UP = "member:takeup"
SECURITY_ARTICLE = "RGPD, art. 32"


@bp.get("/membres")
@action(Action.MEMBER_LIST)
def everyone() -> str:
    """The administrator's list: names and mandates, nothing of the cells' work."""
    opening = directory_reader()
    with database().read() as session:
        rows = service.everyone(session)
        names = names_of(session, opening, rows)
        people = [
            {
                "row": row,
                "name": names.get(row.reference),
                "mandates": mandates.held(session, opening, row.reference, None, today()),
                "state": accounts.state_of(row),
            }
            for row in sorted(rows, key=lambda row: _rank(names, row.reference))
        ]
        return render_template(
            "members/everyone.html",
            people=people,
            invited=_invited(session, names, None),
            may_invite=allowed(Action.MEMBER_INVITE),
        )


def _rank(names: dict[str, service.Identity], reference: str) -> tuple[str, str]:
    return names[reference].rank if reference in names else (reference, "")


def _invited(
    session: Session, names: dict[str, service.Identity], cell: str | None
) -> list[dict[str, object]]:
    """Links given and not used yet."""
    return [
        {
            "row": row,
            "name": names[row.reference].name if row.reference in names else row.reference,
            "lapsed": row.invited_until is None or row.invited_until < datetime.now(UTC),
        }
        for row in accounts.pending(session, cell)
    ]


@bp.get("/invitation/<token>")
@action(Action.PUBLIC_PAGE)
def take_up_form(token: str) -> str | tuple[str, int]:
    return _take_up_page(token, TakeUpForm(formdata=None, secret=pyotp.random_base32()))


@bp.post("/invitation/<token>")
@action(Action.PUBLIC_PAGE)
def take_up(token: str) -> Response | str | tuple[str, int]:
    form = TakeUpForm()
    if not form.validate_on_submit():
        return _take_up_page(token, form)
    secret = form.secret.data or ""
    if not pyotp.TOTP(secret).verify("".join((form.code.data or "").split()), valid_window=1):
        form.code.errors = ["Ce code n’est pas le bon : attendez le suivant et recopiez-le."]
        return _take_up_page(token, form)
    with database().write() as session:
        try:
            member = service.invited(session, token)
        except service.InvitationInvalid:
            return render_template("members/lapsed.html"), 410
        key = service.take_up(member, instance(), form.phrase.data or "", secret)
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
    flash("Votre compte est prêt. Connectez-vous avec votre phrase de passe et un code.", "succes")
    return redirect(url_for("signin.form"))


def _take_up_page(token: str, form: TakeUpForm) -> str | tuple[str, int]:
    with database().read() as session:
        try:
            service.invited(session, token)
        except service.InvitationInvalid:
            return render_template("members/lapsed.html"), 410
        commune = cells.setting(session, cells.COMMUNE)
    secret = form.secret.data or ""
    uri = pyotp.TOTP(secret).provisioning_uri(name=commune, issuer_name=ISSUER)
    drawing = io.BytesIO()
    segno.make(uri, error="m").save(
        drawing, kind="svg", scale=4, xmldecl=False, svgns=True, title="Code à photographier"
    )
    page = render_template(
        "members/take_up.html", form=form, token=token, qr=drawing.getvalue().decode()
    )
    return (page, 422) if form.errors else page


@bp.get("/cellules/<cell>/membres")
@action(Action.MEMBER_LIST, in_cell)
def of_cell(cell: str) -> str:
    """The coordinator's list: who belongs to the cell, who signed, who waits for a key."""
    with database().read() as session:
        places = admission.places(session, reader(), cell, today())
        rows = accounts.pending(session, cell)
        return render_template(
            "members/cell.html",
            cell=cells.cell(session, cell),
            places=places,
            renewing=renewal.under_way(session, cell),
            invited=_invited(session, names_of(session, reader(), rows), cell),
            may_invite=allowed(Action.MEMBER_INVITE, cell),
            may_open=allowed(Action.MANDATE_READ, cell),
            myself=identity().actor.reference,
        )


@bp.post("/cellules/<cell>/membres/<reference>/admettre")
@action(Action.MEMBER_ADMIT, place)
def admit(cell: str, reference: str) -> Response:
    with changes() as change:
        admission.admit(change.session, change.writer, cell, reference, today())
        change.commit()
    flash("Le membre détient désormais la clé de la cellule.", "succes")
    return redirect(url_for(".of_cell", cell=cell))


@bp.post("/cellules/<cell>/membres/<reference>/exclure")
@action(Action.MEMBER_EXCLUDE, place)
def exclude(cell: str, reference: str) -> Response:
    with changes() as change:
        admission.exclude(change.session, cell, reference, change.actor, today())
        change.commit()
    flash("Le membre est exclu : son accès est clos, sa clé lui est retirée.", "succes")
    return redirect(url_for("keys.of_cell", cell=cell))
