"""Small numbers stay hidden, whatever one subtracts from the total."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.reports.typology import Count, _protect

NAMES = {code: f"Terme {code}" for code in range(1, 9)}
thresholds = st.integers(2, 6)


def tables(most_lines: int, largest: int) -> st.SearchStrategy[Counter[int]]:
    counts = st.integers(1, largest)
    made = st.dictionaries(st.integers(1, 8), counts, min_size=1, max_size=most_lines)
    return made.map(Counter)


def _shares(people: int, lines: int) -> Iterator[tuple[int, ...]]:
    """Every way to spread people over lines, at least one in each: an empty line is not printed."""
    if lines == 1:
        yield (people,)
        return
    for first in range(1, people - lines + 2):
        for rest in _shares(people - first, lines - 1):
            yield (first, *rest)


def _possible(printed: list[Count], total: int, threshold: int) -> dict[str, set[int]]:
    """What each hidden line may be for a reader who knows the total and how we hide.

    Stops at two possibilities a line: the reader is in doubt.
    """
    labels = {label: code for code, label in NAMES.items()}
    hidden = [count.label for count in printed if count.masked]
    shown = {labels[count.label]: count.value for count in printed if not count.masked}
    found: dict[str, set[int]] = {label: set() for label in hidden}
    if not hidden:
        return {}
    for values in _shares(total - sum(shown.values()), len(hidden)):
        guess = dict(zip(hidden, values, strict=True))
        rebuilt = Counter(shown | {labels[label]: value for label, value in guess.items()})
        if sorted(map(str, _protect(rebuilt, NAMES, threshold))) == sorted(map(str, printed)):
            for label, value in guess.items():
                found[label].add(value)
            if all(len(values) > 1 for values in found.values()):
                break
    return found


@given(tables(8, 40), thresholds)
def test_no_small_count_is_printed(table: Counter[int], threshold: int) -> None:
    for count in _protect(table, NAMES, threshold):
        assert count.value is None or count.value >= threshold


@given(tables(8, 40), thresholds)
def test_what_is_printed_is_true(table: Counter[int], threshold: int) -> None:
    labels = {label: code for code, label in NAMES.items()}
    for count in _protect(table, NAMES, threshold):
        assert count.masked or count.value == table[labels[count.label]]


@given(tables(8, 40), thresholds)
def test_nothing_is_hidden_without_need(table: Counter[int], threshold: int) -> None:
    if min(table.values()) >= threshold:
        assert [c.value for c in _protect(table, NAMES, threshold)] == sorted(
            table.values(), reverse=True
        )


@given(tables(4, 7), thresholds)
def test_no_hidden_count_follows_from_the_total(table: Counter[int], threshold: int) -> None:
    if table.total() < threshold:
        return  # such a report has no table at all
    printed = _protect(table, NAMES, threshold)
    for label, values in _possible(printed, table.total(), threshold).items():
        assert len(values) > 1, f"{label} can only be {values} in {printed}"


@pytest.mark.parametrize(
    ("counts", "printed"),
    [
        ({1: 20, 2: 9, 3: 2}, [20, None, None]),
        ({1: 20, 2: 5, 3: 1, 4: 1, 5: 1}, [20, None, None, None, None]),
        ({1: 20, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1}, [None] * 6),
        ({1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, []),
        ({1: 20, 2: 6}, [20, 6]),
    ],
)
def test_examples(counts: dict[int, int], printed: list[int | None]) -> None:
    assert [count.value for count in _protect(Counter(counts), NAMES, 5)] == printed


def test_the_page_counts_what_was_recorded_and_names_nobody(world) -> None:
    coordinator = world.coordinator()
    page = coordinator.get("/cellules/CCTP/rapport?du=01/01/2020&au=31/12/2026").text
    assert "Répartition par typologie" in page
    assert not re.search(r"CCTP-\d{4}-\d{3}", page)


def test_a_period_of_a_few_people_tells_nothing(small_world) -> None:
    coordinator = small_world.coordinator()
    empty = coordinator.get("/cellules/CCTP/rapport?du=01/01/2001&au=31/12/2001").text
    assert "Répartition" not in empty


def test_a_wrong_period_is_said(small_world) -> None:
    coordinator = small_world.coordinator()
    for period in ("du=bientot&au=31/12/2026", "du=31/12/2026&au=01/01/2026"):
        page = coordinator.get(f"/cellules/CCTP/rapport?{period}")
        assert page.status_code == 200
        assert "Répartition" not in page.text
