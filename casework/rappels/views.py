"""The commune's pages of a rappel à l'ordre."""

from collections.abc import Callable
from io import BytesIO

from flask import Blueprint, flash, g, redirect, render_template, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.attachments import service as attachments
from casework.cells import service as cells
from casework.rappels import service
from casework.rappels.forms import AnnounceForm, HoldForm, ReportBackForm
from casework.rappels.letter import letter
from casework.rappels.procedure import (
    BY_COMMUNE,
    LABELS,
    REFUSALS,
    Excluded,
    ForbiddenStep,
    State,
)
from casework.rappels.steps import steps
from casework.situations import service as situations
from casework.situations.views import one as one_situation
from casework.web.access import (
    Change,
    Identity,
    action,
    allowed,
    also,
    changes,
    database,
    instance,
    reader,
    record_refusal,
    require,
    signature,
)
from casework.web.french import local
from casework.web.journal import checkpoint_line
from charter import recusals
from charter.actions import Action
from charter.categories import EVERYTHING
from charter.subjects import Subject

bp = Blueprint("rappels", __name__)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def one(session: Session, who: Identity, reference: str) -> Subject:
    """A déport from the situation closes its procedures too."""
    g.rappel = rappel = require(service.by_reference(session, reference))
    situation = session.get_one(situations.Situation, rappel.situation)
    return Subject(
        cell=rappel.cell,
        reference=rappel.reference,
        recused=recusals.is_recused(session, who.actor.reference, situation.reference),
        turn=rappel.attend == BY_COMMUNE,
    )


@bp.get("/situations/<reference>/rappel")
@action(Action.RAPPEL_ANNOUNCE, one_situation)
def announce_form(reference: str) -> str:
    return _announce_page(AnnounceForm(formdata=None))


@bp.post("/situations/<reference>/rappel")
@action(Action.RAPPEL_ANNOUNCE, one_situation)
def announce(reference: str) -> Response | tuple[str, int]:
    form = AnnounceForm()
    if not form.validate_on_submit():
        return _announce_page(form), 422
    texts = _texts_of_situation()
    try:
        with changes() as change:
            made = service.announce(
                change.session,
                change.writer,
                g.situation,
                texts,
                form.answers(),
                signature(g.decision),
            )
            change.commit(made.reference)
    except Excluded:
        record_refusal()
        return _announce_page(form, excluded=True), 409
    except service.AlreadyAnnounced:
        flash("Un rappel à l’ordre est déjà en cours pour cette situation.", "attention")
        return redirect(url_for("situations.show", reference=reference))
    except service.Incomplete as incomplete:
        return _announce_page(form, missing=incomplete.missing), 409
    flash("Le procureur est informé (temps 1). La fiche-navette l’attend.", "succes")
    return redirect(url_for(".show", reference=made.reference))


def _texts_of_situation() -> dict[str, str]:
    reading = also(Action.SITUATION_READ, g.subject)
    with database().read() as session:
        opened = situations.open_situation(session, reading, g.situation, EVERYTHING)
    return opened.texts | opened.interesse


def _announce_page(form: AnnounceForm, **context: object) -> str:
    texts = _texts_of_situation()
    context.setdefault("missing", service.missing(texts))
    return render_template(
        "rappels/announce.html", form=form, situation=g.situation, texts=texts, **context
    )


@bp.get("/rappels/<reference>")
@action(Action.RAPPEL_READ, one)
def show(reference: str) -> str:
    return _page(_open())


def _open(read: Callable[[], object] = reader) -> service.Opened:
    with database().read() as session:
        opened = service.open_rappels(session, read(), [g.rappel], EVERYTHING)  # type: ignore[arg-type]
    return opened[0]


def _page(opened: service.Opened, **context: object) -> str:
    forms = {
        "hold_form": HoldForm(formdata=None, version=opened.row.version),
        "report_form": ReportBackForm(formdata=None, version=opened.row.version),
    }
    with database().read() as session:
        situation = require(session.get(situations.Situation, opened.row.situation))
        return render_template(
            "rappels/show.html",
            rappel=opened,
            situation=situation,
            label=LABELS[opened.state],
            refusal=REFUSALS[opened.state],
            State=State,
            steps=steps(opened),
            scan=attachments.of_record(session, opened.row.id),
            cell=cells.cell(session, opened.row.cell),
            may_record=allowed(Action.RAPPEL_RECORD, opened.row.cell),
            **forms | context,
        )


def _reading() -> service.Opened:
    """The fiche as it stands, before an act on it."""
    return _open(lambda: also(Action.RAPPEL_READ, g.subject))


def _act(
    form: HoldForm | ReportBackForm, name: str, act: Callable[[Change, service.Opened], None]
) -> Response | tuple[str, int]:
    """Run one act of the procedure; a refusal shows the page again with what was typed."""
    opened = _reading()
    if not form.validate_on_submit():
        return _page(opened, **{name: form}), 422
    if form.version.data != opened.row.version:
        return _page(opened, **{name: form}, changed=True), 409
    try:
        with changes() as change:
            act(change, opened)
            change.commit()
    except (ForbiddenStep, service.ActConflict):
        return _page(_reading(), **{name: form}, changed=True), 409
    except service.AdultRequired:
        return _page(opened, **{name: form}, adult_required=True), 422
    return redirect(url_for(".show", reference=opened.row.reference))


@bp.post("/rappels/<reference>/consigner")
@action(Action.RAPPEL_RECORD, one)
def hold(reference: str) -> Response | tuple[str, int]:
    form = HoldForm()
    form.answered_on = local(g.rappel.t2_at).date() if g.rappel.t2_at else None

    def act(change: Change, opened: service.Opened) -> None:
        service.hold(change.session, change.writer, opened, form.holding())

    return _act(form, "hold_form", act)


@bp.post("/rappels/<reference>/informer")
@action(Action.RAPPEL_REPORT, one)
def report_back(reference: str) -> Response | tuple[str, int]:
    form = ReportBackForm()
    by = signature(g.decision)

    def act(change: Change, opened: service.Opened) -> None:
        service.report_back(change.session, change.writer, opened, by)

    return _act(form, "report_form", act)


@bp.get("/rappels/<reference>/fiche.docx")
@action(Action.RAPPEL_EXPORT, one)
def export(reference: str) -> Response:
    return send_letter(_open())


def send_letter(opened: service.Opened) -> Response:
    """The fiche as a file; its name is the reference, which names nobody."""
    with database().read() as session:
        made = letter(session, instance(), opened, checkpoint_line(session))
    name = f"fiche-navette-{opened.row.reference}.docx"
    return send_file(BytesIO(made), mimetype=DOCX, as_attachment=True, download_name=name)
