"""The commune's pages of a rappel à l'ordre: announcing one, and reading where it stands."""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.attachments import service as attachments
from casework.cells import service as cells
from casework.papers.printing import mark, sent
from casework.rappels import absences, acts, consultations, dossier, service
from casework.rappels.act_forms import (
    CloseForm,
    ConcludeForm,
    ConsultForm,
    ConveneForm,
    DeliverForm,
    HoldForm,
    RectifyForm,
    RemindForm,
    RenounceForm,
    ReportBackForm,
    StepForm,
    WaiveForm,
)
from casework.rappels.forms import AnnounceForm
from casework.rappels.letter import letter
from casework.rappels.papers import available
from casework.rappels.procedure import (
    BY_COMMUNE,
    LABELS,
    REFUSALS,
    Excluded,
    State,
    Step,
    Unmet,
)
from casework.rappels.steps import steps
from casework.rappels.words import AFTERMATHS, AUDIENCES, FORMS, MODES, RESULTS
from casework.retention import service as retention
from casework.rights import service as rights
from casework.situations import service as situations
from casework.situations.views import one as one_situation
from casework.vault.keyring import Reader
from casework.web.access import (
    Identity,
    action,
    allowed,
    also,
    changes,
    database,
    identity,
    reader,
    record_refusal,
    require,
    signature,
    today,
)
from casework.web.journal import checkpoint_line
from casework.web.practised import not_practised
from charter import recusals
from charter.actions import Action
from charter.categories import EVERYTHING
from charter.subjects import Subject

bp = Blueprint("rappels", __name__)
WORDS = {
    "publics": AUDIENCES,
    "modes": MODES,
    "resultats": RESULTS,
    "formes": FORMS,
    "suites": AFTERMATHS,
    "avis": consultations.OPINIONS,
}


def one(session: Session, who: Identity, reference: str) -> Subject:
    """A déport from the situation closes its procedures too."""
    g.rappel = rappel = require(service.by_reference(session, reference))
    situation = session.get_one(situations.Situation, rappel.situation)
    return Subject(
        cell=rappel.cell,
        reference=rappel.reference,
        recused=recusals.is_recused(session, who.actor.reference, situation.reference),
        turn=rappel.attend == BY_COMMUNE,
        frozen=rights.frozen(session, situation.id),
        situation=situation.id,
        archived=situation.archived_on is not None,
        lent=retention.lent(session, situation, who.actor.reference),
    )


def one_under_way(session: Session, who: Identity, reference: str) -> Subject:
    """Giving a rappel up waits for nobody: a fiche announced by mistake is withdrawn before the
    procureur answers."""
    return replace(one(session, who, reference), turn=g.rappel.attend != "")


def author() -> service.Author:
    """Whoever acts in this request, under the mandate that opened it."""
    mandate = g.decision.mandate
    number = mandate.number if mandate else 0
    return service.Author(identity().actor.reference, number, signature(g.decision))


@bp.get("/situations/<reference>/rappel")
@action(Action.RAPPEL_ANNOUNCE, one_situation)
def announce_form(reference: str) -> Response | str:
    return not_practised("rappel") or _announce_page(AnnounceForm(formdata=None))


@bp.post("/situations/<reference>/rappel")
@action(Action.RAPPEL_ANNOUNCE, one_situation)
def announce(reference: str) -> Response | tuple[str, int]:
    if refused := not_practised("rappel"):
        return refused
    form = AnnounceForm()
    if not form.validate_on_submit():
        return _announce_page(form), 422
    texts = _texts_of_situation()
    judicial = _judicial_before()
    try:
        with changes() as change:
            made = service.announce(
                change.session,
                change.writer,
                g.situation,
                texts,
                form.answers(),
                author(),
                form.motif.data or "",
                judicial_before=judicial,
            )
            change.commit(made.reference)
    except Excluded:
        record_refusal()
        return _announce_page(form, excluded=True), 409
    except Unmet as unmet:
        say_at(form, unmet)
        return _announce_page(form), 422
    except service.AlreadyAnnounced:
        flash("Un rappel à l’ordre est déjà en cours pour cette situation.", "attention")
        return redirect(url_for("situations.show", reference=reference))
    except service.Incomplete as incomplete:
        return _announce_page(form, missing=incomplete.missing), 409
    flash("Le procureur est informé (temps 1). La fiche-navette l’attend.", "succes")
    return redirect(url_for(".show", reference=made.reference))


def say_at(form: StepForm | AnnounceForm, unmet: Unmet) -> None:
    """What a guard refuses, at the field where it is answered."""
    for name in {unmet.field} & form._fields.keys():
        form[name].errors = [*form[name].errors, str(unmet)]


def _texts_of_situation() -> dict[str, str]:
    reading = also(Action.SITUATION_READ, g.subject)
    with database().read() as session:
        opened = situations.open_situation(session, reading, g.situation, EVERYTHING)
    return opened.texts | opened.interesse


