"""The page of a weak signal: concertation, transmission, retour; and the opening of the cell."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.aipd import service as aipd
from casework.cells import service as cells
from casework.cmer import service
from casework.cmer.forms import ConcertationForm, RetourForm, TransmissionForm, _Dated
from casework.cmer.service import ANSWERED, NOT_EXAMINED, SENT, TO_EXAMINE, Opinion
from casework.situations import events
from casework.situations.views import acting, in_cell, one
from casework.vault.keyring import Reader
from casework.web.access import (
    action,
    allowed,
    also,
    changes,
    database,
    reader,
    record_refusal,
    require,
    today,
)
from charter import register
from charter.actions import Action
from charter.wording import starting_text

bp = Blueprint("cmer", __name__)
FORMS: dict[str, tuple[str, type[_Dated]]] = {
    "concertation": ("Consigner la concertation", ConcertationForm),
    "transmission": ("Consigner la transmission", TransmissionForm),
    "retour": ("Consigner le retour", RetourForm),
}


def _of_a_cmer() -> None:
    """A situation of another cell has no such page."""
    with database().read() as session:
        require(cells.isolated(session, g.situation.cell) or None)


@bp.get("/situations/<reference>/signal")
@action(Action.CMER_READ, one)
def show(reference: str) -> str:
    _of_a_cmer()
    return _page(reader())


def _page(reading: Reader, typed: dict[str, _Dated] | None = None) -> str:
    typed, cell = typed or {}, g.situation.cell
    with database().read() as session:
        record = events.opened(session, reading, g.situation)
        told = service.of_situation(session, record, g.situation.id, g.decision.categories)
        words = cells.labels(session, "service")
        offered = []
        for slug, (button, kind) in FORMS.items():
            form = typed.get(slug) or kind(formdata=None, le=today())
            form.fill_choices(session)
            offered.append((slug, button, form.on_its_own(slug)))
        waits = service.blocks(session, cell, [g.situation.id])
    may = allowed(Action.CMER_RECORD, cell, frozen=g.subject.frozen)
    return render_template(
        "cmer/show.html",
        situation=g.situation,
        told=[(one, one.services(words)) for one in told],
        offered=offered if may else [],
        waits=bool(waits),
        frozen=g.subject.frozen,
    )


@bp.post("/situations/<reference>/signal/<acte>")
@action(Action.CMER_RECORD, lambda session, who, reference, acte: one(session, who, reference))
def record(reference: str, acte: str) -> Response | tuple[str, int]:
    _of_a_cmer()
    _, kind = require(FORMS.get(acte))
    form = kind()
    with database().read() as session:
        form.fill_choices(session)
    if not form.validate_on_submit():
        return _page(also(Action.CMER_READ, g.subject), {acte: form}), 422
    nature = {"transmission": SENT, "retour": ANSWERED}.get(acte) or (
        TO_EXAMINE if form.texts()["avis"] == Opinion.EXAMINER else NOT_EXAMINED
    )
    with changes() as change:
        service.record(
            change.session,
            change.writer,
            g.situation,
            acting(),
            nature,
            form.le.data,
            **form.texts(),
        )
        change.commit(signal=acte)
    flash("L’acte est consigné.", "succes")
    return redirect(url_for(".show", reference=reference))


@bp.get("/cellules/<cell>/ouverture")
@action(Action.CELL_OPEN, in_cell)
def opening(cell: str) -> str:
    return _opening_page()


@bp.post("/cellules/<cell>/ouverture")
@action(Action.CELL_OPEN, in_cell)
def open_cell(cell: str) -> Response | tuple[str, int]:
    """The first text of the charter; signing it founds the key, as in any cell."""
    require(cells.kind(g.cell).needs_clearance or None)
    with database().read() as session:
        cleared = aipd.cleared(session, cell)
        published = register.current_text(session, cell)
    if published:
        return redirect(url_for("charters.read", cell=cell))
    if not cleared:
        record_refusal()
        return _opening_page(refused=True), 409
    with changes() as change:
        made = register.publish(change.session, cell, starting_text().body)
        change.commit(f"{cell}-CHARTE-{made.version}", type=made.kind, empreinte=made.digest)
    flash("La charte est publiée : lisez-la, puis signez-la.", "succes")
    return redirect(url_for("charters.read", cell=cell))


def _opening_page(*, refused: bool = False) -> str:
    require(cells.kind(g.cell).needs_clearance or None)
    with database().read() as session:
        found = aipd.latest(session, g.cell.code)
        return render_template(
            "cmer/opening.html",
            cell=g.cell,
            assessed=found,
            opinion=aipd.Opinion(found.opinion).label if found else "",
            cleared=aipd.cleared(session, g.cell.code),
            text=register.current_text(session, g.cell.code),
            refused=refused,
        )
