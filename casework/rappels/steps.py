"""The procedure drawn for its reader: done, current, to come, and under which condition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from casework.rappels.procedure import (
    BY_COMMUNE,
    BY_PARQUET,
    ENDS,
    LABELS,
    WAITING_FOR,
    State,
    Step,
)
from casework.rappels.service import Opened
from casework.rappels.words import MODES
from casework.web.french import local, long_date

DONE, NOW, NEXT, BLOCKED = "fait", "en_cours", "a_venir", "bloque"


@dataclass(frozen=True)
class Drawn:
    """One step of the line."""

    label: str
    state: str
    date: str = ""
    detail: str = ""
    key: str = ""


@dataclass(frozen=True)
class Stage:
    """One of the eight: the states in which it is open, the steps that leave it done."""

    key: str
    label: str
    short: str
    open_in: frozenset[State]
    done_by: tuple[Step, ...]
    condition: str
    who: str = ""


SILENCE = "Sans réponse, rien n’avance : le silence ne vaut pas accord."
OURS = "Doit agir : la commune."  # all the parquet is told
COORDINATION = "Doit agir : la coordination."
CALLED = (
    "Doivent agir : les membres consultés, s’ils le souhaitent, puis la coordination, qui conclut."
)
MAIRIE = "Doit agir : le maire, l’élu délégué ou la coordination."
MAIRE = "Doit agir : le maire ou son délégué, qui tient le rappel à l’ordre."
STAGES = (
    Stage("saisine", "Saisine et vérifications", "Saisine", frozenset(), (Step.ANNONCER,), ""),
    Stage(
        "t1",
        "Temps 1 : le maire informe le procureur",
        "Temps 1",
        frozenset(),
        (Step.ANNONCER,),
        "",
    ),
    Stage(
        "t2",
        "Temps 2 : le procureur répond",
        "Temps 2",
        frozenset({State.ANNONCE}),
        (Step.REPONSE_POSSIBLE, Step.REPONSE_JUDICIAIRE),
        "",
    ),
    Stage(
        "consultation",
        "Consultation des partenaires",
        "Consultation",
        frozenset({State.POSSIBLE, State.CONSULTATION}),
        (Step.CONCLURE, Step.PASSER_OUTRE),
        "Ouverte après une réponse favorable du procureur.",
        COORDINATION,
    ),
    Stage(
        "convocation",
        "Dossier et convocation",
        "Convocation",
        frozenset({State.PRET}),
        (Step.CONVOQUER,),
        "Ouverte quand les partenaires ont été consultés, ou qu’il est dit pourquoi ils ne le "
        "sont pas.",
        MAIRIE,
    ),
    Stage(
        "rappel",
        "Rappel à l’ordre",
        "Rappel",
        frozenset({State.CONVOQUE}),
        (Step.TENIR, Step.CARENCE),
        "Ouvert quand la convocation est établie.",
        MAIRE,
    ),
    Stage(
        "t3",
        "Temps 3 : le maire rend compte au procureur",
        "Temps 3",
        frozenset({State.TENU, State.CARENCE}),
        (Step.INFORMER,),
        "Ouvert quand le rappel à l’ordre a eu lieu, ou que la carence est constatée.",
        MAIRIE,
    ),
    Stage(
        "suivi",
        "Suivi et clôture",
        "Suivi",
        frozenset({State.INFORME}),
        (Step.CLORE,),
        "Ouvert quand le procureur est informé.",
        MAIRIE,
    ),
)
# What the fiche shows to the parquet: its three times and the rappel itself.
ON_FICHE = ("t1", "t2", "rappel", "t3")
ORDER = {state: rank for rank, stage in enumerate(STAGES) for state in stage.open_in} | {
    State.CLOS: len(STAGES)
}


def steps(opened: Opened, keys: Sequence[str] = (), *, short: bool = False) -> list[Drawn]:
    """The line of this procedure; ``keys`` keeps some of its stages only."""
    return [
        _drawn(opened, stage, rank, short=short)
        for rank, stage in enumerate(STAGES)
        if not keys or stage.key in keys
    ]


def on_fiche(opened: Opened) -> list[Drawn]:
    """The same for the parquet, from what the fiche says."""
    return steps(opened, ON_FICHE)


def _drawn(opened: Opened, stage: Stage, rank: int, *, short: bool) -> Drawn:
    label = stage.short if short else stage.label
    state = _standing(opened, stage, rank)
    last = opened.last(*stage.done_by)
    day = _day(opened, stage)
    if short:
        return Drawn(label, state, day, key=stage.key)
    if state == DONE:
        told = _told(opened, stage.key)
        by = f"par {last.by}" if last else ""
        return Drawn(label, state, day, ", ".join(filter(None, (told, by))), stage.key)
    if state == NOW:
        return Drawn(label, state, day, _who(opened, stage), stage.key)
    return Drawn(label, state, day, stage.condition if state == NEXT else "", stage.key)


def _who(opened: Opened, stage: Stage) -> str:
    """Who must act now."""
    if stage.key == "t2":
        return SILENCE
    if not opened.ours:
        return OURS
    return CALLED if opened.state is State.CONSULTATION else stage.who


def _standing(opened: Opened, stage: Stage, rank: int) -> str:
    if opened.state in stage.open_in or (
        # On the fiche, « possible » lasts until the rappel is held.
        stage.key == "rappel" and opened.state is State.POSSIBLE and not opened.ours
    ):
        return NOW
    if opened.state in ENDS - {State.CLOS}:
        return DONE if _reached(opened, stage) else BLOCKED
    return DONE if rank < ORDER[opened.state] else NEXT


def _reached(opened: Opened, stage: Stage) -> bool:
    return stage.key in {"saisine", "t1", "t2"} or opened.last(*stage.done_by) is not None


def _day(opened: Opened, stage: Stage) -> str:
    row = opened.row
    of_fiche: dict[str, datetime | None] = {"t1": row.t1_at, "t2": row.t2_at, "t3": row.t3_at}
    if stage.key in of_fiche:
        return _long(of_fiche[stage.key])
    if stage.key == "saisine":
        return _long(row.t1_at)
    if stage.key == "rappel":
        held = opened.texts.get("tenu_le", "")
        return long_date(date.fromisoformat(held)) if held else ""
    last = opened.last(*stage.done_by)
    return _long(last.at) if last else ""


def _told(opened: Opened, key: str) -> str:
    """What a done step says of itself, folded."""
    if key == "t2":
        judicial = opened.state is State.JUDICIAIRE
        return "traitement judiciaire" if judicial else "peut avoir lieu"
    if key == "consultation":
        waived = opened.last(Step.CONCLURE, Step.PASSER_OUTRE)
        if waived and waived.step is Step.PASSER_OUTRE:
            return "sans consultation"
        return waived.details.get("reponses", "") if waived else ""
    if key == "convocation" and (convened := opened.last(Step.CONVOQUER)):
        which = "seconde convocation" if opened.summons > 1 else "convocation"
        day = long_date(date.fromisoformat(convened.details["jour"]))
        return f"{which} pour le {day} ({MODES[convened.details['mode']].lower()})"
    if key == "rappel":
        return "carence" if opened.carence else "effectué"
    return ""


def _long(moment: datetime | None) -> str:
    return long_date(local(moment).date()) if moment else ""


@dataclass(frozen=True)
class Line:
    """A procedure on its situation's page: where it is, and who must act."""

    reference: str
    label: str
    steps: list[Drawn]
    waits: str
    judicial: bool

    @property
    def now(self) -> str:
        return next((step.label for step in self.steps if step.state == NOW), "")


WHO = {BY_PARQUET: "le procureur", BY_COMMUNE: "la commune"}


def line(opened: Opened) -> Line:
    return Line(
        reference=opened.row.reference,
        label=LABELS[opened.state],
        steps=steps(opened, short=True),
        waits=WHO.get(WAITING_FOR[opened.state], ""),
        judicial=opened.state is State.JUDICIAIRE,
    )
