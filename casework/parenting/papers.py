"""The papers of an aide parentale: from the request of opinion to the attestation of its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, g
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.danger import service as danger
from casework.papers.printing import printed, sent
from casework.parenting import service
from casework.parenting.procedure import Dossier, Step
from casework.parenting.views import bp as pages
from casework.parenting.views import under_way
from casework.parenting.words import GROUNDS
from casework.situations import events
from casework.situations import service as situations
from casework.web.access import action, database, reader, require, signature, today
from casework.web.french import iso_long_date, long_date
from charter.actions import Action

bp = Blueprint("parenting_papers", __name__)

# Whom the maire tells once the accompagnement is in place (art. L. 141-2 CASF); the school is named
# when the situation says which.
SCHOOL = "Madame, Monsieur le chef d’établissement"
AUTHORITIES = (
    (
        "Madame, Monsieur l’inspecteur d’académie,",
        "directeur académique des services de l’Éducation nationale",
    ),
    (SCHOOL, ""),
    ("Madame, Monsieur le directeur", "de l’organisme débiteur des prestations familiales"),
    ("Madame, Monsieur le préfet", "du département"),
)


@dataclass(frozen=True)
class Paper:
    """A paper of an aide: when it exists, and the day it bears (today when there is none)."""

    title: str
    model: str
    ready: Callable[[Dossier], bool]
    day: Callable[[Dossier], date | None]
    copies: tuple[tuple[str, str], ...] = ()  # to whom, when it goes to several


PAPERS: dict[str, Paper] = {
    "avis": Paper("Demande d’avis", "aide_demande_avis", lambda _: True, lambda it: it.asked_on),
    "engagement": Paper(
        "Engagement de la famille",
        "aide_engagement",
        lambda it: bool(it.points),
        lambda it: it.prepared_on,
    ),
    "attestation": Paper(
        "Attestation d’accompagnement parental",
        "aide_attestation",
        lambda it: it.in_place_on is not None,
        lambda it: it.in_place_on,
    ),
    "information": Paper(
        "Information des autorités, en quatre lettres",
        "aide_information",
        lambda it: it.in_place_on is not None,
        lambda it: it.informed_on,
        AUTHORITIES,
    ),
    "saisine": Paper(
        "Saisine du conseil départemental (AESF)",
        "aide_saisine_aesf",
        lambda it: it.referred_on is not None,
        lambda it: it.referred_on,
    ),
    "attestation-fin": Paper(
        "Attestation de fin d’accompagnement",
        "aide_attestation",
        # The law gives it at the term; an accompagnement the judge's measure stops has none.
        lambda it: it.in_place_on is not None and it.ended and not it.stopped,
        lambda it: it.last_on,
    ),
}


def offered(opened: service.Opened) -> list[tuple[str, str]]:
    """The papers of this moment, by slug and title."""
    return [(slug, paper.title) for slug, paper in PAPERS.items() if paper.ready(opened.dossier)]


@pages.context_processor
def _papers() -> dict[str, object]:
    return {"papers_of": offered}


@bp.get("/situations/<reference>/aide-parentale/<papier>.docx")
@action(Action.PARENTING_EXPORT, under_way)
def export(reference: str, papier: str) -> Response:
    paper: Paper = require(PAPERS.get(papier))
    with database().read() as session:
        reading = reader()
        record = events.opened(session, reading, g.situation)
        aides = service.of_situation(session, record, g.situation.id)
        opened = require(aides[0] if aides and paper.ready(aides[0].dossier) else None)
        known = situations.open_situation(session, reading, g.situation, g.decision.categories)
        day = paper.day(opened.dossier) or today()
        cell = cells.cell(session, g.situation.cell)
        links = cells.labels(session, "lien")
        values = _family(known, links, opened.dossier.opened_on) | _aide(opened)
        values["cellule"] = cell.name if cell else g.situation.cell
        values["signataire"] = signature(g.decision)
        values["terme"] = long_date(opened.dossier.last_on) if papier == "attestation-fin" else ""
        schools = cells.labels(session, "etablissement")
        school = schools.get(known.facets.etablissement, "")
        copies = [values | _addressed(*to, school) for to in paper.copies] or [values]
        made = printed(session, paper.model, reference, day, copies)
    return sent(made, f"aide-{papier}-{reference}")


def _addressed(who: str, of: str, school: str) -> dict[str, str]:
    return {"destinataire": who, "adresse_destinataire": school if who == SCHOOL else of}


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
        "en_place_le": long_date(opened.dossier.in_place_on),
        "avis_le": long_date(opened.dossier.asked_on),
        "points": [
            {"numero": str(it.number), "texte": it.text, "avant": long_date(it.before)}
            for it in opened.dossier.points
        ],
        "accord_le": iso_long_date(referral.content.get("accord_le", "")) if referral else "",
        "elements": referral.content.get("elements", "") if referral else "",
    }
