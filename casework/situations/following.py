"""Where the members of a cell stand towards following one of its situations."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from casework.clock import today
from charter import recusals, register
from charter.roles import CELL_MEMBERS
from charter.subjects import Actor

MOST_FOLLOWERS = 10  # beyond, it is the whole table that follows


def seats(session: Session, cell: str, reference: str, chosen: Collection[str]) -> dict[str, str]:
    """What keeps each of these members from reading the situation they follow; empty: nothing."""
    aside = recusals.recused_members(session, reference) if chosen else {}
    return {
        member: _hindrance(register.actor_for(session, member, frozenset()), cell, member in aside)
        for member in sorted(chosen)
    }


def may_follow(session: Session, cell: str, reference: str) -> list[str]:
    """Members of the cell who may be named: the direction reads every situation already."""
    found = seats(session, cell, reference, register.members_of(session, cell))
    return [member for member, hindrance in found.items() if hindrance in ("", UNSIGNED)]


ENDED, EXCLUDED = "mandat terminé", "exclusion de la cellule"
ASIDE, UNSIGNED = "déport", "charte à signer"


def _hindrance(actor: Actor, cell: str, aside: bool) -> str:
    """As the charter decides it at the door, in two words for the coordination."""
    if cell in actor.excluded:
        return EXCLUDED
    here = [m for m in actor.mandates if m.cell == cell and m.role in CELL_MEMBERS]
    if not any(mandate.valid(today()) for mandate in here):
        return ENDED
    if aside:
        return ASIDE
    return "" if cell in actor.signed else UNSIGNED
