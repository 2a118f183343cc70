"""Whatever is tried, whenever: the aide parentale moves as art. L. 141-2 CASF says, or not."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from casework.parenting.procedure import (
    Dossier,
    Event,
    Followed,
    Forbidden,
    Opinion,
    Step,
    Waits,
    apply,
    open_with,
    refusal,
    replay,
)
from casework.parenting.words import CLOSED, STEPS, WAITS, details, told

START = date(2026, 11, 2)
FIRST = Event(Step.OUVRIR, START, {"motif": "assiduite", "assistance": "non"})


class Life(RuleBasedStateMachine):
    """Everything is tried, on any day, with any words."""

    def __init__(self) -> None:
        super().__init__()
        self.today = START
        self.dossier = open_with(FIRST, minor=True, today=START)
        self.done: list[tuple[Event, date]] = []

    @rule(
        wish=st.one_of(st.integers(0, 9), st.sampled_from(Step)),
        later=st.integers(0, 20),
        before=st.one_of(st.just(0), st.integers(-3, 30)),
        opinion=st.sampled_from(Opinion),
        found=st.sampled_from(Followed),
        agreed=st.sampled_from(["oui", "non"]),
        point=st.integers(0, 3),
        delay=st.integers(-2, 40),
    )
    def act(self, wish, later, before, opinion, found, agreed, point, delay) -> None:
        """``wish``: any step, or one of those open now."""
        self.today += timedelta(days=later)
        if isinstance(wish, int):
            possible = [step for step in Step if not refusal(self.dossier, step)] or [Step.CLORE]
            wish = possible[wish % len(possible)]
        on = self.today - timedelta(days=before)
        content = {
            "avis": opinion.value,
            "constat": found.value,
            "accord": agreed,
            "point": str(point),
            "point_1": "Prévenir le collège." if point else "",
            "avant_1": (on + timedelta(days=delay)).isoformat(),
            "point_2": "Venir au rendez-vous.",
            "avant_2": (on + timedelta(days=9)).isoformat(),
        }
        event = Event(wish, on, content)
        was = self.dossier
        try:
            self.dossier = apply(was, event, self.today)
        except Forbidden:
            return
        self.done.append((event, self.today))
        self._lawful(was, event)

    def _lawful(self, was: Dossier, event: Event) -> None:
        assert not was.ended
        assert START <= event.on <= self.today
        if event.step in {Step.CONSEILLER, Step.PREPARER, Step.RECEVOIR}:
            assert was.asked_on is not None
            assert was.asked_on <= event.on
        if event.step in {Step.SIGNER, Step.REFUSER}:
            assert was.points
            assert was.prepared_on
            assert was.prepared_on <= event.on
        if event.step is Step.INFORMER:
            assert was.counselled or was.signed_on or was.in_place_on
            assert was.informed_on is None
            assert was.in_place_on <= event.on
        if event.step is Step.SUIVRE:
            assert was.signed_on
            assert was.signed_on <= event.on
            changed = [
                new.number
                for old, new in zip(was.points, self.dossier.points, strict=True)
                if old != new
            ]
            assert set(changed) <= {int(event.content["point"])}
        if event.step is Step.SAISIR:
            assert event.content["accord"] == "oui"
        if was.opinion is Opinion.MESURE:
            assert event.step is Step.CLORE

    @invariant()
    def its_story_says_it_all(self) -> None:
        assert replay(FIRST, self.done) == self.dossier
        for event, _ in self.done:
            assert told(event)
            assert all(value for _, value in details(event))

    @invariant()
    def someone_is_waited_for_until_the_end(self) -> None:
        who, day = self.dossier.due
        assert (who is Waits.NOBODY) == self.dossier.ended
        assert self.dossier.ended or who in WAITS
        late = [it for it in self.dossier.points if it.open and self.dossier.signed_on]
        if late and not self.dossier.ended and not self.dossier.stopped:
            assert day is not None
            assert day <= min(it.before for it in late)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@given(minor=st.booleans(), assistance=st.sampled_from(["", "non", "oui"]), day=st.integers(-5, 5))
def test_nothing_opens_unless_both_checks_pass(minor: bool, assistance: str, day: int) -> None:
    on = START + timedelta(days=day)
    event = Event(Step.OUVRIR, on, {"motif": "surveillance", "assistance": assistance})
    if minor and assistance == "non" and day <= 0:
        assert open_with(event, minor=minor, today=START).opened_on == on
    else:
        with pytest.raises(Forbidden):
            open_with(event, minor=minor, today=START)


def test_every_act_and_answer_has_its_words() -> None:
    assert set(STEPS) == set(Step)
    assert set(WAITS) == set(Waits) - {Waits.NOBODY}
    assert set(CLOSED["avis"]) == set(Opinion)
    assert set(CLOSED["constat"]) == set(Followed)
