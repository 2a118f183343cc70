import pytest

from casework.cells.profiles import find
from casework.cells.profiles.istres import PROFILE
from casework.cells.profiles.model import CellProfile
from charter.roles import WITHIN_A_CELL, Role


@pytest.mark.parametrize("cell", PROFILE.cells, ids=lambda cell: cell.code)
def test_a_cell_is_made_of_roles_the_charter_knows(cell: CellProfile) -> None:
    assert {Role(slug) for slug in cell.composition} <= WITHIN_A_CELL
    assert len(set(cell.composition)) == len(cell.composition)
    assert "coordonnateur" in cell.composition


def test_the_communes_own_lists_have_stable_distinct_codes() -> None:
    for terms in (PROFILE.quartiers, PROFILE.schools):
        assert [term.code for term in terms] == list(range(1, len(terms) + 1))
        assert len({term.slug for term in terms}) == len({term.label for term in terms})


def test_nothing_is_kept_longer_than_the_rules_say() -> None:
    retention = PROFILE.retention
    assert retention.active_months_after_end == 3
    assert retention.archive_years_at_most <= 3
    assert retention.until_birthday == 25


def test_absenteeism_convenes_the_parents_without_the_pupil() -> None:
    assert PROFILE.absenteeism_hears_pupil is False


def test_a_profile_is_found_by_its_slug() -> None:
    assert find("istres") is PROFILE
    assert find("atlantide") is None
