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
from charter.roles import CELL_MEMBERS, Role
from charter.rules import RULES, RULES_FOR, Audience, Condition
from charter.subjects import Actor, Mandate, Subject
from tests.charter.worlds import AT_THE_TABLE, TODAY, actions, actors, actors_among, days, subjects

ILL_SPACED = re.compile(r" [:;?!»]|« |'")  # French wants a no-break space, and ’
DOORS = {rule.action for rule in RULES if isinstance(rule.roles, Audience)}
OUTSIDE_CELLS = {Role.PARQUET, Role.CORRESPONDANT_JUSTICE_VILLE}

readings = st.sampled_from([rule.action for rule in RULES if rule.categories & NOMINATIVE])
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
        assert decision.mandate in actor.hats
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


@given(actors, actions, subjects, days, st.sampled_from(["convened", "author", "follower"]))
def test_being_concerned_only_ever_opens(actor, action, subject, on, how):
    if decide(actor, action, replace(subject, **{how: False}), on).allowed:
        assert decide(actor, action, replace(subject, **{how: True}), on).allowed


@given(actors, actions, subjects, days)
def test_a_deport_only_ever_closes(actor, action, subject, on):
    if decide(actor, action, replace(subject, recused=True), on).allowed:
        assert decide(actor, action, replace(subject, recused=False), on).allowed


@given(actors, actions, subjects, days)
def test_choosing_one_role_never_opens_what_all_of_them_close(actor, action, subject, on):
    if decide(actor, action, subject, on).allowed:
        assert decide(replace(actor, acting=None), action, subject, on).allowed


@given(actors, actions, subjects, days)
def test_only_what_a_second_factor_would_open_is_stale(actor, action, subject, on):
    """The step-up page is shown to those for whom it is the last thing missing, and to no other."""
    decision = decide(actor, action, subject, on)
    fresh = decide(replace(actor, fresh=True), action, subject, on)
    assert not fresh.stale
    if decision.stale:
        assert fresh.allowed


@settings(max_examples=300)
@given(actors | actors_among(st.sampled_from(AT_THE_TABLE)), readings, subjects, days)
def test_no_nominative_reading_without_signature_and_key(actor, action, subject, on):
    """Only the parquet and its correspondant sign no charter: they read fiches-navettes."""
    decision = decide(actor, action, subject, on)
    if decision.categories & NOMINATIVE and decision.mandate.role not in OUTSIDE_CELLS:
        assert subject.cell in actor.signed & actor.admitted - actor.forbidden - actor.uncleared


@settings(max_examples=300)
@given(members, st.sampled_from([Action.SITUATION_READ, Action.SEANCE_READ]), subjects, days)
def test_members_read_only_what_concerns_them(actor, action, subject, on):
    brought = action is Action.SITUATION_READ and (subject.author or subject.follower)
    assert subject.convened or brought or not decide(actor, action, subject, on).allowed


@given(actors, actions, subjects)
def test_ended_mandates_open_nothing_but_the_way_out(actor, action, subject):
    after = max([m.ends or m.starts for m in actor.mandates], default=TODAY) + timedelta(days=1)
    ended = replace(
        actor, mandates=tuple(replace(m, ends=m.ends or m.starts) for m in actor.mandates)
    )
    assert action in DOORS or not decide(ended, action, subject, after).allowed


@given(actors, actions, subjects.filter(lambda subject: subject.cell), days)
def test_the_excluded_lose_the_cell_at_once(actor, action, subject, on):
    expelled = replace(actor, excluded=actor.excluded | {subject.cell})
    assert action in DOORS or not decide(expelled, action, subject, on).allowed


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
    subject = Subject("CCTP", convened=True, recused=False, archived=False)
    decision = decide(actor, Action.SITUATION_READ, subject, TODAY)
    assert decision.mandate.role is Role.ELU_DELEGUE
