"""The DPO's register of requests: clocks first, one request, what was decided."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.rights import freezing, service
from casework.rights.forms import (
    DecideForm,
    LiftForm,
    ProlongForm,
    RequestForm,
    TransmitForm,
    VerifyForm,
)
from casework.rights.kinds import Kind, Outcome
from casework.rights.pages import list_page, request_page, send_answer
from casework.web.access import (
    Change,
    Identity,
    action,
    also,
    changes,
    database,
    reader,
    require,
    today,
)
from casework.web.forms import Form
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("rights", __name__)
CHANGED = "Quelqu’un a agi sur cette demande depuis que vous l’avez ouverte : relisez-la."
CLOSED = "Cette demande a déjà sa réponse."


def one(session: Session, _who: Identity, reference: str) -> Subject:
    """Under the DPO's mandate, which is of no cell."""
    g.request = require(service.by_reference(session, reference))
    return Subject(reference=g.request.reference)


def one_in(session: Session, who: Identity, reference: str, cell: str) -> Subject:
    subject = one(session, who, reference)
    g.transmission = require(service.transmission(session, g.request.id, cell))
    return subject


@bp.get("/demandes")
@action(Action.RIGHT_LIST)
def register() -> str:
    return list_page()


@bp.get("/demandes/nouvelle")
@action(Action.RIGHT_RECORD)
def new() -> str:
    return render_template("rights/form.html", form=RequestForm(formdata=None), cell=None)


@bp.post("/demandes/nouvelle")
@action(Action.RIGHT_RECORD)
def record() -> Response | tuple[str, int]:
    form = RequestForm()
    if not form.validate_on_submit():
        return render_template("rights/form.html", form=form, cell=None), 422
    with changes() as change:
        made = service.record(
            change.session,
            change.writer,
            change.actor,
            Kind(form.droit.data),
            form.recu_le.data,
            form.texts(),
        )
        change.commit(made.reference, droit=made.kind)
    flash("La demande est enregistrée. Transmettez-la aux cellules à interroger.", "succes")
    return redirect(url_for(".show", reference=made.reference))


@bp.get("/demandes/<reference>")
@action(Action.RIGHT_READ, one)
def show(reference: str) -> str:
    return _page(reader())


def _page(reading: service.Reader, **forms: Form | bool) -> str:
    with database().read() as session:
        codes = [(cell.code, cell.name) for cell in cells.every_cell(session)]
    version = g.request.version
    forms.setdefault("transmit_form", TransmitForm(formdata=None, version=version))
    forms["transmit_form"].cellule.choices = codes  # type: ignore[union-attr]
    forms.setdefault("verify_form", VerifyForm(formdata=None, version=version))
    forms.setdefault("prolong_form", ProlongForm(formdata=None, version=version))
    forms.setdefault("decide_form", DecideForm(formdata=None, version=version))
    return request_page(reading, **forms)


def _again(**forms: Form | bool) -> tuple[str, int]:
    """The page again, with what was typed: a refused act still shows the request, journaled."""
    with database().read() as session:
        g.request = require(service.by_reference(session, g.request.reference))
    return _page(also(Action.RIGHT_READ, g.subject), **forms), 422


def _done(sentence: str) -> Response:
    flash(sentence, "succes")
    return redirect(url_for(".show", reference=g.request.reference))


def _stopped(sentence: str) -> Response:
    flash(sentence, "refus")
    return redirect(url_for(".show", reference=g.request.reference))


@bp.post("/demandes/<reference>/transmettre")
@action(Action.RIGHT_DECIDE, one)
def transmit(reference: str) -> Response | tuple[str, int]:
    form = TransmitForm()
    with database().read() as session:
        form.cellule.choices = [(it.code, it.name) for it in cells.every_cell(session)]
    if not form.validate_on_submit():
        return _again(transmit_form=form)
    try:
        with changes() as change:
            code, version = form.cellule.data, form.version.data or 0
            service.transmit(change.session, change.writer, g.request.id, version, code)
            change.commit(etape="transmise", vers=code)
    except (service.Changed, service.Closed):
        return _stopped(CHANGED)
    return _done("La demande est transmise : la coordination de la cellule la lit désormais.")


