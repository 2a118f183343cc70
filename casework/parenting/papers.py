"""The papers of an aide parentale: the request of opinion, the engagement, the saisine."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, g
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.danger import service as danger
from casework.papers.printing import printed, sent
from casework.parenting import service
from casework.parenting.procedure import Step
from casework.parenting.views import bp as pages
from casework.parenting.views import under_way
from casework.parenting.words import GROUNDS
from casework.situations import events
from casework.situations import service as situations
from casework.web.access import action, database, reader, require, signature, today
from casework.web.french import iso_long_date, long_date
from charter.actions import Action

bp = Blueprint("parenting_papers", __name__)

# By slug: the title, the model, when it exists, and the act whose day it bears.
PAPERS: dict[str, tuple[str, str, Callable[[service.Opened], bool], Step]] = {
    "avis": ("Demande d’avis", "aide_demande_avis", lambda _: True, Step.DEMANDER),
    "engagement": (
        "Engagement de la famille",
        "aide_engagement",
        lambda opened: bool(opened.dossier.points),
        Step.PREPARER,
    ),
    "saisine": (
        "Saisine du conseil départemental (AESF)",
        "aide_saisine_aesf",
        lambda opened: opened.dossier.referred_on is not None,
        Step.SAISIR,
    ),
}


def offered(opened: service.Opened) -> list[tuple[str, str]]:
    """The papers of this moment, by slug and title."""
    return [(slug, title) for slug, (title, _, ready, _) in PAPERS.items() if ready(opened)]


@pages.context_processor
def _papers() -> dict[str, object]:
    return {"papers_of": offered}


@bp.get("/situations/<reference>/aide-parentale/<papier>.docx")
@action(Action.PARENTING_EXPORT, under_way)
def export(reference: str, papier: str) -> Response:
    _, model, ready, step = require(PAPERS.get(papier))
    with database().read() as session:
        reading = reader()
        record = events.opened(session, reading, g.situation)
        aides = service.of_situation(session, record, g.situation.id)
        opened = require(aides[0] if aides and ready(aides[0]) else None)
        known = situations.open_situation(session, reading, g.situation, g.decision.categories)
        act = opened.last(step)
        cell = cells.cell(session, g.situation.cell)
        links = cells.labels(session, "lien")
        values = _family(known, links, opened.dossier.opened_on) | _aide(opened)
        values["cellule"] = cell.name if cell else g.situation.cell
        values["signataire"] = signature(g.decision)
        made = printed(session, model, reference, act.on if act else today(), [values])
    return sent(made, f"aide-{papier}-{reference}")


def _family(known: situations.Opened, links: Mapping[int, str], on: date) -> dict[str, Any]:
    """The minors as on the day it was opened, and who answers for them."""
    minors = [one.texts for one in danger.minors(known.concerned, on)]
    adults = known.representants
    return {
        "personne": ", ".join(f"{who['prenoms']} {who['nom']}" for who in minors),
        "naissance": ", ".join(iso_long_date(who["naissance"]) or "inconnue" for who in minors),
        "representants": "\n".join(
            f"{who['prenoms']} {who['nom']}, "
            f"{links.get(int(who['lien'] or 0), 'représentant légal').lower()}".strip()
            for who in adults
        )
        or "non renseignés",
        "adresse": next((who["adresse"] for who in (*adults, *minors) if who["adresse"]), ""),
    }


def _aide(opened: service.Opened) -> dict[str, Any]:
    first, referral = opened.last(Step.OUVRIR), opened.last(Step.SAISIR)
    return {
        "motif": GROUNDS[first.content["motif"]].lower() if first else "",
        "points": [
            {"numero": str(it.number), "texte": it.text, "avant": long_date(it.before)}
            for it in opened.dossier.points
        ],
        "accord_le": iso_long_date(referral.content.get("accord_le", "")) if referral else "",
        "elements": referral.content.get("elements", "") if referral else "",
    }
