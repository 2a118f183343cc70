"""The rappel à l'ordre moves by the table and its guards, and by nothing else."""

from datetime import date, timedelta

from hypothesis import event, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from casework.rappels import service as rappels
from casework.rappels.procedure import (
    ENDS,
    EXCLUSIONS,
    FACE,
    GUARDS,
    LABELS,
    ON_FICHE,
    REFUSALS,
    TRANSITIONS,
    VERDICTS,
    WAITING_FOR,
    ForbiddenStep,
    State,
    Step,
    Unmet,
    after,
)
from casework.rappels.words import ADULT, DECLINED, DELIVERED, MINOR, RESULTS
from casework.situations.models import Situation
from charter.actions import Action
from charter.decide import decide
from charter.roles import WITHOUT_CELL, Role
from charter.subjects import Actor, Mandate, Subject

ANSWERS = {Step.REPONSE_POSSIBLE, Step.REPONSE_JUDICIAIRE}
HELD = {Step.TENIR, Step.CARENCE}
states, steps = st.sampled_from(State), st.sampled_from(Step)
REASON = "Une raison"
FIRST = date(2026, 6, 1)
SOON = st.dates(FIRST, FIRST + timedelta(90))
words = st.one_of(st.just(REASON), st.sampled_from(["", "   ", REASON]))
answers = st.sampled_from(["oui", "non", ""])
details = st.fixed_dictionaries(
    dict.fromkeys(EXCLUSIONS, st.one_of(st.just("non"), st.just("non"), answers))
    | dict.fromkeys(("motif", "note"), words)
    | {"observation": st.sampled_from(["", "", REASON]), "delegation": words}
    | dict.fromkeys(("suivie", "par_delegation", "deja_judiciaire"), answers)
    | {"mineur": st.one_of(st.just("oui"), answers)}
    | dict.fromkeys(("presents", "impossibilite"), st.sampled_from(["", "  ", REASON]))
    | {
        "delai_ecoule": answers,
        "tenu_le": st.just((FIRST + timedelta(45)).isoformat()),
        "repondu_le": st.just(FIRST.isoformat()),
        "convoque_pour": SOON.map(date.isoformat),
        "etablie_le": st.just(FIRST.isoformat()),
        "remis_le": SOON.map(date.isoformat),
        "remise": st.sampled_from([*RESULTS, ""]),
        "public": st.sampled_from([ADULT, MINOR]),
    }
)
# Under which action of the charter each step is taken.
ACTIONS = {
    Step.EXCLURE: Action.RAPPEL_ANNOUNCE,
    Step.ANNONCER: Action.RAPPEL_ANNOUNCE,
    Step.RELANCER: Action.RAPPEL_REMIND,
    Step.REPONSE_POSSIBLE: Action.FICHE_ANSWER,
    Step.REPONSE_JUDICIAIRE: Action.FICHE_ANSWER,
    Step.CONSULTER: Action.RAPPEL_CONSULT,
    Step.CONCLURE: Action.RAPPEL_CONSULT,
    Step.PASSER_OUTRE: Action.RAPPEL_CONSULT,
    Step.CONVOQUER: Action.RAPPEL_CONVENE,
    Step.INFORMER: Action.RAPPEL_REPORT,
} | dict.fromkeys(
    (Step.REMETTRE, Step.TENIR, Step.CARENCE, Step.RECTIFIER, Step.CLORE, Step.RENONCER),
    Action.RAPPEL_RECORD,
)
ENDINGS = {Step.EXCLURE, Step.REPONSE_JUDICIAIRE, Step.RENONCER}


def may(role: Role, action: Action, ends: date, on: date) -> bool:
    """Does the charter open this action to a role whose mandate ends that day?"""
    cell = None if role in WITHOUT_CELL else "CCTP"
    here = frozenset({"CCTP"})
    mandate = Mandate(role, cell, date(2025, 1, 1), ends, designated=True)
    actor = Actor("M-1", (mandate,), signed=here, admitted=here, fresh=True)
    return decide(actor, action, Subject(cell, recused=False, turn=True, frozen=False), on).allowed


