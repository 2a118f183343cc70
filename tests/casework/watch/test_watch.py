"""The DPO's alerts through the doors, on both databases."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from audit.query import search
from casework.cli import main
from casework.situations.models import Situation
from casework.watch.models import Alert
from tests.conftest import World

NOTE = "Appelée le matin même : elle préparait la revue annuelle Zyggonakrat."
USUAL = {
    "volume": 40,
    "facteur": 3,
    "hors_heures": 100,
    "debut_nuit": 21,
    "fin_nuit": 6,
    "hors_agenda": 8,
    "refus": 6,
    "connexions": 30,
    "insistance": 8,
    "sorties": 30,
}


def _insist(world: World, times: int, name: str = "Benali") -> None:
    for _ in range(times):
        answer = world.coordinator().post("/cellules/CCTP/recherche", {"q": name})
        assert answer.status_code == 200


def _alerts(world: World) -> list[Alert]:
    with world.database.read() as session:
        return list(session.scalars(select(Alert)))


def _refuse(world: World, times: int) -> None:
    for _ in range(times):
        assert world.visitor("pjj").get("/journal").status_code == 403


def test_from_the_alert_to_its_answer(world) -> None:
    dpo = world.visitor("dpo")
    assert "Aucune alerte à traiter" in dpo.get("/journal/alertes").text
    _refuse(world, 7)
    _insist(world, 8)
    assert dpo.post("/journal/alertes").status_code == 302
    page = dpo.get("/journal/alertes").text
    assert "Refus répétés" in page
    assert "Le même nom recherché avec insistance" in page
    assert "Benali" not in page
    refused = next(alert for alert in _alerts(world) if alert.pattern == "refus")
    assert refused.count == 7
    assert dpo.post("/journal/alertes").status_code == 302
    assert len(_alerts(world)) == 2, "looking again raises nothing twice"

    where = f"/journal/alertes/{refused.id}"
    empty = dpo.post(where, {"reponse": "", "note": ""})
    assert empty.status_code == 422
    assert "Choisissez ce qu’il en est." in empty.text
    assert dpo.post(where, {"reponse": "expliquee", "note": NOTE}).status_code == 302
    page = dpo.get("/journal/alertes").text
    assert NOTE in page
    assert "Expliquée" in page
    again = dpo.post(where, {"reponse": "suite", "note": "autre"})
    assert again.status_code == 302
    assert NOTE in dpo.get("/journal/alertes").text, "an answer is not rewritten"


def test_the_note_is_sealed_and_the_journal_holds_no_name(world) -> None:
    dpo = world.visitor("dpo")
    _refuse(world, 7)
    _insist(world, 2, "Zyggonakrat")
    dpo.post("/journal/alertes")
    (alert,) = _alerts(world)
    dpo.post(f"/journal/alertes/{alert.id}", {"reponse": "rappel", "note": NOTE})
    (alert,) = _alerts(world)
    assert alert.note
    assert b"Zyggo" not in bytes(alert.note)
    with world.database.engine.connect() as connection:
        rows = search(connection, limit=200)
    assert "Zyggo" not in repr(rows)
    marks = {
        row.detail["empreinte"] for row in rows if row.action == "situation:search" and row.detail
    }
    assert len(marks) == 1
    assert all(0 <= int(mark) < 256 for mark in marks)


def test_two_spellings_of_a_name_leave_the_same_mark(world) -> None:
    _insist(world, 1, "Lefèvre")
    _insist(world, 1, "Lefébure")
    for other in ("Ouédraogo", "Marchand", "Kowalczyk", "Bourdin"):
        _insist(world, 1, other)
    with world.database.engine.connect() as connection:
        rows = search(connection, action="situation:search")
    *others, second, first = (row.detail["empreinte"] for row in rows)
    assert first == second
    assert set(others) != {first}, "a mark tells names apart, but for one in 256"


@pytest.mark.parametrize("key", ["coordination", "maire", "administration", "parquet"])
def test_only_the_dpo_watches(small_world, key) -> None:
    small_world.coordinator()
    visitor = small_world.visitor(key)
    assert visitor.get("/journal/alertes").status_code == 403
    assert visitor.post("/journal/alertes").status_code == 403


def test_thresholds_are_bounded_kept_and_journaled(small_world) -> None:
    dpo = small_world.visitor("dpo")
    refused = dpo.post("/journal/alertes/reglages", USUAL | {"refus": "1"})
    assert refused.status_code == 422
    assert "Écrivez un nombre entier de 2 à 100." in refused.text
    assert dpo.post("/journal/alertes/reglages", USUAL | {"refus": "3"}).status_code == 302
    _refuse(small_world, 3)
    dpo.post("/journal/alertes")
    assert [alert.count for alert in _alerts(small_world)] == [3]
    with small_world.database.engine.connect() as connection:
        (entry,) = search(connection, action="watch:set")
    assert entry.detail["refus"] == 3
    assert "volume" not in entry.detail, "only what changed is told"


def test_the_daily_command(small_world) -> None:
    _refuse(small_world, 6)
    data = str(small_world.instance.data)
    first = CliRunner().invoke(main, ["watch", "--data", data])
    assert first.exit_code == 0, first.output
    assert "Alertes nouvelles : 1. À traiter : 1." in first.output
    again = CliRunner().invoke(main, ["watch", "--data", data])
    assert "Alertes nouvelles : 0. À traiter : 1." in again.output


def test_the_demonstration_is_calm(small_world) -> None:
    """Nobody is suspected on the first morning."""
    small_world.visitor("dpo").post("/journal/alertes")
    assert _alerts(small_world) == []
    with small_world.database.read() as session:
        assert session.scalars(select(Situation)).first() is not None
