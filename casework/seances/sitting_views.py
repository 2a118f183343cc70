"""Holding a séance: the statement, who is there, the situations one by one, the end."""

from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit.journal import Reason
from casework.cells import service as cells
from casework.members.names import holds_directory
from casework.rights import service as rights
from casework.seances import events, examination, service, sitting, table
from casework.seances.aside import out_of_reach
from casework.seances.events import SeanceConflict
from casework.seances.forms import CloseForm, OpenForm, PresenceForm
from casework.seances.procedure import ForbiddenStep, State
from casework.seances.sitting import AsideFromExamined, Presence, Sheet, SubstituteNeeded
from casework.seances.table import Seated
from casework.seances.views import one
from casework.web.access import (
    action,
    also,
    changes,
    database,
    identity,
    instance,
    require,
    today,
)
from casework.web.french import local
from charter import recusals
from charter.actions import Action

bp = Blueprint("tenue", __name__)
NO_SUBSTITUTE = (
    "Choisissez qui remplace : une personne qui tient un mandat dans cette cellule, car elle "
    "signe en son nom. Sinon, faites d’abord enregistrer son mandat."
)
ASIDE = (
    "Une autre personne de la coordination doit clore cette séance : elle a examiné une situation "
    "dont vous vous êtes déporté."
)
OTHERWISE = "Quelqu’un d’autre vient d’agir sur cette séance : voici où elle en est."


@bp.get("/seances/<reference>/en-cours")
@action(Action.SEANCE_HOLD, one)
def show(reference: str) -> str | Response:
    if g.seance.etat == State.ANNULEE:
        flash(str(ForbiddenStep(State.ANNULEE)), "refus")
        return redirect(url_for("seances.show", reference=reference))
    return _page()


@bp.post("/seances/<reference>/ouvrir")
@action(Action.SEANCE_HOLD, one)
def open_seance(reference: str) -> Response | tuple[str, int]:
    typed = OpenForm()
    if not typed.validate_on_submit():
        return _page(open_form=typed), 422
    try:
        with changes() as change:
            expected = typed.version.data or 0
            sitting.open_seance(change.session, change.writer, g.seance.id, expected, change.actor)
            change.commit(etape="ouverture")
    except (ForbiddenStep, SeanceConflict) as refusal:
        return _refused(refusal)
    flash("La séance est ouverte.", "succes")
    return redirect(url_for(".show", reference=reference))


@bp.post("/seances/<reference>/presence")
@action(Action.SEANCE_HOLD, one)
def note_presence(reference: str) -> Response | tuple[str, int]:
    typed = PresenceForm()
    with database().read() as session:
        around = table.around(session, g.seance)
        others = table.substitutes(session, g.seance, today())
    if not typed.validate_on_submit():
        return _page(presence=typed), 422
    known = Presence.__members__.values()
    lines = [one.form for one in typed.lignes if one.form.membre.data in around]
    sheet = Sheet(
        {one.membre.data: one.presence.data for one in lines if one.presence.data in set(known)},
        {
            one.membre.data: one.remplacant.data or ""
            for one in lines
            if one.presence.data == Presence.REMPLACE
        },
        tuple(filter(None, map(str.strip, (typed.invites.data or "").splitlines()))),
    )
    try:
        with changes() as change:
            sitting.note_presence(
                change.session, change.writer, g.seance.id, change.actor, sheet, others
            )
            named = ",".join(sorted(set(sheet.replaced.values())))
            change.commit(etape="presence", **({"remplacants": named} if named else {}))
    except SubstituteNeeded:
        typed.form_errors.append(NO_SUBSTITUTE)
        return _page(presence=typed), 422
    except ForbiddenStep as refusal:
        return _refused(refusal)
    flash("Les présences sont enregistrées.", "succes")
    return redirect(url_for(".show", reference=reference))


@bp.post("/seances/<reference>/clore")
@action(Action.SEANCE_CLOSE, one)
def close(reference: str) -> Response | tuple[str, int]:
    typed = CloseForm()
    typed.validate()
    reading = also(Action.SEANCE_MINUTES, g.subject)
    try:
        with changes() as change:
            aside = recusals.recused_from(change.session, change.actor)
            planned = service.on_agenda(change.session, g.seance.id)
            seance = sitting.close(
                *(change.session, change.writer, g.seance.id, typed.version.data or 0),
                change.actor,
                [row.id for row in planned if row.reference in aside],
            )
            # A limited file receives nothing; once lifted, a correction carries what was proposed.
            left = aside | rights.frozen_in(change.session, seance.cell)
            settled = [row for row in planned if row.reference not in left]
            rights.refuse_frozen(change.session, [row.id for row in settled])
            for situation in settled:
                examination.settle(change.session, reading, change.writer, seance, situation)
            change.commit()
    except AsideFromExamined:
        flash(ASIDE, "refus")
        return redirect(url_for(".show", reference=reference))
    except (ForbiddenStep, SeanceConflict) as refusal:
        return _refused(refusal)
    _checkpoint()
    flash("La séance est close.", "succes")
    return redirect(url_for("papiers.show", reference=reference))


def _checkpoint() -> None:
    """The journal as it stands once the séance is closed; papers print it, the DPO receives it."""
    with database().write() as session:
        instance().journal.checkpoint(session.connection(), Reason.SEANCE)
        session.commit()


def _refused(refusal: Exception) -> Response:
    message = OTHERWISE if isinstance(refusal, SeanceConflict) else str(refusal)
    flash(message, "refus")
    return redirect(url_for("seances.show", reference=g.seance.reference))


def _page(open_form: OpenForm | None = None, presence: PresenceForm | None = None) -> str:
    reading = also(Action.SEANCE_READ, g.subject)
    with database().read() as session:
        seance = require(service.by_reference(session, g.seance.reference))
        directory = reading if holds_directory() else None
        around = table.around(session, seance, directory)
        happened = events.of_seance(session, reading, seance)
        others = table.substitutes(session, seance, today(), directory)
        shown = presence or _sheet_form(around, sitting.sheet_of(happened))
        offered = [
            ("", "Choisissez…"),
            *((w.member, w.name) for w in {**others, **around}.values()),
        ]
        for one_line in shown.lignes:
            one_line.form.remplacant.choices = offered
        aside = out_of_reach(session, seance.cell, identity().actor.reference)
        done = examination.examined(session, seance.id)
        lines = service.agenda(session, reading, seance, aside)
        return render_template(
            "seances/en_cours.html",
            seance=seance,
            statement=sitting.STATEMENT,
            open_form=open_form or OpenForm(formdata=None, version=seance.version),
            presence=shown,
            close_form=CloseForm(formdata=None, version=seance.version),
            early=local(seance.held_at).date() > today(),
            around=around,
            happened=happened,
            agenda=lines,
            limited=rights.frozen_in(session, seance.cell),
            done=done,
            leaving={
                line.reference: table.leaving(session, around, line.reference) for line in lines
            },
            labels={name: cells.labels(session, name) for name in ("typologie", "tranche_age")},
        )


def _sheet_form(around: Mapping[str, Seated], sheet: Sheet) -> PresenceForm:
    return PresenceForm(
        formdata=None,
        data={
            "lignes": [
                {
                    "membre": member,
                    "presence": sheet.presence.get(member, Presence.PRESENT.value),
                    "remplacant": sheet.replaced.get(member, ""),
                }
                for member in around
            ],
            "invites": "\n".join(sheet.guests),
        },
    )
