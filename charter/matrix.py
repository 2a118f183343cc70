"""The table of rules laid out for « Qui voit quoi, et pourquoi »."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

from charter.actions import Action
from charter.categories import WITHHELD, Category
from charter.references import Article, Reference, reference_on
from charter.roles import WITHIN_A_CELL, WITHOUT_KEY, Role
from charter.rules import RULES, RULES_FOR, Audience, Condition, Rule
from charter.themes import OTHERS, THEME_OF, TOLD, Theme

_AUDIENCES = {
    Audience.PUBLIC: "Tout le monde",
    Audience.ACCOUNT: "Toute personne connectée, même sans mandat",
}


NOBODY_NAMED = "rien de nominatif"
NO_CONDITION = "aucune"


@dataclass(frozen=True, slots=True)
class Row:
    """One rule in French; ``action`` is its slug, ``writes`` whether it changes something.

    ``roles``: slugs of the roles it is written for, none when it asks for no mandate.
    """

    action: str
    label: str
    writes: bool
    who: tuple[str, ...]
    under: tuple[str, ...]
    sees: tuple[str, ...]
    article: str
    why: str
    theme: str
    roles: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The line as it is printed: action, who, under which conditions, what they see, why."""
        return (
            self.label[0].upper() + self.label[1:],
            ", ".join(self.who),
            ", ".join(self.under) or NO_CONDITION,
            ", ".join(self.sees) or NOBODY_NAMED,
            self.article,
        )


HEADERS = ("Action", "Qui", "À quelles conditions", "Voit", "Fondement")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A theme and its rules."""

    theme: Theme
    rows: tuple[Row, ...]


def rows(on: date, role: Role | None = None) -> tuple[Row, ...]:
    """The rules, in the order of the table; those that may serve ``role`` when one is given."""
    return tuple(_row(rule, on) for rule in RULES if role is None or _serves(rule, role))


def chapters(on: date, role: Role | None = None) -> tuple[Chapter, ...]:
    """The same rows by theme; a theme that says nothing of ``role`` is left out."""
    found = rows(on, role)
    told = (Chapter(t, tuple(r for r in found if r.theme == t.slug)) for t in TOLD)
    return tuple(chapter for chapter in told if chapter.rows)


def articles(on: date) -> tuple[Reference, ...]:
    """The texts the rules rest on, each with its wording and the day it was compared."""
    cited = {rule.article for rule in RULES}
    return tuple(reference_on(article, on) for article in Article if article in cited)


def _serves(rule: Rule, role: Role) -> bool:
    return isinstance(rule.roles, Audience) or role in rule.roles


EVERYONE, FEWEST = "toute la cellule", 4


def readers(action: Action, present: Collection[Role] = frozenset(Role)) -> dict[str, str]:
    """For each category, the roles among ``present`` that ``action`` opens it to, in one line."""
    return {
        category.value: _said(_opened(action, category, present), present) for category in Category
    }


def _opened(action: Action, category: Category, present: Collection[Role]) -> list[Role]:
    return [
        role
        for role in Role
        if role in present
        and any(
            category in rule.categories and role in rule.roles
            for rule in RULES_FOR[action]
            if not isinstance(rule.roles, Audience)
        )
    ]


def _said(opened: Collection[Role], present: Collection[Role]) -> str:
    """A list that names everyone is not read: it says so instead."""
    if len(opened) >= FEWEST and frozenset(opened) == frozenset(present) - WITHOUT_KEY:
        return EVERYONE
    return ", ".join(role.label for role in opened)


def as_json(on: date) -> str:
    return json.dumps([asdict(row) for row in rows(on)], ensure_ascii=False, indent=2)


def as_markdown(on: date) -> str:
    """The table, then why some categories stay with the coordination, then the texts."""
    lines = [f"| {' | '.join(HEADERS)} |", "|---" * len(HEADERS) + "|"]
    lines += [f"| {' | '.join(row.cells)} |" for row in rows(on)]
    lines.append("")
    lines += [f"- **{category.label}** : {reason}" for category, reason in WITHHELD.items()]
    lines.append("")
    lines += [
        f"- {found.label} (comparé le {found.as_of:%d/%m/%Y}) : {found.wording}"
        for found in articles(on)
    ]
    return "\n".join(lines) + "\n"


def _row(rule: Rule, on: date) -> Row:
    reference = reference_on(rule.article, on)
    return Row(
        action=rule.action.value,
        label=rule.action.label,
        writes=rule.action.writes,
        who=_who(rule.roles),
        under=tuple(c.label for c in Condition if c in rule.conditions),
        sees=tuple(c.label for c in Category if c in rule.categories),
        article=reference.label,
        why=reference.wording,
        theme=THEME_OF.get(rule.action.scope, OTHERS).slug,
        roles=tuple(
            r.value for r in Role if not isinstance(rule.roles, Audience) and r in rule.roles
        ),
    )


def _who(roles: frozenset[Role] | Audience) -> tuple[str, ...]:
    if isinstance(roles, Audience):
        return (_AUDIENCES[roles],)
    if roles == frozenset(Role):
        return ("Tous les mandats",)
    if roles == WITHIN_A_CELL:
        return ("Tous les mandats d’une cellule",)
    return tuple(role.label for role in Role if role in roles)
