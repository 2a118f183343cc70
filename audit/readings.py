"""The register of decryptions, kept outside the database: one line before each reading.

The journal's entry is committed, then the line is written here, then the vault opens. Should the
database be put back to yesterday, or lose an entry, the register still says that something was
read under it. It proves that every reading made by this program on this server has its entry; it
says nothing of a reading made elsewhere, with a stolen key and a copy of the database.

A line holds a rank and a leaf: nobody, and nothing that was read.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from audit.evidence import Reading

_LINE = re.compile(r"([0-9]{1,18}) ([0-9a-f]{64})")


class Register:
    """A folder with one file for each month."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, seq: int, leaf: bytes) -> None:
        """Write that a reading begins under this entry. Raises OSError: then nothing is read."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / f"{datetime.now(UTC):%Y-%m}.txt"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # One write under a page: lines of several processes never mix (POSIX, O_APPEND).
            os.write(descriptor, f"{seq} {leaf.hex()}\n".encode())
        finally:
            os.close(descriptor)

    def read(self) -> list[Reading] | None:
        """What was noted, each entry once; None when nothing ever was."""
        if not self._folder.is_dir():
            return None
        lines: set[tuple[int, str]] = set()
        for path in self._months():
            lines |= _lines(path)
        return [Reading(seq, bytes.fromhex(leaf)) for seq, leaf in sorted(lines)]

    def forget(self, before: int) -> None:
        """Drop the months whose readings all stand under entries that have expired."""
        for path in self._months()[:-1]:
            if all(seq < before for seq, _ in _lines(path)):
                path.unlink()

    def _months(self) -> list[Path]:
        return sorted(self._folder.glob("????-??.txt"))


def _lines(path: Path) -> set[tuple[int, str]]:
    # A line cut short by a power failure announced a reading that did not take place.
    found = map(_LINE.fullmatch, path.read_text(encoding="ascii").splitlines())
    return {(int(line[1]), line[2]) for line in found if line}
