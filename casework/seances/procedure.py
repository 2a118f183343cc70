"""A séance as a state machine: prepared, held, closed; or cancelled before it is held.

    préparée ──reporter──▶ préparée          ouverte ──consigner──▶ ouverte
        ├──ouvrir──▶ ouverte ──clore──▶ close ──corriger──▶ close
        └──annuler──▶ annulée

Nothing advances by itself: a séance whose day has passed stays prepared until someone holds it.
"""

from enum import StrEnum

from charter.labels import Labelled


class State(StrEnum):
    PREPAREE = "preparee"
    OUVERTE = "ouverte"
    CLOSE = "close"
    ANNULEE = "annulee"


class Step(StrEnum):
    """What someone does to a séance."""

    MODIFIER = "modifier"
    CONTRIBUER = "contribuer"
    ANNULER = "annuler"
    OUVRIR = "ouvrir"
    CONSIGNER = "consigner"
    CLORE = "clore"
    CORRIGER = "corriger"


class Kind(Labelled):
    ORDINAIRE = "ordinaire", "Séance ordinaire"
    URGENTE = "urgente", "Séance urgente, à la demande d’un membre"


TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.PREPAREE, Step.MODIFIER): State.PREPAREE,
    (State.PREPAREE, Step.CONTRIBUER): State.PREPAREE,
    (State.PREPAREE, Step.ANNULER): State.ANNULEE,
    (State.PREPAREE, Step.OUVRIR): State.OUVERTE,
    (State.OUVERTE, Step.CONTRIBUER): State.OUVERTE,
    (State.OUVERTE, Step.CONSIGNER): State.OUVERTE,
    (State.OUVERTE, Step.CLORE): State.CLOSE,
    (State.CLOSE, Step.CORRIGER): State.CLOSE,
}

LABELS: dict[State, str] = {
    State.PREPAREE: "Préparée",
    State.OUVERTE: "En cours",
    State.CLOSE: "Close",
    State.ANNULEE: "Annulée",
}

# Why a step is not open, in the words of the trade, by state.
REFUSALS: dict[State, str] = {
    State.PREPAREE: "La séance n’est pas encore ouverte : lisez d’abord la déclaration de "
    "confidentialité, puis ouvrez-la.",
    State.OUVERTE: "La séance est en cours : elle ne se modifie ni ne s’annule plus. Consignez "
    "l’examen de chaque situation, puis closez-la.",
    State.CLOSE: "La séance est close : ce qui a été consigné ne change plus que par une "
    "correction, avec sa raison. Pour le reste, préparez une autre séance.",
    State.ANNULEE: "La séance est annulée. Préparez-en une autre.",
}


class ForbiddenStep(Exception):
    """The séance does not allow this step now; the message is for the user."""

    def __init__(self, state: State) -> None:
        super().__init__(REFUSALS[state])


def after(state: State | str, step: Step) -> State:
    """The next state, or ForbiddenStep saying why not."""
    try:
        return TRANSITIONS[State(state), step]
    except KeyError:
        raise ForbiddenStep(State(state)) from None


def open_to(state: State | str, step: Step) -> bool:
    return (State(state), step) in TRANSITIONS
