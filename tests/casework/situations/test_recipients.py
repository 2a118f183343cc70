"""What the parquet answered: the cell's members learn « possible » or « impossible », no more."""

import pytest
from sqlalchemy import select

from casework.rappels.models import Rappel
from casework.seances.models import AgendaItem, Convocation, Seance
from casework.situations.models import Situation
from charter.models import MandateRow
from charter.roles import Role
from tests.conftest import World

OBSERVATION = "Observation réservée au maire"


@pytest.mark.parametrize(
    ("answer", "observation", "said"),
    [
        ("reponse_possible", OBSERVATION, "possible"),
        ("reponse_judiciaire", "", "impossible"),
    ],
)
def test_members_learn_only_whether_it_may_take_place(
    small_world: World, answer: str, observation: str, said: str
) -> None:
    with small_world.database.write() as session:
        rappel = session.scalars(select(Rappel).where(Rappel.attend == "parquet")).first()
        situation = session.get_one(Situation, rappel.situation).reference
        seance = session.scalars(select(Seance).where(Seance.cell == rappel.cell)).first()
        item = (seance.id, rappel.situation)
        if session.get(AgendaItem, item) is None:
            session.add(AgendaItem(seance=seance.id, situation=rappel.situation, rank=99))
        commissaire = session.scalars(
            select(MandateRow.member).where(MandateRow.role == Role.COMMISSAIRE)
        ).first()
        if session.get(Convocation, (seance.id, commissaire)) is None:
            session.add(Convocation(seance=seance.id, member=commissaire))
        session.commit()
        fiche = rappel.reference
    member = small_world.visitor("commissaire")
    waiting = member.get(f"/situations/{situation}").text
    assert f"{fiche}</span>\u00a0: en attente de la réponse" in waiting.replace("&nbsp;", "\u00a0")

    replied = small_world.visitor("parquet").post(
        f"/fiches/{fiche}/repondre",
        {"reponse": answer, "observation": observation, "version": "1"},
    )
    assert replied.status_code == 302, replied.text
    page = member.get(f"/situations/{situation}").text.replace("&nbsp;", "\u00a0")
    assert f"{fiche}</span>\u00a0: {said}<" in page
    for hidden in (OBSERVATION, "De Rochebrune", "judiciaire", f"/rappels/{fiche}"):
        assert hidden not in page