def _judicial_before() -> bool:
    """Was the procureur's last answer about this situation a judicial one?"""
    with database().read() as session:
        last = service.of_situation(session, g.situation.id)[:1]
        reading = also(Action.RAPPEL_READ, g.subject) if last else None
        return bool(reading) and any(
            opened.state is State.JUDICIAIRE
            for opened in service.open_rappels(session, reading, last, ())  # type: ignore[arg-type]
        )


def _announce_page(form: AnnounceForm, **context: object) -> str:
    texts = _texts_of_situation()
    context.setdefault("missing", service.missing(texts))
    judicial = _judicial_before()
    return render_template(
        "rappels/announce.html",
        form=form,
        situation=g.situation,
        texts=texts,
        judicial_before=judicial,
        **context,
    )


@bp.get("/rappels/<reference>")
@action(Action.RAPPEL_READ, one)
def show(reference: str) -> str:
    return page(read_dossier(reader()))


def read_dossier(reading: Reader) -> dossier.Dossier:
    with database().read() as session:
        return dossier.read(session, reading, g.rappel, identity().keyring.compartments)


def read_again() -> dossier.Dossier:
    """The procedure as it stands, before an act on it."""
    reading = also(Action.RAPPEL_READ, g.subject)
    with database().read() as session:
        g.rappel = require(service.by_reference(session, g.rappel.reference))
    return read_dossier(reading)


def _forms(session: Session, file: dossier.Dossier) -> dict[str, StepForm]:
    """An empty form for each step, with what the dossier already knows."""
    version, cell = file.procedure.row.version, file.procedure.row.cell
    convened = file.procedure.last(Step.CONVOQUER)
    known = convened.details if convened else {}
    convene = ConveneForm(
        formdata=None,
        version=version,
        public=known.get("public", file.audience),
        destinataires=known.get("destinataires", file.addressees),
        lieu=known.get("lieu", ""),
    )
    forms: dict[str, StepForm] = {
        "remind": RemindForm(formdata=None, version=version),
        "consult": consult_form(session, cell, version),
        "conclude": ConcludeForm(formdata=None, version=version),
        "waive": WaiveForm(formdata=None, version=version),
        "convene": convene_form(file, convene),
        "deliver": DeliverForm(formdata=None, version=version),
        "hold": held_form(file, HoldForm(formdata=None, version=version)),
        "rectify": RectifyForm(formdata=None, version=version),
        "report": ReportBackForm(formdata=None, version=version),
        "close": CloseForm(formdata=None, version=version),
        "renounce": RenounceForm(formdata=None, version=version),
    }
    return forms


def convene_form(file: dossier.Dossier, form: ConveneForm) -> ConveneForm:
    """The question « who is convened? » says which letter goes with the age."""
    form.public.description = file.which_letter
    return form


def held_form(file: dossier.Dossier, form: HoldForm) -> HoldForm:
    """Who may have held it, whoever records it first."""
    form.offer(file.signatories, today(), identity().actor.reference)
    return form


def consult_form(session: Session, cell: str, version: int | None = None) -> ConsultForm:
    """The cells that may be asked; filled from the request unless an edition is given."""
    form = ConsultForm() if version is None else ConsultForm(formdata=None, version=version)
    found = consultations.consultable(session, cell)
    form.cellule.choices = [(one.code, f"{one.name} ({one.code})") for one in found]
    return form


def page(file: dossier.Dossier, typed: dict[str, StepForm] | None = None, **context: object) -> str:
    """The eight steps, the current one open on its form and its papers."""
    opened = file.procedure
    cell = opened.row.cell
    with database().read() as session:
        return render_template(
            "rappels/show.html",
            rappel=opened,
            dossier=file,
            situation=file.situation.row,
            label=LABELS[opened.state],
            refusal=REFUSALS[opened.state],
            State=State,
            Step=Step,
            steps=steps(opened),
            frozen=g.subject.frozen,
            papers=[] if g.subject.frozen else available(opened),
            scan=attachments.of_record(session, opened.row.id),
            cell=cells.cell(session, cell),
            remind_from=acts.reminder_due(session, opened),
            permanence=absences.permanence(session, today()),
            forms_of=_forms(session, file) | (typed or {}),
            may={
                "consult": allowed(Action.RAPPEL_CONSULT, cell, frozen=g.subject.frozen),
                "convene": allowed(Action.RAPPEL_CONVENE, cell, frozen=g.subject.frozen),
                "record": allowed(Action.RAPPEL_RECORD, cell, frozen=g.subject.frozen),
                "report": allowed(Action.RAPPEL_REPORT, cell, frozen=g.subject.frozen),
                "remind": allowed(Action.RAPPEL_REMIND, cell, frozen=g.subject.frozen),
            },
            words=WORDS,
            **context,
        )


@bp.get("/rappels/<reference>/fiche.docx")
@action(Action.RAPPEL_EXPORT, one)
def export(reference: str) -> Response:
    with database().read() as session:
        return send_letter(service.open_procedures(session, reader(), [g.rappel], EVERYTHING)[0])


def send_letter(opened: service.Opened) -> Response:
    """The fiche as a file; its name is the reference, which names nobody."""
    with database().read() as session:
        made = letter(session, opened, checkpoint_line(session), mark(session))
    return sent(made, f"fiche-navette-{opened.row.reference}")
