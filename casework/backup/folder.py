"""The folder of backups: one whole file after the other, and none kept beyond its term."""

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from casework.backup import container, files
from casework.backup.container import About, BackupError
from casework.backup.make import Made

SUFFIX = ".sauvegarde"
# An erased situation may still be in a backup: this bounds how long.
KEEP_DAYS = 30
MOST_KEEP_DAYS = 90  # what was erased is still in them


@dataclass(frozen=True)
class Kept:
    """A backup in its place."""

    path: Path
    size: int
    made: Made


def keep(folder: Path, origin: str, write: Callable[[BinaryIO], Made]) -> Kept:
    """A new file: under another name until it is whole and checked. BackupError, OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _partial(folder / f".{_tag(origin)}.partial") as (partial, file):
        made = write(file)
        path = _free(folder, made.about)
        size = os.fstat(file.fileno()).st_size
        partial.replace(path)
        files.flush(folder)
    return Kept(path, size, made)


@contextmanager
def _partial(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """One at a time; what a killed command left is written over."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("Une autre sauvegarde de cette instance est en cours ici.") from None
        file.truncate()
        try:
            yield path, file
        finally:
            path.unlink(missing_ok=True)


def _free(folder: Path, about: About) -> Path:
    stem = f"{_tag(about.origin)}-{about.moment:%Y%m%dT%H%M%SZ}"
    names = (f"{stem}{SUFFIX}", *(f"{stem}-{number}{SUFFIX}" for number in range(2, 1000)))
    for name in names:
        if not (folder / name).exists():
            return folder / name
    raise BackupError(f"Le dossier {folder} contient déjà trop de sauvegardes de cette seconde.")


def expire(folder: Path, origin: str, days: int, made: Path | None = None) -> int:
    """Erase the backups of this instance older than ``days``; how many. Neither the one just
    ``made`` nor, when none could be, the latest: what must be kept would be lost."""
    limit = datetime.now(UTC) - timedelta(days=days)
    found = ours(folder, origin)
    spared = made or max(found, key=lambda path: found[path].moment, default=None)
    old = [path for path, about in found.items() if path != spared and about.moment < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def ours(folder: Path, origin: str) -> Mapping[Path, About]:
    """The backups of one instance in a folder, known by their headers."""
    found = {}
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            with path.open("rb") as file:
                about = container.read_header(file).about
        except (BackupError, OSError):
            continue  # someone else's file, or a newer format: not ours to judge
        if about.origin == origin:
            found[path] = about
    return found


def _tag(origin: str) -> str:
    return origin.replace("/", "-")
