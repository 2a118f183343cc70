"""Properties of the decision: whatever the person and the table, these hold."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charter.actions import Action
from charter.categories import NOMINATIVE
from charter.decide import decide, shortfall
from charter.roles import CELL_MEMBERS, WITHOUT_CELL, Role
from charter.rules import RULES, RULES_FOR, Condition
from charter.subjects import Actor, Mandate, Subject

TODAY = date(2026, 11, 21)
ILL_SPACED = re.compile(r" [:;?!»]|« |'")  # French wants a no-break space, and ’
DOORS = {Action.PUBLIC_PAGE, Action.SESSION_CLOSE}

# Small worlds, mostly in order: a property is only as good as the doors it finds open.
NOWHERE, EVERYWHERE = frozenset[str](), frozenset({"CCTP", "GSP"})
AT_THE_TABLE = (Role.COORDONNATEUR, Role.MAIRE, Role.COMMISSAIRE)

actions = st.sampled_from(Action)
readings = st.sampled_from([rule.action for rule in RULES if rule.categories & NOMINATIVE])
cells = st.sampled_from(["CCTP", "CCTP", "CCTP", "GSP"])
days = st.sampled_from([date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), TODAY])
mostly_all = st.sampled_from([EVERYWHERE, EVERYWHERE, frozenset({"CCTP"}), NOWHERE])
mostly_none = st.sampled_from([NOWHERE, NOWHERE, NOWHERE, frozenset({"CCTP"})])
subjects = st.builds(Subject, cells | cells | st.none(), st.booleans(), st.just("S-1"))


@st.composite
def mandates(draw: st.DrawFn, roles: st.SearchStrategy[Role]) -> Mandate:
    role = draw(roles)
    cell = None if role in WITHOUT_CELL else draw(cells)
    starts, ends = sorted((draw(days), draw(days)))
    return Mandate(role, cell, starts, draw(st.sampled_from([None, ends])))


def actors_among(roles: st.SearchStrategy[Role]) -> st.SearchStrategy[Actor]:
    return st.builds(
        Actor,
        st.just("M-0001"),
        st.lists(mandates(roles), min_size=1, max_size=3).map(tuple),
        signed=mostly_all,
        outdated=mostly_none,
        admitted=mostly_all,
        excluded=mostly_none,
    )


actors = actors_among(st.sampled_from(AT_THE_TABLE) | st.sampled_from(Role))
members = actors_among(st.sampled_from(sorted(CELL_MEMBERS)))


@given(st.none() | actors, actions, subjects, days)
def test_every_decision_carries_its_article_and_its_sentence(actor, action, subject, on):
    decision = decide(actor, action, subject, on)
    assert decision.action is action
    assert decision.article
    assert decision.sentence.endswith(".")
    assert not ILL_SPACED.search(decision.sentence + decision.remedy)
    assert decision.allowed or (decision.remedy.endswith(".") and not decision.categories)


@given(actors, actions, subjects, days)
def test_what_opens_is_a_valid_mandate_of_the_cell(actor, action, subject, on):
    decision = decide(actor, action, subject, on)
    if decision.allowed and action not in DOORS:
        assert decision.mandate in actor.mandates
        assert decision.mandate.valid(on)
        assert subject.cell in (None, decision.mandate.cell)


@given(actors, st.sampled_from(RULES), st.sampled_from(Condition), subjects, days)
def test_adding_a_condition_never_widens(actor, rule, condition, subject, on):
    stricter = replace(rule, conditions=rule.conditions | {condition})
    for mandate in actor.mandates:
        if shortfall(stricter, mandate, actor, subject, on) is None:
            assert shortfall(rule, mandate, actor, subject, on) is None


@given(actors, actions, subjects, days, st.sampled_from(["signed", "admitted", "mandates"]))
def test_taking_something_away_never_opens_anything(actor, action, subject, on, what):
    poorer = replace(actor, **{what: type(getattr(actor, what))()})
    if decide(poorer, action, subject, on).allowed:
        assert decide(actor, action, subject, on).allowed


@given(actors, actions, subjects, days)
def test_convening_only_ever_opens(actor, action, subject, on):
    if decide(actor, action, replace(subject, convened=False), on).allowed:
        assert decide(actor, action, replace(subject, convened=True), on).allowed


@settings(max_examples=300)
@given(actors | actors_among(st.sampled_from(AT_THE_TABLE)), readings, subjects, days)
def test_no_nominative_reading_without_signature_and_key(actor, action, subject, on):
    """The parquet alone signs no charter: it reads fiches-navettes, outside every cell."""
    decision = decide(actor, action, subject, on)
    if decision.categories & NOMINATIVE and decision.mandate.role is not Role.PARQUET:
        assert subject.cell in actor.signed & actor.admitted


@settings(max_examples=300)
@given(members, st.sampled_from([Action.SITUATION_READ, Action.SEANCE_READ]), subjects, days)
def test_members_read_only_what_a_seance_convenes_them_to(actor, action, subject, on):
    assert subject.convened or not decide(actor, action, subject, on).allowed


@given(actors, actions, subjects)
def test_ended_mandates_open_nothing_but_the_way_out(actor, action, subject):
    after = max([m.ends or m.starts for m in actor.mandates], default=TODAY) + timedelta(days=1)
    ended = replace(
        actor, mandates=tuple(replace(m, ends=m.ends or m.starts) for m in actor.mandates)
    )
    assert decide(ended, action, subject, after).allowed == (action in DOORS)


@given(actors, actions, cells, st.booleans(), days)
def test_the_excluded_lose_the_cell_at_once(actor, action, cell, convened, on):
    expelled = replace(actor, excluded=actor.excluded | {cell})
    decision = decide(expelled, action, Subject(cell, convened), on)
    assert decision.allowed == (action in DOORS)


@given(actors, actions, subjects, days)
def test_the_order_of_mandates_changes_nothing(actor, action, subject, on):
    one = decide(actor, action, subject, on)
    other = decide(replace(actor, mandates=actor.mandates[::-1]), action, subject, on)
    assert (one.allowed, one.categories) == (other.allowed, other.categories)


@pytest.mark.parametrize("action", [a for a in Action if a is not Action.PUBLIC_PAGE])
def test_strangers_are_asked_to_sign_in(action):
    decision = decide(None, action, Subject("CCTP", True), TODAY)
    assert not decision.allowed
    assert "connecté" in decision.sentence


@pytest.mark.parametrize("order", [1, -1])
def test_the_wider_of_two_mandates_is_named(order, monkeypatch):
    rules = RULES_FOR[Action.SITUATION_READ][::order]
    monkeypatch.setitem(RULES_FOR, Action.SITUATION_READ, rules)
    since = date(2026, 1, 1)
    both = (Mandate(Role.CHEF_PM, "CCTP", since), Mandate(Role.ELU_DELEGUE, "CCTP", since))
    here = frozenset({"CCTP"})
    actor = Actor("M-0002", both, signed=here, admitted=here)
    decision = decide(actor, Action.SITUATION_READ, Subject("CCTP", True), TODAY)
    assert decision.mandate.role is Role.ELU_DELEGUE
