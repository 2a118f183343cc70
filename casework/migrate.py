"""Bringing a database to the present schema, and back (Alembic)."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from audit.schema import metadata as audit_metadata
from casework.attachments import models as _attachments  # noqa: F401 - registers its tables
from casework.cells import models as _cells  # noqa: F401 - registers its tables
from casework.db import Base, Database
from casework.deposits import models as _deposits  # noqa: F401
from casework.members import models as _members  # noqa: F401
from casework.rappels import models as _rappels  # noqa: F401
from casework.resources import folder
from casework.seances import models as _seances  # noqa: F401
from casework.signin import models as _signin  # noqa: F401
from casework.situations import models as _situations  # noqa: F401
from casework.vault import models as _vault  # noqa: F401
from charter.models import Base as CharterBase

METADATA = [Base.metadata, CharterBase.metadata, audit_metadata]


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")))
    config.attributes["engine"] = engine
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the missing revisions."""
    command.upgrade(_config(database.engine), revision)


def downgrade(database: Database, revision: str) -> None:
    """Undo revisions down to ``revision`` (« base » for all of them)."""
    command.downgrade(_config(database.engine), revision)


def current(database: Database) -> str | None:
    """The revision a database is at; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def latest(database: Database) -> str | None:
    """The revision this release expects."""
    return ScriptDirectory.from_config(_config(database.engine)).get_current_head()
