"""A convened member's page for one situation: their own service, what they judge useful."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.members.names import holds_directory
from casework.seances import contributions, service, table
from casework.seances.content import Answer
from casework.seances.contributions import CONSCIENCE
from casework.seances.examination_form import ContributionForm
from casework.seances.examination_views import one
from casework.seances.procedure import ForbiddenStep, Step, open_to
from casework.situations import service as situations
from casework.web.access import action, also, changes, database, identity, require
from charter.actions import Action

bp = Blueprint("contributions", __name__)
PATH = "/seances/<reference>/contributions/<situation>"


@bp.get(PATH)
@action(Action.SEANCE_CONTRIBUTE, one)
def form(reference: str, situation: str) -> str:
    return _page(None)


@bp.post(PATH)
@action(Action.SEANCE_CONTRIBUTE, one)
def contribute(reference: str, situation: str) -> Response | tuple[str, int]:
    typed = ContributionForm()
    if not typed.validate_on_submit():
        return _page(typed), 422
    texts = {name: typed[name].data or "" for name in ("reponse", "dispositif", "texte")}
    try:
        with changes() as change:
            contributions.contribute(
                change.session, change.writer, g.seance.id, g.situation, change.actor, texts
            )
            change.commit(seance=reference)
    except ForbiddenStep as refusal:
        typed.form_errors.append(str(refusal))
        return _page(typed), 409
    flash("Votre contribution est enregistrée ; vous pouvez la changer avant la clôture.", "succes")
    return redirect(url_for("seances.show", reference=reference))


def _page(typed: ContributionForm | None) -> str:
    reading = also(Action.SITUATION_READ, g.subject, seance=g.seance.reference)
    with database().read() as session:
        seance = require(service.by_reference(session, g.seance.reference))
        around = table.around(session, seance, reading if holds_directory() else None)
        said = contributions.about(session, reading, seance, g.situation)
        may = open_to(seance.etat, Step.CONTRIBUER)
        mine = said.pop(identity().actor.reference, None) if may else None
        return render_template(
            "seances/contribution.html",
            form=typed or _filled(mine),
            seance=seance,
            situation=g.situation,
            facets=situations.open_facets(reading, g.situation),
            said=said,
            around=around,
            answers={answer.value: answer.label for answer in Answer},
            conscience=CONSCIENCE,
            may=may,
            labels=_labels(session),
        )


def _labels(session: Session) -> dict[str, dict[int, str]]:
    return {name: cells.labels(session, name) for name in ("typologie", "tranche_age")}


def _filled(mine: contributions.Contributed | None) -> ContributionForm:
    if mine is None:
        return ContributionForm(formdata=None)
    data = {"reponse": mine.reponse, "dispositif": mine.dispositif, "texte": mine.texte}
    return ContributionForm(formdata=None, data=data)
