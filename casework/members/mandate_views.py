"""A member's page: mandates past, in force and to come; giving one, ending one, recording its act.

Each page has two addresses: the administrator's, for every mandate, and a coordinator's, for those
of their cell. The charter is asked about the one or the other.
"""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members import accounts, mandates, service
from casework.members.forms import EndForm, MandateForm, WordsForm
from casework.members.names import directory_reader, holds_directory, names_of
from casework.members.subjects import mandate as one_mandate
from casework.members.subjects import member as one_member
from casework.vault import store
from casework.vault.keyring import Reader
from casework.web.access import (
    action,
    allowed,
    also,
    changes,
    database,
    identity,
    today,
)
from charter import functions, register
from charter.actions import Action
from charter.models import MandateRow
from charter.subjects import Subject

bp = Blueprint("mandates", __name__)
OF_MEMBER = "/membres/<reference>"
OF_CELL = "/cellules/<cell>/membres/<reference>"


def page_of(reference: str, cell: str | None) -> str:
    """The address of a member's page, on the side one came from."""
    if cell is None:
        return url_for("mandates.show", reference=reference)
    return url_for("mandates.show_in_cell", reference=reference, cell=cell)


@bp.get(OF_MEMBER)
@bp.get(OF_CELL, endpoint="show_in_cell")
@action(Action.MANDATE_READ, one_member)
def show(reference: str, cell: str | None = None) -> str:
    opening = directory_reader()
    with database().read() as session:
        keys = {code for code, held in store.holders(session).items() if reference in held}
        return render_template(
            "members/member.html",
            member=g.member,
            who=names_of(session, opening, [g.member]).get(reference),
            held=mandates.held(session, opening, reference, cell, today()),
            keys=sorted(accounts.KEY_LABELS.get(code, code) for code in keys),
            holds_cell=cell in keys,
            state=accounts.state_of(g.member),
            invited=accounts.is_invited(g.member),
            readable=opening is not None,
            cell=cells.cell(session, cell) if cell else None,
            back=url_for("members.of_cell", cell=cell) if cell else url_for("members.everyone"),
            myself=reference == identity().actor.reference,
            may_share=allowed(Action.DIRECTORY_SHARE) and _lacks_directory(session, reference),
            may_reset=g.member.public_key is not None and allowed(Action.MEMBER_RESET),
            may_suspend=_may_suspend(),
        )


def _may_suspend() -> bool:
    """Who has not opened their account has an invitation, which is taken back instead; once
    suspended, it waits to be confirmed like any access."""
    row = g.member
    account = row.public_key is not None or row.suspended_at is not None
    return row.closed_at is None and account and allowed(Action.MEMBER_SUSPEND)


def _lacks_directory(session: Session, reference: str) -> bool:
    rows = register.mandates_of(session, reference)
    return (
        g.member.public_key is not None
        and holds_directory()
        and accounts.holds_title(rows, service.DIRECTORY, today())
        and reference not in store.holders(session)[service.DIRECTORY]
    )


@bp.get(f"{OF_MEMBER}/mandats/nouveau")
@bp.get(f"{OF_CELL}/mandats/nouveau", endpoint="grant_form_in_cell")
@action(Action.MANDATE_GRANT, one_member)
def grant_form(reference: str, cell: str | None = None) -> str:
    form = MandateForm(formdata=None, debut=today())
    offer(form, cell)
    return _grant_page(form, cell)


@bp.post(f"{OF_MEMBER}/mandats/nouveau")
@bp.post(f"{OF_CELL}/mandats/nouveau", endpoint="grant_in_cell")
@action(Action.MANDATE_GRANT, one_member)
def grant(reference: str, cell: str | None = None) -> Response | tuple[str, int]:
    form = MandateForm()
    offer(form, cell)
    if not form.validate_on_submit():
        return _grant_page(form, cell), 422
    try:
        with changes() as change:
            made = service.grant_mandate(change.session, reference, form.mandate())
            change.commit(reference, **told(made))
    except register.CharterError as error:
        form.refuse(error)
        return _grant_page(form, cell), 422
    flash("Le mandat est enregistré. La clé se remet à part, par un de ses détenteurs.", "succes")
    return redirect(page_of(reference, cell))


def offer(form: MandateForm, cell: str | None) -> None:
    """Fill the lists of a form that gives a mandate."""
    with database().read() as session:
        every = [(row.code, row.name) for row in cells.every_cell(session)]
        form.offer(every, functions.every(session), cell or "")


def told(row: MandateRow) -> dict[str, str | int]:
    """A mandate acted upon, in the closed words of the journal."""
    words: dict[str, str | int] = {"mandat_vise": row.id, "role_vise": row.role.value}
    return words | ({"cellule_visee": row.cell} if row.cell else {})


def _grant_page(form: MandateForm, cell: str | None) -> str:
    return _page("members/grant.html", form, cell)


