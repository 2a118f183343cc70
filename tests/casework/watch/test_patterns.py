"""The patterns on entries of our own making: an ordinary quarter, then each thing out of it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.event import ANONYME, Outcome, timestamp
from audit.query import Row
from casework.clock import PARIS
from casework.legal_days import is_day_off
from casework.watch import patterns
from casework.watch.patterns import SEARCH_MARK, File, Finding, Pattern
from casework.watch.thresholds import THRESHOLDS

USUAL = {known.key: known.usual for known in THRESHOLDS}
TODAY = date(2026, 11, 20)  # a Friday
COORDINATION, MEMBER = "M-0002", "M-0007"
EXAMINED = {f"CCTP-2026-{n:03d}": File(date(2026, 2, 1), COORDINATION, True) for n in range(80)}
NEVER = {f"CCTP-2025-{n:03d}": File(date(2025, 11, 3), "M-0099", False) for n in range(40)}
FILES = EXAMINED | NEVER


def _row(action: str, actor: str, day: date, hour: int = 10, **given: object) -> Row:
    row = Row(
        seq=0,
        time=timestamp(datetime.combine(day, time(hour, 12), PARIS)),
        actor=actor,
        role="",
        action=action,
        outcome=Outcome.AUTORISE,
        object="",
        cell="CCTP",
        article="",
        detail={},
        motive=b"",
    )
    return replace(row, **given)


def _opened(actor: str, day: date, references: list[str], hour: int = 10) -> Iterator[Row]:
    for reference in references:
        yield _row("situation:read", actor, day, hour, object=reference)


def _look(rows: list[Row], today: date = TODAY) -> list[Finding]:
    return patterns.findings(patterns.gather(rows, USUAL), FILES, USUAL, today)


def _seen(rows: list[Row]) -> set[tuple[Pattern, str]]:
    return {(finding.pattern, finding.actor) for finding in _look(rows)}


def _quarter(seed: int = 7) -> list[Row]:
    """Thirteen weeks of a town: a séance every fortnight, ten to eighteen situations prepared the
    day before and examined, a few opened every day, mistakes, exports, a late evening."""
    chance = random.Random(seed)  # noqa: S311 - a scenario, not a secret
    rows: list[Row] = []
    for back in range(91):
        day = TODAY - timedelta(days=back)
        if day.weekday() > 4:
            continue
        rows += _opened(COORDINATION, day, chance.sample(sorted(EXAMINED), chance.randint(2, 9)))
        for _ in range(chance.randint(0, 3)):
            mark = {SEARCH_MARK: chance.randint(0, 255)}
            rows.append(_row("situation:search", COORDINATION, day, detail=mark))
        if chance.random() < 0.3:
            rows.append(_row("report:read", MEMBER, day, outcome=Outcome.REFUSE))
        for _ in range(chance.randint(0, 4)):
            rows.append(_row("session:open", ANONYME, day, outcome=Outcome.REFUSE))
        if back % 14 in (0, 1):  # the day before a séance, and the séance
            agenda = chance.sample(sorted(EXAMINED), chance.randint(10, 18))
            rows += _opened(COORDINATION, day, agenda)
            if back % 14 == 0:
                rows += _opened(MEMBER, day, agenda, hour=14)
            rows += [_row("rappel:export", COORDINATION, day) for _ in range(6)]
        if chance.random() < 0.1:
            rows += _opened(COORDINATION, day, ["CCTP-2026-001"], hour=21)
    return rows


@pytest.mark.parametrize("seed", range(10))
def test_an_ordinary_quarter_raises_next_to_nothing(seed: int) -> None:
    rows = _quarter(seed)
    raised = {
        (one.pattern, one.actor, one.day)
        for back in range(91)
        for one in _look(rows, TODAY - timedelta(days=back))
    }
    assert len(raised) <= 1


def test_a_day_of_many_files() -> None:
    everything = sorted(EXAMINED)[:60]
    assert _seen([*_quarter(), *_opened(MEMBER, TODAY, everything)]) == {(Pattern.VOLUME, MEMBER)}


def test_the_habit_of_each_is_their_own_measure() -> None:
    """A large town's coordination opens forty files every day: only thrice that is unusual."""
    rows: list[Row] = []
    for back in range(1, 30):
        if is_day_off(TODAY - timedelta(days=back)):
            continue
        rows += _opened(COORDINATION, TODAY - timedelta(days=back), sorted(EXAMINED)[:20])
    assert not _look([*rows, *_opened(COORDINATION, TODAY, sorted(EXAMINED)[:50])])
    assert _look([*rows, *_opened(COORDINATION, TODAY, sorted(EXAMINED)[:70])])


