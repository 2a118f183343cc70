"""The papers of a séance: agenda, presence sheet, compte rendu, each within its reader's rights."""

from io import BytesIO

from flask import Blueprint, g, render_template, send_file
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members.names import holds_directory
from casework.rights import service as rights
from casework.seances import events, minutes, papers, service, sitting, table
from casework.seances.aside import out_of_reach
from casework.seances.minutes import NOT_FOR_FORMATIONS, Minutes
from casework.seances.views import one
from casework.situations.views import subject_of
from casework.vault.keyring import Reader
from casework.web.access import (
    action,
    also,
    database,
    identity,
    reader,
    today,
)
from casework.web.journal import checkpoint_line
from charter.actions import Action
from charter.categories import EVERYTHING
from charter.decide import decide

bp = Blueprint("papiers", __name__)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/seances/<reference>/compte-rendu")
@action(Action.SEANCE_MINUTES, one)
def show(reference: str) -> str:
    drawn = _minutes()
    with database().read() as session:
        return render_template(
            "seances/minutes.html",
            minutes=drawn,
            seance=g.seance,
            cell=cells.cell(session, g.seance.cell),
            checkpoint=checkpoint_line(session),
            warning=NOT_FOR_FORMATIONS,
        )


@bp.get("/seances/<reference>/compte-rendu.docx")
@action(Action.SEANCE_EXPORT, one)
def export_minutes(reference: str) -> Response:
    drawn = _minutes()
    with database().read() as session:
        made = papers.draw_minutes(drawn, _frame(session))
    return _file(made, "compte-rendu")


@bp.get("/seances/<reference>/ordre-du-jour.docx")
@action(Action.SEANCE_EXPORT, one)
def export_agenda(reference: str) -> Response:
    with database().read() as session:
        aside = out_of_reach(session, g.seance.cell, identity().actor.reference)
        made = papers.draw_agenda(
            g.seance,
            service.open_place(session, reader(), g.seance, g.decision.categories),
            service.agenda(session, reader(), g.seance, aside),
            rights.frozen_in(session, g.seance.cell),
            {name: cells.labels(session, name) for name in ("typologie", "tranche_age")},
            _frame(session),
        )
    return _file(made, "ordre-du-jour")


@bp.get("/seances/<reference>/presence.docx")
@action(Action.SEANCE_EXPORT, one)
def export_presence(reference: str) -> Response:
    """Names of members only: nobody who is followed is on a sheet that goes round the table."""
    with database().read() as session:
        around = table.around(session, g.seance, reader() if holds_directory() else None)
        sheet = sitting.sheet_of(events.of_seance(session, reader(), g.seance))
        made = papers.draw_presence(
            g.seance,
            service.open_place(session, reader(), g.seance, g.decision.categories),
            list(around.values()),
            sheet,
            _frame(session),
        )
    return _file(made, "presence")


def _minutes() -> Minutes:
    """Each situation is opened under its own entry, where this reader may read it."""
    with database().read() as session:
        found = service.on_agenda(session, g.seance.id)
        subjects = {row.id: subject_of(session, identity(), row) for row in found}
    readers: dict[int, Reader] = {}
    for number, subject in subjects.items():
        # Printing and handing round a compte rendu is more than keeping the file.
        if (
            not subject.frozen
            and decide(identity().actor, Action.SITUATION_READ, subject, today()).allowed
        ):
            readers[number] = also(Action.SITUATION_READ, subject, seance=g.seance.reference)
    with database().read() as session:
        return minutes.drawn(
            session,
            reader(),
            g.seance,
            readers,
            directory=holds_directory(),
            families=g.decision.categories == EVERYTHING,
        )


def _frame(session: Session) -> papers.Frame:
    cell = cells.cell(session, g.seance.cell)
    return papers.Frame(
        cells.setting(session, cells.COMMUNE),
        cell.name if cell else g.seance.cell,
        today(),
        identity().unlocked.name or identity().actor.reference,
        checkpoint_line(session),
    )


def _file(made: bytes, name: str) -> Response:
    return send_file(
        BytesIO(made),
        mimetype=DOCX,
        as_attachment=True,
        download_name=f"{name}-{g.seance.reference}.docx",
    )
