"""Recording a rappel à l'ordre held by a delegate of the maire (art. L.132-7 CSI)."""

import pytest
from sqlalchemy import select

from casework.rappels.models import Rappel
from casework.web.access import today
from tests.conftest import World


@pytest.mark.parametrize(("arrete", "status"), [("", 422), ("   ", 422), ("2025-114", 302)])
def test_a_delegate_shows_the_arrete(small_world: World, arrete: str, status: int) -> None:
    coordinator = small_world.coordinator()
    with small_world.database.read() as session:
        rappel = session.scalars(select(Rappel).where(Rappel.attend == "commune")).first()
    answer = coordinator.post(
        f"/rappels/{rappel.reference}/consigner",
        {
            "issue": "tenu",
            "tenu_le": f"{today():%d/%m/%Y}",
            "forme": "cellule",
            "tenu_par": "Samir Haddouche, adjoint",
            "par_delegation": "y",
            "delegation": arrete,
            "presents": "Les deux parents",
            "version": str(rappel.version),
        },
    )
    assert answer.status_code == status, answer.text
    assert ("référence de l’arrêté de délégation." in answer.text) == (status == 422)
