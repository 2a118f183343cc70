"""The record of processing: as it is now, what changed since it was settled, on paper."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.documents.letters import DOCX
from casework.documents.sheet import Block, Heading, Table, Text, draw
from casework.processing import generate, service
from casework.web.access import action, changes, database, instance, today
from casework.web.french import day_of, long_date
from charter.actions import Action

bp = Blueprint("processing", __name__)
BACKENDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _lines(session: Session) -> list[service.Line]:
    backend = database().url.get_backend_name()
    settings = generate.Settings(not instance().local_http, BACKENDS.get(backend, backend))
    return generate.lines(session, settings, today())


def _chapters(lines: list[service.Line]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for chapter, term, value in lines:
        found.setdefault(chapter, []).append((term, value))
    return found


@bp.get("/registre")
@action(Action.PROCESSING_READ)
def show() -> str:
    with database().read() as session:
        lines, versions = _lines(session), service.versions(session)
    last = versions[0] if versions else None
    return render_template(
        "processing/show.html",
        chapters=_chapters(lines),
        versions=versions,
        changes=service.changes(last, lines) if last else None,
    )


@bp.post("/registre/arreter")
@action(Action.PROCESSING_PUBLISH)
def publish() -> Response:
    with changes() as change:
        made = service.publish(change.session, change.actor, _lines(change.session))
        change.commit(version=made.number, empreinte=made.digest)
    flash(f"Le registre est arrêté : version {made.number}.", "succes")
    return redirect(url_for(".show"))


@bp.get("/registre/registre.docx")
@action(Action.PROCESSING_EXPORT)
def export() -> Response:
    with database().read() as session:
        lines, versions = _lines(session), service.versions(session)
        commune = cells.setting(session, cells.COMMUNE)
    last = versions[0] if versions else None
    same = last is not None and last.digest == service.digest_of(lines)
    state = (
        f"version {last.number}, arrêtée le {day_of(last.published_at)}"
        if last and same
        else "projet, non arrêté dans cet état"
    )
    blocks: list[Block] = [
        Text(f"{commune}, le {long_date(today())}. Art. 30 du RGPD ; {state}."),
    ]
    for chapter, told in _chapters(lines).items():
        blocks += [Heading(chapter), Table(("Rubrique", "Contenu"), tuple(told), (5.5, 11))]
    made = draw("Registre des traitements", commune, today(), blocks)
    name = f"registre-{today().isoformat()}.docx"
    return send_file(BytesIO(made), mimetype=DOCX, as_attachment=True, download_name=name)
