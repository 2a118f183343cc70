"""The page of a situation during a séance: what we know, what each says, what we propose.

Saved as it is typed when scripts run (the same form, answered in JSON), and by « Enregistrer »
when they do not.
"""

from dataclasses import replace

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members.names import holds_directory
from casework.orientations import service as orientations
from casework.seances import contributions, examination, service, table
from casework.seances.aside import out_of_reach
from casework.seances.content import Answer, Content
from casework.seances.examination import (
    CorrectionNeeded,
    ExaminationConflict,
    NotConcerted,
    NotInformed,
)
from casework.seances.examination_form import ExaminationForm, filled
from casework.seances.procedure import ForbiddenStep, State
from casework.seances.table import Seated
from casework.situations import events, further
from casework.situations import service as situations
from casework.situations.views import subject_of
from casework.vault.keyring import Reader
from casework.web.access import (
    Identity,
    action,
    also,
    changes,
    database,
    identity,
    require,
    today,
)
from casework.web.french import clock, local, long_date
from charter.actions import Action
from charter.subjects import Subject

bp = Blueprint("examens", __name__)
PATH = "/seances/<reference>/en-cours/<situation>"
SOMEONE_ELSE = (
    "Quelqu’un d’autre a enregistré cette situation entre-temps. Rien n’est perdu : ce que vous "
    "avez saisi est encore à l’écran. Employez « Enregistrer » pour comparer."
)


def one(session: Session, who: Identity, reference: str, situation: str) -> Subject:
    """A situation of a séance's agenda."""
    g.seance = seance = require(service.by_reference(session, reference))
    g.situation = found = require(situations.by_reference(session, situation))
    require(examination.is_on_agenda(session, seance.id, found.id) or None)
    convened = service.is_convened(session, seance, who.actor.reference)
    return replace(subject_of(session, who, found), convened=convened)


@bp.get(PATH)
@action(Action.SEANCE_RECORD, one)
def form(reference: str, situation: str) -> Response | str:
    if State(g.seance.etat) not in (State.OUVERTE, State.CLOSE):
        return redirect(url_for("tenue.show", reference=reference))
    reading = _reading()
    with database().read() as session:
        seated = _seated(session, reading)
        found = examination.latest(session, reading, g.seance, g.situation)
        contributed = contributions.about(session, reading, g.seance, g.situation)
        shown = filled(
            found.content if found else None,
            found.rank if found else 0,
            speaking(session, seated),
            contributed,
        )
        kept = found.content.suites if found else ()
        shown.fill_choices(session, seated, g.situation.cell, kept)
        return _page(session, reading, shown, seated)


@bp.post(PATH)
@action(Action.SEANCE_RECORD, one)
def record(reference: str, situation: str) -> Response | tuple[Response | str, int]:
    """Saving opens nothing: the words go in, none come out, and the journal has one entry."""
    typed, live = ExaminationForm(), "application/json" in request.headers.get("Accept", "")
    with database().read() as session:
        seated = typed.named(table.around(session, g.seance))
        typed.fill_choices(session, seated, g.situation.cell, _suites_offered(session))
    typed.meets(min(local(g.seance.held_at).date(), today()))
    if not typed.validate_on_submit():
        return _refused(typed, live, 422)
    content = typed.content(seated)
    try:
        with changes() as change:
            reading = _reading() if g.seance.etat == State.CLOSE else None
            former = _former(change.session, reading)
            kept = examination.append(
                change.session,
                change.writer,
                g.seance.id,
                g.situation,
                change.actor,
                typed.rang.data or 0,
                content,
                typed.mark(),
            )
            if reading is not None:
                seance = require(service.by_reference(change.session, reference))
                row = require(situations.by_reference(change.session, situation))
                examination.settle(change.session, reading, change.writer, seance, row, former)
            change.commit(seance=reference, rang=kept.rank)
    except (NotInformed, NotConcerted) as refusal:
        typed.form_errors.append(str(refusal))
        return _refused(typed, live, 409)
    except CorrectionNeeded:
        typed.correction.errors = ["Indiquez pourquoi vous corrigez ce que la séance a retenu."]
        return _refused(typed, live, 422)
    except ForbiddenStep as refusal:
        typed.form_errors.append(str(refusal))
        return _refused(typed, live, 409)
    except ExaminationConflict:
        return _conflict(typed, live)
    if live:
        return jsonify(rang=kept.rank, heure=clock(kept.at))
    flash(f"Enregistré à {clock(kept.at)}.", "succes")
    return redirect(url_for(".form", reference=reference, situation=situation))


@bp.get(f"{PATH}/projection")
@action(Action.SEANCE_RECORD, one)
def projection(reference: str, situation: str) -> str:
    """What the wall shows: initials, no name of anybody, no note, no free text."""
    reading = _reading()
    with database().read() as session:
        found = examination.latest(session, reading, g.seance, g.situation)
        return render_template(
            "seances/projection.html",
            seance=g.seance,
            situation=g.situation,
            facets=situations.open_facets(reading, g.situation),
            content=found.content if found else Content(),
            answers={answer.value: answer.label for answer in Answer},
            labels=_labels(session),
            **_neighbours(session),
        )


def _reading() -> Reader:
    """What this page opens of the situation: its own entry in the journal."""
    return also(Action.SITUATION_READ, g.subject, seance=g.seance.reference)


