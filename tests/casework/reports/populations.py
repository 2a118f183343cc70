"""Small invented populations, counted as the product counts them and, apart, by hand."""

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date

from hypothesis import strategies as st

from casework.reports.contributors import dominated, dominated_acts
from casework.reports.joint import Publication, decide
from casework.reports.periods import Period
from casework.reports.settled import inside, outcomes_of
from casework.reports.sources import SOURCES, Act, of_kind
from casework.reports.tally import Block, Tally
from casework.situations.facet_pages import columns_of
from casework.situations.facets import Facets

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
SCHOOL = Period(date(2025, 9, 1), date(2026, 8, 31))
SPRING = Period(date(2026, 1, 1), date(2026, 3, 31))
HALF = Period(date(2026, 1, 1), date(2026, 6, 30))
BLOCKS = tuple(sorted({*YEAR.blocks(), *SCHOOL.blocks()}))


@dataclass(frozen=True)
class Child:
    """One situation: codes of its lists, its family, and the block its saisine falls in."""

    block: int = 0
    typologie: int = 1
    origine: int = 1
    tranche_age: int = 3
    sexe: int = 1
    niveau: int = 2
    quartier: int = 1
    statut: int = 1
    etablissement: int = 0
    suite: int = 0
    family: int = 0
    # How far a rappel à l'ordre and a transaction about it went; 0: there is none.
    rappel: int = 0
    transaction: int = 0
    # In a CMER, how far it was studied; 0: it is no CMER, or was erased since.
    signal: int = 0


APART = ("block", "suite", "family", "rappel", "transaction", "signal")
CODES = [field.name for field in fields(Child) if field.name not in APART]


def children(most: int = 40) -> st.SearchStrategy[list[Child]]:
    few = st.integers(1, 3)

    def child(**acts: st.SearchStrategy[int]) -> st.SearchStrategy[Child]:
        return st.builds(
            Child,
            block=st.integers(0, len(BLOCKS) - 1),
            typologie=few,
            origine=st.integers(1, 2),
            tranche_age=few,
            sexe=st.integers(1, 2),
            niveau=st.integers(1, 2),
            quartier=few,
            statut=few,
            etablissement=st.integers(0, 3),
            suite=st.integers(0, 2),
            family=st.integers(0, 60),
            **acts,
        )

    ordinary = child(rappel=st.integers(0, 6), transaction=st.integers(0, 10))
    signals = child(signal=st.integers(0, 6))
    return st.lists(ordinary, max_size=most) | st.lists(signals, max_size=most)


def tally_of(population: list[Child]) -> Tally:
    held = Tally({block: Block() for block in BLOCKS})
    for child in population:
        codes = {name: getattr(child, name) for name in CODES}
        suites = frozenset({child.suite} - {0})
        sounds = (str(child.family),)
        made = columns_of([1], [Facets(**codes, suites=suites, sounds=sounds).pack()])
        held.blocks[BLOCKS[child.block]].parts.append(made)
    return held


def acts_of(population: list[Child]) -> dict:
    cmer = any(child.signal for child in population)
    return {
        source: [
            Act(BLOCKS[child.block].since, outcome, number)
            for number, child in enumerate(population)
            if (outcome := getattr(child, source.table))
        ]
        for source in of_kind(isolated=cmer)
    }


def publish(
    population: list[Child],
    periods: list[Period],
    past: list[Publication],
    threshold: int = 5,
    *,
    rounded: bool = False,
) -> Publication:
    """As the product does; Unprotectable when it would refuse."""
    held = tally_of(population)
    acts = acts_of(population)
    counts = {
        block: held.counts(block)
        | {"total": {0: held.total(block)}}
        | outcomes_of(acts, block, held.total(block))
        for period in periods
        for block in period.blocks()
    }
    made_by = {
        number: (child.family, child.etablissement) for number, child in enumerate(population)
    }
    places = {
        (period, table, key)
        for period in periods
        for table, key in dominated(held, period.blocks(), threshold)
        | dominated_acts(
            {source: inside(done, period) for source, done in acts.items()}, made_by, threshold
        )
    }
    new = Publication(periods, counts, rounded, {}, places)
    return Publication(periods, counts, rounded, decide(new, past, threshold), places, threshold)


def naive(population: list[Child], period: Period, table: str, key: object) -> int:
    """The same number, counted by hand."""
    held = [child for child in population if period.contains(BLOCKS[child.block])]
    if table == "total":
        return len(held)
    if "*" in table:
        first, second = table.split("*")
        return Counter((getattr(c, first), getattr(c, second)) for c in held)[key]
    for source in SOURCES:
        if table == source.whole:
            return sum(getattr(child, source.table) > 0 for child in held)
        if table == source.printed:
            outcomes = source.stages[key].outcomes
            return sum(getattr(child, source.table) in outcomes for child in held)
    return Counter(getattr(child, table) for child in held)[key]
