"""The séance as a state machine: nothing happens out of its time, in whatever order."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.seances.procedure import (
    LABELS,
    REFUSALS,
    TRANSITIONS,
    ForbiddenStep,
    State,
    Step,
    after,
    open_to,
)

STEPS = st.lists(st.sampled_from(Step), max_size=30)


def _walk(steps: list[Step]) -> list[tuple[State, Step | None]]:
    """The states gone through from a prepared séance; a refused step changes nothing."""
    state, path = State.PREPAREE, [(State.PREPAREE, None)]
    for step in steps:
        if not open_to(state, step):
            with pytest.raises(ForbiddenStep, match=re.escape(REFUSALS[state])):
                after(state, step)
            continue
        state = after(state, step)
        path.append((state, step))
    return path


@given(STEPS)
def test_nothing_is_recorded_before_the_statement_nor_after_the_end(
    steps: list[Step],
) -> None:
    path = _walk(steps)
    done = [step for _, step in path if step]
    for place, step in enumerate(done):
        before = done[:place]
        if step is Step.CONSIGNER:
            assert Step.OUVRIR in before
            assert Step.CLORE not in before
        if step is Step.CORRIGER:
            assert Step.CLORE in before
        if step in (Step.MODIFIER, Step.ANNULER):
            assert Step.OUVRIR not in before
        if step is Step.CONTRIBUER:
            assert Step.CLORE not in before
        assert Step.ANNULER not in before
    assert done.count(Step.OUVRIR) <= 1
    assert done.count(Step.CLORE) <= 1


@given(STEPS)
def test_a_closed_or_cancelled_seance_never_comes_back(steps: list[Step]) -> None:
    states = [state for state, _ in _walk(steps)]
    for end in (State.CLOSE, State.ANNULEE):
        if end in states:
            assert set(states[states.index(end) :]) == {end}


def test_every_state_has_its_words() -> None:
    assert set(LABELS) == set(REFUSALS) == set(State)
    assert {step for _, step in TRANSITIONS} == set(Step)
    with pytest.raises(ForbiddenStep):
        after(State.ANNULEE, Step.OUVRIR)
