"""Publishing a new charter for a cell, or a new règlement intérieur for the commune."""

from hashlib import sha256

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.charters import service
from casework.charters.forms import LONGEST, CharterForm, RegulationForm
from casework.situations.views import in_cell
from casework.web.access import action, changes, database, today
from charter import publications, register
from charter.actions import Action
from charter.changes import changes as compared
from charter.models import CharterText
from charter.wording import CharterType, digest_of, render, starting_text

bp = Blueprint("publishing", __name__)
CLOSED = CharterType.NO_FILE
UNCHANGED = "Ce texte est celui qui est en vigueur, au mot près : il n’y a rien à publier."
OVERTAKEN = "Une autre version a été publiée pendant que vous écriviez"


@bp.get("/cellules/<cell>/charte/publier")
@action(Action.CHARTER_PUBLISH, in_cell)
def write(cell: str) -> str:
    with database().read() as session:
        text = register.current_text(session, cell)
        form = CharterForm(formdata=None, texte=text.body if text else starting_text().body)
        _offer(form, session)
        form.depart.data = _rank(text)
        # The question is asked each time: the type is never taken for granted.
        form.reglement.data = next(iter(form.reglement.choices))
    return _writing(cell, form)


@bp.post("/cellules/<cell>/charte/publier")
@action(Action.CHARTER_PUBLISH, in_cell)
def publish(cell: str) -> Response | str | tuple[str, int]:
    """Three buttons: read again, take the text up again, publish what was read again."""
    form = CharterForm()
    with database().read() as session:
        _offer(form, session)
        text = register.current_text(session, cell)
    if not form.validate_on_submit():
        return _writing(cell, form), 422
    if form.depart.data != _rank(text):
        form.depart.data = _rank(text)
        return _reading_again(cell, form, text, overtaken=True), 409
    if _same(form, text):
        form.texte.errors = [UNCHANGED]
        return _writing(cell, form), 422
    if form.corriger.data:
        return _writing(cell, form)
    if not form.publier.data or form.relu.data != _seal(form):
        return _reading_again(cell, form, text)
    try:
        with changes() as change:
            if _rank(register.current_text(change.session, cell)) != form.depart.data:
                raise register.NotTheCurrentTextError(cell)
            made = register.publish(
                change.session, cell, form.texte.data or "", form.kind, form.regulation
            )
            change.commit(f"{cell}-CHARTE-{made.version}", type=made.kind, empreinte=made.digest)
    except (register.NotTheCurrentTextError, IntegrityError):
        with database().read() as session:
            text = register.current_text(session, cell)
        form.depart.data = _rank(text)
        return _reading_again(cell, form, text, overtaken=True), 409
    flash(
        f"La version {made.version} est publiée. Chaque membre, vous compris, doit la signer.",
        "succes",
    )
    return redirect(url_for("charters.read", cell=cell))


def _offer(form: CharterForm, session: Session) -> None:
    form.offer(publications.regulations(session))


def _rank(text: CharterText | None) -> str:
    return str(text.version) if text else "0"


def _same(form: CharterForm, text: CharterText | None) -> bool:
    return text is not None and (text.digest, text.kind, text.regulation) == (
        digest_of(form.texte.data or ""),
        form.kind,
        form.regulation,
    )


def _seal(form: CharterForm) -> str:
    """What was read again, so that nothing else is published."""
    told = (digest_of(form.texte.data or ""), form.kind.value, str(form.regulation))
    return sha256("\n".join(told).encode()).hexdigest()


def _writing(cell: str, form: CharterForm) -> str:
    with database().read() as session:
        return render_template(
            "charters/write.html",
            cell=g.cell,
            form=form,
            longest=LONGEST,
            stopped=service.stopped(session, cell, today()),
            situations=service.situations_kept(session, cell),
        )


def _reading_again(
    cell: str, form: CharterForm, text: CharterText | None, *, overtaken: bool = False
) -> str:
    form.relu.data = _seal(form)
    with database().read() as session:
        return render_template(
            "charters/read_again.html",
            cell=g.cell,
            form=form,
            current=text,
            blocks=render(form.texte.data or ""),
            changes=compared(text.body, form.texte.data or "") if text else [],
            closes=form.kind is CLOSED,
            stopped=service.stopped(session, cell, today()),
            situations=service.situations_kept(session, cell),
            regulation=form.reglement.choices[form.reglement.data],
            overtaken=OVERTAKEN if overtaken else "",
        )


@bp.get("/cellules/<cell>/reglement/publier")
@action(Action.CHARTER_PUBLISH, in_cell)
def write_regulation(cell: str) -> str:
    with database().read() as session:
        known = publications.regulations(session)
    body = known[0].body if known else ""
    return _regulation_page(RegulationForm(formdata=None, texte=body))


@bp.post("/cellules/<cell>/reglement/publier")
@action(Action.CHARTER_PUBLISH, in_cell)
def publish_regulation(cell: str) -> Response | tuple[str, int]:
    """It belongs to the whole commune: any cell's direction may publish it, and it is one."""
    form = RegulationForm()
    if not form.validate_on_submit():
        return _regulation_page(form), 422
    with changes() as change:
        made = publications.publish_regulation(
            change.session, form.texte.data or "", form.adopte_le.data
        )
        change.commit(f"REGLEMENT-{made.version}", empreinte=made.digest)
    flash(
        f"La version {made.version} du règlement intérieur est publiée. Elle ne change aucune "
        "charte : publiez une nouvelle charte pour l’y rattacher.",
        "succes",
    )
    return redirect(url_for("charters.regulation", cell=cell))


def _regulation_page(form: RegulationForm) -> str:
    return render_template(
        "charters/write_regulation.html", cell=g.cell, form=form, longest=LONGEST
    )
