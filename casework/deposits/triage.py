"""The coordination's pages: deposits received, opening one, answering it."""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.deposits import service
from casework.deposits.forms import LINK, REDIRECT, REFUSE, TriageForm
from casework.deposits.models import Deposit
from casework.deposits.service import AlreadyAnswered, Retour
from casework.deposits.words import OTHER_CELL, Words
from casework.members import service as members
from casework.rights import service as rights
from casework.situations import further
from casework.situations import service as situations
from casework.situations.forms import SaisineForm
from casework.situations.views import acting, in_cell, look_alikes, subject_of
from casework.vault.keyring import Reader
from casework.web.access import (
    Change,
    Identity,
    action,
    allowed,
    also,
    changes,
    database,
    identity,
    reader,
    require,
    today,
)
from casework.web.french import local
from charter import recusals
from charter.actions import Action
from charter.categories import EVERYTHING
from charter.subjects import Subject

bp = Blueprint("triage", __name__)
LISTS = ("origine", "quartier", "etablissement")
GIVEN = "Ce dépôt a déjà reçu sa réponse : son contenu est détruit."


def received(session: Session, _who: Identity, reference: str) -> Subject:
    g.deposit = deposit = require(service.by_reference(session, reference))
    return Subject(cell=deposit.cell, reference=deposit.reference)


@bp.get("/cellules/<cell>/depots")
@action(Action.DEPOSIT_LIST, in_cell)
def of_cell(cell: str) -> str:
    """Numbers and dates: nothing is opened here."""
    with database().read() as session:
        waiting = service.waiting(session, cell)
        return render_template(
            "deposits/received.html",
            cell=g.cell,
            waiting=[(row, _days(row)) for row in waiting],
            answered=service.answered(session, cell),
            retours=service.RETOURS,
        )


def _days(deposit: Deposit) -> int:
    return (today() - local(deposit.deposited_at).date()).days


@bp.get("/depots/<reference>/ouvrir")
@action(Action.DEPOSIT_READ, received)
def show(reference: str) -> str:
    """``situation``: the one the saisine's page found that it may join."""
    form = _triage_form(formdata=None)
    if joined := request.args.get("situation", ""):
        form.reponse.data, form.situation.data = LINK, joined
    return _page(reader(), form)


def _triage_form(**options: object) -> TriageForm:
    form = TriageForm(**options)
    with database().read() as session:
        form.offer(
            [
                (cell.code, cell.name)
                for cell in cells.every_cell(session)
                if cell.code != g.deposit.cell
                and allowed(Action.DEPOSIT_CREATE, cell.code)
                and not cells.isolated(session, cell.code)
                and not cells.isolated(session, g.deposit.cell)
            ]
        )
    return form


def _page(reading: Reader, form: TriageForm) -> str:
    with database().read() as session:
        return render_template(
            "deposits/show.html",
            deposit=g.deposit,
            cell=cells.cell(session, g.deposit.cell),
            texts=service.open_deposit(session, reading, g.deposit, EVERYTHING),
            depositor=_depositor(session, reading),
            labels={name: cells.labels(session, name) for name in LISTS},
            retours=service.RETOURS,
            form=form,
            redirectable=bool(form.cellule.choices),
        )


def _depositor(session: Session, reading: Reader) -> members.Identity | None:
    """Who deposited, for a holder of the directory."""
    row = members.by_reference(session, g.deposit.author)
    if row is None or members.DIRECTORY not in identity().keyring.compartments:
        return None
    return members.identity(session, reading, row)


def _opened() -> dict[str, str]:
    """The words, for an act on them: read under its own journal entry."""
    reading = also(Action.DEPOSIT_READ, g.subject)
    with database().read() as session:
        return service.open_deposit(session, reading, g.deposit, EVERYTHING)


def _already_answered() -> Response:
    flash(GIVEN, "attention")
    return redirect(url_for(".show", reference=g.deposit.reference))


@bp.get("/depots/<reference>/admettre")
@action(Action.DEPOSIT_ANSWER, received)
def admit_form(reference: str) -> Response | str:
    if g.deposit.retour:
        return _already_answered()
    form = SaisineForm(formdata=None)
    with database().read() as session:
        form.fill_choices(session, g.deposit.cell)
        form.show(Words.of(_opened()).entry(local(g.deposit.deposited_at).date()))
        return _saisine_page(session, form)


