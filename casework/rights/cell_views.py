"""A cell's part of a request: find the person in its file, do what was asked, report to the DPO."""

import io

from flask import Blueprint, flash, g, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.documents.letters import DOCX
from casework.rights import access, collect, freezing, service
from casework.rights.forms import ExecuteForm, FindForm, LiftForm, RequestForm
from casework.rights.kinds import Kind, Result, Standing, Verification
from casework.rights.pages import list_page, request_page, send_answer
from casework.rights.views import place, take_away
from casework.situations import service as situations
from casework.situations.views import in_cell
from casework.web.access import (
    Identity,
    action,
    also,
    changes,
    database,
    identity,
    reader,
    require,
    today,
)
from casework.web.forms import Form
from casework.web.french import local
from charter import recusals
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("cell_rights", __name__)
JSON = "application/json"
NOT_THEIRS = (
    "Rien n’est remis à une autre personne que l’intéressé, son représentant ou leur mandataire, "
    "ni tant que l’identité est en doute : le délégué note la vérification sur la demande."
)
LISTS = ("typologie", "origine", "statut", "quartier", "tranche_age", "etablissement", "niveau",
         "sexe", "faits", "suite", "lien", "service", "mode_information")  # fmt: skip
REPORTED = "Cette demande est close, ou la cellule a déjà rendu compte."


class NotTheirs(Exception):
    """Whoever asks is someone else, or may be (art. 12 §6 and 15 §4 RGPD)."""


def one(session: Session, who: Identity, cell: str, reference: str) -> Subject:
    """A request handed to this cell; a déport from the situation found closes it too."""
    g.cell = require(cells.cell(session, cell))
    g.request = require(service.by_reference(session, reference))
    g.transmission = found = require(service.transmission(session, g.request.id, cell))
    recused = False
    g.situation = None
    if found.situation:
        g.situation = session.get_one(situations.Situation, found.situation)
        recused = recusals.is_recused(session, who.actor.reference, g.situation.reference)
    # What a person is entitled to see of an archive does not wait for anybody's agreement.
    return Subject(cell, reference=g.request.reference, recused=recused, archived=False)


@bp.get("/cellules/<cell>/demandes")
@action(Action.RIGHT_LIST, in_cell)
def register(cell: str) -> str:
    return list_page(cell)


@bp.get("/cellules/<cell>/demandes/nouvelle")
@action(Action.RIGHT_RECORD, in_cell)
def new(cell: str) -> str:
    return render_template("rights/form.html", form=RequestForm(formdata=None), cell=g.cell)


@bp.post("/cellules/<cell>/demandes/nouvelle")
@action(Action.RIGHT_RECORD, in_cell)
def record(cell: str) -> Response | tuple[str, int]:
    form = RequestForm()
    if not form.validate_on_submit():
        return render_template("rights/form.html", form=form, cell=g.cell), 422
    with changes() as change:
        kind, day = Kind(form.droit.data), form.recu_le.data
        args = (change.writer, change.actor, kind, day, form.texts(), cell)
        made = service.record(change.session, *args)
        change.commit(made.reference, droit=made.kind)
    flash("La demande est enregistrée : le délégué à la protection des données la lit.", "succes")
    return redirect(url_for(".show", cell=cell, reference=made.reference))


@bp.get("/cellules/<cell>/demandes/<reference>")
@action(Action.RIGHT_READ, one)
def show(cell: str, reference: str) -> str:
    return request_page(reader(), cell, **_forms())


def _forms(**forms: Form | bool) -> dict[str, Form | bool]:
    known = g.situation.reference if g.situation else ""
    forms.setdefault("find_form", FindForm(formdata=None, situation=known))
    forms.setdefault("execute_form", ExecuteForm(formdata=None))
    return forms


def _again(**forms: Form | bool) -> tuple[str, int]:
    reading = also(Action.RIGHT_READ, g.subject)
    return request_page(reading, g.cell.code, **_forms(**forms)), 422


def _back(sentence: str, kind: str = "succes") -> Response:
    flash(sentence, kind)
    return redirect(url_for(".show", cell=g.cell.code, reference=g.request.reference))


