"""`casework profile`, on an instance of its own."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from audit.query import search
from casework.cells import service, settings
from casework.cli import main
from casework.db import Database
from casework.instance import load
from charter import register


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def data(seeded_sqlite: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(seeded_sqlite, copy)
    return copy


def database_of(data: Path) -> Database:
    return Database(load(data).database)


def test_the_profiles_are_listed_and_shown_with_their_source() -> None:
    listed = run("profile", "list")
    assert [line.split()[0] for line in listed.output.splitlines()] == [
        "aix",
        "istres",
        "miramas",
        "sarts",
    ]
    shown = run("profile", "show", "miramas").output
    assert "CVP  Cellule de veille préventive (CVP, 002:650-658)" in shown
    assert "Chaque mois" in shown
    assert "L’action éducative en milieu ouvert" in shown
    added = run("profile", "show", "istres").output
    assert "Coordonnateur du CLSPD (notre ajout)" in added
    assert "en tant que de besoin" in added
    unknown = run("profile", "show", "atlantide")
    assert unknown.exit_code == 1
    assert "aix, istres, miramas, sarts" in unknown.output


def test_applying_twice_changes_nothing_the_second_time(data: Path) -> None:
    first = run("profile", "apply", "miramas", "--data", data)
    assert first.exit_code == 0, first.output
    assert "CVP : créée." in first.output
    database = database_of(data)
    with database.read() as session:
        assert service.options(session, "CVP").every == 1
        assert register.current_text(session, "CVP") is not None
        entries = search(session.connection(), action="cell:create")
        assert [(row.actor, row.cell) for row in entries] == [("systeme", "CVP")]
        before = service.cell(session, "CVP").version
    again = run("profile", "apply", "miramas", "--data", data)
    assert "CVP : déjà conforme." in again.output
    with database.read() as session:
        assert service.cell(session, "CVP").version == before
        assert len(search(session.connection(), action="cell:edit")) == 0
    database.engine.dispose()


def test_what_the_commune_edited_is_kept_unless_asked(data: Path) -> None:
    database = database_of(data)
    with database.write() as session:
        options = service.options(session, "CCTP")
        settings.change(session, "CCTP", 1, "Notre CCTP", options)
        session.commit()
    refused = run("profile", "apply", "aix", "--data", data)
    assert refused.exit_code == 1
    assert "réglages propres à la commune" in refused.output
    assert "--replace" in refused.output
    with database.read() as session:
        assert service.cell(session, "CCTP").name == "Notre CCTP"
        assert service.cell(session, "CMER").name.startswith("Cellule municipale d’échanges")
    replaced = run("profile", "apply", "aix", "--data", data, "--cell", "CCTP", "--replace")
    assert "CCTP : mise à jour." in replaced.output
    with database.read() as session:
        assert service.options(session, "CCTP").pupil_heard is True
        assert service.cell(session, "CCTP").profile == "aix"
        entries = search(session.connection(), action="cell:edit")
        assert [(row.actor, row.cell) for row in entries] == [("systeme", "CCTP")]
    database.engine.dispose()


def test_a_copy_nobody_edited_follows_another_profile(data: Path) -> None:
    done = run("profile", "apply", "aix", "--data", data, "--cell", "CCTP")
    assert done.exit_code == 0, done.output
    assert "CCTP : mise à jour." in done.output


def test_a_profile_neither_changes_the_kind_nor_makes_unknown_cells(data: Path) -> None:
    database = database_of(data)
    with database.write() as session:
        options = service.options(session, "GSP")
        settings.create(session, "CVP", "Autre chose", "gsp", options, {})
        session.commit()
    database.engine.dispose()
    other = run("profile", "apply", "miramas", "--data", data, "--replace")
    assert other.exit_code == 1
    assert "d’un autre type" in other.output
    unknown = run("profile", "apply", "miramas", "--data", data, "--cell", "GSN")
    assert unknown.exit_code == 1
    assert "Il propose : CVP" in unknown.output


def test_a_cmer_is_created_closed(data: Path) -> None:
    database = database_of(data)
    with database.read() as session:
        assert service.cell(session, "CMER").kind == "cmer"
        assert register.current_text(session, "CMER") is None
    database.engine.dispose()
