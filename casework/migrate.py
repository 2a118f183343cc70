"""Bringing a database to the present schema, and back (Alembic)."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from audit.schema import metadata as audit_metadata
from casework.attachments import models as _attachments  # noqa: F401 - registers its tables
from casework.cells import models as _cells  # noqa: F401 - registers its tables
from casework.closure import models as _closure  # noqa: F401
from casework.danger import models as _danger  # noqa: F401
from casework.db import Base, Database
from casework.deposits import models as _deposits  # noqa: F401
from casework.imports import models as _imports  # noqa: F401
from casework.information import models as _information  # noqa: F401
from casework.involvement import models as _involvement  # noqa: F401
from casework.mail import models as _mail  # noqa: F401
from casework.members import models as _members  # noqa: F401
from casework.papers import models as _papers  # noqa: F401
from casework.rappels import models as _rappels  # noqa: F401
from casework.resources import folder
from casework.retention import models as _retention  # noqa: F401
from casework.seances import models as _seances  # noqa: F401
from casework.signin import models as _signin  # noqa: F401
from casework.situations import models as _situations  # noqa: F401
from casework.vault import models as _vault  # noqa: F401
from casework.watch import models as _watch  # noqa: F401
from charter.models import Base as CharterBase

METADATA = [Base.metadata, CharterBase.metadata, audit_metadata]


def _config(database: Database, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")))
    config.attributes["connection"] = connection
    config.attributes["binding"] = database.binding  # revision 0017 binds what it finds
    return config


def upgrade(
    database: Database, revision: str = "head", connection: Connection | None = None
) -> None:
    """Run the missing revisions, all in one transaction: that of ``connection`` when it is given,
    which the caller commits."""
    if connection is not None:
        command.upgrade(_config(database, connection), revision)
        return
    with database.whole() as own:
        command.upgrade(_config(database, own), revision)


def downgrade(database: Database, revision: str) -> None:
    """Undo revisions down to ``revision`` (« base » for all of them)."""
    with database.whole() as connection:
        command.downgrade(_config(database, connection), revision)


def current(database: Database) -> str | None:
    """The revision a database is at; None when it is empty."""
    with database.engine.connect() as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    """The same, within someone's transaction."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _script() -> ScriptDirectory:
    return ScriptDirectory(str(folder("migrations")))


def latest() -> str | None:
    """The revision this release expects."""
    return _script().get_current_head()


def knows(revision: str) -> bool:
    """Was this revision released with this program, or before it?"""
    return any(found.revision == revision for found in _script().walk_revisions())


class WrongRevision(Exception):
    """The database is not at the revision this program works on; the message is in French."""


def check(database: Database, data: object) -> None:
    """WrongRevision, saying what to do, unless the database is at the present revision. A newer
    one is never touched: an older program would write what the newer no longer reads."""
    found, expected = current(database), latest()
    if found == expected:
        return
    check_known(found)
    raise WrongRevision(
        f"La base est à la version {found or 'vide'}, ce programme attend {expected}. "
        f"Faites « casework db upgrade --data {data} »."
    )


def check_known(found: str | None) -> None:
    """WrongRevision when this revision comes from a newer release."""
    if found is not None and not knows(found):
        raise WrongRevision(
            f"La base vient d’une version plus récente de casework (révision {found}) : ce "
            "programme n’y touche pas. Réinstallez la version qui l’a mise à niveau, ou restaurez "
            "avec celui-ci la sauvegarde prise avant cette mise à niveau."
        )
