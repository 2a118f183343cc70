"""The desk where deposits are made and answered, on both databases or on one."""

import pytest

from tests.casework.deposits.desk import Desk
from tests.conftest import World


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def small_desk(small_world: World) -> Desk:
    return Desk(small_world)
