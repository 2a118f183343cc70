"""The pages of the aide parentale: opening it, its acts."""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.danger import service as danger
from casework.members import service as members
from casework.parenting import service
from casework.parenting.forms import ACTS, ActForm, OpenForm
from casework.parenting.procedure import STOPPED, Forbidden, open_with, refusal
from casework.parenting.words import FOLLOWED, STEPS, WAITS, details
from casework.situations import events
from casework.situations.views import acting, one, opened_now
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
    today,
)
from casework.web.practised import not_practised
from charter.actions import Action
from charter.roles import Role
from charter.subjects import Subject

bp = Blueprint("parenting", __name__)


def under_way(session: Session, who: Identity, reference: str, **_more: str) -> Subject:
    """The situation, and whether an aide of it waits for an act."""
    subject = one(session, who, reference)
    return replace(subject, turn=service.current(session, g.situation.id) is not None)


def _not_practised() -> Response | None:
    """The cell's settings leave it out: said at the door, not only unseen. What was begun before
    the setting changed is read, and led to its end."""
    with database().read() as session:
        begun = service.count(session, g.situation.id)
    return None if begun else not_practised("parenting")


@bp.get("/situations/<reference>/aide-parentale")
@action(Action.PARENTING_READ, one)
def show(reference: str) -> Response | str:
    return _not_practised() or _page(reader())


def aides(reading: Reader) -> list[service.Opened]:
    with database().read() as session:
        record = events.opened(session, reading, g.situation)
        return service.of_situation(session, record, g.situation.id)


def _page(reading: Reader, typed: dict[str, ActForm] | None = None, **context: object) -> str:
    typed = typed or {}
    found = aides(reading)
    cell, frozen = g.situation.cell, g.subject.frozen
    opened = found[0] if found and not found[0].dossier.ended else None
    with database().read() as session:
        practised = cells.options(session, cell).parenting
        authors = {one.author for aide in found for one in aide.events}
        names = members.named(session, reading, authors, identity().keyring.compartments)
    acts = opened and allowed(Action.PARENTING_ACT, cell, frozen=frozen)
    opens = practised and not opened and allowed(Action.PARENTING_OPEN, cell, frozen=frozen)
    start = typed.get("ouverture") or OpenForm(formdata=None, le=today())
    return render_template(
        "parenting/show.html",
        situation=g.situation,
        cell=cell,
        aides=found,
        opened=opened,
        start=start if opens else None,
        offered=_offered(opened, typed) if opened and acts else [],
        frozen=frozen,
        stopped=STOPPED if opened and opened.dossier.stopped else "",
        waits=_waits(opened) if opened else "",
        due=opened.dossier.due[1] if opened else None,
        STEPS=STEPS,
        FOLLOWED=FOLLOWED,
        details=details,
        by=lambda one: _by(one, names),
        **context,
    )


def _waits(opened: service.Opened) -> str:
    """Without the words that tell an aide among the other deadlines."""
    return WAITS.get(opened.dossier.due[0], "").partition("\u00a0: ")[2]


def _by(recorded: service.Recorded, names: dict[str, members.Identity]) -> str:
    known = names.get(recorded.author)
    role = Role(recorded.role).label if recorded.role else ""
    return ", ".join(filter(None, (known.name if known else recorded.author, role)))


def _offered(opened: service.Opened, typed: dict[str, ActForm]) -> list[tuple[str, str, ActForm]]:
    """The forms of the acts open now, as the procedure says."""
    found = []
    for slug, (button, kind) in ACTS.items():
        blank = kind(formdata=None, le=today(), version=opened.row.version)
        form = typed.get(slug, blank)
        form.offer(opened.dossier)
        if slug in typed or not refusal(opened.dossier, kind.opens):
            found.append((slug, button, form.on_its_own(slug)))
    return found


def _tell(form: ActForm, no: Forbidden) -> None:
    """The refusal, at the field it is about."""
    field = form[no.field if no.field in form else "le"]
    field.errors = [*field.errors, str(no)]


@bp.post("/situations/<reference>/aide-parentale")
@action(Action.PARENTING_OPEN, one)
def begin(reference: str) -> Response | tuple[str, int]:
    if refused := _door_closed():
        return refused
    form = OpenForm()
    if not form.validate_on_submit():
        return _page(_again(), {"ouverture": form}), 422
    with database().read() as session:
        children = danger.minors(opened_now(session).concerned, today())
    try:
        dossier = open_with(form.event(), minor=bool(children), today=today())
        with changes() as change:
            service.begin(
                change.session, change.writer, g.situation, acting(), form.event(), dossier
            )
            change.commit(aide="ouverture")
    except Forbidden as no:
        record_refusal()
        _tell(form, no)
        return _page(_again(), {"ouverture": form}, refusal=no), 409
    except service.AlreadyOpen:
        flash("Une aide est déjà ouverte pour cette situation.", "attention")
        return redirect(url_for(".show", reference=reference))
    flash("L’aide est ouverte : sollicitez l’avis du conseil départemental.", "succes")
    return redirect(url_for(".show", reference=reference))


def _door_closed() -> Response | None:
    """Opening needs the setting, whatever was begun before."""
    closed = not_practised("parenting")
    if closed:
        record_refusal()
    return closed


def _again() -> Reader:
    return also(Action.PARENTING_READ, g.subject)


@bp.post("/situations/<reference>/aide-parentale/<acte>")
@action(Action.PARENTING_ACT, under_way)
def act(reference: str, acte: str) -> Response | tuple[str, int]:
    _, kind = require(ACTS.get(acte))
    form = kind()
    opened = aides(_again())[0]
    form.offer(opened.dossier)
    if not form.validate_on_submit():
        return _page(_again(), {acte: form}), 422
    if form.version.data != opened.row.version:
        return _page(_again(), {acte: form}, changed=True), 409
    try:
        with changes() as change:
            service.act(
                change.session,
                change.writer,
                g.situation,
                opened,
                acting(),
                form.event(),
                today(),
            )
            change.commit(aide=acte)
    except Forbidden as no:
        record_refusal()
        _tell(form, no)
        return _page(_again(), {acte: form}, refusal=no), 409
    except service.ActConflict:
        return _page(_again(), {acte: form}, changed=True), 409
    flash("L’acte est consigné.", "succes")
    return redirect(url_for(".show", reference=reference))
