"""The table of rules laid out for « Qui voit quoi, et pourquoi »."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass

from charter.actions import Action
from charter.categories import WITHHELD, Category
from charter.references import REFERENCES
from charter.roles import WITHIN_A_CELL, Role
from charter.rules import RULES, RULES_FOR, Audience, Condition, Rule

_AUDIENCES = {
    Audience.PUBLIC: "Tout le monde",
    Audience.ACCOUNT: "Toute personne connectée, même sans mandat",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One rule in French; ``action`` is its slug, ``writes`` whether it changes something."""

    action: str
    label: str
    writes: bool
    who: tuple[str, ...]
    under: tuple[str, ...]
    sees: tuple[str, ...]
    article: str
    why: str


def rows() -> tuple[Row, ...]:
    """The rules, in the order of the table."""
    return tuple(_row(rule) for rule in RULES)


def readers(action: Action, present: Collection[Role] = frozenset(Role)) -> dict[str, str]:
    """For each category, the roles among ``present`` that ``action`` opens it to, in one line."""
    return {
        category.value: ", ".join(
            role.label
            for role in Role
            if role in present
            and any(
                category in rule.categories and role in rule.roles
                for rule in RULES_FOR[action]
                if not isinstance(rule.roles, Audience)
            )
        )
        for category in Category
    }


def as_json() -> str:
    return json.dumps([asdict(row) for row in rows()], ensure_ascii=False, indent=2)


def as_markdown() -> str:
    """The table, then why some categories stay with the coordination."""
    lines = ["| Action | Qui | À quelle condition | Voit | Fondement |", "|---|---|---|---|---|"]
    for row in rows():
        cells = (
            row.label[0].upper() + row.label[1:],
            ", ".join(row.who),
            ", ".join(row.under) or "—",
            ", ".join(row.sees) or "rien de nominatif",
            row.article,
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines.append("")
    lines += [f"- **{category.label}** : {reason}" for category, reason in WITHHELD.items()]
    return "\n".join(lines) + "\n"


def _row(rule: Rule) -> Row:
    reference = REFERENCES[rule.article]
    return Row(
        action=rule.action.value,
        label=rule.action.label,
        writes=rule.action.writes,
        who=_who(rule.roles),
        under=tuple(c.label for c in Condition if c in rule.conditions),
        sees=tuple(c.label for c in Category if c in rule.categories),
        article=reference.label,
        why=reference.wording,
    )


def _who(roles: frozenset[Role] | Audience) -> tuple[str, ...]:
    if isinstance(roles, Audience):
        return (_AUDIENCES[roles],)
    if roles == frozenset(Role):
        return ("Tous les mandats",)
    if roles == WITHIN_A_CELL:
        return ("Tous les mandats d’une cellule",)
    return tuple(role.label for role in Role if role in roles)