def test_at_night_and_on_sunday() -> None:
    several = sorted(EXAMINED)[:4]
    sunday = date(2026, 11, 15)
    assert _seen(list(_opened(MEMBER, TODAY, several, hour=23))) == {(Pattern.HORS_HEURES, MEMBER)}
    assert _seen(list(_opened(MEMBER, sunday, several))) == {(Pattern.HORS_HEURES, MEMBER)}
    assert not _seen(list(_opened(MEMBER, TODAY, several[:2], hour=23)))


def test_on_a_public_holiday() -> None:
    armistice, saint_stephen = date(2026, 11, 11), date(2026, 12, 26)  # a Wednesday, a Saturday
    several = sorted(EXAMINED)[:4]
    assert _look(list(_opened(MEMBER, armistice, several)), today=armistice)
    rows = list(_opened(MEMBER, saint_stephen, several))
    assert not _look(rows, today=saint_stephen)
    days = patterns.gather(rows, USUAL, alsace_moselle=True)
    assert patterns.findings(days, FILES, USUAL, saint_stephen)


def test_files_that_were_never_on_an_agenda() -> None:
    strange = sorted(NEVER)[:10]
    by_days = [
        row
        for back, reference in enumerate(strange)
        for row in _opened(COORDINATION, TODAY - timedelta(days=back // 2), [reference])
    ]
    assert _seen(by_days) == {(Pattern.HORS_AGENDA, COORDINATION)}
    assert not _seen(list(_opened("M-0099", TODAY, strange))), "they recorded them themselves"


def test_repeated_refusals_and_refused_sign_ins() -> None:
    refused = [_row("situation:read", MEMBER, TODAY, outcome=Outcome.REFUSE)] * 6
    assert _seen(refused) == {(Pattern.REFUS, MEMBER)}
    knocks = [_row("session:open", ANONYME, TODAY, outcome=Outcome.REFUSE)] * 30
    assert _seen(knocks) == {(Pattern.CONNEXIONS, ANONYME)}
    assert not _seen(knocks[:29] + refused[:5])


def test_the_same_name_again_and_again() -> None:
    asked = [
        _row(
            "situation:search", COORDINATION, TODAY - timedelta(days=2 * n), detail={SEARCH_MARK: 9}
        )
        for n in range(8)
    ]
    assert _seen(asked) == {(Pattern.INSISTANCE, COORDINATION)}
    other_names = [replace(row, detail={SEARCH_MARK: n}) for n, row in enumerate(asked)]
    assert not _seen(other_names)


def test_many_documents_in_a_day() -> None:
    produced = [_row("rappel:export", COORDINATION, TODAY)] * 30
    assert _seen(produced) == {(Pattern.SORTIES, COORDINATION)}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["situation:read", "rappel:export", "situation:search"]),
            st.sampled_from([COORDINATION, MEMBER, ANONYME]),
            st.integers(0, 120),
            st.integers(0, 23),
            st.sampled_from(sorted(FILES)),
            st.sampled_from([Outcome.AUTORISE, Outcome.REFUSE]),
        ),
        max_size=120,
    )
)
def test_every_alert_counts_what_the_entries_hold(asked: list[tuple]) -> None:
    """Whatever happens: no alert on a day without entries, none of an old day, and its count is
    one a reader of the journal finds again."""
    rows = [
        _row(
            action,
            actor,
            TODAY - timedelta(days=back),
            hour,
            object=reference,
            outcome=outcome,
            detail={SEARCH_MARK: 1} if action.endswith("search") else {},
        )
        for action, actor, back, hour, reference, outcome in asked
    ]
    for finding in _look(rows):
        assert TODAY - timedelta(days=patterns.DAYS_LOOKED_AT) < finding.day <= TODAY
        mine = [row for row in rows if row.actor == finding.actor]
        assert finding.count <= len(mine)
        same_day = [
            row
            for row in mine
            if datetime.fromisoformat(row.time).astimezone(PARIS).date() == finding.day
        ]
        assert same_day
