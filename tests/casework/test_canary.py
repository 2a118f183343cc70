"""A unique word typed in every text field is nowhere in what the application leaves behind."""

import base64
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
from sqlalchemy import MetaData, inspect, text
from werkzeug.test import TestResponse
from wtforms import FieldList, FormField, StringField

import casework
from casework.charters.views import SignForm
from casework.journal.views import KeptForm
from casework.members.forms import InviteForm, TakeUpForm
from casework.rappels.forms import AnnounceForm, AnswerForm, HoldForm, ReportBackForm
from casework.seances.forms import SeanceForm
from casework.signin.views import SigninForm
from casework.situations.forms import SaisineForm
from casework.web.access import today
from casework.web.forms import Form
from tests.conftest import Visitor, World

ROOT = "Zqxcanari"  # every canary starts with it, and nothing else does
SECRET = "ZQXCANARI22" + "ABCDEFG" * 3  # a one-time secret is base32: it can be a canary too
STRONG = f"{ROOT}99 tournesol cabane grelot violon"
SOURCE = Path(casework.__file__).parent


def canaries() -> Iterator[str]:
    """Words of 11 letters, each used once: they fit the shortest field."""
    return (f"{ROOT}{number:02d}" for number in range(1, 1000))


def disguises() -> dict[str, bytes]:
    """How the word may hide, besides its case: the first three are sought in lower case."""
    found = {"text": ROOT.lower().encode(), "UTF-16": ROOT.lower().encode("utf-16-le")[:-1]}
    for name, word in (("as typed", ROOT), ("lower", ROOT.lower()), ("upper", ROOT.upper())):
        raw = word.encode()
        found[f"hexadecimal of {name}"] = raw.hex().encode()
        for shift in range(3):  # base64 has three alignments; keep the letters wholly ours
            whole = base64.b64encode(b"\0" * shift + raw)
            letters = whole[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
            found[f"base64 of {name}, shifted by {shift}"] = letters
            found[f"url base64 of {name}, shifted by {shift}"] = letters.translate(
                bytes.maketrans(b"+/", b"-_")
            )
    return found


DISGUISES = disguises()


def leaks(data: bytes) -> list[str]:
    """The disguises in which a canary is found in these bytes."""
    lower = data.lower()
    return [
        name
        for name, pattern in DISGUISES.items()
        if pattern in (data if "base64" in name else lower)
    ]


def leaves(fields: Iterable[Any]) -> Iterator[Any]:
    """The fields a browser sends, those of nested forms included."""
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from leaves(field)
        elif field.name != "csrf_token":
            yield field


def forms() -> Iterator[type[Form]]:
    """Every form of the application."""
    waiting = list(Form.__subclasses__())
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("casework."):
            yield form


class Typist:
    """Types canaries, and looks at every answer's headers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.words = canaries()
        self.raw: set[str] = set()

    def fields(self, form: type[Form]) -> list[Any]:
        with self.world.app.test_request_context():
            return list(leaves(form(formdata=None, meta={"csrf": False})))

    def forge(self, who: Visitor, url: str, form: type[Form]) -> TestResponse:
        """A canary in every field, of whatever type: refused, and not by a failure."""
        data = {field.name: next(self.words) for field in self.fields(form)}
        answer = self.post(who, url, data)
        assert answer.status_code < 500, (url, answer.text)
        return answer

    def submit(
        self, who: Visitor, url: str, form: type[Form], status: int = 302, **valid: Any
    ) -> tuple[TestResponse, dict[str, str]]:
        """First forged, then with a canary in every text field but those given."""
        self.forge(who, url, form)
        typed = {
            field.name: next(self.words)
            for field in self.fields(form)
            if isinstance(field, StringField) and field.name not in valid
        }
        answer = self.post(who, url, typed | valid)
        assert answer.status_code == status, answer.text
        return answer, typed

    def post(self, who: Visitor, url: str, data: dict[str, Any]) -> TestResponse:
        self.raw |= {name for name, value in data.items() if ROOT in str(value)}
        answer = who.post(url, data)
        assert not leaks(str(answer.headers).encode())
        for cookie in who.client._cookies.values():  # noqa: SLF001 - the jar has no public list
            assert not leaks(readable(cookie.value)), cookie.key
        return answer


def readable(cookie: str) -> bytes:
    """A cookie as sent, and what a signed Flask cookie holds."""
    payload = cookie.lstrip(".").split(".")[0]
    inside = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return cookie.encode() + (zlib.decompress(inside) if cookie.startswith(".") else inside)


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """The fields in which a form of the application received a canary."""
    seen: set[tuple[str, str]] = set()
    plain = Form.validate

    def validate(form: Form, *rest: Any, **options: Any) -> bool:
        seen.update(
            (type(form).__name__, field.name)
            for field in leaves(form)
            if any(ROOT in str(value) for value in field.raw_data or ())
        )
        return plain(form, *rest, **options)

    monkeypatch.setattr(Form, "validate", validate)
    return seen


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh folder for temporary files."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize(
    "hidden",
    [
        f"{ROOT}01".encode(),
        f"{ROOT}01".upper().encode(),
        f"{ROOT}01".encode("utf-16-be"),
        f"{ROOT}01".encode("utf-16-le"),
        f"{ROOT}01".encode().hex().upper().encode(),
        *(base64.b64encode(b"." * shift + f"{ROOT}01".encode()) for shift in range(3)),
        *(base64.b64encode(b"." * shift + f"{ROOT}01".lower().encode()) for shift in range(3)),
    ],
)
def test_the_search_would_find_it(hidden: bytes) -> None:
    assert leaks(os.urandom(50) + hidden + os.urandom(50))
    assert not leaks(os.urandom(100_000))


def test_no_word_is_left_behind(
    world: World,
    scratch: Path,
    validated: set[tuple[str, str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    typist = Typist(world)
    pages = _walk(world, typist)

    expected = {
        (form.__name__, field.name)
        for form in forms()
        for field in typist.fields(form)
        if isinstance(field, StringField)
    }
    assert expected
    assert expected - validated == set(), "no canary was typed there"
    assert _raw_names() - typist.raw == set(), "no canary was typed there"

    for who, url, words in pages:
        shown = world.visitor(who).get(url).text
        assert [word for word in words if word not in shown] == [], url

    _error(world, typist)
    world.close()
    assert leaks(caplog.text.encode()) == []
    assert "unexpected" in caplog.text  # the error was logged
    _search_folders(world.instance.data, scratch)
    if world.database.url.get_backend_name() == "postgresql":
        _search_postgresql(world)


def _raw_names() -> set[str]:
    """Fields a view reads without a form class."""
    reading = re.compile(r'request\.(?:form|values)(?:\.get\(|\.getlist\(|\[)\s*"(\w+)"')
    return {
        name for file in SOURCE.rglob("*.py") for name in reading.findall(file.read_text("utf-8"))
    }


def _walk(world: World, typist: Typist) -> list[tuple[str, str, list[str]]]:
    """Every form, as its own user; returns who may read which words again, and where."""
    coordinator, parquet = world.coordinator(), world.visitor("parquet")
    day = f"{today() - timedelta(days=20):%d/%m/%Y}"
    typist.forge(coordinator, "/cellules/CCTP/charte", SignForm)

    saisine = {
        "saisine": day,
        "naissance": f"{today() - timedelta(days=365 * 15):%d/%m/%Y}",
        "faits_date": day,
        "origine": 1,
        "typologie": 1,
        "statut": 1,
        "autre_personne": "",
    }
    url = "/cellules/CCTP/saisine"
    made, typed = typist.submit(coordinator, url, SaisineForm, **saisine)
    again = typist.post(coordinator, url, saisine | typed)
    assert again.status_code == 409  # the person is known: the page shows whom
    situation = made.location
    answer, typed = typist.submit(
        coordinator, f"{situation}/modifier", SaisineForm, **saisine, version=1
    )
    assert answer.location == situation
    stale = typist.post(coordinator, f"{situation}/modifier", saisine | typed | {"version": 1})
    assert stale.status_code == 409
    found = typist.post(coordinator, "/cellules/CCTP/recherche", {"q": typed["nom"]})
    assert situation in found.text

    typist.forge(coordinator, f"{situation}/rappel", AnnounceForm)
    answer = typist.post(
        coordinator,
        f"{situation}/rappel",
        dict.fromkeys(("crime_delit", "plainte", "enquete"), "non"),
    )
    fiche = answer.location
    url = fiche.replace("/rappels/", "/fiches/")
    possible = {"reponse": "reponse_possible", "version": 1}
    _, observed = typist.submit(parquet, f"{url}/confirmer", AnswerForm, 200, **possible)
    typist.submit(parquet, f"{url}/repondre", AnswerForm, **possible, **observed)
    _, held = typist.submit(
        coordinator,
        f"{fiche}/consigner",
        HoldForm,
        issue="tenu",
        tenu_le=f"{today():%d/%m/%Y}",
        forme="cellule",
        par_delegation="y",
        version=2,
    )
    typist.submit(coordinator, f"{fiche}/informer", ReportBackForm, version=3)
    exported = coordinator.get(f"{fiche}/fiche.docx")
    assert exported.status_code == 200, exported.text

    seance, place = typist.submit(
        coordinator, "/cellules/CCTP/seances/nouvelle", SeanceForm, jour=day, heure="14:30"
    )
    directory = _invite(world, typist)
    typist.forge(world.visitor("dpo"), "/journal/verification", KeptForm)
    typist.forge(world.visitor(), "/connexion", SigninForm)
    facts = [typed[name] for name in ("nom", "prenoms", "faits_lieu", "recit", "implication")]
    everything = [
        word
        for name, word in typed.items()
        if name not in {"representants-0-lien", "representants-1-lien"}
    ]
    return [
        ("coordination", situation, everything),
        ("coordination", fiche, [*facts, *observed.values(), *held.values()]),
        ("parquet", url, [*facts, *observed.values()]),
        ("coordination", seance.location, list(place.values())),
        ("administration", "/membres", directory),
    ]


def _invite(world: World, typist: Typist) -> list[str]:
    """A member under a canary name takes up the invitation with canary secrets."""
    answer, typed = typist.submit(
        world.visitor("administration"),
        "/membres/inviter",
        InviteForm,
        200,
        role="dpo",
        cellule="",
        debut=f"{today():%d/%m/%Y}",
    )
    link = re.search(r"/invitation/[\w-]+", answer.text)
    assert link
    code = pyotp.TOTP(SECRET).now()
    typist.submit(
        world.visitor(), link[0], TakeUpForm, phrase=STRONG, encore=STRONG, secret=SECRET, code=code
    )
    return [typed[name] for name in ("nom", "prenom", "fonction", "institution")]


def _error(world: World, typist: Typist) -> None:
    """The database fails under a request full of names."""
    with world.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE name_bucket RENAME TO name_bucket_away"))
    answer = typist.post(
        world.visitor("coordination"), "/cellules/CCTP/recherche", {"q": next(typist.words)}
    )
    assert answer.status_code == 500


def _search_folders(*folders: Path) -> None:
    searched = 0
    for folder in folders:
        for file in folder.rglob("*"):
            assert not leaks(str(file).encode())
            if file.is_file():
                assert leaks(file.read_bytes()) == [], file
                searched += 1
    assert searched >= 2  # the settings and the key, at least


def _search_postgresql(world: World) -> None:
    """Every value of every table, then the files of the server themselves."""
    with world.database.engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        assert len(metadata.tables) == len(inspect(connection).get_table_names()) > 10
        for table in metadata.sorted_tables:
            for row in connection.execute(table.select()):
                values = (v if isinstance(v, bytes) else str(v).encode() for v in row)
                assert leaks(b"\0".join(values)) == [], table.name
        connection.commit()
        connection.execute(text("CHECKPOINT"))
        cluster = Path(connection.execute(text("SHOW data_directory")).scalar_one())
    world.close()
    assert any((cluster / "pg_wal").iterdir())
    for file in cluster.rglob("*"):
        if file.is_file():
            assert leaks(file.read_bytes()) == [], file


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
    process = subprocess.Popen(
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
    _search_folders(small_world.instance.data, scratch)
