"""Reading and signing the charter of a cell; the sheets that prove its signatures."""

from datetime import UTC, datetime
from io import BytesIO

from flask import Blueprint, flash, g, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from casework.cells import service as cells
from casework.charters import service
from casework.documents import signatures as sheets
from casework.members import service as members
from casework.members.founding import found_cell_if_first
from casework.papers import service as models
from casework.situations.views import in_cell
from casework.web.access import (
    action,
    allowed,
    changes,
    database,
    identity,
    reader,
    require,
    signature,
    today,
)
from casework.web.forms import Form, row_number
from casework.web.french import day_of, long_date, moment
from casework.web.journal import checkpoint_line, coming_entry, current_note
from charter import publications, register
from charter.actions import Action
from charter.models import CharterText, Regulation
from charter.wording import CharterType, render

bp = Blueprint("charters", __name__)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENGAGEMENT = "J’ai lu la charte de déontologie et je m’engage personnellement à la respecter."
NO_DIRECTORY = (
    "Cette feuille porte des noms, qui viennent de l’annuaire chiffré des membres, et vous n’en "
    "détenez pas la clé. Le coordonnateur de la cellule vous la remet en vous admettant."
)


class SignForm(Form):
    """One sentence to tick; the digest says which text was read."""

    digest = HiddenField()
    engagement = BooleanField(
        ENGAGEMENT, [InputRequired("Cochez la phrase d’engagement pour signer.")]
    )


@bp.get("/cellules/<cell>/charte")
@action(Action.CHARTER_READ, in_cell)
def read(cell: str) -> str:
    return _page(cell, SignForm(formdata=None), _asked())


@bp.post("/cellules/<cell>/charte")
@action(Action.CHARTER_SIGN, in_cell)
def sign(cell: str) -> Response | tuple[str, int]:
    form = SignForm()
    if not form.validate_on_submit():
        return _page(cell, form, None), 422
    try:
        with changes() as change:
            entry = coming_entry(change.session)
            signed = register.sign(
                change.session, change.actor, cell, form.digest.data or "", entry
            )
            found_cell_if_first(change.session, identity().actor, identity().unlocked.key, cell)
            change.commit(version=signed.version, empreinte=signed.digest)
    except register.NoPublishedTextError:
        flash("Aucune charte n’est publiée : rien ne peut encore être signé ici.", "attention")
        return redirect(url_for(".read", cell=cell))
    except register.NotTheCurrentTextError:
        flash("Le texte a changé pendant votre lecture : relisez-le avant de signer.", "attention")
        return redirect(url_for(".read", cell=cell))
    flash("Vous avez signé la charte.", "succes")
    return redirect(url_for("home.show"))


def _asked() -> int | None:
    """The version of the address; one that is no number is no version."""
    typed = request.args.get("version")
    number = row_number(typed)
    if typed and (number is None or number >= 2**31):
        raise NotFound
    return number


def _page(cell: str, form: SignForm, version: int | None) -> str:
    member = identity().actor.reference
    with database().read() as session:
        known = publications.versions(session, cell)
        current = known[0] if known else None
        text = require(service.version_of(session, cell, version)) if version else current
        if current is not None:
            form.digest.data = current.digest
        mine = publications.signatures_of(session, cell, member)
        signed = next((s for s in mine if text and s.version == text.version), None)
        previous = service.last_signed(session, cell, member)
        in_force = text is current
        return render_template(
            "charters/read.html",
            cell=g.cell,
            text=text,
            blocks=render(text.body) if text else [],
            in_force=in_force,
            versions=known,
            signed=signed,
            previous=previous,
            changes=service.since_signed(previous, text) if in_force else None,
            regulation=session.get(Regulation, text.regulation or 0) if text else None,
            closed=text is not None and text.kind is CharterType.NO_FILE,
            may_prove=bool(mine),
            holds_directory=_holds_directory(),
            may_list=allowed(Action.CHARTER_SHEET, cell),
            may_publish=allowed(Action.CHARTER_PUBLISH, cell),
            may_open=cells.kind(g.cell).needs_clearance and allowed(Action.CELL_OPEN, cell),
            form=form,
        )


