"""How a transaction is told: its states, its steps, and its line on the page."""

from dataclasses import dataclass
from datetime import date

from babel.numbers import format_decimal

from casework.transactions.procedure import (
    AUTHORITY,
    Authority,
    Dossier,
    Kind,
    State,
    Step,
)
from casework.web.french import NBSP, long_date

LABELS: dict[State, str] = {
    State.PREPAREE: "Proposition prête, à remettre",
    State.PROPOSEE: "Proposée, en attente de la réponse",
    State.REFUSEE: "Refusée par la personne",
    State.SILENCE: "Refusée par l’effet de la loi (silence)",
    State.ACCEPTEE: "Acceptée, homologation à demander",
    State.DEMANDEE: "Homologation demandée",
    State.NON_HOMOLOGUEE: "Non homologuée",
    State.HOMOLOGUEE: "Homologuée, à exécuter",
    State.EXECUTEE: "Exécutée, procureur à informer",
    State.NON_EXECUTEE: "Non exécutée, procureur à informer",
    State.ABANDONNEE: "Abandonnée, procureur à informer",
    State.CLOSE: "Close",
}
STEPS: dict[Step, str] = {
    Step.REMETTRE: "Proposition remise",
    Step.ACCEPTER: "Proposition acceptée",
    Step.REFUSER: "Proposition refusée",
    Step.DEMANDER: "Homologation demandée",
    Step.HOMOLOGUER: "Transaction homologuée",
    Step.NE_PAS_HOMOLOGUER: "Homologation refusée",
    Step.VERSER: "Exécution consignée",
    Step.CONSTATER: "Inexécution constatée",
    Step.INFORMER: "Procédure close, procureur informé",
    Step.ABANDONNER: "Transaction abandonnée",
    Step.RECTIFIER: "Étape précédente rectifiée",
}
KINDS = {
    Kind.REPARATION: "Réparation du préjudice",
    Kind.TRAVAIL: "Travail non rémunéré",
}
AUTHORITIES = {
    Authority.PROCUREUR: "le procureur de la République",
    Authority.TRIBUNAL: "le tribunal de police, saisi par le procureur",
}
COMMUNE = "la commune"


def acts_next(dossier: Dossier, today: date) -> str:
    """Who must act, and by when if a day is set; nobody once it is closed."""
    due = dossier.due
    if due and today > due:
        return f"{COMMUNE}\u00a0; le terme est passé le {long_date(due)}"
    term = f", jusqu’au {long_date(due)} inclus" if due else ""
    match dossier.state:
        case State.CLOSE:
            return ""
        case State.PREPAREE:
            return COMMUNE + term
        case State.PROPOSEE | State.HOMOLOGUEE:
            return f"la personne{term}"
        case State.DEMANDEE:
            return AUTHORITIES[AUTHORITY[dossier.terms.kind]]
    return COMMUNE


DETAILS = {
    "mode": "Mode de remise",
    "preuve": "Preuve",
    "representants": "Représentants légaux",
    "magistrat": "Décidée par",
    "porteur": "Réponse sur papier, portée par",
    "motif": "Motif",
}
DONE, NOW, NEXT, BLOCKED = "fait", "en_cours", "a_venir", "bloque"


def quantity(kind: Kind, hundredths: int) -> str:
    """« 150 € » or « 12,5 heures »."""
    number = format_decimal(hundredths / 100, locale="fr_FR")
    unit = "€" if kind is Kind.REPARATION else "heure" + "s" * (abs(hundredths) >= 200)
    return f"{number}{NBSP}{unit}"


@dataclass(frozen=True)
class Drawn:
    """One step of the line."""

    label: str
    state: str
    date: str = ""
    detail: str = ""
    key: str = ""


def drawn(dossier: Dossier) -> list[Drawn]:
    """The line with its calendar."""
    days = dossier.days
    state = dossier.ended or dossier.state
    stopped = {
        State.REFUSEE: 2,
        State.SILENCE: 2,
        State.NON_HOMOLOGUEE: 4,
        State.NON_EXECUTEE: 5,
        State.ABANDONNEE: 1 + (Step.REMETTRE in days) + (Step.ACCEPTER in days),
    }.get(state)
    place = {
        State.PREPAREE: 1,
        State.PROPOSEE: 2,
        State.ACCEPTEE: 3,
        State.DEMANDEE: 4,
        State.HOMOLOGUEE: 5,
    }.get(state, 6)
    authority = AUTHORITIES[AUTHORITY[dossier.terms.kind]]
    answer = next((days[s] for s in (Step.ACCEPTER, Step.REFUSER) if s in days), None)
    decision = next((days[s] for s in (Step.HOMOLOGUER, Step.NE_PAS_HOMOLOGUER) if s in days), None)
    lines = (
        ("Préparée", dossier.prepared_on, "", "preparation"),
        (
            "Proposée",
            days.get(Step.REMETTRE),
            f"À remettre au plus tard le {long_date(dossier.propose_before)}, un mois après le "
            f"procès-verbal du {long_date(dossier.pv_on)}.",
            "remise",
        ),
        (
            "Réponse de la personne",
            answer,
            "Sans réponse, refusée par l’effet de la loi après le "
            f"{long_date(dossier.answer_before)}.",
            "reponse",
        ),
        ("Homologation demandée", days.get(Step.DEMANDER), f"Par {authority}.", "homologation"),
        (
            "Décision d’homologation",
            decision,
            "Rien ne s’exécute avant elle ; le silence ne vaut pas accord.",
            "decision",
        ),
        (
            "Exécution",
            days.get(Step.VERSER) if dossier.given else None,
            f"À exécuter avant le {long_date(dossier.execute_before)} inclus."
            if dossier.execute_before
            else f"Dans les {dossier.terms.months} mois de l’avis d’homologation.",
            "execution",
        ),
        ("Procureur informé", days.get(Step.INFORMER), "", "information"),
    )
    found = []
    for rank, (label, day, detail, key) in enumerate(lines):
        done = rank < place if stopped is None else rank < stopped
        mark = DONE if done else NOW if rank == place and stopped is None else NEXT
        if stopped is not None and rank >= stopped:
            mark = BLOCKED
        if rank == len(lines) - 1:
            mark = DONE if dossier.state is State.CLOSE else NOW if place == rank else NEXT
        found.append(Drawn(label, mark, long_date(day) if day else "", detail, key))
    return found
