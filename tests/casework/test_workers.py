"""An excluded member's open page fails at the next click, whichever process answers."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from casework.demo.members import MEMBERS
from casework.members import service
from casework.members.models import Member
from tests.casework.test_canary_server import Remote
from tests.conftest import Visitor, World

WORKERS = 2
LONGEST_START = 60  # seconds


@pytest.fixture
def server(small_world: World, tmp_path: Path) -> Iterator[tuple[str, psutil.Process]]:
    """`casework serve` with its worker processes; its address and its parent process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).parent / "casework", "serve", "--workers", str(WORKERS)]
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, "--data", small_world.instance.data, "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        parent = psutil.Process(process.pid)
        deadline = time.monotonic() + LONGEST_START
        while len(parent.children()) < WORKERS and time.monotonic() < deadline:
            time.sleep(0.1)
        while not _listens(port) and time.monotonic() < deadline:
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", parent
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def alone(workers: list[psutil.Process], chosen: psutil.Process) -> Iterator[None]:
    """Only this process answers: the others are held still."""
    others = [worker for worker in workers if worker != chosen]
    for worker in others:
        worker.suspend()
    try:
        yield
    finally:
        for worker in others:
            worker.resume()


def test_the_next_click_fails_on_every_worker(
    small_world: World, server: tuple[str, psutil.Process]
) -> None:
    root, parent = server
    coordinator, leaving = Visitor(Remote(root)), Visitor(Remote(root))  # type: ignore[arg-type]
    assert coordinator.sign_in("coordination").status_code == 302
    coordinator.sign_charter("CCTP")
    assert leaving.sign_in("commissaire").status_code == 302
    page = "/cellules/CCTP/seances"
    workers = parent.children()
    assert len(workers) == WORKERS
    for worker in workers:
        with alone(workers, worker):
            assert leaving.get(page).status_code == 200
    reference = _reference(small_world, "commissaire")
    done = coordinator.post(f"/cellules/CCTP/membres/{reference}/exclure")
    assert done.status_code == 302
    for worker in workers:
        with alone(workers, worker):
            answer = leaving.get(page)
            assert answer.status_code == 403
            assert "exclu" in answer.text
            assert leaving.get("/cellules/GSP/seances").status_code == 200
            assert coordinator.get("/cellules/CCTP/cle").status_code == 200


def _reference(world: World, key: str) -> str:
    login = next(who.login for who in MEMBERS if who.key == key)
    with world.database.read() as session:
        digest = service.login_digest(world.instance, login)
        found: str = session.scalars(select(Member.reference).filter_by(login=digest)).one()
    return found
