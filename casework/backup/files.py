"""An instance beside its database: settings, keys, and the register of readings."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from casework.backup.container import BackupError
from casework.backup.records import Recorder, Records
from casework.instance import JOURNAL_KEYS_FILE, KEY_FILE, READINGS_FOLDER, SETTINGS_FILE
from casework.mail import settings as mail

# What an instance is made of. A file added to instances is added here.
FILES = (
    SETTINGS_FILE,
    KEY_FILE,
    JOURNAL_KEYS_FILE,
    mail.SETTINGS_FILE,
    mail.KEY_FILE,
    mail.AUTHORITY_FILE,
)
FOLDERS = (READINGS_FOLDER,)
PIECE = 64 * 1024


class Held:
    """The files as they were at one moment: those that are replaced, read; those that only grow,
    opened, with the size they had."""

    def __init__(self, data: Path, stack: ExitStack) -> None:
        self._data = data
        self._small = self._read()
        self._growing: list[tuple[str, int, BinaryIO]] = []
        for folder in FOLDERS:
            for path in sorted((data / folder).rglob("*")):
                if path.is_file():
                    file = stack.enter_context(path.open("rb"))
                    name = path.relative_to(data).as_posix()
                    self._growing.append((name, os.fstat(file.fileno()).st_size, file))

    def changed(self) -> bool:
        """Was one replaced since? The journal's key is, when it is changed."""
        return self._read() != self._small

    def put(self, out: Recorder) -> None:
        for name, content in self._small.items():
            out.file(name, 0o600, content)
        for name, size, file in self._growing:
            out.file(name, 0o600, b"")
            while size and (piece := file.read(min(PIECE, size))):
                out.file(name, 0o600, piece)
                size -= len(piece)

    def _read(self) -> dict[str, bytes]:
        paths = {name: self._data / name for name in FILES}
        return {name: path.read_bytes() for name, path in paths.items() if path.exists()}


@contextmanager
def held(data: Path) -> Iterator[Held]:
    with ExitStack() as stack:
        yield Held(data, stack)


def write(records: Records, folder: Path) -> None:
    """Put the files back into an empty folder, for its owner alone."""
    folder.chmod(0o700)
    written: set[Path] = set()
    for name, mode, piece in records.files():
        path = folder / _inside(name)
        flag = os.O_APPEND if path in written else os.O_CREAT | os.O_EXCL
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | flag, mode & 0o700)
        with os.fdopen(descriptor, "wb") as out:
            out.write(piece)
        written.add(path)
    for path in written:
        flush(path)
    if not written:
        raise BackupError("La sauvegarde est vide : elle n’est pas restaurée.")


def flush(path: Path) -> None:
    """Make sure the disk has a file, or a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def wipe(folder: Path) -> None:
    """Overwrite the files that hold keys, before their folder goes."""
    for name in FILES:
        path = folder / name
        if path.exists():
            size = path.stat().st_size
            with path.open("r+b") as file:
                file.write(bytes(size))
                file.flush()
                os.fsync(file.fileno())


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.parts[0] not in {*FILES, *FOLDERS}:
        raise BackupError(
            "La sauvegarde nomme un fichier inconnu d’une instance : elle est refusée, ou vient "
            "d’une version plus récente."
        )
    return path
