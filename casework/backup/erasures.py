"""Erasing again, in a restored instance, what was erased after the backup was made.

The file of erasures is text, one JSON object on a line, which says nothing of anyone:

    {"kind": "situation", "id": "7301…", "seq": 48213, "proof": "c2sp.org/tlog-proof@v1 …"}

``kind`` is what was erased, ``id`` its opaque identifier, ``seq`` the rank of the journal's entry
that says so, ``proof`` what shows that the journal holds it. Whoever erases a kind of record
declares here how (:func:`erases`). Fail closed: a line that nobody knows how to replay, or that
proves nothing, stops the restoration: nobody erases a record by writing a line.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from casework.backup.container import BackupError


class Erasure(NamedTuple):
    """One record that was erased, and the entry that says so."""

    kind: str
    id: str
    seq: int
    proof: str = ""


class Unproved(BackupError):
    """The journal's key does not vouch for a line."""


Erase = Callable[[Session, Erasure], object]
_known: dict[str, Erase] = {}


def erases(kind: str, erase: Erase) -> None:
    """Declare how a kind of record is erased again; ``erase`` does nothing for one already gone."""
    _known[kind] = erase


def read(path: Path) -> Iterator[Erasure]:
    """The erasures of a file. BackupError at the first line that is not one."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BackupError(f"{path} ne se lit pas : donnez le fichier des effacements.") from None
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            found = Erasure(
                str(said["kind"]), str(said["id"]), int(said["seq"]), str(said.get("proof", ""))
            )
        except (ValueError, KeyError, TypeError):
            raise BackupError(f"{path}, ligne {number} : ce n’est pas un effacement.") from None
        yield found


Prove = Callable[[Erasure], object]


def replay(session: Session, erasures: Iterable[Erasure], since: int, prove: Prove) -> int:
    """Erase again what was erased from the entry ``since`` on; how many. BackupError when this
    release does not know how, Unproved when the journal's key does not vouch for a line."""
    done = 0
    for erasure in erasures:
        if erasure.seq < since:
            continue  # the backup was made after it: the record is not in it
        erase = _known.get(erasure.kind)
        if erase is None:
            raise BackupError(
                f"Cette version ne sait pas effacer à nouveau « {erasure.kind} » : rien n’est "
                "restauré."
            )
        prove(erasure)
        erase(session, erasure)
        done += 1
    return done
