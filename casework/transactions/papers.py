"""The papers of a transaction, from its opened record; each rests on the dated table of texts."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, g
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.papers.printing import printed, sent
from casework.transactions import service
from casework.transactions.papers_text import told, values
from casework.transactions.procedure import TRANSITIONS, Kind, State, Step
from casework.transactions.views import bp as pages
from casework.transactions.views import one, open_one
from casework.web.access import action, database, reader, require, today
from charter.actions import Action

bp = Blueprint("transaction_papers", __name__)


def _ready_to_close(opened: service.Opened) -> bool:
    return opened.state is State.CLOSE or (opened.state, Step.INFORMER) in TRANSITIONS


def _accepted(opened: service.Opened) -> bool:
    return Step.ACCEPTER in opened.dossier.days


def _work(opened: service.Opened) -> bool:
    return opened.dossier.terms.kind is Kind.TRAVAIL and opened.dossier.homologated_on is not None


# By slug: the title, when it exists, and the act whose day it bears (none: the preparation).
PAPERS: dict[str, tuple[str, Callable[[service.Opened], bool], Step | None]] = {
    "proposition": ("Proposition, en deux exemplaires", lambda _: True, None),
    "recepisse": ("Récépissé de remise", lambda _: True, None),
    "reponse": ("Acceptation ou refus", lambda _: True, None),
    "homologation": ("Demande d’homologation", _accepted, Step.DEMANDER),
    "emargement": ("Feuille d’émargement des heures", _work, Step.HOMOLOGUER),
    "cloture-procureur": ("Lettre de clôture au procureur", _ready_to_close, Step.INFORMER),
    "cloture-personne": ("Lettre de clôture à la personne", _ready_to_close, Step.INFORMER),
}


def offered(opened: service.Opened) -> list[tuple[str, str]]:
    """The papers of this moment, by slug and title."""
    return [(slug, title) for slug, (title, ready, _) in PAPERS.items() if ready(opened)]


@pages.context_processor
def _papers() -> dict[str, object]:
    return {"papers_of": offered}


@bp.get("/transactions/<reference>/<papier>.docx")
@action(Action.TRANSACTION_EXPORT, one)
def export(reference: str, papier: str) -> Response:
    _, ready, step = require(PAPERS.get(papier))
    opened = open_one(reader())
    require(ready(opened) or None)
    with database().read() as session:
        common = values(opened) | {"juridiction": cells.setting(session, cells.TRIBUNAL)}
        common["suite"] = told(opened, to_procureur=papier == "cloture-procureur")
        # The proposal comes in two copies: one is kept, the other comes back signed.
        copies = 2 if papier == "proposition" else 1
        made = printed(
            session,
            f"transaction_{papier.replace('-', '_')}",
            opened.row.reference,
            _day(opened, step),
            [common | {"exemplaire": str(rank)} for rank in range(1, copies + 1)],
        )
    return sent(made, f"{papier}-{g.transaction.reference}")


def _day(opened: service.Opened, step: Step | None) -> date:
    """The day of the act that the paper tells; today while it is still to be done."""
    if step is None:
        return opened.dossier.prepared_on
    return opened.dossier.days.get(step, today())
