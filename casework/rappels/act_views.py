"""The commune's steps, one address each; a refusal shows the page again with what was typed."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from casework.rappels import acts, consultations, dossier, service
from casework.rappels.act_forms import (
    CloseForm,
    ConcludeForm,
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
from casework.rappels.procedure import ForbiddenStep, Step, Unmet
from casework.rappels.views import (
    author,
    consult_form,
    convene_form,
    held_form,
    one,
    one_under_way,
    page,
    read_again,
    say_at,
)
from casework.web.access import Change, action, changes, database, today
from charter.actions import Action

bp = Blueprint("etapes", __name__)
F = TypeVar("F", bound=StepForm)
Answer = Response | tuple[str, int]


def _act(
    form: F,
    name: str,
    act: Callable[[Change, dossier.Dossier, F], None],
    said: str = "",
) -> Answer:
    """Run one step of the procedure."""
    file = read_again()
    if isinstance(form, HoldForm):
        held_form(file, form)
    if isinstance(form, ConveneForm):
        convene_form(file, form)
    typed: dict[str, StepForm] = {name: form}
    if not form.validate_on_submit():
        return page(file, typed), 422
    if form.version.data != file.procedure.row.version:
        return page(file, typed, changed=True), 409
    try:
        with changes() as change:
            act(change, file, form)
            change.commit(motive=form.motive)
    except (ForbiddenStep, service.ActConflict):
        return page(read_again(), typed, changed=True), 409
    except Unmet as unmet:
        say_at(form, unmet)
        return page(file, typed, unmet=str(unmet)), 422
    if said:
        flash(said, "succes")
    return redirect(url_for("rappels.show", reference=g.rappel.reference))


def _step(form: StepForm, name: str, step: Step, said: str = "") -> Answer:
    """A step that leaves nothing on the fiche but its event."""

    def act(change: Change, file: dossier.Dossier, form: StepForm) -> None:
        details = form.details()
        service.move(change.session, change.writer, file.procedure, step, author(), details)

    return _act(form, name, act, said)


@bp.post("/rappels/<reference>/relancer")
@action(Action.RAPPEL_REMIND, one)
def remind(reference: str) -> Answer:
    def act(change: Change, file: dossier.Dossier, form: RemindForm) -> None:
        acts.remind(change.session, change.writer, file.procedure, author(), today())

    return _act(RemindForm(), "remind", act, "La relance est inscrite : imprimez la lettre.")


@bp.post("/rappels/<reference>/consulter")
@action(Action.RAPPEL_CONSULT, one)
def consult(reference: str) -> Answer:
    with database().read() as session:
        form = consult_form(session, g.rappel.cell)

    def act(change: Change, file: dossier.Dossier, form: StepForm) -> None:
        consultations.ask(
            change.session,
            change.writer,
            file.procedure,
            form["cellule"].data,
            form["jusquau"].data,
            author(),
        )

    return _act(form, "consult", act, "La cellule est consultée : ses membres peuvent répondre.")


@bp.post("/rappels/<reference>/conclure")
@action(Action.RAPPEL_CONSULT, one)
def conclude(reference: str) -> Answer:
    def act(change: Change, file: dossier.Dossier, form: ConcludeForm) -> None:
        note = form.note.data or ""
        consultations.conclude(
            change.session, change.writer, file.procedure, file.asked, note, author()
        )

    return _act(ConcludeForm(), "conclude", act)


@bp.post("/rappels/<reference>/passer-outre")
@action(Action.RAPPEL_CONSULT, one)
def waive(reference: str) -> Answer:
    return _step(WaiveForm(), "waive", Step.PASSER_OUTRE)


@bp.post("/rappels/<reference>/convoquer")
@action(Action.RAPPEL_CONVENE, one)
def convene(reference: str) -> Answer:
    said = "La convocation est établie : imprimez-la, puis consignez sa remise."

    def act(change: Change, file: dossier.Dossier, form: ConveneForm) -> None:
        acts.convene(change.session, change.writer, file.procedure, author(), form.details())

    return _act(ConveneForm(), "convene", act, said)


@bp.post("/rappels/<reference>/remettre")
@action(Action.RAPPEL_RECORD, one)
def deliver(reference: str) -> Answer:
    def act(change: Change, file: dossier.Dossier, form: DeliverForm) -> None:
        acts.deliver(change.session, change.writer, file.procedure, author(), form.details())

    return _act(DeliverForm(), "deliver", act)


@bp.post("/rappels/<reference>/consigner")
@action(Action.RAPPEL_RECORD, one)
def hold(reference: str) -> Answer:
    def act(change: Change, file: dossier.Dossier, form: HoldForm) -> None:
        acts.hold(
            change.session, change.writer, file.procedure, form.step(), author(), form.details()
        )

    return _act(HoldForm(), "hold", act)


@bp.post("/rappels/<reference>/rectifier")
@action(Action.RAPPEL_RECORD, one)
def rectify(reference: str) -> Answer:
    def act(change: Change, file: dossier.Dossier, form: RectifyForm) -> None:
        acts.rectify(change.session, change.writer, file.procedure, author(), form.motif.data)

    return _act(RectifyForm(), "rectify", act)


@bp.post("/rappels/<reference>/informer")
@action(Action.RAPPEL_REPORT, one)
def report_back(reference: str) -> Answer:
    def act(change: Change, file: dossier.Dossier, form: ReportBackForm) -> None:
        acts.report_back(change.session, change.writer, file.procedure, author())

    return _act(ReportBackForm(), "report", act, "Le procureur est informé (temps 3).")


@bp.post("/rappels/<reference>/clore")
@action(Action.RAPPEL_RECORD, one)
def close(reference: str) -> Answer:
    return _step(CloseForm(), "close", Step.CLORE)


@bp.post("/rappels/<reference>/renoncer")
@action(Action.RAPPEL_RECORD, one_under_way)
def renounce(reference: str) -> Answer:
    def act(change: Change, file: dossier.Dossier, form: RenounceForm) -> None:
        service.move(
            change.session, change.writer, file.procedure, Step.RENONCER, author(), form.details()
        )
        consultations.close(change.session, g.rappel.id)

    return _act(RenounceForm(), "renounce", act)
