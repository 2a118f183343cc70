"""The table against an independent telling of the charter, and against its own mutations."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings

from charter.actions import Action
from charter.categories import Category
from charter.decide import decide
from charter.roles import WITHIN_A_CELL, WITHOUT_CELL, Role
from charter.rules import RULES, RULES_FOR, Audience, Condition, Rule
from tests.charter.oracle import view
from tests.charter.worlds import TODAY, actions, actors, days, one_step_off, subjects

WORLDS = [world for role in Role for world in one_step_off(role)]


@settings(max_examples=2000)
@given(actors, actions, subjects, days)
def test_every_decision_is_the_one_a_plain_reading_gives(actor, action, subject, on):
    expected = view(actor, action.value, subject, on)
    decision = decide(actor, action, subject, on)
    assert decision.allowed == (expected is not None)
    assert decision.categories == (expected or set())


@pytest.mark.parametrize("action", Action)
def test_every_world_one_step_from_the_door_agrees(action):
    assert list(_differences(action)) == []


@cache
def _told(action: Action) -> list[set[str] | None]:
    return [view(actor, action.value, subject, TODAY) for actor, subject in WORLDS]


def _differences(action: Action) -> Iterator[str]:
    for (actor, subject), told in zip(WORLDS, _told(action), strict=True):
        decision = decide(actor, action, subject, TODAY)
        if (set(decision.categories) if decision.allowed else None) != told:
            yield f"{actor} {subject}"


def _mutations(rule: Rule) -> Iterator[tuple[str, tuple[Rule, ...]]]:
    """Each small mistake someone could make on one line of the table."""
    yield "line removed", ()
    for condition in rule.conditions - {Condition.CELL}:
        yield f"without {condition}", (replace(rule, conditions=rule.conditions - {condition}),)
    for condition in set(Condition) - rule.conditions - _implied(rule):
        yield f"with {condition}", (replace(rule, conditions=rule.conditions | {condition}),)
    if isinstance(rule.roles, Audience):
        return
    for role in rule.roles:
        yield f"without {role}", (replace(rule, roles=rule.roles - {role}),)
    # A mandate outside the cells can never meet « dans la cellule de son mandat ».
    able = WITHIN_A_CELL if Condition.CELL in rule.conditions else frozenset(Role)
    for role in able - _served(rule):
        yield f"with {role}", (replace(rule, roles=rule.roles | {role}),)
    for category in Category:
        changed = rule.categories ^ {category}
        yield f"{category} changed", (replace(rule, categories=changed),)


def _served(rule: Rule) -> frozenset[Role]:
    """Roles this action is open to by any line: another line may serve them as well or better."""
    lines = [line.roles for line in RULES_FOR[rule.action]]
    return frozenset().union(*(roles for roles in lines if not isinstance(roles, Audience)))


def _implied(rule: Rule) -> set[Condition]:
    """Conditions that change nothing where they stand."""
    implied = {Condition.CELL}
    if isinstance(rule.roles, Audience):
        return set(Condition) - {Condition.FRESH} if rule.roles is Audience.ACCOUNT else implied
    if Condition.CONVENED in rule.conditions:
        implied.add(Condition.CONCERNED)
    if rule.roles <= WITHOUT_CELL:
        implied.add(Condition.LAWFUL_FILE)  # no cell, so no charter of a cell
    return implied


MUTATIONS = [
    pytest.param(rule, mutant, id=f"{number}-{rule.action.value}-{name}")
    for number, rule in enumerate(RULES)
    if rule.roles is not Audience.PUBLIC
    for name, mutant in _mutations(rule)
]


def test_mutating_any_rule_of_the_table_is_seen(monkeypatch):
    survivors = []
    for case in MUTATIONS:
        rule, mutant = case.values
        lines = RULES_FOR[rule.action]
        mutated = tuple(line for line in lines if line is not rule) + mutant
        monkeypatch.setitem(RULES_FOR, rule.action, mutated)
        if next(_differences(rule.action), None) is None:
            survivors.append(case.id)
        monkeypatch.setitem(RULES_FOR, rule.action, lines)
    assert not survivors, "\n".join(survivors)
    assert len(MUTATIONS) > 10 * len(RULES)