@bp.post("/depots/<reference>/admettre")
@action(Action.DEPOSIT_ANSWER, received)
def admit(reference: str) -> Response | tuple[str, int]:
    form, deposit = SaisineForm(), g.deposit
    with database().read() as session:
        form.fill_choices(session, g.deposit.cell)
        if not form.validate_on_submit():
            return _saisine_page(session, form), 422
        if known := look_alikes(session, form, deposit.cell):
            return _saisine_page(session, form, **known), 409
    try:
        with changes() as change:
            made = service.admit(change.session, change.writer, change.actor, deposit, form.entry())
            change.also(Action.SITUATION_CREATE, Subject(deposit.cell, reference=made.reference))
            change.commit()
    except AlreadyAnswered:
        return _already_answered()
    database().empty_log()  # the words are destroyed there too
    flash("La saisine est enregistrée ; le contenu du dépôt est détruit.", "succes")
    return redirect(url_for("situations.show", reference=made.reference))


def _saisine_page(session: Session, form: SaisineForm, **context: object) -> str:
    cell = cells.cell(session, g.deposit.cell)
    return render_template(
        "situations/form.html", form=form, cell=cell, deposit=g.deposit, **context
    )


@bp.post("/depots/<reference>/repondre")
@action(Action.DEPOSIT_ANSWER, received)
def answer(reference: str) -> Response | tuple[str, int]:
    if g.deposit.retour:
        return _already_answered()
    form = _triage_form()
    if not form.validate_on_submit() or not _situation_is_here(form):
        return _page(also(Action.DEPOSIT_READ, g.subject), form), 422
    words = Words.of(_opened()) if form.reponse.data in (REDIRECT, LINK) else None
    try:
        with changes() as change:
            retour = _give(change, form, words)
            change.commit()
    except AlreadyAnswered:
        return _already_answered()
    except further.Ended:
        form.situation.errors = [further.ENDED]
        return _page(also(Action.DEPOSIT_READ, g.subject), form), 409
    database().empty_log()
    flash(f"Retour donné : {service.RETOURS[retour].lower()}. Le contenu est détruit.", "succes")
    if form.reponse.data == LINK:
        return redirect(url_for("situations.show", reference=form.situation.data))
    if form.reponse.data == REDIRECT:
        elsewhere = dict(form.cellule.choices)[form.cellule.data]
        flash(f"Un nouveau dépôt, scellé, attend la coordination de : {elsewhere}.", "info")
    return redirect(url_for(".of_cell", cell=g.deposit.cell))


def _situation_is_here(form: TriageForm) -> bool:
    """The situation a deposit joins is one of this cell; of another, we do not say that it is."""
    if form.reponse.data != LINK:
        return True
    form.situation.data = form.situation.data.upper()
    with database().read() as session:
        found = situations.by_reference(session, form.situation.data)
        aside = recusals.recused_from(session, identity().actor.reference)
        limited = found is not None and rights.frozen(session, found.id)
    if found is None or found.cell != g.deposit.cell or found.reference in aside:
        form.situation.errors = ["Aucune situation de cette cellule ne porte cette référence."]
        return False
    if limited:
        form.situation.errors = [
            "Le traitement de cette situation est limité à la demande de la personne : rien ne "
            "s’y ajoute tant que la limitation dure."
        ]
        return False
    if found.closed_on is not None:
        form.situation.errors = [further.ENDED]
        return False
    return True


def _give(change: Change, form: TriageForm, words: Words | None) -> Retour:
    session, chosen = change.session, form.reponse.data
    if chosen == REDIRECT and words is not None:
        retour, kept = Retour.REORIENTE, {}
        _redirect(change, form.cellule.data, words)
    elif chosen == LINK and words is not None:
        retour, kept = Retour.PRIS_EN_COMPTE, {"situation": form.situation.data}
        _join(change, form.situation.data, words)
    elif chosen == REFUSE:
        retour, kept = Retour.SANS_SUITE, {"motif": form.motif.data}
    else:
        retour, kept = Retour.CONSEIL, {}
    service.answer(session, change.writer, g.deposit.id, retour, **kept)
    return retour


def _join(change: Change, reference: str, words: Words) -> None:
    """The facts join the situation as one more saisine, before the words are destroyed."""
    joined = require(situations.by_reference(change.session, reference))
    rights.refuse_frozen(change.session, [joined.id])
    entry = words.entry(local(g.deposit.deposited_at).date())
    further.join(change.session, change.writer, reference, acting(), entry)
    change.also(Action.SITUATION_EDIT, subject_of(change.session, identity(), joined))


def _redirect(change: Change, cell: str, words: Words) -> None:
    """A new saisine, by the coordinator who read the first: neither row names the other, and the
    contact details of the depositor stay behind."""
    words = replace(words, origine=OTHER_CELL, joindre="")
    made = service.create(change.session, change.actor, cell, words)
    change.also(Action.DEPOSIT_CREATE, Subject(cell, reference=made.reference))
