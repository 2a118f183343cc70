"""The papers of a rappel à l'ordre, one procedure at a time or a day's convocations at once."""

from flask import Blueprint, g, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from casework.documents.compose import joined
from casework.papers.printing import sent
from casework.rappels import dossier, papers, service
from casework.rappels.procedure import State, Step
from casework.rappels.views import one, read_dossier
from casework.rappels.words import RESULTS
from casework.rights import service as rights
from casework.situations.views import in_cell
from casework.web.access import Identity, action, database, identity, reader, today
from casework.web.forms import read_day
from charter import recusals
from charter.actions import Action
from charter.categories import RAPPEL
from charter.subjects import Subject

bp = Blueprint("courriers", __name__)


def paper_of(session: Session, who: Identity, reference: str, paper: str) -> Subject:
    """A paper is read as its procedure is."""
    return one(session, who, reference)


@bp.get("/rappels/<reference>/courriers/<paper>.docx")
@action(Action.RAPPEL_EXPORT, paper_of)
def export(reference: str, paper: str) -> Response:
    file = read_dossier(reader())
    if not papers.offered(file.procedure, paper):
        raise NotFound
    with database().read() as session:
        made = papers.printed_papers(session, file, paper, today())
    return sent(made, f"{paper}-{reference}")


def _convened(session: Session, cell: str) -> list[service.Opened]:
    """Procedures with a convocation to come, but those limited or that the reader left."""
    aside = recusals.recused_from(session, identity().actor.reference)
    aside |= rights.frozen_in(session, cell)
    rows = service.of_cell(session, cell, service.BY_COMMUNE, aside)
    opened = service.open_procedures(session, reader(), rows, RAPPEL)
    return [one for one in opened if one.state is State.CONVOQUE]


@bp.get("/cellules/<cell>/convocations")
@action(Action.RAPPEL_LIST, in_cell)
def of_cell(cell: str) -> str:
    with database().read() as session:
        days: dict[str, list[service.Opened]] = {}
        for opened in _convened(session, cell):
            convened = opened.last(Step.CONVOQUER)
            if convened:
                days.setdefault(convened.details["jour"], []).append(opened)
        return render_template(
            "rappels/convocations.html",
            cell=g.cell,
            days=sorted(days.items()),
            Step=Step,
            results=RESULTS,
        )


@bp.get("/cellules/<cell>/convocations.docx")
@action(Action.RAPPEL_SHEET, in_cell)
def of_day(cell: str) -> Response:
    """Every convocation of a day, one document to print."""
    day = read_day(request.args.get("jour", ""))
    if day is None:
        raise NotFound
    with database().read() as session:
        letters: list[bytes] = []
        for opened in _convened(session, cell):
            convened = opened.last(Step.CONVOQUER)
            if convened and convened.details["jour"] == day.isoformat():
                file = dossier.read(session, reader(), opened.row)
                letters.append(papers.printed_papers(session, file, "convocation", today()))
    if not letters:
        raise NotFound
    return sent(joined(letters), f"convocations-{cell}-{day.isoformat()}")
