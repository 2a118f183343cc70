"""Memory stays flat: attachments and journals are streamed, never held."""

import multiprocessing
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from casework.backup import keys
from casework.backup.make import make
from casework.backup.restore import restore
from casework.db import Database
from casework.instance import Instance
from tests.casework.backup.conftest import file_key, with_operator

ATTACHMENTS, ATTACHMENT = 48, 3_000_000
SETTINGS = 20_000
MORE = 72_000_000  # bytes: SQLite's page cache and a batch; half of what the instance grows by


def _grow(instance: Instance) -> None:
    database = Database(instance.database, instance.binding)
    put = text(
        "INSERT INTO attachment (id, situation, media, added_at, added_by, titre, content)"
        " VALUES (:id, :situation, 'x', :at, 'M-0001', :content, :content)"
    )
    with database.engine.begin() as connection:
        one = connection.execute(text("SELECT id, created_at FROM situation LIMIT 1")).one()
        for number in range(ATTACHMENTS):
            row = {"id": number + 1, "situation": one.id, "at": one.created_at}
            connection.execute(put, row | {"content": os.urandom(ATTACHMENT // 2)})
        many = text("INSERT INTO setting (key, value) VALUES (:key, :value)")
        connection.execute(
            many, [{"key": f"x{n}", "value": os.urandom(60).hex()} for n in range(SETTINGS)]
        )
    database.engine.dispose()


def _peak(act: Callable[[], object]) -> int:
    """Bytes that the act made resident at most, in a process of its own."""
    fork = multiprocessing.get_context("fork")
    said = fork.SimpleQueue()

    def measured() -> None:
        Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts again from here
        before = _resident("VmRSS")
        act()
        said.put(_resident("VmHWM") - before)

    process = fork.Process(target=measured)
    process.start()
    process.join()
    assert process.exitcode == 0
    found: int = said.get()
    return found


def _resident(what: str) -> int:
    found = re.search(rf"{what}:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


@pytest.mark.parametrize("instance", ["sqlite", "postgresql"], indirect=True)
def test_memory_does_not_follow_the_size(
    instance: Instance, tmp_path: Path, empty_url: Callable[[str], str]
) -> None:
    backend = Database(instance.database).url.get_backend_name()

    def both(name: str) -> tuple[int, int]:
        database = with_operator(instance)
        with database.read() as session:
            recipients = keys.recipients(session)
        path = tmp_path / name
        with path.open("w+b") as file:
            database.engine.dispose()
            made = _peak(lambda: make(instance, database, file, recipients))
        key, url = file_key(path.read_bytes()), empty_url(backend)
        with path.open("rb") as file:
            back = _peak(lambda: restore(file, key, tmp_path / f"r-{name}", url))
        return made, back

    small = both("petite")
    _grow(instance)
    large = both("grande")
    assert (tmp_path / "grande").stat().st_size > ATTACHMENTS * ATTACHMENT
    assert large[0] < small[0] + MORE
    assert large[1] < small[1] + MORE
