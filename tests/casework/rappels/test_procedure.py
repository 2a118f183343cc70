"""The rappel à l'ordre moves by the steps of the protocole, and by nothing else."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from casework.rappels import service as rappels
from casework.rappels.procedure import (
    LABELS,
    REFUSALS,
    TRANSITIONS,
    WAITING_FOR,
    ForbiddenStep,
    State,
    Step,
    after,
)
from casework.situations.models import Situation

ANSWERS = {Step.REPONSE_POSSIBLE, Step.REPONSE_JUDICIAIRE}
states, steps = st.sampled_from(State), st.sampled_from(Step)


class Procedure(RuleBasedStateMachine):
    """A fiche, and people who try every step at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.ANNONCE
        self.done: list[Step] = []

    @rule(step=steps)
    def attempt(self, step: Step) -> None:
        before = self.state
        try:
            self.state = after(before, step)
        except ForbiddenStep as refusal:
            assert (before, step) not in TRANSITIONS
            said = str(refusal)
        else:
            assert TRANSITIONS[before, step] is self.state
            self.done.append(step)
            return
        assert said == REFUSALS[before]

    @precondition(lambda self: self.state in {State.JUDICIAIRE, State.CLOS})
    @rule(step=steps)
    def nothing_follows_an_end(self, step: Step) -> None:
        try:
            after(self.state, step)
        except ForbiddenStep:
            return
        raise AssertionError(step)

    @invariant()
    def nothing_is_held_without_the_procureur(self) -> None:
        if self.state in {State.TENU, State.CARENCE, State.CLOS}:
            assert self.done[0] is Step.REPONSE_POSSIBLE
        assert len(ANSWERS & set(self.done)) == len(ANSWERS.intersection(self.done[:1]))

    @invariant()
    def the_procureur_is_told_last(self) -> None:
        assert Step.INFORMER not in self.done[:-1]


TestProcedure = Procedure.TestCase


@given(states, steps)
def test_only_the_table_moves(state: State, step: Step) -> None:
    try:
        reached = after(state, step)
    except ForbiddenStep:
        assert (state, step) not in TRANSITIONS
    else:
        assert TRANSITIONS[state, step] is reached


def test_announcing_alone_never_leads_to_a_rappel() -> None:
    reached = {to for (state, _), to in TRANSITIONS.items() if state is State.ANNONCE}
    assert reached == {State.POSSIBLE, State.JUDICIAIRE}
    assert not {State.TENU, State.CARENCE} & reached


def test_every_state_says_what_it_is_and_what_it_waits_for() -> None:
    assert LABELS.keys() == REFUSALS.keys() == WAITING_FOR.keys() == set(State)
    moving = {state for state, _ in TRANSITIONS}
    assert moving == {state for state, who in WAITING_FOR.items() if who}


def test_one_rappel_at_a_time(small_world) -> None:
    coordinator = small_world.coordinator()
    with small_world.database.read() as session:
        rappel = rappels.by_reference(session, "RO-2026-001")
        reference = session.get_one(Situation, rappel.situation).reference
    no = dict.fromkeys(("crime_delit", "plainte", "enquete"), "non")
    answer = coordinator.post(f"/situations/{reference}/rappel", no)
    assert answer.location == f"/situations/{reference}"
    with small_world.database.read() as session:
        assert len(rappels.of_situation(session, rappel.situation)) == 1
