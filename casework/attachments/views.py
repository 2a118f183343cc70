"""The files of a situation: listed by their sealed titles, opened from memory, destroyed."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.attachments import service
from casework.attachments.forms import AttachmentForm
from casework.situations.views import one, one_numbered
from casework.vault.keyring import Reader
from casework.web.access import action, also, changes, database, reader, require
from casework.web.uploads import make_room, shown
from charter.actions import Action

bp = Blueprint("attachments", __name__)
make_room(bp, "add", service.LARGEST_BYTES)


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
    with database().read() as session:
        row = require(service.file_of(session, g.situation.id, g.number))
        content = service.open_file(session, reader(), g.situation, row)
    return shown(content, row.media, f"piece-{reference}")


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