@bp.post("/demandes/<reference>/verifier")
@action(Action.RIGHT_DECIDE, one)
def verify(reference: str) -> Response | tuple[str, int]:
    form = VerifyForm()
    if not form.validate_on_submit():
        return _again(verify_form=form)
    try:
        with changes() as change:
            how, version = form.verification.data, form.version.data or 0
            service.verify(change.session, change.writer, g.request.id, version, how)
            change.commit(etape="verifiee")
    except (service.Changed, service.Closed):
        return _stopped(CHANGED)
    return _done("La vérification de l’identité est notée.")


@bp.post("/demandes/<reference>/prolonger")
@action(Action.RIGHT_DECIDE, one)
def prolong(reference: str) -> Response | tuple[str, int]:
    form = ProlongForm()
    if not form.validate_on_submit():
        return _again(prolong_form=form)
    try:
        with changes() as change:
            args = (g.request.id, form.version.data or 0, form.motif.data, today())
            service.prolong(change.session, change.writer, *args)
            change.commit(etape="prolongee")
    except service.TooLate:
        return _stopped(
            "Le délai ne se prolonge qu’une fois, et dans le mois de la réception : répondez au "
            "plus vite, et dites pourquoi la réponse est tardive."
        )
    except (service.Changed, service.Closed):
        return _stopped(CHANGED)
    return _done("Le délai est prolongé de deux mois. Envoyez la lettre à la personne.")


@bp.post("/demandes/<reference>/decider")
@action(Action.RIGHT_DECIDE, one)
def decide(reference: str) -> Response | tuple[str, int]:
    form = DecideForm()
    if not form.validate_on_submit():
        return _again(decide_form=form)
    try:
        with changes() as change:
            outcome, version = Outcome(form.issue.data), form.version.data or 0
            args = (g.request.id, version, outcome, form.motifs.data or "", today())
            service.decide(change.session, change.writer, *args)
            change.commit(etape="decidee", issue=outcome.value)
    except service.Unreported:
        return _again(decide_form=form, unreported=True)
    except (service.Changed, service.Closed):
        return _stopped(CHANGED)
    return _done("La demande est close. Produisez la lettre et envoyez-la.")


@bp.post("/demandes/<reference>/<cell>/limiter")
@action(Action.RIGHT_FREEZE, one_in)
def freeze(reference: str, cell: str) -> Response:
    return place(lambda sentence: _done(sentence), lambda sentence: _stopped(sentence))


@bp.post("/demandes/<reference>/<cell>/lever")
@action(Action.RIGHT_FREEZE, one_in)
def lift(reference: str, cell: str) -> Response | tuple[str, int]:
    form = LiftForm()
    if not form.validate_on_submit():
        return _again(lift_form=form)
    take_away(form)
    return _done("La limitation est levée.")


def place(done, stopped) -> Response:  # type: ignore[no-untyped-def]
    """Limit the processing of the situation the cell found."""
    try:
        with changes() as change:
            placed = freezing.freeze(change.session, change.writer, change.actor, _mine(change))
            if placed:
                change.commit(etape="limitee")
    except freezing.NotFound:
        return stopped("La cellule n’a pas encore dit quelle situation est concernée.")
    return done("Le traitement de la situation est limité : elle est conservée, et rien d’autre.")


def take_away(form: LiftForm) -> None:
    with changes() as change:
        args = (change.actor, _mine(change), form.motif_levee.data, form.informe_le.data)
        if freezing.lift(change.session, change.writer, *args):
            change.commit(etape="levee", motive=form.motive)


def _mine(change: Change) -> service.Transmission:
    return change.session.get_one(service.Transmission, g.transmission.id, with_for_update=True)


@bp.get("/demandes/<reference>/reponse.docx")
@action(Action.RIGHT_LETTER, one)
def answer(reference: str) -> Response:
    with database().read() as session:
        return send_answer(session, reader())
