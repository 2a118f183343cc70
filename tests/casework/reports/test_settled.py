"""What moves in a settled block, and what does not."""

from datetime import date

import pytest

from casework.reports.joint import Publication
from casework.reports.memory import Figures, Remembered
from casework.reports.models import PublishedReport
from casework.reports.periods import Period
from casework.reports.settled import counts_of
from casework.reports.sources import SIGNALS, Act
from tests.casework.reports.populations import Child, tally_of

QUARTER = Period(date(2026, 1, 1), date(2026, 3, 31))
BEFORE = [Child(block=2, typologie=1 + n % 2, statut=1, family=n) for n in range(10)]


def settled(population: list[Child]) -> Remembered:
    counts = counts_of(tally_of(population), {}, QUARTER, None)
    published = Publication([QUARTER], {QUARTER: counts})
    return Remembered(PublishedReport(), published, Figures(), 0, "", "")


@pytest.mark.parametrize(
    ("now", "statut", "recap"),
    [
        (  # two were solved
            [*(Child(**vars(c) | {"statut": 3}) for c in BEFORE[:2]), *BEFORE[2:]],
            {1: 8, 3: 2},
            {(1, 1): 4, (2, 1): 4, (1, 3): 1, (2, 3): 1},
        ),
        (  # one was erased: it stays counted, under its typologie
            BEFORE[1:],
            {0: 1, 1: 9},
            {(1, 0): 1, (1, 1): 4, (2, 1): 5},
        ),
        (  # one has another typologie: its statut would no longer agree with the settled tables
            [Child(**vars(BEFORE[0]) | {"typologie": 2, "statut": 3}), *BEFORE[1:]],
            {1: 10},
            {(1, 1): 5, (2, 1): 5},
        ),
    ],
)
def test_the_follow_up_moves_within_the_settled_numbers(
    now: list[Child], statut: dict, recap: dict
) -> None:
    counts = counts_of(tally_of(now), {}, QUARTER, settled(BEFORE))
    assert counts["statut"] == statut
    assert counts["typologie*statut"] == recap
    assert counts["total"] == {0: 10}
    assert counts["typologie"] == {1: 5, 2: 5}


@pytest.mark.parametrize(
    ("now", "signals"),
    [
        ({1: 2, 2: 4}, {0: 8, 2: 1, 4: 1}),  # eight were erased since
        (dict.fromkeys(range(11), 1) | {99: 4}, {1: 10}),  # one was moved into the block
        (dict.fromkeys(range(9), 1) | {9: 4, 99: 4}, {1: 9, 4: 1}),  # one was recorded late
    ],
)
def test_the_signals_of_a_settled_block_are_those_it_counts(now: dict, signals: dict) -> None:
    def acts(outcomes: dict) -> dict:
        return {SIGNALS: [Act(QUARTER.since, *reversed(pair)) for pair in outcomes.items()]}

    first = counts_of(tally_of(BEFORE), acts(dict.fromkeys(range(10), 1)), QUARTER, None)
    published = Publication([QUARTER], {QUARTER: first})
    before = Remembered(PublishedReport(), published, Figures(), 50, "", "")
    counts = counts_of(tally_of(BEFORE), acts(now), QUARTER, before)
    assert counts["signal"] == signals
    assert counts["total"] == {0: 10}
