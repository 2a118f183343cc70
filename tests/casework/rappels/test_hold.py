"""Recording a rappel à l'ordre held by a delegate of the maire (art. L.132-7 CSI)."""

import pytest

from tests.casework.rappels.walk import Walk
from tests.conftest import World


@pytest.mark.parametrize(("arrete", "status"), [("", 422), ("   ", 422), ("2025-114", 302)])
def test_a_delegate_shows_the_arrete(small_world: World, arrete: str, status: int) -> None:
    walk = Walk(small_world).convened()
    answer = walk.hold(tenu_par="Samir Haddouche, adjoint", par_delegation="y", delegation=arrete)
    assert answer.status_code == status, answer.text
    assert ("référence de l’arrêté de délégation." in answer.text) == (status == 422)
