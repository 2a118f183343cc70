"""Rappels and transactions in a report: counted once by stage, read under their own actions."""

import re

from sqlalchemy import select

from audit.query import search
from casework.clock import today
from casework.rappels.models import Rappel
from casework.reports.sources import RAPPELS, TRANSACTIONS
from casework.transactions.models import Transaction
from tests.conftest import World


def test_each_stage_of_the_acts(world: World) -> None:
    """The demonstration has one transaction proposed, one accepted and one homologated."""
    with world.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE cell SET threshold = 1")  # nothing small is hidden
    year = today().year
    asked = f"du=01/01/{year - 1}&au=31/12/{year}"
    page = world.coordinator().get(f"/cellules/CCTP/rapport?{asked}").text
    with world.database.read() as session:
        rappels = len(session.scalars(select(Rappel).where(Rappel.cell == "CCTP")).all())
        made = session.scalars(select(Transaction).where(Transaction.cell == "CCTP")).all()
    assert len(made) == 3
    line = r'<th scope="row">([^<]+)</th>.*?<td class="chart-value">([^<]+)</td>'
    said = dict(re.findall(line, page, re.DOTALL))
    assert said["Proposées"] == "3"
    assert said["Acceptées"] == "2"
    assert said["Annoncés au procureur"] == str(rappels)
    assert TRANSACTIONS.title in page
    with world.database.engine.connect() as connection:
        actions = {row.action for row in search(connection, limit=20)}
    assert {source.action.value for source in (RAPPELS, TRANSACTIONS)} <= actions


def test_a_cell_without_acts_asks_for_none(world: World) -> None:
    coordinator = world.coordinator()
    coordinator.get("/cellules/GSP/rapport")
    with world.database.engine.connect() as connection:
        actions = {row.action for row in search(connection, limit=5)}
    assert "report:read" in actions
    assert "transaction:read" not in actions
