"""The rappel à l'ordre as a state machine (art. L.132-7 CSI, protocole procureur-maire).

    annoncé ──T2 « possible »──▶ possible ──tenu──▶ tenu ──T3──▶ clos
        │                           └─────carence──▶ carence ──T3──▶ clos
        └──T2 « traité judiciairement »──▶ judiciaire (end)

Nothing advances by itself: no tacit agreement, whatever the delay.
"""

from enum import StrEnum


class State(StrEnum):
    ANNONCE = "annonce"
    POSSIBLE = "possible"
    JUDICIAIRE = "judiciaire"
    TENU = "tenu"
    CARENCE = "carence"
    CLOS = "clos"


class Step(StrEnum):
    """What someone does to move the procedure."""

    REPONSE_POSSIBLE = "reponse_possible"
    REPONSE_JUDICIAIRE = "reponse_judiciaire"
    TENIR = "tenir"
    CARENCE = "carence"
    INFORMER = "informer"


TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.ANNONCE, Step.REPONSE_POSSIBLE): State.POSSIBLE,
    (State.ANNONCE, Step.REPONSE_JUDICIAIRE): State.JUDICIAIRE,
    (State.POSSIBLE, Step.TENIR): State.TENU,
    (State.POSSIBLE, Step.CARENCE): State.CARENCE,
    (State.TENU, Step.INFORMER): State.CLOS,
    (State.CARENCE, Step.INFORMER): State.CLOS,
}

BY_PARQUET, BY_COMMUNE = "parquet", "commune"
WAITING_FOR: dict[State, str] = {
    State.ANNONCE: BY_PARQUET,
    State.POSSIBLE: BY_COMMUNE,
    State.TENU: BY_COMMUNE,
    State.CARENCE: BY_COMMUNE,
    State.JUDICIAIRE: "",
    State.CLOS: "",
}

LABELS: dict[State, str] = {
    State.ANNONCE: "En attente du procureur",
    State.POSSIBLE: "Le rappel à l’ordre peut avoir lieu",
    State.JUDICIAIRE: "Traitement judiciaire en cours : pas de rappel à l’ordre",
    State.TENU: "Rappel à l’ordre effectué",
    State.CARENCE: "Carence : la personne ne s’est pas présentée",
    State.CLOS: "Procureur informé (temps 3)",
}

# All a cell learns of the procureur's answer: whether the rappel may take place. Whatever followed
# is between the commune and the parquet.
VERDICTS: dict[State, str] = {
    State.ANNONCE: "en attente de la réponse du procureur",
    State.POSSIBLE: "possible",
    State.JUDICIAIRE: "impossible",
    State.TENU: "possible",
    State.CARENCE: "possible",
    State.CLOS: "possible",
}

# Why a step is not open yet, in the words of the trade, by state.
REFUSALS: dict[State, str] = {
    State.ANNONCE: "Le rappel à l’ordre n’est pas encore possible : le procureur n’a pas répondu "
    "(protocole, temps 2). Son silence ne vaut pas accord.",
    State.POSSIBLE: "Le procureur ne peut être informé du rappel à l’ordre (protocole, temps 3) "
    "qu’une fois celui-ci effectué, ou la carence constatée.",
    State.JUDICIAIRE: "Le rappel à l’ordre ne peut pas avoir lieu : la situation fait l’objet "
    "d’un traitement judiciaire (protocole, temps 2). La procédure est terminée.",
    State.TENU: "Le rappel à l’ordre est déjà consigné.",
    State.CARENCE: "La carence est déjà consignée.",
    State.CLOS: "La procédure est terminée : le procureur a été informé (protocole, temps 3).",
}

# Facts outside a rappel à l'ordre (001:932-938): they belong to the justice.
EXCLUSIONS: dict[str, str] = {
    "crime_delit": "Les faits sont-ils susceptibles d’être qualifiés de crime ou de délit ?",
    "plainte": "Une plainte a-t-elle été déposée pour ces faits ?",
    "enquete": "Les faits font-ils l’objet d’une enquête judiciaire ?",
}


class ForbiddenStep(Exception):
    """The procedure does not allow this step now; the message is for the user."""

    def __init__(self, state: State) -> None:
        super().__init__(REFUSALS[state])


class Excluded(Exception):
    """The facts are outside a rappel à l'ordre (art. L.132-7 CSI)."""


def after(state: State, step: Step) -> State:
    """The next state, or ForbiddenStep saying why not."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise ForbiddenStep(state) from None
