"""« Qui voit quoi, et pourquoi »: the table of rules, as a page and as a sheet for the wall."""

from io import BytesIO

from flask import Blueprint, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.documents.letters import DOCX
from casework.documents.rules import MODEL, render
from casework.papers import service as models
from casework.web.access import action, database, today
from charter import matrix
from charter.actions import Action
from charter.categories import WITHHELD
from charter.roles import Role

bp = Blueprint("matrix", __name__)


@bp.get("/qui-voit-quoi")
@action(Action.MATRIX_READ)
def show() -> str:
    role = _asked()
    return render_template(
        "charters/matrix.html",
        chapters=matrix.chapters(today(), role),
        headers=matrix.HEADERS,
        withheld=WITHHELD,
        articles=matrix.articles(today()),
        role=role,
        options=_options(role),
    )


@bp.get("/qui-voit-quoi.docx")
@action(Action.MATRIX_READ)
def export() -> Response:
    role = _asked()
    with database().read() as session:
        commune = cells.setting(session, cells.COMMUNE)
        source = models.in_force(session, MODEL, today())
    made = render(commune, today(), role, source)
    name = f"qui-voit-quoi-{role.value}.docx" if role else "qui-voit-quoi.docx"
    return send_file(BytesIO(made), mimetype=DOCX, as_attachment=True, download_name=name)


def _asked() -> Role | None:
    """The role asked about; a word that is none asks about all."""
    asked = request.args.get("role", "")
    return Role(asked) if asked in set(Role) else None


def _options(role: Role | None) -> list[dict[str, object]]:
    everyone = {"label": "Tous", "url": url_for(".show"), "current": role is None}
    return [everyone] + [
        {"label": one.label, "url": url_for(".show", role=one.value), "current": one is role}
        for one in Role
    ]
