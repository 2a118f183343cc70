"""`casework report typologie`: the same numbers as the page, under a member's keys."""

import json
from pathlib import Path

import pyotp
from click.testing import CliRunner, Result

from audit.query import search
from casework.cli import main
from casework.demo.accounts import PASSPHRASE, TOTP_SECRET
from tests.conftest import World

URL = "/cellules/CCTP/rapport"
YEAR = {"du": "01/09/2025", "au": "31/08/2026", "sortie": "csv"}


def run(
    world: World, output: Path, login: str = "coordination", *more: str, since: str = "2025-09-01"
) -> Result:
    typed = f"{login}@port-miran.example\n{PASSPHRASE}\n{pyotp.TOTP(TOTP_SECRET).now()}\n"
    asked = ("--cell", "CCTP", "--from", since, "--to", "2026-08-31")
    where = ("--data", str(world.instance.data), "--output", str(output))
    return CliRunner().invoke(main, ["report", "typologie", *asked, *where, *more], input=typed)


def sign(world: World) -> None:
    """The charter, from a browser; the one-time code is then to be used again."""
    world.coordinator()
    with world.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE member SET totp_counter = 0")


def test_the_same_numbers_as_the_page(small_world: World, tmp_path: Path) -> None:
    sign(small_world)
    made = run(small_world, tmp_path / "r.csv", "coordination", "--format", "csv")
    assert made.exit_code == 0, made.output
    assert PASSPHRASE not in made.output
    assert (tmp_path / "r.csv").read_bytes() == small_world.coordinator().post(URL, YEAR).data


def test_json_and_docx_are_journaled_first(small_world: World, tmp_path: Path) -> None:
    sign(small_world)
    assert run(small_world, tmp_path / "r.json", "coordination", "--format", "json").exit_code == 0
    said = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert said["chiffres"][0]["label"] == "situations dont la cellule a été saisie"
    assert said["methode"]
    with small_world.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE member SET totp_counter = 0")
        actions = [row.action for row in search(connection, limit=20)]
    assert "report:export" in actions
    assert "session:open" in actions
    assert run(small_world, tmp_path / "r.docx").exit_code == 0
    assert (tmp_path / "r.docx").read_bytes()[:2] == b"PK"


def test_the_charter_decides_here_too(small_world: World, tmp_path: Path) -> None:
    refused = run(small_world, tmp_path / "r.csv", "dpo")
    assert refused.exit_code == 1
    assert not (tmp_path / "r.csv").exists()
    wrong = run(small_world, tmp_path / "r.csv", since="2025-09-02")
    assert wrong.exit_code == 1
    assert "1er septembre" in wrong.output


def test_an_unknown_member_opens_nothing(small_world: World, tmp_path: Path) -> None:
    sign(small_world)
    answer = run(small_world, tmp_path / "x", "personne")
    assert answer.exit_code == 1
    assert "refusé" in answer.output
    assert not (tmp_path / "x").exists()
