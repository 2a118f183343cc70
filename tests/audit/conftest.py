"""Both databases, each test on an empty journal of its own."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, create_engine, event, text

from audit.event import Event, Outcome
from audit.journal import Journal
from audit.schema import metadata
from audit.triggers import create_statements, drop_statements
from tests.audit.originals import Original, engine_of

ORIGIN = "casework.exemple.fr/journal"
_schema_numbers = count()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine with the tables and their triggers, and no head yet."""
    if request.param == "sqlite":
        engine = _sqlite(tmp_path / "journal.db")
    else:
        engine = _postgresql(request.getfixturevalue("postgres_url"))
    with engine.begin() as connection:
        metadata.create_all(connection)
        for statement in create_statements(engine.dialect.name):
            connection.execute(text(statement))
    yield engine
    engine.dispose()


@pytest.fixture
def journal(engine: Engine) -> Journal:
    """A journal that has just been initialised."""
    journal = Journal(ORIGIN, Ed25519PrivateKey.generate())
    with engine.begin() as connection:
        journal.initialise(connection)
    return journal


@pytest.fixture
def an_event() -> Callable[..., Event]:
    """Builds an ordinary event; any field can be given."""

    def build(**fields: object) -> Event:
        usual: dict[str, object] = {
            "actor": "M-0003",
            "role": "coordonnateur",
            "action": "situation:read",
            "outcome": Outcome.AUTORISE,
            "object": "CCTP-2026-012",
            "cell": "CCTP",
            "article": "L. 132-7 CSI",
            "detail": {"champs": 4, "motif": "seance"},
            "motive": b"\x00sealed\xff",
        }
        return Event.now(**(usual | fields))  # type: ignore[arg-type]

    return build


@pytest.fixture(scope="session")
def original(tmp_path_factory):
    """Ten thousand entries, made once."""
    return Original(tmp_path_factory.mktemp("original"))


@pytest.fixture
def attacked(original, tmp_path):
    """A copy whose owner is the thief."""
    path = tmp_path / "journal.db"
    shutil.copy(original.database, path)
    with engine_of(path).begin() as connection:
        for statement in drop_statements("sqlite"):
            connection.execute(text(statement))
    return path


def _sqlite(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 60})

    @event.listens_for(engine, "connect")
    def _prepare(connection, _record):
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")  # tests need no power cut

    @event.listens_for(engine, "begin")
    def _begin(connection):
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _postgresql(url: str) -> Engine:
    schema = f"journal_{next(_schema_numbers)}"
    owner = create_engine(url)
    with owner.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    owner.dispose()
    return create_engine(url, connect_args={"options": f"-c search_path={schema}"})
