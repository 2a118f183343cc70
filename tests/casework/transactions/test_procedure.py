"""Whatever is tried, by whomever, whenever: the transaction moves as the law says, or not."""

from datetime import date, timedelta

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casework.legal_days import deadline
from casework.transactions.eligibility import Checks, Protocol, minor_at, prepare
from casework.transactions.procedure import (
    AUTHORITY,
    BY_PARQUET,
    LEGAL_HOURS,
    TRANSITIONS,
    WAITS,
    Authority,
    Dossier,
    Event,
    Forbidden,
    Kind,
    State,
    Step,
    Terms,
    apply,
    corrected,
    standing,
)
from casework.transactions.words import LABELS, STEPS, drawn
from charter.actions import Action
from charter.decide import decide
from charter.roles import WITHOUT_CELL, Role
from charter.subjects import Actor, Mandate, Subject

PV = date(2026, 1, 31)
HOURS = st.integers(-100, LEGAL_HOURS * 2)
FAR = date(2030, 1, 1)
DATES = st.integers(0, 60).map(lambda days: PV + timedelta(days=days))
BORN = st.dates(date(1990, 1, 1), date(2014, 1, 1))
ENDS = st.one_of(*[st.just(FAR)] * 4, DATES)
YES = st.one_of(st.just(True), st.booleans())
NO = st.one_of(st.just(False), st.booleans())
# What the commune may say it recorded wrongly; never what the justice decided, nor a letter sent.
CORRECTED = {Step.REMETTRE, Step.ACCEPTER, Step.REFUSER, Step.CONSTATER, Step.ABANDONNER}
# Steps that leave the way to the end: tried among all the others, not when going forward.
TURNINGS = {Step.REFUSER, Step.ABANDONNER, Step.RECTIFIER, Step.NE_PAS_HOMOLOGUER}
CONTENT = {"motif": "erreur de saisie", "representants": "Les deux parents"}


class Life(RuleBasedStateMachine):
    """Everyone tries everything, on any day, under a mandate that may have ended."""

    def __init__(self) -> None:
        super().__init__()
        self.dossier: Dossier | None = None
        self.done: list[tuple[Step, date]] = []  # those that no correction reopened
        self.cap = LEGAL_HOURS
        self.today = PV

    @initialize(
        kind=st.sampled_from(Kind),
        quantity=st.integers(1, LEGAL_HOURS),
        day=st.one_of(st.integers(0, 9), st.integers(0, 30)),
        answer_in=st.integers(9, 60),
        born=st.dates(date(1990, 1, 1), PV - timedelta(days=17 * 366)),
        cap=st.integers(1, 40),
    )
    def prepared(self, kind, quantity, day, answer_in, born, cap) -> None:
        self.today = PV + timedelta(days=day)
        self.cap = min(LEGAL_HOURS, cap * 100)
        terms = Terms(kind, quantity, self.today + timedelta(days=answer_in), 2)
        protocol = Protocol(hours_cap=cap * 100, minors_agreement="2026-12")
        asked = Checks(True, True, False, "PM-1", PV)
        try:
            self.dossier = prepare(asked, terms, born, "Mme et M.", protocol, self.today)
        except Forbidden:  # more hours than the ceiling
            assert kind is Kind.TRAVAIL
            terms = Terms(kind, self.cap, terms.answer_before, terms.months)
            self.dossier = prepare(asked, terms, born, "Mme et M.", protocol, self.today)

    @rule(
        wish=st.one_of(*[st.integers(0, 9)] * 6, st.sampled_from(Step)),
        later=st.one_of(*[st.integers(0, 2)] * 4, st.integers(0, 60)),
        before=st.one_of(*[st.just(0)] * 4, st.integers(-3, 40)),
        quantity=st.one_of(st.just(None), HOURS, st.just(LEGAL_HOURS + 1)),
        role=st.one_of(*[st.just(None)] * 5, st.sampled_from(Role)),
        ends=ENDS,
        with_words=YES,
    )
    def act(self, wish, later, before, quantity, role, ends, with_words) -> None:
        """``wish``: any step, or one of those open now; ``role``: anyone, or whoever should."""
        self.today += timedelta(days=later)
        now = standing(self.dossier, self.today)
        open_now = [
            step for state, step in TRANSITIONS if state is now.state and step not in TURNINGS
        ] or [Step.VERSER]
        step = wish if isinstance(wish, Step) else open_now[wish % len(open_now)]
        role = role or (Role.PARQUET if step in BY_PARQUET else Role.MAIRE)
        quantity = now.terms.quantity - now.given if quantity is None else quantity
        what = Action.HOMOLOGATION_ANSWER if step in BY_PARQUET else Action.TRANSACTION_ACT
        if not _may(role, what, ends, self.today):
            return
        on = self.today - timedelta(days=before)
        content = {"quantite": str(quantity)} | (CONTENT if with_words else {})
        was = standing(self.dossier, self.today).state
        try:
            self.dossier = apply(self.dossier, Event(step, on, content), self.today)
        except Forbidden:
            return
        assert (was, step) in TRANSITIONS
        assert self.today <= ends
        assert (role is Role.PARQUET) == (step in BY_PARQUET)
        if step is Step.RECTIFIER:
            assert self.done.pop()[0] in CORRECTED
        else:
            self.done.append((step, on))
        event(self.dossier.state)

    @invariant()
    def nothing_is_executed_before_the_homologation(self) -> None:
        steps = [step for step, _ in self.done]
        if Step.VERSER in steps:
            first = steps.index(Step.VERSER)
            assert Step.HOMOLOGUER in steps[:first]
            homologated = next(on for step, on in self.done if step is Step.HOMOLOGUER)
            assert homologated <= min(on for step, on in self.done if step is Step.VERSER)

    @invariant()
    def never_more_than_what_was_homologated(self) -> None:
        if self.dossier is not None:
            assert 0 <= self.dossier.given <= self.dossier.terms.quantity
            if self.dossier.terms.kind is Kind.TRAVAIL:
                assert self.dossier.given <= self.cap

    @invariant()
    def never_proposed_after_one_month(self) -> None:
        for step, on in self.done:
            if step is Step.REMETTRE:
                assert on <= deadline(PV, 1)

    @invariant()
    def never_homologated_unaccepted_nor_accepted_too_late(self) -> None:
        for step, on in self.done:
            if step is Step.ACCEPTER:
                assert on <= self.dossier.answer_before
        steps = [step for step, _ in self.done]
        for later, earlier in (
            (Step.HOMOLOGUER, Step.DEMANDER),
            (Step.DEMANDER, Step.ACCEPTER),
            (Step.ACCEPTER, Step.REMETTRE),
        ):
            if later in steps:
                assert earlier in steps[: steps.index(later)]

    @invariant()
    def silence_is_read_from_the_calendar_alone(self) -> None:
        if self.dossier is None:
            return
        assert self.dossier.state is not State.SILENCE
        silent = standing(self.dossier, self.today).state is State.SILENCE
        waiting = self.dossier.state is State.PROPOSEE
        assert silent == (waiting and self.today > self.dossier.answer_before)

    @invariant()
    def the_line_can_always_be_drawn(self) -> None:
        if self.dossier is not None:
            assert len(drawn(standing(self.dossier, self.today))) == 7

    @invariant()
    def the_file_keeps_the_days_of_the_steps_that_stand(self) -> None:
        if self.dossier is not None:
            assert self.dossier.days == dict(self.done)