@bp.post("/cellules/<cell>/demandes/<reference>/situation")
@action(Action.RIGHT_EXECUTE, one)
def find(cell: str, reference: str) -> Response | tuple[str, int]:
    """Which situation of this cell is concerned. Not one the coordinator stepped aside from."""
    form = FindForm()
    if not form.validate_on_submit():
        return _again(find_form=form)
    typed = (form.situation.data or "").upper()
    with database().read() as session:
        found = situations.by_reference(session, typed) if typed else None
        aside = recusals.recused_from(session, identity().actor.reference)
    if typed and (found is None or found.cell != cell or found.reference in aside):
        form.situation.errors = ["Aucune situation de la cellule ne porte cette référence."]
        return _again(find_form=form)
    try:
        with changes() as change:
            if freezing.current(change.session, g.transmission.id):
                return _back("Levez d’abord la limitation : elle porte sur la situation.", "refus")
            service.find(change.session, g.transmission.id, found)
            change.commit(etape="recherchee", situation=found.reference if found else "aucune")
    except service.Closed:
        return _back(REPORTED, "refus")
    return _back("La situation concernée est notée." if found else "Aucune situation n’est notée.")


@bp.post("/cellules/<cell>/demandes/<reference>/executer")
@action(Action.RIGHT_EXECUTE, one)
def execute(cell: str, reference: str) -> Response | tuple[str, int]:
    form = ExecuteForm()
    if not form.validate_on_submit():
        return _again(execute_form=form)
    result = Result(form.resultat.data)
    if (result is Result.FAIT) and g.situation is None:
        form.resultat.errors = ["Indiquez d’abord la situation concernée."]
        return _again(execute_form=form)
    try:
        with changes() as change:
            args = (change.actor, g.transmission.id, result, form.compte_rendu.data or "")
            service.execute(change.session, change.writer, *args)
            change.commit(etape="executee", resultat=result.value)
    except service.Closed:
        return _back(REPORTED, "refus")
    return _back("Le compte rendu est transmis au délégué, qui répond à la personne.")


@bp.post("/cellules/<cell>/demandes/<reference>/limiter")
@action(Action.RIGHT_FREEZE, one)
def freeze(cell: str, reference: str) -> Response:
    return place(_back, lambda sentence: _back(sentence, "refus"))


@bp.post("/cellules/<cell>/demandes/<reference>/lever")
@action(Action.RIGHT_FREEZE, one)
def lift(cell: str, reference: str) -> Response | tuple[str, int]:
    form = LiftForm()
    if not form.validate_on_submit():
        return _again(lift_form=form)
    take_away(form)
    return _back("La limitation est levée.")


@bp.get("/cellules/<cell>/demandes/<reference>/reponse.docx")
@action(Action.RIGHT_LETTER, one)
def answer(cell: str, reference: str) -> Response:
    with database().read() as session:
        return send_answer(session, reader())


@bp.get("/cellules/<cell>/demandes/<reference>/donnees.docx")
@action(Action.RIGHT_EXPORT, one)
def export(cell: str, reference: str) -> Response:
    try:
        with database().read() as session:
            content, commune = _content(session), cells.setting(session, cells.COMMUNE)
    except NotTheirs:
        return _back(NOT_THEIRS, "refus")
    made = access.as_docx(content, g.request.reference, commune, today())
    return _send(made, DOCX, "docx")


@bp.get("/cellules/<cell>/demandes/<reference>/donnees.json")
@action(Action.RIGHT_EXPORT, one)
def export_json(cell: str, reference: str) -> Response:
    try:
        with database().read() as session:
            content = _content(session)
    except NotTheirs:
        return _back(NOT_THEIRS, "refus")
    return _send(access.as_json(content, g.request.reference, today()).encode(), JSON, "json")


def _content(session: Session) -> access.Content:
    """A 404 for another right than access, or before the situation is found; NotTheirs when the
    data is not, or not surely, of whoever asks."""
    require(g.request.kind == Kind.ACCES or None)
    situation = require(g.situation)
    asked = service.open_request(session, also(Action.RIGHT_READ, g.subject), g.request, ()).texts
    if asked["qualite"] == Standing.TIERS or asked["verification"] == Verification.ATTENDUE:
        raise NotTheirs
    reading, categories = reader(), g.decision.categories
    labels = {name: cells.labels(session, name) for name in LISTS}
    since = [local(it.placed_at).date() for it in freezing.history(session, g.transmission.id)]
    sources = collect.sources(
        session, reading, situation, categories, labels["service"], since, today()
    )
    reread = [name for name in request.args.getlist("relu") if name in access.REREAD]
    return access.gather(sources, labels, reread)


def _send(content: bytes, media: str, ending: str) -> Response:
    name = f"donnees-{g.request.reference}-{g.cell.code}.{ending}"
    return send_file(io.BytesIO(content), mimetype=media, as_attachment=True, download_name=name)
