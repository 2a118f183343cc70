"""What a decision is asked about, and what it answers."""

from dataclasses import dataclass
from datetime import date

from charter.actions import Action
from charter.categories import NOTHING, Category
from charter.references import Article
from charter.roles import Role


@dataclass(frozen=True, slots=True)
class Mandate:
    """A role held from ``starts`` to ``ends``, both included; ``cell`` is None outside cells."""

    role: Role
    cell: str | None
    starts: date
    ends: date | None = None

    def valid(self, on: date) -> bool:
        return self.starts <= on and (self.ends is None or on <= self.ends)


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone signed in, known by reference only. The four sets hold codes of cells."""

    reference: str
    mandates: tuple[Mandate, ...] = ()
    signed: frozenset[str] = frozenset()  # the current text
    outdated: frozenset[str] = frozenset()  # an older text, not the current one
    admitted: frozenset[str] = frozenset()  # holds the key of the cell
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is acted upon: its cell if it has one, and its opaque reference.

    ``convened``: the séance, or a séance with this situation on its agenda, convenes the actor.
    """

    cell: str | None = None
    convened: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """``mandate`` is the one that opened, or came nearest to opening, the action.

    ``sentence`` and ``remedy`` are for the user; ``remedy`` is empty when allowed.
    ``categories`` is empty when refused.
    """

    allowed: bool
    action: Action
    mandate: Mandate | None
    article: Article
    sentence: str
    remedy: str = ""
    categories: frozenset[Category] = NOTHING