class Procedure(RuleBasedStateMachine):
    """A saisine; everyone tries every step, on any day, with anything typed, under a mandate that
    may have ended."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.SAISIE
        self.today = FIRST
        self.answered = date.max
        self.done: list[tuple[Step, dict[str, str]]] = []

    @rule(
        wish=st.one_of(st.integers(0, 9), st.integers(0, 9), steps),
        typed=details,
        later=st.one_of(st.just(0), st.integers(0, 20)),
        before=st.one_of(st.just(0), st.integers(-3, 40)),
        role=st.one_of(st.just(None), st.just(None), st.sampled_from(Role)),
        ends=st.one_of(st.just(date.max), st.just(date.max), SOON),
    )
    def attempt(
        self,
        wish: int | Step,
        typed: dict[str, str],
        later: int,
        before: int,
        role: Role | None,
        ends: date,
    ) -> None:
        """``wish``: any step, or one of those the table opens; ``role``: anyone, or who should."""
        self.today += timedelta(later)
        was = self.state
        onward = [one for state, one in TRANSITIONS if state is was and one not in ENDINGS]
        onward = onward or list(Step)
        step = wish if isinstance(wish, Step) else onward[wish % len(onward)]
        role = role or (Role.PARQUET if step in ANSWERS else Role.COORDONNATEUR)
        if not may(role, ACTIONS[step], ends, self.today):
            return
        held = self.today - timedelta(before)
        typed = typed | {"tenu_le": held.isoformat(), "repondu_le": self.answered.isoformat()}
        try:
            self.state = after(was, step, typed)
        except ForbiddenStep as refusal:
            assert (was, step) not in TRANSITIONS
            said = str(refusal)
        except Unmet:
            assert step in GUARDS
            return
        else:
            assert was not in ENDS, "nothing follows an end"
            assert TRANSITIONS[was, step] is self.state
            assert self.today <= ends
            assert (role is Role.PARQUET) == (step in ANSWERS)
            self.done.append((step, typed))
            if step in ANSWERS:
                self.answered = self.today
            event(self.state)
            return
        assert said == REFUSALS[was]

    @invariant()
    def nobody_is_convened_without_the_procureur(self) -> None:
        made = [step for step, _ in self.done]
        if Step.CONVOQUER in made:
            assert Step.REPONSE_POSSIBLE in made[: made.index(Step.CONVOQUER)]
            assert Step.REPONSE_JUDICIAIRE not in made
            assert {Step.CONCLURE, Step.PASSER_OUTRE} & set(made[: made.index(Step.CONVOQUER)])
        assert len([step for step in made if step in ANSWERS]) <= 1

    @invariant()
    def no_rappel_despite_an_exclusion(self) -> None:
        if any(step is not Step.EXCLURE for step, _ in self.done):
            step, typed = self.done[0]
            assert step is Step.ANNONCER
            assert all(typed[name] == "non" for name in EXCLUSIONS)

    @invariant()
    def what_is_held_was_convened_and_accounted_for(self) -> None:
        for rank, (step, typed) in enumerate(self.done):
            if step not in HELD:
                continue
            assert Step.CONVOQUER in {before for before, _ in self.done[:rank]}
            assert typed["tenu_le"] >= typed["repondu_le"]
            if typed["par_delegation"] == "oui":
                assert typed["delegation"].strip()
            assert typed["tenu_le"] >= typed["convoque_pour"]
            if step is Step.CARENCE:
                assert typed["remise"] in {DELIVERED, DECLINED}
            if step is Step.TENIR and typed["mineur"] == "oui":
                assert typed["presents"].strip() or typed["impossibilite"].strip()

    @invariant()
    def who_is_convened_follows_the_age(self) -> None:
        for step, typed in self.done:
            if step is Step.CONVOQUER and typed["mineur"]:
                assert (typed["public"] == ADULT) is (typed["mineur"] == "non")
            if step is Step.REMETTRE:
                assert typed["etablie_le"] <= typed["remis_le"] <= typed["convoque_pour"]

    @invariant()
    def the_procureur_is_told_of_what_was_held(self) -> None:
        made = [step for step, _ in self.done]
        if Step.INFORMER in made:
            assert HELD & {made[made.index(Step.INFORMER) - 1]}
            assert set(made[made.index(Step.INFORMER) + 1 :]) <= {Step.CLORE}

    @invariant()
    def reasons_are_given_where_the_rule_asks(self) -> None:
        for step, typed in self.done:
            if step in {Step.PASSER_OUTRE, Step.RECTIFIER, Step.RENONCER}:
                assert typed["motif"].strip()
            if step is Step.REPONSE_JUDICIAIRE:
                assert not typed["observation"].strip()


Procedure.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestProcedure = Procedure.TestCase


@given(states, steps, details)
def test_only_the_table_moves(state: State, step: Step, typed: dict[str, str]) -> None:
    try:
        reached = after(state, step, typed)
    except ForbiddenStep:
        assert (state, step) not in TRANSITIONS
    except Unmet:
        assert (state, step) in TRANSITIONS
    else:
        assert TRANSITIONS[state, step] is reached


def test_announcing_alone_never_leads_to_a_rappel() -> None:
    reached = {to for (state, _), to in TRANSITIONS.items() if state is State.ANNONCE}
    assert reached == {State.ANNONCE, State.POSSIBLE, State.JUDICIAIRE, State.RENONCE}


def test_every_state_says_what_it_is_and_what_it_waits_for() -> None:
    every = set(State)
    assert LABELS.keys() == REFUSALS.keys() == WAITING_FOR.keys() == VERDICTS.keys() == every
    moving = {state for state, _ in TRANSITIONS}
    assert moving == {state for state, who in WAITING_FOR.items() if who}
    assert {step for _, step in TRANSITIONS} == set(Step)


def test_the_fiche_tells_the_parquet_nothing_of_the_preparation() -> None:
    hidden = {State.CONSULTATION, State.PRET, State.CONVOQUE}
    assert {FACE[state] for state in hidden} == {State.POSSIBLE}
    for (state, step), reached in TRANSITIONS.items():
        if step in ON_FICHE:
            assert FACE[reached] is reached, (state, step)


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
