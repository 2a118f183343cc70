"""Moving to another database and back, and upgrading: all of it or nothing, after a backup."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from casework import create_app, lock, migrate
from casework.db import Database
from casework.instance import DATABASE_FILE, Instance, load
from tests.casework.backup.conftest import digests, run, with_operator

EngineUrl = Callable[[str], str]
MOVED = {"journal_event", "journal_head"}


def _differ(one: dict, other: dict) -> set[str]:
    return {name for name in one | other if one.get(name) != other.get(name)}


def test_there_and_back(instance: Instance, empty_url: EngineUrl, tmp_path: Path) -> None:
    data, url = instance.data, empty_url("postgresql")
    before = digests(instance)
    there = run("db", "move", "--data", data, "--to", url)
    assert there.exit_code == 0, there.output
    assert load(data).database == url
    assert _differ(before, digests(load(data))) == MOVED
    assert digests(instance) == before, "the old database is left as it was"
    assert run("audit", "verify", "--data", data).exit_code == 0

    taken = run("db", "move", "--data", data, "--to", "sqlite")
    assert taken.exit_code == 1
    assert "n’est pas vide" in taken.output
    assert load(data).database == url
    old = tmp_path / "ancienne.db"
    shutil.move(data / DATABASE_FILE, old)
    for suffix in ("-wal", "-shm"):
        (data / f"{DATABASE_FILE}{suffix}").unlink(missing_ok=True)
    back = run("db", "move", "--data", data, "--to", "sqlite")
    assert back.exit_code == 0, back.output
    assert load(data).database == instance.database
    assert _differ(before, digests(load(data))) == MOVED
    verified = run("audit", "verify", "--data", data)
    assert verified.exit_code == 0, verified.output
    app = create_app(load(data))
    assert app.test_client().get("/sante").status_code == 200
    app.extensions["casework.database"].engine.dispose()


def test_an_instance_in_service_is_not_moved_nor_upgraded(
    instance: Instance, empty_url: EngineUrl, tmp_path: Path
) -> None:
    url = empty_url("postgresql")
    with lock.held(instance.data, alone=False):
        moved = run("db", "move", "--data", instance.data, "--to", url)
        upgraded = run("db", "upgrade", "--data", instance.data, "--no-backup")
    for answer in (moved, upgraded):
        assert answer.exit_code == 1
        assert "est en service" in answer.output
    with lock.held(instance.data, alone=True):
        served = run("serve", "--data", instance.data)
    assert served.exit_code == 1
    assert "en cours" in served.output


def test_the_same_database_and_an_unreachable_one(instance: Instance) -> None:
    same = run("db", "move", "--data", instance.data, "--to", "sqlite")
    assert "déjà sur cette base" in same.output
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nowhere"
    answer = run("db", "move", "--data", instance.data, "--to", nowhere)
    assert answer.exit_code == 1
    assert "refuse" in answer.output
    assert "Traceback" not in answer.output
    assert load(instance.data).database == instance.database


@pytest.mark.parametrize("instance", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("revision", ["0008", "0017"])
def test_an_upgrade_makes_a_backup_first(instance: Instance, revision: str, tmp_path: Path) -> None:
    database = with_operator(instance)
    journal = digests(instance)["journal_event"].count
    migrate.downgrade(database, revision)
    database.engine.dispose()
    refused = run("member", "list", "--data", instance.data)
    assert "casework db upgrade" in refused.output
    with pytest.raises(migrate.WrongRevision):
        create_app(instance)
    unsaid = run("db", "upgrade", "--data", instance.data)
    assert unsaid.exit_code == 1, "asked where, and nobody answered"
    assert run("db", "current", "--data", instance.data).exit_code == 1
    to = tmp_path / "avant"
    done = run("db", "upgrade", "--data", instance.data, typed=f"{to}\n")
    assert done.exit_code == 0, done.output
    (path,) = to.iterdir()
    assert f"Schéma : {revision}" in run("backup", "show", path).output
    assert digests(instance)["journal_event"].count == journal + 1
    assert run("audit", "verify", "--data", instance.data).exit_code == 0
    again = run("db", "upgrade", "--data", instance.data)
    assert again.exit_code == 0
    assert "rien à faire" in again.output


def test_an_upgrade_that_fails_changes_nothing(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casework.commands import database as commands

    database = Database(instance.database, instance.binding)
    migrate.downgrade(database, "0010")
    before = digests(instance)

    def refused(*_given: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(commands, "entry", refused)
        answer = run("db", "upgrade", "--data", instance.data, "--no-backup")
    assert answer.exit_code == 1
    assert migrate.current(database) == "0010"
    assert digests(instance) == before
    database.engine.dispose()
    assert run("db", "upgrade", "--data", instance.data, "--no-backup").exit_code == 0


@pytest.mark.parametrize("instance", ["sqlite", "postgresql"], indirect=True)
def test_an_older_program_leaves_a_newer_database_alone(instance: Instance) -> None:
    database = Database(instance.database, instance.binding)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.engine.dispose()
    for command in (
        ("db", "upgrade", "--no-backup"),
        ("db", "move", "--to", "sqlite"),
        ("serve",),
        ("member", "list"),
        ("backup", "make", "--to", instance.data.parent / "b"),
    ):
        answer = run(*command, "--data", instance.data)
        assert answer.exit_code == 1, command
        assert "version plus récente" in answer.output, answer.output
    with pytest.raises(migrate.WrongRevision, match="plus récente"):
        create_app(instance)
