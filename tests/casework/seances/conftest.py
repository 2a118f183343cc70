"""The coming séance of the demonstration, as the coordinator and the members find it."""

import pytest

from tests.casework.sitting import Sitting, coming
from tests.conftest import World


@pytest.fixture
def sitting(small_world: World) -> Sitting:
    return coming(small_world)


@pytest.fixture
def sitting_on_both(world: World) -> Sitting:
    """The same on each database."""
    return coming(world)
