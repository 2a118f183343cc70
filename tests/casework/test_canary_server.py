"""The production server, in a process of its own, leaves no typed word behind."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from casework.web.access import today
from tests.casework.canary import canaries, leaks, scratch_folder, search_folders
from tests.conftest import Visitor, World


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return scratch_folder(tmp_path, monkeypatch)


class Remote:
    """A browser for a server in another process; follows no redirection."""

    class _Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    def __init__(self, root: str) -> None:
        self._root = root
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(), self._Stay()
        )

    def get(self, url: str, data: dict[str, Any] | None = None) -> SimpleNamespace:
        body = urllib.parse.urlencode(data).encode() if data else None
        try:
            answer = self._opener.open(self._root + url, body, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return SimpleNamespace(
                status_code=answer.status,
                text=answer.read().decode(),
                location=answer.headers.get("Location", ""),
            )

    post = get


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def server(small_world: World, scratch: Path) -> Iterator[SimpleNamespace]:
    """The production server on the small world; its output goes to a file of the scratch folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).parent / "casework", "serve", "--workers", "1"]
    output = (scratch / "output").open("wb")
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--data", small_world.instance.data, "--port", str(port)],
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=scratch,
    )
    deadline = time.monotonic() + 20
    while not _listens(port) and time.monotonic() < deadline:
        time.sleep(0.1)
    visitor = Visitor(Remote(f"http://127.0.0.1:{port}"))  # type: ignore[arg-type]
    yield SimpleNamespace(process=process, visitor=visitor, output=scratch / "output")
    process.send_signal(signal.SIGTERM)
    process.wait(20)
    output.close()


def test_the_production_server_says_no_word(
    small_world: World, server: SimpleNamespace, scratch: Path
) -> None:
    visitor, words = server.visitor, canaries()
    assert visitor.sign_in("coordination").status_code == 302
    visitor.sign_charter("CCTP")
    born = f"{today() - timedelta(days=365 * 14):%d/%m/%Y}"
    typed = {name: next(words) for name in ("nom", "prenoms", "adresse", "recit", "faits_lieu")}
    saisine = {"saisine": born, "naissance": born, "origine": 1, "typologie": 1, "statut": 1}
    made = visitor.post("/cellules/CCTP/saisine", typed | saisine)
    assert made.status_code == 302
    assert not leaks(made.location.encode())
    query = {"q": typed["nom"]}
    assert visitor.post("/cellules/CCTP/recherche", query).status_code == 200
    shown = visitor.get(made.location).text
    assert [word for word in typed.values() if word not in shown] == []

    with small_world.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE name_bucket RENAME TO name_bucket_away"))
    assert visitor.post("/cellules/CCTP/recherche", query).status_code == 500
    assert visitor.post("/cellules/CCTP/saisine", typed | saisine).status_code == 500

    server.process.send_signal(signal.SIGTERM)
    server.process.wait(20)
    small_world.close()
    assert b"unexpected" in server.output.read_bytes()
    search_folders(small_world.instance.data, scratch)
