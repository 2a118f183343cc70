"""What the DPO's pages and the cells' show alike: the register, one request, its letter."""

from io import BytesIO

from flask import g, render_template, send_file
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.documents.letters import DOCX
from casework.rights import freezing, letter, service
from casework.rights.forms import LiftForm
from casework.rights.kinds import Kind, Outcome, Result, Standing, Verification
from casework.vault.keyring import Reader
from casework.web.access import database, require, today
from casework.web.forms import Form

DPO_LATE_FIRST = "Le délai le plus proche d’abord."


def listing(cell: str | None = None) -> list[tuple[service.PersonRequest, service.Clock]]:
    with database().read() as session:
        rows = service.register(session, today(), cell)
    return [(row, service.clock_of(row, today())) for row in rows]


def list_page(cell: str | None = None) -> str:
    with database().read() as session:
        named = cells.cell(session, cell) if cell else None
    return render_template(
        "rights/list.html",
        lines=listing(cell),
        cell=named,
        kinds=_labels(Kind),
        outcomes=_labels(Outcome),
    )


def request_page(reading: Reader, cell: str | None = None, **context: Form | bool) -> str:
    """One request; ``cell``: as that cell sees it, its own part alone."""
    with database().read() as session:
        opened = service.open_request(session, reading, g.request, {cell} if cell else None)
        return render_template(
            "rights/show.html",
            request_row=opened.row,
            texts=opened.texts,
            reported=opened.cells,
            limits={it.row.id: freezing.history(session, it.row.id) for it in opened.cells},
            clock=opened.clock(today()),
            kind=Kind(opened.row.kind),
            cell=cell,
            lifts=_lifts(opened, context.pop("lift_form", None)),
            words={
                "qualite": _labels(Standing),
                "verification": _labels(Verification),
                "issue": _labels(Outcome),
                "resultat": _labels(Result),
            },
            **context,
        )


def _lifts(opened: service.Opened, typed: Form | bool | None) -> dict[int, LiftForm]:
    """A form for each cell, with ids of its own; the one refused keeps what was typed."""
    found = {}
    for it in opened.cells:
        mine = isinstance(typed, LiftForm) and typed.errors and it.row.id == g.transmission.id
        found[it.row.id] = form = typed if mine else LiftForm(formdata=None)
        for field in form:
            field.id = f"{field.id}-{it.row.cell}"
    return found


def send_answer(session: Session, reading: Reader) -> Response:
    """The letter: the answer once decided, the prolongation before; a 404 before either."""
    opened = service.open_request(session, reading, g.request, ())
    row, commune = opened.row, cells.setting(session, cells.COMMUNE)
    kind = Kind(row.kind)
    if row.decided_on and row.outcome:
        made = letter.answer(
            commune,
            row.reference,
            kind,
            opened.texts,
            Outcome(row.outcome),
            row.decided_on,
            row.received_on,
        )
    else:
        day = require(row.prolonged_on)
        clock = opened.clock(day)
        made = letter.prolongation(commune, row.reference, kind, opened.texts, clock, day)
    name = f"reponse-{row.reference}.docx"
    return send_file(BytesIO(made), mimetype=DOCX, as_attachment=True, download_name=name)


def _labels(words: type) -> dict[str, str]:
    return {word.value: word.label for word in words}  # type: ignore[attr-defined]