Life.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestLife = Life.TestCase


@given(
    day=DATES,
    kind=st.sampled_from(Kind),
    quantity=HOURS,
    cap=st.integers(1, 40),
    born=BORN,
    agreement=st.sampled_from(["", "2026-12"]),
    parents=st.sampled_from(["", "Mme et M."]),
    checks=st.tuples(YES, YES, NO),
    answer_in=st.integers(-5, 60),
)
def test_nothing_is_prepared_outside_the_law(
    day, kind, quantity, cap, born, agreement, parents, checks, answer_in
) -> None:
    terms = Terms(kind, quantity, day + timedelta(days=answer_in), 2)
    protocol = Protocol(hours_cap=cap * 100, minors_agreement=agreement)
    minor, work = minor_at(born, PV), kind is Kind.TRAVAIL
    lawful = (
        checks == (True, True, False)
        and day <= deadline(PV, 1)
        and answer_in > 0
        and quantity > 0
        and not (work and quantity > min(LEGAL_HOURS, cap * 100))
        and not (minor and not (agreement and parents))
        and not (work and minor_at(born, PV, 16))
    )
    event(f"lawful: {lawful}, minor: {minor}")
    try:
        prepare(Checks(*checks, "PM-1", PV), terms, born, parents, protocol, day)
    except Forbidden:
        assert not lawful
    else:
        assert lawful


def test_a_step_under_an_ended_mandate_is_refused() -> None:
    ends = date(2026, 2, 10)
    for role in Role:
        for action in (
            Action.TRANSACTION_PREPARE,
            Action.TRANSACTION_ACT,
            Action.HOMOLOGATION_ANSWER,
        ):
            assert not _may(role, action, ends, date(2026, 2, 11))
    assert _may(Role.MAIRE, Action.TRANSACTION_ACT, ends, ends)


def _may(role: Role, action: Action, ends: date, today: date) -> bool:
    cell = None if role in WITHOUT_CELL else "CCTP"
    here = frozenset({"CCTP"})
    mandate = Mandate(role, cell, date(2025, 1, 1), ends, designated=True)
    actor = Actor("M-1", (mandate,), signed=here, admitted=here, fresh=True)
    standing = Subject(cell, recused=False, turn=True, frozen=False, archived=False)
    return decide(actor, action, standing, today).allowed


