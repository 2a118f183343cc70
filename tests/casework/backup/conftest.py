"""An instance with an operator's key, a backup of it, and empty databases to restore into."""

import re
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from casework.backup import container, keys, rows
from casework.backup.make import Made, make
from casework.backup.rows import Digest
from casework.cli import main
from casework.db import Database
from casework.instance import SETTINGS_FILE, Instance
from casework.instance import load as load_instance
from casework.vault.keypair import KeyPair
from tests.conftest import TEMPLATE_DATABASE

OPERATOR = KeyPair.generate()
# What a restoration changes on purpose.
SETTLED = {"journal_event", "journal_head", "browser_session", "mail_outbox"}


def run(*arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=typed)


class Backup(NamedTuple):
    """A backup file, the key that opens it, and what it was made from."""

    path: Path
    key: Path
    instance: Instance
    made: Made

    @property
    def raw(self) -> bytes:
        return self.path.read_bytes()


def file_key(raw: bytes) -> bytes:
    return container.open_file_key(container.read_header(BytesIO(raw)), keys.OPERATOR, OPERATOR)


def with_operator(instance: Instance) -> Database:
    database = Database(instance.database, instance.binding)
    with database.write() as session:
        keys.keep(session, OPERATOR.public)
        session.commit()
    return database


def backup_of(instance: Instance, folder: Path) -> Backup:
    database = with_operator(instance)
    with database.read() as session:
        recipients = keys.recipients(session)
    path = folder / "faite.sauvegarde"
    with path.open("w+b") as file:
        made = make(instance, database, file, recipients)
    database.engine.dispose()
    key = folder / "operateur.cle"
    keys.write(key, OPERATOR)
    return Backup(path, key, instance, made)


@pytest.fixture(scope="session")
def kept(seeded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Backup:
    folder = tmp_path_factory.mktemp("kept")
    shutil.copytree(seeded_sqlite, folder / "data")
    return backup_of(load_instance(folder / "data"), folder)


@pytest.fixture
def instance(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Instance]:
    """A seeded instance on the database the test is parametrized with, SQLite otherwise."""
    backend = getattr(request, "param", "sqlite")
    data = tmp_path / "instance"
    shutil.copytree(request.getfixturevalue(f"seeded_{backend}"), data)
    if backend == "sqlite":
        yield load_instance(data)
        return
    url = request.getfixturevalue("postgres_url")
    with _named(url, tmp_path, "source", template=TEMPLATE_DATABASE) as name:
        settings = data / SETTINGS_FILE
        settings.write_text(settings.read_text().replace(TEMPLATE_DATABASE, name))
        yield load_instance(data)


class _named:  # noqa: N801 - a context manager, used as a function
    """A PostgreSQL database for the time of a test."""

    def __init__(self, url: str, folder: Path, use: str, template: str = "template0") -> None:
        self._server = create_engine(url, isolation_level="AUTOCOMMIT")
        self.name = f"{use}_" + re.sub(r"\W", "_", folder.name.lower())
        self._template = template

    def __enter__(self) -> str:
        self._do(f"CREATE DATABASE {self.name} TEMPLATE {self._template}")
        return self.name

    def __exit__(self, *_raised: object) -> None:
        self._do(f"DROP DATABASE {self.name} WITH (FORCE)")
        self._server.dispose()

    def _do(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """The URL to give for a database that is empty, by the name of its engine."""
    opened: list[_named] = []

    def url(backend: str) -> str:
        if backend == "sqlite":
            return ""
        server = request.getfixturevalue("postgres_url")
        made = _named(server, tmp_path, f"target{len(opened)}")
        opened.append(made)
        return (
            create_engine(server)
            .url.set(database=made.__enter__())
            .render_as_string(hide_password=False)
        )

    yield url
    for made in opened:
        made.__exit__()


def digests(instance: Instance, but: set[str] = frozenset()) -> dict[str, Digest]:
    """What an instance's database holds, table by table."""
    database = Database(instance.database, instance.binding)
    with database.whole() as connection:
        found = {
            table.name: rows.digest(connection, table)
            for table in rows.tables(connection)
            if table.name not in but
        }
    database.engine.dispose()
    return found