def _suites_offered(session: Session) -> frozenset[int]:
    """Every suite there is: what an earlier save kept is not refused to the next one, and a suite
    the cell does not offer is on no page."""
    return frozenset(cells.labels(session, "suite"))


def _former(session: Session, reading: Reader | None) -> frozenset[int]:
    """The suites that the examination, as it stood, had carried to the situation."""
    if reading is None:
        return frozenset()
    found = examination.latest(session, reading, g.seance, g.situation)
    return found.content.suites if found else frozenset()


def _seated(session: Session, reading: Reader) -> dict[str, Seated]:
    return table.around(session, g.seance, reading if holds_directory() else None)


def speaking(session: Session, seated: dict[str, Seated]) -> list[Seated]:
    """The services heard on this situation: not whoever leaves the room for it."""
    gone = table.leaving(session, seated, g.situation.reference)
    return [who for who in seated.values() if who.speaks and who not in gone]


def _refused(typed: ExaminationForm, live: bool, status: int) -> tuple[Response | str, int]:
    if live:
        return jsonify(erreurs=_errors(typed)), status
    reading = _reading()
    with database().read() as session:
        return _page(session, reading, typed, _seated(session, reading)), status


def _errors(typed: ExaminationForm) -> list[str]:
    """Sentences for the line « Non enregistré »."""
    found = [str(message) for message in typed.form_errors]
    for field in typed:
        entries = field.entries if hasattr(field, "entries") else None
        for inner in [leaf for one in entries for leaf in one.form] if entries else [field]:
            found += [f"{inner.label.text} : {message}" for message in inner.errors]
    return found


def _conflict(typed: ExaminationForm, live: bool) -> tuple[Response | str, int]:
    """Both versions side by side; saving again from this page keeps what is typed here."""
    if live:
        return jsonify(erreurs=[SOMEONE_ELSE], conflit=True), 409
    reading = _reading()
    with database().read() as session:
        seated = _seated(session, reading)
        theirs = examination.latest(session, reading, g.seance, g.situation)
        typed.rang.raw_data = None
        typed.rang.data = theirs.rank if theirs else 0
        mine = typed.content(seated)
        differences = _differences(session, theirs.content, mine) if theirs else []
        return _page(session, reading, typed, seated, differences=differences), 409


def _differences(session: Session, theirs: Content, mine: Content) -> list[tuple[str, str, str]]:
    pairs = zip(_readable(session, theirs), _readable(session, mine), strict=False)
    return [(label, saved, typed) for (label, saved), (_, typed) in pairs if saved != typed]


def _readable(session: Session, content: Content) -> list[tuple[str, str]]:
    suites, statuts = cells.labels(session, "suite"), cells.labels(session, "statut")
    answers = {answer.value: answer.label for answer in Answer}
    return [
        *((one.service, f"{answers[one.answer]} {one.dispositif}") for one in content.services),
        ("Chaînage", content.chainage),
        (
            "Orientations",
            " ; ".join(
                f"{suites.get(one.suite, '')} {one.institution} {long_date(one.echeance)} "
                f"{one.precision}"
                for one in content.orientations
            ),
        ),
        ("À revoir le", long_date(content.revoir)),
        ("Statut proposé", statuts.get(content.statut, "")),
        ("Notes brèves", content.notes),
    ]


def _page(
    session: Session,
    reading: Reader,
    shown: ExaminationForm,
    seated: dict[str, Seated],
    **context: object,
) -> str:
    opened = situations.open_situation(session, reading, g.situation, g.decision.categories)
    gone = table.leaving(session, seated, g.situation.reference)
    record = events.opened(session, reading, g.situation)
    before = orientations.of_situation(session, g.situation.id)
    return render_template(
        "seances/examen.html",
        form=shown,
        seance=g.seance,
        closed=g.seance.etat == State.CLOSE,
        blocked=examination.blocked(session, g.seance, g.situation),
        unready=examination.unready(session, g.seance, g.situation),
        is_signal=cells.isolated(session, g.seance.cell),
        opened=opened,
        further=further.of_situation(session, record, g.situation.id, g.decision.categories),
        seated=seated,
        leaving=gone,
        proposals=[(row, orientations.words(record, row)) for row in before],
        replies=orientations.LABELS,
        contributed=contributions.about(session, reading, g.seance, g.situation),
        answers={answer.value: answer.label for answer in Answer},
        history=examination.history(session, reading, g.seance, g.situation),
        labels=_labels(session),
        **_neighbours(session),
        **context,
    )


def _labels(session: Session) -> dict[str, dict[int, str]]:
    names = ("typologie", "origine", "statut", "tranche_age", "etablissement", "niveau")
    return {name: cells.labels(session, name) for name in (*names, "faits", "suite")}


def _neighbours(session: Session) -> dict[str, object]:
    """The situations before and after on the agenda, skipping those out of this person's reach."""
    aside = out_of_reach(session, g.seance.cell, identity().actor.reference)
    listed = [row.reference for row in service.on_agenda(session, g.seance.id)]
    readable = [reference for reference in listed if reference not in aside]
    here = readable.index(g.situation.reference)
    return {
        "number": here + 1,
        "count": len(readable),
        "before": readable[here - 1] if here else None,
        "after": readable[here + 1] if here + 1 < len(readable) else None,
    }
