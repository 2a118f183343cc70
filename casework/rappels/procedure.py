"""The rappel à l'ordre as a state machine (art. L.132-7 CSI, protocole procureur-maire 001:915-1050).

    saisie ─T1─▶ annonce ─T2 possible─▶ possible ─▶ consultation ─▶ pret ─▶ convoque ─▶ tenu ─T3─▶ informe ─▶ clos
      └─▶ exclu     └─T2 judiciaire─▶ judiciaire     (or go on, with a reason)  ▲  └─▶ carence ─T3─┘
                                                                               └────────┘ second convocation

Each step is an event: a row, dated, under a named mandate. Nothing advances by itself: no tacit
agreement, whatever the delay. What a step needs beyond its state is its guards.
"""  # noqa: E501 - the drawing

from collections.abc import Callable, Mapping
from enum import StrEnum

from casework.rappels.words import ADULT, DECLINED, DELIVERED


class State(StrEnum):
    SAISIE = "saisie"
    EXCLU = "exclu"
    ANNONCE = "annonce"
    POSSIBLE = "possible"
    JUDICIAIRE = "judiciaire"
    CONSULTATION = "consultation"
    PRET = "pret"
    CONVOQUE = "convoque"
    TENU = "tenu"
    CARENCE = "carence"
    INFORME = "informe"
    CLOS = "clos"
    RENONCE = "renonce"


class Step(StrEnum):
    """What someone does to move the procedure."""

    EXCLURE = "exclure"
    ANNONCER = "annoncer"
    RELANCER = "relancer"
    REPONSE_POSSIBLE = "reponse_possible"
    REPONSE_JUDICIAIRE = "reponse_judiciaire"
    CONSULTER = "consulter"
    CONCLURE = "conclure"
    PASSER_OUTRE = "passer_outre"
    CONVOQUER = "convoquer"
    REMETTRE = "remettre"
    TENIR = "tenir"
    CARENCE = "carence"
    RECTIFIER = "rectifier"
    INFORMER = "informer"
    CLORE = "clore"
    RENONCER = "renoncer"


TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.SAISIE, Step.EXCLURE): State.EXCLU,
    (State.SAISIE, Step.ANNONCER): State.ANNONCE,
    (State.ANNONCE, Step.RELANCER): State.ANNONCE,
    (State.ANNONCE, Step.REPONSE_POSSIBLE): State.POSSIBLE,
    (State.ANNONCE, Step.REPONSE_JUDICIAIRE): State.JUDICIAIRE,
    (State.POSSIBLE, Step.CONSULTER): State.CONSULTATION,
    (State.POSSIBLE, Step.PASSER_OUTRE): State.PRET,
    (State.CONSULTATION, Step.CONSULTER): State.CONSULTATION,
    (State.CONSULTATION, Step.CONCLURE): State.PRET,
    (State.PRET, Step.CONVOQUER): State.CONVOQUE,
    (State.CONVOQUE, Step.CONVOQUER): State.CONVOQUE,  # put off, or wrongly written
    (State.CONVOQUE, Step.REMETTRE): State.CONVOQUE,
    (State.CONVOQUE, Step.TENIR): State.TENU,
    (State.CONVOQUE, Step.CARENCE): State.CARENCE,
    (State.CARENCE, Step.CONVOQUER): State.CONVOQUE,
    (State.TENU, Step.RECTIFIER): State.CONVOQUE,
    (State.CARENCE, Step.RECTIFIER): State.CONVOQUE,
    (State.TENU, Step.INFORMER): State.INFORME,
    (State.CARENCE, Step.INFORMER): State.INFORME,
    (State.INFORME, Step.CLORE): State.CLOS,
    (State.ANNONCE, Step.RENONCER): State.RENONCE,  # announced by mistake
    (State.POSSIBLE, Step.RENONCER): State.RENONCE,
    (State.CONSULTATION, Step.RENONCER): State.RENONCE,
    (State.PRET, Step.RENONCER): State.RENONCE,
    (State.CONVOQUE, Step.RENONCER): State.RENONCE,
}

BY_PARQUET, BY_COMMUNE = "parquet", "commune"
ENDS = frozenset({State.EXCLU, State.JUDICIAIRE, State.CLOS, State.RENONCE})
WAITING_FOR: dict[State, str] = {
    state: BY_PARQUET if state is State.ANNONCE else "" if state in ENDS else BY_COMMUNE
    for state in State
}

