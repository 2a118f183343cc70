"""The files of a situation: listed by their sealed titles, opened from memory, destroyed."""

from flask import Blueprint, flash, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from casework.attachments import service
from casework.attachments.forms import AttachmentForm
from casework.situations.views import one, one_numbered
from casework.vault.keyring import Reader
from casework.web.access import action, also, changes, database, reader, require
from charter.actions import Action

bp = Blueprint("attachments", __name__)
# A file a little too large gets its sentence at the field; a huge one is not even read.
LARGEST_REQUEST = 2 * service.LARGEST_BYTES
# A file is not a page of the application: it runs nothing, and reaches nothing. Chromium shows no
# PDF in a sandbox: those keep the policy of the pages, which opens nothing either.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, str] | None) -> None:
    if endpoint == "attachments.add":
        request.max_content_length = LARGEST_REQUEST


@bp.get("/situations/<reference>/pieces")
@action(Action.ATTACHMENT_READ, one)
def of_situation(reference: str) -> str:
    return _page(reader(), AttachmentForm(formdata=None))


@bp.post("/situations/<reference>/pieces")
@action(Action.ATTACHMENT_ADD, one)
def add(reference: str) -> Response | tuple[str, int]:
    form = AttachmentForm()
    if not form.validate_on_submit():
        return _page(also(Action.ATTACHMENT_READ, g.subject), form), 422
    try:
        with changes() as change:
            service.add(
                change.session,
                change.writer,
                g.situation,
                form.titre.data,
                form.content,
                change.actor,
            )
            change.commit()
    except service.TooMany:
        form.piece.errors = [
            f"La situation tient déjà {service.MOST_FILES} pièces : retirez-en une d’abord."
        ]
        return _page(also(Action.ATTACHMENT_READ, g.subject), form), 409
    flash("La pièce est scellée et jointe.", "succes")
    return redirect(url_for(".of_situation", reference=reference))


def _page(reading: Reader, form: AttachmentForm) -> str:
    with database().read() as session:
        return render_template(
            "attachments/list.html",
            situation=g.situation,
            files=service.files_of(session, reading, g.situation),
            kinds={"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"},
            form=form,
            frozen=g.subject.frozen,
        )


@bp.get("/situations/<reference>/pieces/<number>")
@action(Action.ATTACHMENT_READ, one_numbered)
def show(reference: str, number: str) -> Response:
    """Shown in the browser, from memory: `no-store` keeps it off the disk on both sides."""
    with database().read() as session:
        row = require(service.file_of(session, g.situation.id, g.number))
        content = service.open_file(session, reader(), g.situation, row)
    suffix = row.media.rpartition("/")[2]
    response = send_file(content, row.media, download_name=f"piece-{reference}.{suffix}")
    if row.media.startswith("image/"):
        response.headers["Content-Security-Policy"] = SANDBOX
    return response


@bp.post("/situations/<reference>/pieces/<number>/retirer")
@action(Action.ATTACHMENT_REMOVE, one_numbered)
def remove(reference: str, number: str) -> Response:
    with changes() as change:
        row = service.file_of(change.session, g.situation.id, g.number)
        if row is not None:
            service.remove(change.session, row)
            change.commit(detruites=1)
    database().empty_log()
    flash("La pièce est détruite." if row else "Elle était déjà détruite.", "succes")
    return redirect(url_for(".of_situation", reference=reference))
