"""The transaction as a state machine (art. 44-1 and R. 15-33-61 to R. 15-33-66 CPP).

    préparée ──remise──▶ proposée ──acceptation──▶ acceptée ──demande──▶ demandée
                            │ refus, ou silence                             │
                            ▼ (par l'effet de la loi)        homologation ──┴── refus
                         refusée                                ▼                ▼
                            │        non exécutée ◀──délai── homologuée   non homologuée
                            │              │                    ▼ tout payé       │
                            └──────▶ close ◀─────────────── exécutée ◀────────────┘

A file is what its events say, replayed in order; a correction is one more event, that reopens the
step before it. One thing alone happens without anybody: when the
day to answer has passed, silence is a refusal, read from the calendar and never written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from casework.legal_days import deadline, prorogue
from charter.references import Article, cited

LEGAL_HOURS = 3000  # thirty hours (art. 44-1), in hundredths, as every quantity here
MONTHS_TO_PROPOSE = 1  # from the PV (art. R. 15-33-61)


class State(StrEnum):
    PREPAREE = "preparee"
    PROPOSEE = "proposee"
    REFUSEE = "refusee"
    SILENCE = "silence"
    ACCEPTEE = "acceptee"
    DEMANDEE = "demandee"
    NON_HOMOLOGUEE = "non_homologuee"
    HOMOLOGUEE = "homologuee"
    EXECUTEE = "executee"
    NON_EXECUTEE = "non_executee"
    ABANDONNEE = "abandonnee"
    CLOSE = "close"


class Step(StrEnum):
    REMETTRE = "remettre"
    ACCEPTER = "accepter"
    REFUSER = "refuser"
    DEMANDER = "demander"
    HOMOLOGUER = "homologuer"
    NE_PAS_HOMOLOGUER = "ne_pas_homologuer"
    VERSER = "verser"  # money paid or hours worked; a correction is a negative one
    CONSTATER = "constater"  # that it was not executed in time
    INFORMER = "informer"
    ABANDONNER = "abandonner"
    RECTIFIER = "rectifier"  # the commune's last step was wrongly recorded


class Kind(StrEnum):
    REPARATION = "reparation"
    TRAVAIL = "travail"


class Authority(StrEnum):
    PROCUREUR = "procureur"
    TRIBUNAL = "tribunal_police"


# Who homologates is the law's choice, not the commune's (art. 44-1, al. 2 and 3).
AUTHORITY = {Kind.REPARATION: Authority.PROCUREUR, Kind.TRAVAIL: Authority.TRIBUNAL}

TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.PREPAREE, Step.REMETTRE): State.PROPOSEE,
    (State.PREPAREE, Step.ABANDONNER): State.ABANDONNEE,
    (State.PROPOSEE, Step.ACCEPTER): State.ACCEPTEE,
    (State.PROPOSEE, Step.REFUSER): State.REFUSEE,
    (State.PROPOSEE, Step.ABANDONNER): State.ABANDONNEE,
    # An answer given in time and received late is recorded with its own date.
    (State.SILENCE, Step.ACCEPTER): State.ACCEPTEE,
    (State.SILENCE, Step.REFUSER): State.REFUSEE,
    (State.ACCEPTEE, Step.DEMANDER): State.DEMANDEE,
    (State.ACCEPTEE, Step.ABANDONNER): State.ABANDONNEE,
    (State.DEMANDEE, Step.HOMOLOGUER): State.HOMOLOGUEE,
    (State.DEMANDEE, Step.NE_PAS_HOMOLOGUER): State.NON_HOMOLOGUEE,
    (State.HOMOLOGUEE, Step.VERSER): State.HOMOLOGUEE,  # or EXECUTEE, once all is given
    (State.EXECUTEE, Step.VERSER): State.EXECUTEE,  # a correction only
    (State.HOMOLOGUEE, Step.CONSTATER): State.NON_EXECUTEE,
    (State.REFUSEE, Step.INFORMER): State.CLOSE,
    (State.SILENCE, Step.INFORMER): State.CLOSE,
    (State.NON_HOMOLOGUEE, Step.INFORMER): State.CLOSE,
    (State.EXECUTEE, Step.INFORMER): State.CLOSE,
    (State.NON_EXECUTEE, Step.INFORMER): State.CLOSE,
    (State.ABANDONNEE, Step.INFORMER): State.CLOSE,
    # A correction reopens the step it is about, before the justice or the letters have it.
    (State.PROPOSEE, Step.RECTIFIER): State.PREPAREE,
    # What was never handed over does not make silence a refusal.
    (State.SILENCE, Step.RECTIFIER): State.PREPAREE,
    (State.ACCEPTEE, Step.RECTIFIER): State.PROPOSEE,
    (State.REFUSEE, Step.RECTIFIER): State.PROPOSEE,
    (State.NON_EXECUTEE, Step.RECTIFIER): State.HOMOLOGUEE,
    (State.ABANDONNEE, Step.RECTIFIER): State.PREPAREE,  # or wherever it stood
}
BY_PARQUET = frozenset({Step.HOMOLOGUER, Step.NE_PAS_HOMOLOGUER})


# Why nothing else can be done now, and what to do instead.
WAITS: dict[State, str] = {
    State.PREPAREE: "La proposition n’est pas encore remise : remettez-la, puis attendez.",
    State.PROPOSEE: "La personne n’a pas encore répondu : rien n’avance sans sa réponse.",
    State.SILENCE: "Le délai de réponse est expiré : par l’effet de la loi, le silence vaut refus.",
    State.REFUSEE: "La proposition est refusée : informez le procureur.",
    State.ACCEPTEE: "L’acceptation ne suffit pas : demandez l’homologation.",
    State.DEMANDEE: "L’homologation est demandée : rien ne s’exécute avant elle, et le silence "
    "de l’autorité judiciaire ne vaut pas accord.",
    State.NON_HOMOLOGUEE: "La transaction n’est pas homologuée : elle ne s’exécute pas.",
    State.HOMOLOGUEE: "La transaction est homologuée : elle s’exécute dans le délai fixé.",
    State.EXECUTEE: "Tout est exécuté : informez le procureur.",
    State.NON_EXECUTEE: "Le délai est passé sans exécution entière : informez le procureur.",
    State.ABANDONNEE: "La transaction est abandonnée : transmettez le procès-verbal au procureur.",
    State.CLOSE: "La transaction est close.",
}


class Forbidden(Exception):
    """The law does not allow this now; the message is for the user, ``field`` for the form."""

    def __init__(self, message: str, field: str = "le") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Terms:
    """What is proposed: an amount, or hours of work; in hundredths of a euro or of an hour."""

    kind: Kind
    quantity: int
    answer_before: date
    months: int  # to execute, from the notice of the homologation


@dataclass(frozen=True)
class Event:
    """Something done by someone, on a day; ``content`` is what was recorded with it."""

    step: Step
    on: date
    content: Mapping[str, str] = field(default_factory=dict)

    @property
    def quantity(self) -> int:
        return int(self.content.get("quantite", "0"))


@dataclass(frozen=True)
class Dossier:
    """Where a transaction stands."""

    terms: Terms
    pv_on: date
    prepared_on: date
    minor: bool
    alsace_moselle: bool = False
    state: State = State.PREPAREE
    ended: State | None = None  # what it was when closed
    last_on: date = date.min
    given: int = 0
    days: Mapping[Step, date] = field(default_factory=dict)  # of each step that stands
    before: "Dossier | None" = None  # the file without its last step

    @property
    def homologated_on(self) -> date | None:
        return self.days.get(Step.HOMOLOGUER)

    @property
    def propose_before(self) -> date:
        return deadline(self.pv_on, MONTHS_TO_PROPOSE, alsace_moselle=self.alsace_moselle)

    @property
    def answer_before(self) -> date:
        return prorogue(self.terms.answer_before, alsace_moselle=self.alsace_moselle)

    @property
    def execute_before(self) -> date | None:
        start, months = self.homologated_on, self.terms.months
        return deadline(start, months, alsace_moselle=self.alsace_moselle) if start else None

    @property
    def due(self) -> date | None:
        """The day by which someone must act, as the law or the proposal sets it."""
        days = {
            State.PREPAREE: self.propose_before,
            State.PROPOSEE: self.answer_before,
            State.SILENCE: self.answer_before,
            State.HOMOLOGUEE: self.execute_before,
        }
        return days.get(self.state)


def standing(dossier: Dossier, today: date) -> Dossier:
    """The same file as the law reads it today: after the deadline, silence is a refusal."""
    silent = dossier.state is State.PROPOSEE and today > dossier.answer_before
    return replace(dossier, state=State.SILENCE) if silent else dossier


def apply(dossier: Dossier, event: Event, today: date) -> Dossier:
    """The file after an event recorded today, or Forbidden saying why not."""
    now = standing(dossier, today)
    reached = TRANSITIONS.get((now.state, event.step))
    if reached is None:
        raise Forbidden(WAITS[now.state])
    if event.on > today:
        raise Forbidden("La date ne peut pas être dans l’avenir : vérifiez-la.")
    if event.on < now.last_on and event.step is not Step.VERSER:
        raise Forbidden("Cette date précède l’étape précédente : vérifiez-la.")
    if event.step is Step.RECTIFIER:
        return _reopened(now, event)
    found = replace(
        now,
        state=reached,
        last_on=max(now.last_on, event.on),
        days={**now.days, event.step: event.on},
        before=dossier,
    )
    match event.step:
        case Step.REMETTRE:
            return _delivered(found, event)
        case Step.ACCEPTER | Step.REFUSER:
            return _answered(found, event)
        case Step.VERSER:
            return _given(found, event)
        case Step.CONSTATER if now.execute_before and today <= now.execute_before:
            raise Forbidden("Le délai d’exécution court encore : attendez son terme.")
        case Step.INFORMER:
            return replace(found, ended=now.state)
    return found


def _reopened(now: Dossier, event: Event) -> Dossier:
    """The file as it was before the step that was wrongly recorded."""
    if not event.content.get("motif"):
        raise Forbidden("Dites ce que vous rectifiez, et pourquoi.", "motif")
    if now.before is None:  # the table lets no step without a past be corrected
        raise Forbidden(WAITS[now.state])
    return now.before


def _delivered(found: Dossier, event: Event) -> Dossier:
    if event.on > found.propose_before:
        raise Forbidden(
            f"La proposition se remet dans le mois du procès-verbal ({_told(event)}) : "
            "ce délai est expiré. Abandonnez la transaction et transmettez le procès-verbal."
        )
    if event.on >= found.answer_before:
        raise Forbidden("La réponse était attendue avant cette remise : préparez-en une autre.")
    return found


def _answered(found: Dossier, event: Event) -> Dossier:
    if event.on > found.answer_before:
        raise Forbidden(
            f"Le délai de réponse était passé : le silence vaut refus ({_told(event)})."
        )
    if event.step is Step.ACCEPTER and found.minor and not event.content.get("representants"):
        raise Forbidden("Les représentants légaux du mineur signent aussi.", "representants")
    return found


def _told(event: Event) -> str:
    return cited(Article.CPP_R15_33_61, event.on)


def _given(found: Dossier, event: Event) -> Dossier:
    limit, given = found.terms.quantity, found.given + event.quantity
    if not event.quantity or not 0 <= given <= limit:
        raise Forbidden(
            "Le total ne peut ni dépasser ce qui est homologué, ni devenir négatif.", "quantite"
        )
    if event.quantity < 0 and not event.content.get("motif"):
        raise Forbidden("Dites pourquoi vous corrigez.", "motif")
    start, end = found.homologated_on, found.execute_before
    if start is None or end is None or not start <= event.on <= end:
        raise Forbidden("L’exécution a lieu après l’homologation et dans le délai fixé.")
    return replace(found, given=given, state=State.EXECUTEE if given == limit else State.HOMOLOGUEE)


def corrected(steps: Iterable[Step]) -> set[int]:
    """Ranks, from 0, of the steps that a later correction reopened."""
    standing_steps: list[int] = []
    reopened: set[int] = set()
    for rank, step in enumerate(steps):
        if step is Step.RECTIFIER:
            reopened.add(standing_steps.pop())
        else:
            standing_steps.append(rank)
    return reopened


def replay(opened: Dossier, events: Iterable[tuple[Event, date]]) -> Dossier:
    """A file from its events and the days they were recorded on."""
    for event, recorded_on in events:
        opened = apply(opened, event, recorded_on)
    return opened
