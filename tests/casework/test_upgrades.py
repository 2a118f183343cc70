"""A database of any revision, with the data of a commune in it, comes to the present one.

CASEWORK_REVISIONS=all walks every revision; otherwise a few of them, the oldest included.
"""

import os
import shutil
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import func, select

from audit.schema import journal_event
from casework import migrate
from casework.db import Database
from casework.instance import Instance, load
from casework.members.models import Member
from casework.resources import folder
from casework.situations.models import Situation
from tests.casework.backup.conftest import run
from tests.conftest import World

CHAIN = [
    script.revision
    for script in ScriptDirectory(str(folder("migrations"))).walk_revisions()
    if script.revision != migrate.latest()
]
FEW = [CHAIN[0], CHAIN[len(CHAIN) // 2], CHAIN[-1]]
WALKED = CHAIN if os.environ.get("CASEWORK_REVISIONS") == "all" else FEW


def test_every_revision_comes_to_the_present(world: World, tmp_path: Path) -> None:
    database, instance = world.database, world.instance
    engine = database.url.get_backend_name()
    before = _counted(instance)
    for revision in WALKED:
        migrate.downgrade(database, revision)
        database.engine.dispose()
        there = instance
        if engine == "sqlite":
            data = tmp_path / revision
            shutil.copytree(instance.data, data)
            there = load(data)
        refused = run("audit", "verify", "--data", there.data)
        assert f"à la version {revision}" in refused.output, refused.output
        assert "db upgrade" in refused.output
        done = run("db", "upgrade", "--data", there.data, "--no-backup")
        assert done.exit_code == 0, (revision, done.output)
        found = _counted(there)
        assert found[:2] == before[:2], revision
        assert found[2] >= before[2] + 1, "the journal says so"
        verified = run("audit", "verify", "--data", there.data)
        assert verified.exit_code == 0, (revision, verified.output)


def _counted(instance: Instance) -> list[int]:
    database = Database(instance.database, instance.binding)
    with database.read() as session:
        found = [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Member, Situation, journal_event)
        ]
    database.engine.dispose()
    return found
