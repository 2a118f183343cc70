"""The procedure drawn for its reader: done, current, to come, and under which condition."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.rappels.procedure import State
from casework.rappels.service import Opened
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


def steps(opened: Opened) -> list[Drawn]:
    """Temps 1, temps 2, the rappel itself, temps 3."""
    state, row = opened.state, opened.row
    judicial = state is State.JUDICIAIRE
    held_on = opened.texts.get("tenu_le", "")
    return [
        Drawn("Temps 1 : le maire informe le procureur", DONE, _day(row.t1_at), key="t1"),
        Drawn(
            "Temps 2 : le procureur répond",
            NOW if state is State.ANNONCE else DONE,
            _day(row.t2_at),
            _answer(state),
            "t2",
        ),
        Drawn(
            "Rappel à l’ordre",
            _when(state, now=State.POSSIBLE, before=(State.ANNONCE,), blocked=judicial),
            long_date(date.fromisoformat(held_on)) if held_on else "",
            "Ouvert seulement après une réponse favorable." if state is State.ANNONCE else "",
            "rappel",
        ),
        Drawn(
            "Temps 3 : le maire rend compte au procureur",
            _when(
                state,
                now=(State.TENU, State.CARENCE),
                before=(State.ANNONCE, State.POSSIBLE),
                blocked=judicial,
            ),
            _day(row.t3_at),
            key="t3",
        ),
    ]


def _answer(state: State) -> str:
    if state is State.ANNONCE:
        return "Sans réponse, rien n’avance : le silence ne vaut pas accord."
    return "Traitement judiciaire" if state is State.JUDICIAIRE else "Peut avoir lieu"


def _when(
    state: State, *, now: State | tuple[State, ...], before: tuple[State, ...], blocked: bool
) -> str:
    if blocked:
        return BLOCKED
    current = now if isinstance(now, tuple) else (now,)
    return NOW if state in current else NEXT if state in before else DONE


def _day(moment: datetime | None) -> str:
    return long_date(local(moment).date()) if moment else ""
