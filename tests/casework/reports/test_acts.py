"""Rappels, transactions and signals in a report: counted once by stage, read under their own
actions."""

import re

import pytest
from sqlalchemy import select

from audit.query import search
from casework.clock import today
from casework.cmer.service import Opinion
from casework.rappels.models import Rappel
from casework.reports.sources import RAPPELS, SIGNALS, TRANSACTIONS, studied
from casework.transactions.models import Transaction
from tests.casework.cmer.test_cell import Cell
from tests.conftest import World

LINE = re.compile(r'<th scope="row">([^<]+)</th>.*?<td class="chart-value">([^<]+)</td>', re.DOTALL)
SENT = "Transmis aux services de l’État"
YEAR = today().year  # the demonstration's acts are a few weeks old
ASKED = f"du=01/01/{YEAR - 1}&au=31/12/{YEAR}"


def hide_nothing_small(world: World) -> None:
    with world.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE cell SET threshold = 1")


def test_each_stage_of_the_acts(world: World) -> None:
    """The demonstration has one transaction proposed, one accepted and one homologated."""
    hide_nothing_small(world)
    page = world.coordinator().get(f"/cellules/CCTP/rapport?{ASKED}").text
    with world.database.read() as session:
        rappels = len(session.scalars(select(Rappel).where(Rappel.cell == "CCTP")).all())
        made = session.scalars(select(Transaction).where(Transaction.cell == "CCTP")).all()
    assert len(made) == 3
    said = dict(LINE.findall(page))
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


@pytest.mark.parametrize(
    ("opinion", "sent", "stages"),
    [
        (None, False, {"En attente de la concertation"}),
        (None, True, {"Étudiés", "Relevant de la radicalisation", SENT}),
        (Opinion.CONSEIL, False, {"Étudiés", "Appelant un conseil ou une formation"}),
        (Opinion.CONSEIL, True, {"Étudiés", "Relevant de la radicalisation", SENT}),
        (Opinion.EXAMINER, False, {"Étudiés", "Relevant de la radicalisation"}),
        (Opinion.HORS, False, {"Étudiés", "Ne relevant pas de la radicalisation"}),
        (Opinion.HORS, True, {"Étudiés", "Ne relevant pas de la radicalisation", SENT}),
    ],
)
def test_how_far_a_signal_went(opinion: Opinion | None, sent: bool, stages: set[str]) -> None:
    outcome = studied(opinion, sent=sent)
    assert {one.label for one in SIGNALS.stages.values() if outcome in one.outcomes} == stages


def test_the_signals_of_a_cmer_are_counted_there_and_nowhere_else(small_world: World) -> None:
    hide_nothing_small(small_world)
    cell = Cell(small_world).opened()
    elsewhere = f"/cellules/CCTP/rapport?{ASKED}"
    before = LINE.findall(cell.who.get(elsewhere).text)
    told = {
        "Quatrevaux": ["examiner"],
        "Tessier": ["conseil", "examiner"],
        "Hurel": [],
        "Omont": [],
    }
    for name, opinions in told.items():
        situation = cell.receive(nom=name)
        for avis in opinions:
            cell.treat(situation, "concertation", avis=avis)
    page = cell.who.get(f"/cellules/CMER/rapport?{ASKED}").text
    said = dict(LINE.findall(page))
    labels = {stage.label for stage in SIGNALS.stages.values()}
    assert {label: count for label, count in said.items() if label in labels} == {
        "Étudiés": "2",
        "Relevant de la radicalisation": "2",
        "En attente de la concertation": "2",
    }
    assert re.search(r"4\D{1,80}situations dont la cellule a été saisie", page)
    assert re.search(r"2\D{1,80}situations relevant de la radicalisation", page)
    assert RAPPELS.title not in page
    page = cell.who.get(elsewhere).text
    assert LINE.findall(page) == before
    assert SIGNALS.title not in page
    assert "radicalisation" not in page
    with small_world.database.engine.connect() as connection:
        read = [row.cell for row in search(connection, limit=200) if row.action == "cmer:read"]
    assert set(read) == {"CMER"}