@bp.get("/cellules/<cell>/reglement")
@action(Action.CHARTER_READ, in_cell)
def regulation(cell: str) -> str:
    """The règlement intérieur of the CLSPD, in any of its versions."""
    version = _asked()
    with database().read() as session:
        known = publications.regulations(session)
        text = known[0] if known else None
        if version:
            text = require(next((row for row in known if row.version == version), None))
        return render_template(
            "charters/regulation.html",
            cell=g.cell,
            text=text,
            blocks=render(text.body) if text else [],
            in_force=not known or text is known[0],
            versions=known,
            may_publish=allowed(Action.CHARTER_PUBLISH, cell),
        )


@bp.get("/cellules/<cell>/charte/ma-feuille.docx")
@action(Action.CHARTER_PROOF, in_cell)
def proof(cell: str) -> Response:
    """What the member signed here, with the journal entries that prove it."""
    member = identity().actor.reference
    with database().read() as session:
        mine = publications.signatures_of(session, cell, member)
        if not mine:
            return _not_made(cell, "Vous n’avez signé aucune version : il n’y a rien à prouver.")
        if not _holds_directory():
            return _not_made(cell, NO_DIRECTORY)
        lines = service.signed_lines(session, reader(), cell, mine)
        model = models.in_force(session, sheets.OWN_MODEL, today())
        drawn = sheets.render_own(_made(session), lines[0].who, ENGAGEMENT, lines, model)
    return _sheet(drawn, f"signature-charte-{cell}.docx")


@bp.get("/cellules/<cell>/charte/signatures.docx")
@action(Action.CHARTER_SHEET, in_cell)
def signed_by_all(cell: str) -> Response:
    """Everyone who signed one version: the one asked for, or the one in force."""
    version = _asked()
    with database().read() as session:
        current = register.current_text(session, cell)
        text = require(service.version_of(session, cell, version) if version else current)
        if not _holds_directory():
            return _not_made(cell, NO_DIRECTORY)
        signed = service.signed_lines(
            session, reader(), cell, publications.signatures_on(session, text)
        )
        absent = []
        if current is not None and text.version == current.version:
            absent = service.absent_lines(session, reader(), cell, today())
        model = models.in_force(session, sheets.ALL_MODEL, today())
        drawn = sheets.render_all(_made(session), _described(session, text), signed, absent, model)
    return _sheet(drawn, f"signatures-charte-{cell}-version-{text.version}.docx")


def _holds_directory() -> bool:
    return members.DIRECTORY in identity().keyring.compartments


def _not_made(cell: str, sentence: str) -> Response:
    flash(sentence, "attention")
    return redirect(url_for(".read", cell=cell))


def _made(session: Session) -> sheets.Made:
    now = datetime.now(UTC)
    return sheets.Made(
        commune=cells.setting(session, cells.COMMUNE),
        cell=g.cell.name,
        dated=today(),
        at=moment(now),
        by=signature(g.decision),
        checkpoint=checkpoint_line(session),
        note=current_note(session).strip(),
    )


def _described(session: Session, text: CharterText) -> sheets.SignedText:
    found = session.get(Regulation, text.regulation or 0)
    return sheets.SignedText(
        title=service.title_of(text),
        version=text.version,
        kind=text.kind.label,
        published=day_of(text.published_at),
        regulation=f"Version {found.version}, adoptée le {long_date(found.adopted_on)}"
        if found
        else "Aucun règlement intérieur publié dans l’application",
        digest=text.digest,
    )


def _sheet(drawn: bytes, name: str) -> Response:
    return send_file(BytesIO(drawn), mimetype=DOCX, as_attachment=True, download_name=name)
