"""Who uses an instance's folder: the server with others, a move or an upgrade alone.

A lock of the system on the folder itself: it goes with the process, however it ends. It says
nothing of another machine on the same PostgreSQL.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class InUse(Exception):
    """Another process holds the folder in a way that excludes ours."""


@contextmanager
def held(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold the folder, or InUse at once."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise InUse from None
    try:
        yield
    finally:
        os.close(descriptor)
