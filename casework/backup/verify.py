"""Proving that a backup comes back, without touching an instance: a scratch place, then nothing."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from casework import instance as instances
from casework import migrate
from casework.backup import container, files, load
from casework.backup.container import About, BackupError
from casework.backup.make import Progress, silent
from casework.backup.records import Records
from casework.backup.restore import refuse_older, unpack
from casework.db import Database
from casework.lock import InUse, held

PREFIX = "casework-verification-"


@dataclass(frozen=True)
class Verified:
    """What would come back, and the verdicts on its journal."""

    about: About
    rows: int
    sentences: list[str]


def verify(
    file: BinaryIO,
    file_key: bytes,
    *,
    since: str | None = None,
    place: Path | None = None,
    progress: Progress = silent,
) -> Verified:
    """Restore into a scratch SQLite, compare each table with the file, judge the journal."""
    file.seek(0)
    header = container.read_header(file)
    refuse_older(header.about, since)
    with scratch(place) as folder:
        records = Records(container.content(file, header, file_key))
        files.write(records, folder)
        instances.point_to(folder, "")
        instance = instances.load(folder)
        if instance.origin != header.about.origin:
            raise BackupError("La sauvegarde se dit d’une autre instance : elle est refusée.")
        database = Database(instance.database, instance.binding)
        try:
            with database.whole() as connection:
                rows = unpack(records, database, connection, instance, file, header.about, progress)
                migrate.upgrade(database, connection=connection)
                sentences = load.judge_journal(connection, instance, since)
        finally:
            database.engine.dispose()
    return Verified(header.about, rows, sentences)


@contextmanager
def scratch(parent: Path | None) -> Iterator[Path]:
    """A folder for us alone; its keys are written over before it goes. Its rows are sealed."""
    place = parent or Path(tempfile.gettempdir())
    _remove_left(place)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    with held(folder, alone=True):
        try:
            yield folder
        finally:
            _remove(folder)


def _remove_left(place: Path) -> None:
    """A killed command left its own: an instance's keys, and what was erased since its backup."""
    for folder in place.glob(f"{PREFIX}*"):
        with suppress(InUse, FileNotFoundError):  # someone else's work, or already gone
            known = folder.lstat()  # a link that someone else put there leads to anything
            if stat.S_ISDIR(known.st_mode) and known.st_uid == os.geteuid():
                with held(folder, alone=True):
                    _remove(folder)


def _remove(folder: Path) -> None:
    files.wipe(folder)
    shutil.rmtree(folder)