def _page(template: str, form: object, cell: str | None, **context: object) -> str:
    reference = g.member.reference
    read = opening(cell)
    with database().read() as session:
        who = names_of(session, read, [g.member]).get(reference)
        return render_template(
            template,
            form=form,
            name=who.name if who else reference,
            reference=reference,
            cell=cells.cell(session, cell) if cell else None,
            back=page_of(reference, cell) if allowed(Action.MANDATE_READ, cell) else "",
            **context,
        )


def opening(cell: str | None) -> Reader | None:
    """To say whose mandate it is: one more read, decided and journaled as such."""
    for what, subject in (
        (Action.MANDATE_READ, Subject(cell, reference=g.member.reference)),
        (Action.ACCESS_REVIEW, Subject(reference=g.member.reference)),
    ):
        if holds_directory() and allowed(what, subject.cell):
            return also(what, subject)
    return None


@bp.get(f"{OF_MEMBER}/mandats/<number>/fin")
@bp.get(f"{OF_CELL}/mandats/<number>/fin", endpoint="end_form_in_cell")
@action(Action.MANDATE_END, one_mandate)
def end_form(reference: str, number: str, cell: str | None = None) -> str:
    return _end_page(EndForm(formdata=None, fin=today()), cell)


@bp.post(f"{OF_MEMBER}/mandats/<number>/fin")
@bp.post(f"{OF_CELL}/mandats/<number>/fin", endpoint="end_in_cell")
@action(Action.MANDATE_END, one_mandate)
def end(reference: str, number: str, cell: str | None = None) -> Response | tuple[str, int]:
    """End a mandate on a day; one that has not begun is withdrawn."""
    form = EndForm()
    if not form.validate_on_submit() or not _may_end_on(form):
        return _end_page(form, cell), 422
    row: MandateRow = g.mandate
    with changes() as change:
        if row.starts > today():
            service.withdraw_mandate(change.session, row.id, today())
            done = "Le mandat est annulé : il n’avait pas commencé."
        else:
            register.end_mandate(change.session, row.id, form.fin.data)
            done = "La fin du mandat est enregistrée."
        change.commit(reference, **told(row))
    flash(done, "succes")
    if allowed(Action.MANDATE_READ, cell):
        return redirect(page_of(reference, cell))
    return redirect(url_for("review.show" if allowed(Action.ACCESS_REVIEW) else "home.show"))


def _may_end_on(form: EndForm) -> bool:
    row, day = g.mandate, form.fin.data
    if row.starts > today():
        return True
    if row.excluded_at is not None:
        form.fin.errors = ["Ce membre a été exclu : son mandat n’ouvre déjà plus rien."]
    elif day < row.starts:
        form.fin.errors = [mandates.why_not(register.EndBeforeStartError(), row.role)[1]]
    elif row.ends is not None and day > row.ends:
        form.fin.errors = [
            "Ce mandat prend déjà fin avant cette date. Pour le prolonger, enregistrez un nouveau "
            "mandat, avec son acte."
        ]
    return not form.fin.errors


def _end_page(form: EndForm, cell: str | None) -> str:
    row: MandateRow = g.mandate
    with database().read() as session:
        label = functions.labels(session).get(row.function or "", "")
    return _page(
        "members/end.html",
        form,
        cell,
        mandate=row,
        title=register.as_mandate(row, label).title,
        begun=row.starts <= today(),
    )


@bp.get(f"{OF_MEMBER}/mandats/<number>/acte")
@bp.get(f"{OF_CELL}/mandats/<number>/acte", endpoint="words_form_in_cell")
@action(Action.MANDATE_GRANT, one_mandate)
def words_form(reference: str, number: str, cell: str | None = None) -> str:
    form = WordsForm(formdata=None)
    read = opening(cell)
    if read:
        with database().read() as session:
            words = service.details(session, read, [g.mandate.id])
        form.institution.data, form.acte.data = words.get(g.mandate.id, ("", ""))
    return _page("members/words.html", form, cell)


@bp.post(f"{OF_MEMBER}/mandats/<number>/acte")
@bp.post(f"{OF_CELL}/mandats/<number>/acte", endpoint="words_in_cell")
@action(Action.MANDATE_GRANT, one_mandate)
def words(reference: str, number: str, cell: str | None = None) -> Response | tuple[str, int]:
    """The institution, and the act that came after the mandate."""
    form, row = WordsForm(), g.mandate
    if not form.validate_on_submit():
        return _page("members/words.html", form, cell), 422
    try:
        with changes() as change:
            service.change_details(
                change.session, row.id, form.institution.data, form.acte.data or ""
            )
            change.commit(reference, **told(row))
    except service.ActRequired as error:
        form.acte.errors = [mandates.why_not(error, row.role)[1]]
        return _page("members/words.html", form, cell), 422
    flash("L’acte et l’institution sont enregistrés.", "succes")
    return redirect(page_of(reference, cell))
