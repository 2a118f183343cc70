"""SIGKILL at random moments: what is left is consistent, and the same command finishes the job.

CASEWORK_KILLS says how many times for each command and database; 29 makes more than two
hundred in all, and takes some minutes.
"""

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from casework import lock, migrate
from casework.backup import container, folder, keys
from casework.backup.move import move
from casework.backup.restore import restore
from casework.commands.database import _upgrade
from casework.db import Database
from casework.instance import Instance
from casework.instance import load as load_instance
from tests.casework.backup.conftest import (
    OPERATOR,
    SETTLED,
    Backup,
    digests,
    file_key,
    run,
    with_operator,
)
from tests.casework.backup.test_move import MOVED

KILLS = int(os.environ.get("CASEWORK_KILLS", "4"))
TOGETHER = 6  # killed so many times in a row, then left to finish
BOTH = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
_fork = multiprocessing.get_context("fork")


class Killer:
    """Runs an act in a process of its own, and kills it somewhere within the time it takes."""

    def __init__(self, act: Callable[[], object], seed: int) -> None:
        self._act = act
        self._draw = random.Random(seed)  # noqa: S311 - moments, not keys
        self._whole = 0.0

    def finish(self) -> None:
        started = time.monotonic()
        process = self._started()
        process.join()
        assert process.exitcode == 0
        self._whole = max(self._whole, time.monotonic() - started)

    def kill(self) -> bool:
        """False when it had finished before."""
        process = self._started()
        process.join(self._draw.uniform(0, self._whole))
        if process.exitcode is None:
            os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert process.exitcode in {0, -signal.SIGKILL}
        return process.exitcode != 0

    def _started(self):
        process = _fork.Process(target=self._act)
        process.start()
        return process


def rounds() -> list[int]:
    """How many kills before each completion."""
    return [TOGETHER] * (KILLS // TOGETHER) + ([KILLS % TOGETHER] if KILLS % TOGETHER else [])


def test_a_backup_killed_leaves_no_file_under_its_name(instance: Instance, tmp_path: Path) -> None:
    with_operator(instance).engine.dispose()
    to = tmp_path / "b"

    def act() -> None:
        answer = run("backup", "make", "--data", instance.data, "--to", to)
        assert answer.exit_code == 0, answer.output

    killer = Killer(act, seed=1)
    killer.finish()
    for kills in rounds():
        for _ in range(kills):
            killer.kill()
            for path in to.glob(f"*{folder.SUFFIX}"):
                _is_whole(path, instance)
        killer.finish()
    assert list(to.glob(".*")) == []
    assert run("audit", "verify", "--data", instance.data).exit_code == 0


def _is_whole(path: Path, instance: Instance) -> None:
    from casework.backup.records import Records

    with path.open("rb") as file:
        header = container.read_header(file)
        opened = container.content(
            file, header, container.open_file_key(header, keys.OPERATOR, OPERATOR)
        )
        records = Records(opened)
        list(records.files())
        for _, _, found in records.tables():
            for _row in found:
                continue
        records.finish(instance.signing_key.public_key())


@BOTH
def test_a_restoration_killed_is_done_again(
    kept: Backup, engine: str, tmp_path: Path, empty_url: Callable[[str], str]
) -> None:
    data, url, key = tmp_path / "r", empty_url(engine), file_key(kept.raw)
    expected = digests(kept.instance)

    def act() -> None:
        with kept.path.open("rb") as file:
            restore(file, key, data, url)

    killer = Killer(act, seed=2)
    killer.finish()
    _forget(data, url)
    for kills in rounds():
        for _ in range(kills):
            killer.kill()
            if data.exists():  # there, it is whole
                _is_back(data, expected)
                _forget(data, url)
        killer.finish()
        _is_back(data, expected)
        _forget(data, url)
    assert not list(tmp_path.glob(".*"))


def _is_back(data: Path, expected: dict) -> None:
    found = digests(load_instance(data))
    assert {name for name in expected if expected[name] != found[name]} <= SETTLED | {"member"}
    assert found["journal_event"].count == expected["journal_event"].count + 1


def _forget(data: Path, url: str) -> None:
    """An empty machine again."""
    if url:
        database = Database(url)
        with database.engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        database.engine.dispose()
    shutil.rmtree(data)


@BOTH
def test_a_move_killed_is_finished(
    seeded_sqlite: Path, engine: str, tmp_path: Path, empty_url: Callable[[str], str]
) -> None:
    data, url = tmp_path / "i", empty_url(engine)
    shutil.copytree(seeded_sqlite, data)
    url = url or f"sqlite:///{tmp_path / 'autre.db'}"
    old = load_instance(data)
    expected = digests(old)

    def act() -> None:
        instance = load_instance(data)
        if instance.database == url:
            return
        source = Database(instance.database, instance.binding)
        with lock.held(data, alone=True):
            move(instance, source, url)

    killer = Killer(act, seed=3)
    killer.finish()
    _back(data, seeded_sqlite, url)
    for kills in rounds():
        for _ in range(kills):
            killer.kill()
            now = load_instance(data)
            if now.database == url:
                assert _moved(now, expected) == MOVED
                _back(data, seeded_sqlite, url)
            else:
                assert digests(now) == expected
        killer.finish()
        assert _moved(load_instance(data), expected) == MOVED
        assert digests(old) == expected
        _back(data, seeded_sqlite, url)


def _moved(instance: Instance, expected: dict) -> set[str]:
    found = digests(instance)
    assert found["journal_event"].count == expected["journal_event"].count + 1
    return {name for name in expected if expected[name] != found[name]}


def _back(data: Path, seeded: Path, url: str) -> None:
    shutil.copy(seeded / "instance.toml", data)
    if url.startswith("sqlite"):
        for path in data.parent.glob("autre.db*"):
            path.unlink()
        return
    database = Database(url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    database.engine.dispose()


@pytest.mark.parametrize("instance", ["sqlite", "postgresql"], indirect=True)
def test_an_upgrade_killed_leaves_the_old_schema_or_the_new(instance: Instance) -> None:
    database = Database(instance.database, instance.binding)

    def down() -> dict:
        migrate.downgrade(database, "0008")
        database.engine.dispose()
        return digests(instance)

    before = down()

    def act() -> None:
        own = Database(instance.database, instance.binding)
        found = migrate.current(own)
        if found != migrate.latest():
            _upgrade(instance, own, found, str(migrate.latest()))

    killer = Killer(act, seed=4)
    killer.finish()
    before = down()
    for kills in rounds():
        for _ in range(kills):
            killer.kill()
            found = migrate.current(database)
            database.engine.dispose()
            assert found in {"0008", migrate.latest()}
            if found == "0008":
                assert digests(instance) == before
            else:
                before = down()
        killer.finish()
        assert run("db", "current", "--data", instance.data).exit_code == 0
        assert run("audit", "verify", "--data", instance.data).exit_code == 0
        before = down()
    with database.whole() as connection:
        assert migrate.revision_of(connection) == "0008"
    database.engine.dispose()
