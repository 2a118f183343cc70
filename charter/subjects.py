"""What a decision is asked about, and what it answers."""

from dataclasses import dataclass
from datetime import date

from charter.actions import Action
from charter.categories import NOTHING, Category
from charter.references import Article
from charter.roles import Role


@dataclass(frozen=True, slots=True)
class Mandate:
    """A role held from ``starts`` to ``ends``, both included; ``cell`` is None outside cells.

    ``designated``: the arrêté, letter or agrément is recorded; ``number``: the mandate's row, by
    which the journal tells two mandates of one person apart; ``function``: the name of one the
    commune added.
    """

    role: Role
    cell: str | None
    starts: date
    ends: date | None = None
    designated: bool = False
    number: int = 0
    function: str = ""

    @property
    def title(self) -> str:
        """What the mandate is called: the commune's own function, or the role."""
        return self.function or self.role.label

    def valid(self, on: date) -> bool:
        return self.starts <= on and (self.ends is None or on <= self.ends)


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone signed in, known by reference only. The sets hold codes of cells.

    ``forbidden``: cells whose charter allows no file of persons; ``uncleared``: cells whose impact
    analysis or DPO's opinion is missing, when their kind demands them; ``acting``: the role chosen
    by someone who holds several; ``fresh``: the second factor was given a moment ago.
    """

    reference: str
    mandates: tuple[Mandate, ...] = ()
    signed: frozenset[str] = frozenset()  # the current text
    outdated: frozenset[str] = frozenset()  # an older text, not the current one
    admitted: frozenset[str] = frozenset()  # holds the key of the cell
    excluded: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    acting: Role | None = None
    fresh: bool = False
    uncleared: frozenset[str] = frozenset()

    @property
    def hats(self) -> tuple[Mandate, ...]:
        """The mandates that speak: all of them, or those of the role chosen."""
        return tuple(m for m in self.mandates if self.acting in (None, m.role))


@dataclass(frozen=True, slots=True)
class Subject:
    """What is acted upon: its cell if it has one, and its opaque reference.

    What nobody said of a subject keeps the door closed: ``recused`` is true unless whoever loads
    a situation found no déport of the actor.

    ``frozen``: likewise, unless whoever loads it found no limitation of the processing under way
    (art. 18 RGPD). ``situation`` is the row of the one concerned, for whoever looks at that again
    when the act is kept.

    ``archived``: likewise, unless whoever loads it found it in the active base; ``lent``: someone
    else granted the actor to read it, and nothing else, meanwhile.

    ``convened``: the séance, or a séance with this situation on its agenda, convenes the actor;
    ``author``: the actor brought this situation; ``follower``: the actor is named as following it;
    ``turn``: the procedure waits for an act of this kind; ``person``: the member acted upon.
    """

    cell: str | None = None
    convened: bool = False
    reference: str = ""
    author: bool = False
    follower: bool = False
    recused: bool = True
    turn: bool = False
    person: str = ""
    frozen: bool = True
    situation: int | None = None
    archived: bool = True
    lent: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """``mandate`` is the one that opened, or came nearest to opening, the action.

    ``stale``: only a fresh second factor is missing. ``sentence`` and ``remedy`` are for the user;
    ``remedy`` is empty when allowed, ``categories`` when refused.
    """

    allowed: bool
    action: Action
    mandate: Mandate | None
    article: Article
    sentence: str
    remedy: str = ""
    categories: frozenset[Category] = NOTHING
    stale: bool = False
