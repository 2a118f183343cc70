"""Putting back the files an instance has lost, from a backup of it: its database is whole.

Nothing that is there is written over. The backup is read to its end and its signature checked
first; the key it holds must then be the one the database follows.
"""

import os
from pathlib import Path
from typing import BinaryIO

from casework import instance as instances
from casework import secret as secrets
from casework.backup import container, files
from casework.backup.container import BackupError
from casework.backup.records import Records
from casework.backup.verify import scratch

OLD_KEY = (
    "La clé de l’instance a été changée depuis cette sauvegarde : rien n’est remis. Prenez une "
    "sauvegarde faite après ce changement."
)


def put_back(file: BinaryIO, file_key: bytes, data: Path) -> list[str]:
    """The names of the files put back. BackupError, and nothing is left, when they do not fit."""
    file.seek(0)
    header = container.read_header(file)
    with scratch(data.parent) as folder:
        records = Records(container.content(file, header, file_key))
        files.write(records, folder)
        for _name, _columns, rows in records.tables():
            for _row in rows:
                continue
        kept = instances.load(folder)
        records.finish(kept.signing_key.public_key())
        names = [
            name for name in files.FILES if (folder / name).exists() and not (data / name).exists()
        ]
        for name in names:
            _copy(folder / name, data / name)
    try:
        there = instances.load(data)
        if there.origin != header.about.origin:
            raise BackupError("Cette sauvegarde est celle d’une autre instance : rien n’est remis.")
        if not secrets.is_followed(there.secret, there.database):
            raise BackupError(OLD_KEY)
    except BaseException:
        for name in names:
            (data / name).unlink()
        raise
    return names


def _copy(source: Path, place: Path) -> None:
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(source.read_bytes())
        out.flush()
        os.fsync(out.fileno())
    files.flush(place.parent)