# The steps written on the fiche-navette, that both sides read; the others are the commune's own.
ON_FICHE = frozenset(
    {Step.ANNONCER, Step.RELANCER, Step.REPONSE_POSSIBLE, Step.REPONSE_JUDICIAIRE, Step.INFORMER}
)
# What the fiche says of each state: the parquet sees nothing else of what the commune prepares.
FACE: dict[State, State] = {state: state for state in State} | {
    State.CONSULTATION: State.POSSIBLE,
    State.PRET: State.POSSIBLE,
    State.CONVOQUE: State.POSSIBLE,
    State.CLOS: State.INFORME,
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


class Unmet(Exception):
    """The state allows the step, a guard does not; ``field`` is where to answer it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Excluded(Unmet):
    """The facts are outside a rappel à l'ordre (art. L.132-7 CSI)."""


Details = Mapping[str, str]
Guard = Callable[[Details], None]
YES, NO = "oui", "non"


def _given(details: Details, *names: str) -> bool:
    return any(details.get(name, "").strip() for name in names)


def _not_excluded(details: Details) -> None:
    for name in EXCLUSIONS:
        if details.get(name) != NO:
            raise Excluded(name, "Ces faits relèvent de la justice.")


def _new_reason(details: Details) -> None:
    if details.get("deja_judiciaire") == YES and not _given(details, "motif"):
        raise Unmet(
            "motif",
            "Le procureur a répondu « traitement judiciaire » : dites quelle nouvelle saisine, "
            "pour d’autres faits, justifie une nouvelle fiche.",
        )


def _delay_passed(details: Details) -> None:
    if details.get("delai_ecoule") != YES:
        raise Unmet("relance", "Le délai de relance du protocole n’est pas encore passé.")


def _no_reasons(details: Details) -> None:
    if _given(details, "observation"):
        raise Unmet("observation", "Les motifs d’un traitement judiciaire ne s’enregistrent pas.")


def _reasoned(details: Details) -> None:
    if not _given(details, "motif"):
        raise Unmet("motif", "Indiquez le motif : il sera inscrit au dossier.")


def _chained(details: Details) -> None:
    if details.get("suivie") == YES and not _given(details, "note"):
        raise Unmet(
            "note",
            "Un service suit cette situation : dites comment le rappel à l’ordre s’articule avec "
            "ce suivi, sans en décrire le contenu.",
        )


def _accompanied(details: Details) -> None:
    if details.get("mineur") == YES and not _given(details, "presents", "impossibilite"):
        raise Unmet(
            "presents",
            "Un mineur est entendu en présence de ses parents, de ses représentants légaux ou "
            "d’une personne exerçant une responsabilité éducative, sauf impossibilité : "
            "indiquez-les, ou le motif de l’impossibilité.",
        )


def _delegated(details: Details) -> None:
    if details.get("par_delegation") == YES and not _given(details, "delegation"):
        raise Unmet("delegation", "Indiquez la référence de l’arrêté de délégation.")


def _after_answer(details: Details) -> None:
    if details.get("tenu_le", "") < details.get("repondu_le", ""):
        raise Unmet(
            "tenu_le",
            "Le rappel à l’ordre ne peut pas précéder la réponse du procureur "
            "(protocole, temps 2) : vérifiez la date.",
        )


def _of_age(details: Details) -> None:
    """The letter follows the age on the day convened for: a minor is heard with an adult."""
    minor, adult_called = details.get("mineur"), details.get("public") == ADULT
    if minor == YES and adult_called:
        raise Unmet(
            "public",
            "La personne sera encore mineure ce jour-là\u00a0: convoquez-la avec ses parents, ou "
            "convoquez les parents de l’élève absent.",
        )
    if minor == NO and not adult_called:
        raise Unmet(
            "public",
            "La personne sera majeure ce jour-là\u00a0: choisissez la lettre d’une personne "
            "majeure.",
        )


def _awaited(details: Details) -> None:
    if details.get("tenu_le", "") < details.get("convoque_pour", ""):
        raise Unmet(
            "tenu_le",
            "Ni le rappel à l’ordre ni la carence ne précèdent le jour de la convocation\u00a0: "
            "attendez ce jour ou vérifiez la date\u00a0; si le rendez-vous est avancé, établissez "
            "d’abord une nouvelle convocation.",
        )


def _reached(details: Details) -> None:
    """Whom nothing proves reached did not fail to come. A refusal to take it proves it."""
    if details.get("remise") not in {DELIVERED, DECLINED}:
        raise Unmet(
            "issue",
            "La carence suppose une convocation remise, ou que la personne a refusé de recevoir, "
            "et rien ne le dit ici\u00a0: consignez d’abord cette remise. Si la convocation n’a "
            "atteint personne, convoquez de nouveau, ou renoncez.",
        )


def _established(details: Details) -> None:
    if details.get("remis_le", "") < details.get("etablie_le", ""):
        raise Unmet(
            "remis_le",
            "La convocation n’existait pas encore ce jour-là\u00a0: vérifiez la date de sa remise.",
        )


def _in_time(details: Details) -> None:
    if details.get("remis_le", "") > details.get("convoque_pour", ""):
        raise Unmet(
            "remis_le",
            "La remise ne peut pas suivre le jour de la convocation\u00a0: vérifiez la date, ou "
            "convoquez pour un autre jour.",
        )


GUARDS: dict[Step, tuple[Guard, ...]] = {
    Step.ANNONCER: (_not_excluded, _new_reason),
    Step.RELANCER: (_delay_passed,),
    Step.REPONSE_JUDICIAIRE: (_no_reasons,),
    Step.CONCLURE: (_chained,),
    Step.PASSER_OUTRE: (_reasoned,),
    Step.CONVOQUER: (_of_age,),
    Step.REMETTRE: (_established, _in_time),
    Step.TENIR: (_after_answer, _awaited, _delegated, _accompanied),
    Step.CARENCE: (_after_answer, _awaited, _reached, _delegated),
    Step.RECTIFIER: (_reasoned,),
    Step.RENONCER: (_reasoned,),
}


def after(state: State, step: Step, details: Details | None = None) -> State:
    """The next state; ForbiddenStep if there is none from here, Unmet if a guard refuses."""
    try:
        reached = TRANSITIONS[state, step]
    except KeyError:
        raise ForbiddenStep(state) from None
    for guard in GUARDS.get(step, ()):
        guard(details or {})
    return reached


LABELS: dict[State, str] = {
    State.SAISIE: "Saisine à vérifier",
    State.EXCLU: "Faits exclus du rappel à l’ordre",
    State.ANNONCE: "En attente du procureur",
    State.POSSIBLE: "Le rappel à l’ordre peut avoir lieu",
    State.JUDICIAIRE: "Traitement judiciaire en cours : pas de rappel à l’ordre",
    State.CONSULTATION: "Partenaires consultés : réponses attendues",
    State.PRET: "À convoquer",
    State.CONVOQUE: "Convocation établie",
    State.TENU: "Rappel à l’ordre effectué",
    State.CARENCE: "Carence : la personne ne s’est pas présentée",
    State.INFORME: "Procureur informé (temps 3)",
    State.CLOS: "Procédure close",
    State.RENONCE: "La commune a renoncé au rappel à l’ordre",
}

# All a cell learns of the procureur's answer: whether the rappel may take place. Whatever followed
# is between the commune and the parquet.
VERDICTS: dict[State, str] = dict.fromkeys(State, "possible") | {
    State.ANNONCE: "en attente de la réponse du procureur",
    State.JUDICIAIRE: "impossible",
}

# Why a step is not open yet, in the words of the trade, by state.
REFUSALS: dict[State, str] = {
    State.SAISIE: "Le procureur n’est pas encore informé (protocole, temps 1).",
    State.EXCLU: "Ces faits relèvent de la justice : le rappel à l’ordre n’est pas possible.",
    State.ANNONCE: "Le rappel à l’ordre n’est pas encore possible : le procureur n’a pas répondu "
    "(protocole, temps 2). Son silence ne vaut pas accord.",
    State.POSSIBLE: "Les partenaires n’ont pas été consultés : consultez-les, ou passez outre en "
    "disant pourquoi, avant de convoquer.",
    State.JUDICIAIRE: "Le rappel à l’ordre ne peut pas avoir lieu : la situation fait l’objet "
    "d’un traitement judiciaire (protocole, temps 2). La procédure est terminée.",
    State.CONSULTATION: "La consultation des partenaires est en cours : concluez-la avant de "
    "convoquer.",
    State.PRET: "Personne n’est encore convoqué : établissez la convocation.",
    State.CONVOQUE: "La convocation est établie : consignez sa remise, puis la tenue ou la "
    "carence, avant d’en rendre compte.",
    State.TENU: "Le rappel à l’ordre est déjà consigné.",
    State.CARENCE: "La carence est déjà consignée : convoquez de nouveau, ou rendez compte.",
    State.INFORME: "Le procureur a été informé (protocole, temps 3) : il reste à clore le suivi.",
    State.CLOS: "La procédure est terminée : le procureur a été informé (protocole, temps 3).",
    State.RENONCE: "La commune a renoncé à ce rappel à l’ordre : la procédure est terminée.",
}
