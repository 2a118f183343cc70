"""Members: the list, invitations, admission to a cell, exclusion."""

import io

import pyotp
import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from audit.event import Event, Outcome
from casework.cells import service as cells
from casework.members import admission, service
from casework.members.forms import InviteForm, TakeUpForm
from casework.members.founding import found_for_roles
from casework.situations.views import in_cell
from casework.vault import renewal
from casework.web.access import (
    Identity,
    action,
    allowed,
    changes,
    database,
    identity,
    instance,
    reader,
    require,
    today,
)
from charter import register
from charter.actions import Action
from charter.roles import WITHOUT_CELL, Role
from charter.subjects import Subject

bp = Blueprint("members", __name__)
ISSUER = "casework"
TAKEN_UP = "member:takeup"
SECURITY_ARTICLE = "RGPD, art. 32"


def place(session: Session, who: Identity, cell: str, reference: str) -> Subject:
    """Someone who holds or held a mandate in the cell."""
    found = in_cell(session, who, cell)
    require(register.members_of(session, cell).get(reference))
    return Subject(found.cell, reference=reference, person=reference)


@bp.get("/membres")
@action(Action.MEMBER_LIST)
def everyone() -> str:
    """The administrator's list: names and mandates, nothing of the cells' work."""
    with database().read() as session:
        return render_template(
            "members/everyone.html",
            people=_people(session),
            may_invite=allowed(Action.MEMBER_INVITE),
        )


def _people(session: Session) -> list[dict[str, object]]:
    rows = service.everyone(session)
    names: dict[str, service.Identity] = {}
    if service.DIRECTORY in identity().keyring.compartments:
        names = service.identities(session, reader(), rows)
    return [
        {
            "row": row,
            "name": names.get(row.reference),
            "mandates": register.mandates_of(session, row.reference),
        }
        for row in rows
    ]


@bp.get("/membres/inviter")
@action(Action.MEMBER_INVITE)
def invite_form() -> str:
    return _invite_page(_offered(InviteForm(formdata=None, debut=today())))


@bp.post("/membres/inviter")
@action(Action.MEMBER_INVITE)
def invite() -> str | tuple[str, int]:
    form = _offered(InviteForm())
    if not form.validate_on_submit():
        return _invite_page(form), 422
    role, cell = Role(form.role.data), form.cellule.data or None
    if (role in WITHOUT_CELL) != (cell is None):
        form.cellule.errors = [
            "Ce rôle s’exerce hors cellule." if cell else "Choisissez la cellule de ce rôle."
        ]
        return _invite_page(form), 422
    mandate = service.Mandate(role, cell, form.debut.data, form.fin.data)
    try:
        with changes() as change:
            member, token = service.invite(
                change.session, instance(), form.identifiant.data, form.identity(), [mandate]
            )
            change.commit(member.reference, role=role.value)
    except service.LoginTaken:
        form.identifiant.errors = ["Cet identifiant est déjà utilisé : choisissez-en un autre."]
        return _invite_page(form), 422
    root = request.host_url if instance().local_http else instance().address
    link = root.rstrip("/") + url_for(".take_up_form", token=token)
    return render_template(
        "members/invited.html", link=link, reference=member.reference, days=service.INVITATION_DAYS
    )


def _offered(form: InviteForm) -> InviteForm:
    with database().read() as session:
        form.fill_choices([(cell.code, cell.name) for cell in cells.every_cell(session)])
    return form


def _invite_page(form: InviteForm) -> str:
    return render_template("members/invite.html", form=form)


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
        return render_template(
            "members/cell.html",
            cell=cells.cell(session, cell),
            places=admission.places(session, reader(), cell, today()),
            renewing=renewal.under_way(session, cell),
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