def _proposed(**changed: object) -> Dossier:
    terms = Terms(Kind.TRAVAIL, 700, date(2026, 2, 21), 1)
    made = Dossier(terms, PV, date(2026, 2, 2), minor=False, last_on=date(2026, 2, 2))
    return apply(made, Event(Step.REMETTRE, date(2026, 2, 3)), date(2026, 2, 3))


def test_silence_counts_to_the_end_of_the_next_working_day() -> None:
    """21 February 2026 is a Saturday: silence speaks on Tuesday 24, and not before."""
    assert standing(_proposed(), date(2026, 2, 23)).state is State.PROPOSEE
    assert standing(_proposed(), date(2026, 2, 24)).state is State.SILENCE


def test_an_answer_given_in_time_and_received_late_is_an_answer() -> None:
    late = date(2026, 2, 26)
    accepted = apply(_proposed(), Event(Step.ACCEPTER, date(2026, 2, 20)), late)
    assert accepted.state is State.ACCEPTEE
    with pytest.raises(Forbidden, match="silence vaut refus"):
        apply(_proposed(), Event(Step.ACCEPTER, date(2026, 2, 24)), late)


def test_the_whole_work_and_a_correction() -> None:
    found = _proposed()
    for step, day in ((Step.ACCEPTER, 10), (Step.DEMANDER, 11), (Step.HOMOLOGUER, 20)):
        found = apply(found, Event(step, date(2026, 2, day)), date(2026, 2, day))
    today = date(2026, 3, 10)

    def give(dossier: Dossier, hundredths: int, **more: str) -> Dossier:
        event = Event(Step.VERSER, date(2026, 3, 2), {"quantite": str(hundredths)} | more)
        return apply(dossier, event, today)

    with pytest.raises(Forbidden, match="total"):
        give(found, 701)
    done = give(give(found, 350), 350)
    assert done.state is State.EXECUTEE
    with pytest.raises(Forbidden, match="pourquoi"):
        give(done, -100)
    assert give(done, -100, motif="saisie deux fois").state is State.HOMOLOGUEE
    closed = apply(done, Event(Step.INFORMER, today), today)
    assert (closed.state, closed.ended) == (State.CLOSE, State.EXECUTEE)


def test_a_correction_reopens_the_last_step_and_says_why() -> None:
    today = date(2026, 2, 12)
    accepted = apply(_proposed(), Event(Step.ACCEPTER, date(2026, 2, 10)), today)
    with pytest.raises(Forbidden, match="rectifiez"):
        apply(accepted, Event(Step.RECTIFIER, today), today)
    why = {"motif": "la lettre disait non"}
    again = apply(accepted, Event(Step.RECTIFIER, today, why), today)
    assert again == _proposed()
    refused = apply(again, Event(Step.REFUSER, date(2026, 2, 9)), today)
    assert refused.state is State.REFUSEE
    asked = apply(accepted, Event(Step.DEMANDER, today), today)
    with pytest.raises(Forbidden, match="silence"):
        apply(asked, Event(Step.RECTIFIER, today, why), today)
    steps = (Step.REMETTRE, Step.ACCEPTER, Step.RECTIFIER, Step.RECTIFIER, Step.REMETTRE)
    assert corrected(steps) == {0, 1}


def test_a_correction_never_brings_silence_back_to_life() -> None:
    """The day to answer has passed: what is reopened is a refusal by the law."""
    late = date(2026, 2, 26)
    refused = apply(_proposed(), Event(Step.REFUSER, date(2026, 2, 20)), late)
    again = apply(refused, Event(Step.RECTIFIER, late, {"motif": "ce n’était pas elle"}), late)
    assert standing(again, late).state is State.SILENCE


def test_a_delivery_wrongly_recorded_is_corrected_even_after_the_silence() -> None:
    late, why = date(2026, 3, 2), {"motif": "le recommandé n’est jamais parti"}
    silent = standing(_proposed(), late)
    assert silent.state is State.SILENCE
    with pytest.raises(Forbidden, match="rectifiez"):
        apply(_proposed(), Event(Step.RECTIFIER, late), late)
    again = apply(_proposed(), Event(Step.RECTIFIER, late, why), late)
    assert standing(again, date(2027, 1, 1)).state is State.PREPAREE
    with pytest.raises(Forbidden, match="délai est expiré"):  # and the month still counts
        apply(again, Event(Step.REMETTRE, date(2026, 3, 3)), date(2026, 3, 3))


def test_the_law_chooses_who_homologates() -> None:
    assert AUTHORITY == {
        Kind.REPARATION: Authority.PROCUREUR,
        Kind.TRAVAIL: Authority.TRIBUNAL,
    }


def test_every_state_and_step_has_its_words() -> None:
    assert LABELS.keys() == WAITS.keys() == set(State)
    assert STEPS.keys() == set(Step)
    moving = {state for state, _ in TRANSITIONS}
    assert moving == set(State) - {State.CLOSE}
