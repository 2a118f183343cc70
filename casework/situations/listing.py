"""Looking for a situation: a cell's list, and the search by name."""

from flask import g, render_template, request, url_for
from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.cells.lists import ENDED
from casework.situations import index, service
from casework.situations.sheet import bp
from casework.situations.views import aside, in_cell, labels
from casework.watch.patterns import SEARCH_MARK
from casework.web.access import action, allowed, database, identity, reader
from casework.web.forms import row_number
from charter.actions import Action
from charter.subjects import Subject

__all__ = ["bp"]
FILTERS = {"statut": "Statut"}


@bp.get("/cellules/<cell>/situations")
@action(Action.SITUATION_LIST, in_cell)
def of_cell(cell: str) -> str:
    before = row_number(request.args.get("avant"))
    chosen = {name: request.args.get(name, 0, type=int) for name in FILTERS}
    kept = {name: code for name, code in chosen.items() if code}
    # A statut that ends a follow-up is looked for among those that have ended.
    closed = kept.get("statut", 0) in ENDED
    with database().read() as session:
        left = aside(session)
        lines = service.page(session, reader(), cell, before, kept, left, closed=closed)
        next_url = None
        if len(lines) == service.PAGE:
            next_url = url_for(".of_cell", cell=cell, avant=lines[-1].id, **kept)
        return render_template(
            "situations/list.html",
            cell=g.cell,
            lines=lines,
            labels=labels(session),
            next_url=next_url,
            first_url=url_for(".of_cell", cell=cell, **kept) if before else None,
            filters=[_filter(session, cell, name, kept) for name in FILTERS],
            may_create=allowed(Action.SITUATION_CREATE, cell),
        )


def _filter(
    session: Session, cell: str, name: str, kept: dict[str, int]
) -> tuple[str, list[dict[str, object]]]:
    """A closed list as plain links; the others keep their choice."""
    others = {key: code for key, code in kept.items() if key != name}
    options: list[dict[str, object]] = [{"label": "Suivies", "code": 0}]
    options += [{"label": term.label, "code": term.code} for term in cells.terms(session, name)]
    return FILTERS[name], [
        {
            "label": option["label"],
            "url": url_for(
                ".of_cell",
                cell=cell,
                **others,
                **({name: option["code"]} if option["code"] else {}),
            ),
            "current": kept.get(name, 0) == option["code"],
        }
        for option in options
    ]


def _mark(subject: Subject) -> dict[str, int]:
    """For the watch: is it the same name again?"""
    query = request.form.get("q", "").strip()[:120]
    if not query or subject.cell is None:
        return {}
    with database().read() as session:
        writer = identity().keyring.writer()
        return {SEARCH_MARK: index.mark(session, writer, subject.cell, query)}


@bp.post("/cellules/<cell>/recherche")
@action(Action.SITUATION_SEARCH, in_cell, _mark)
def search(cell: str) -> str:
    """By POST: a name never reaches a URL, a log or a history."""
    query = request.form.get("q", "").strip()[:120]
    with database().read() as session:
        left = aside(session)
        by_number = service.by_reference(session, query.upper())
        if by_number is not None and (
            by_number.cell != cell
            or by_number.reference in left
            or by_number.archived_on is not None
        ):
            by_number = None
        hits = []
        if query and not by_number:
            hits = index.search(session, reader(), cell, query, left)
        return render_template(
            "situations/search.html",
            cell=g.cell,
            query=query,
            hits=hits,
            by_number=by_number,
        )
