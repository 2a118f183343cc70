"""Erasing again, in a restored instance, what was erased after the backup was made.

The file of erasures is text, one JSON object on a line, which says nothing of anyone:

    {"kind": "situation", "id": "7301…", "seq": 48213, "proof": "c2sp.org/tlog-proof@v1 …"}

``kind`` is what was erased, ``id`` its opaque identifier, ``seq`` the rank of the journal's entry
that says so, ``proof`` what shows that the journal holds it. Whoever erases a kind of record
declares here how (:func:`erases`). Fail closed: a line that nobody knows how to replay, or that
proves nothing, stops the restoration: nobody erases a record by writing a line.

What is erased is what the lines prove and the backup still holds, whatever their ranks: a journal
that was restored once without its certificates gives the ranks of lost entries to others.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from casework.backup.container import BackupError

SUFFIX = ".jsonl"
WHOLE = 2**63  # what a database holds in a whole number


class Erasure(NamedTuple):
    """One record that was erased, and the entry that says so."""

    kind: str
    id: str
    seq: int
    proof: str = ""


class Unproved(BackupError):
    """The journal's key does not vouch for a line."""


class Kind(NamedTuple):
    """How one finds whether a record is still there, and how it is erased again."""

    here: Callable[[Session, Erasure], bool]
    erase: Callable[[Session, Erasure], object]


_known: dict[str, Kind] = {}


def erases(name: str, kind: Kind) -> None:
    """Declare how a kind of record is erased again."""
    _known[name] = kind


def read(path: Path) -> Iterator[Erasure]:
    """The erasures of a file, or of all the certificates of a folder. BackupError at the first line
    that is not one."""
    if path.is_dir():
        files = sorted(path.glob(f"*{SUFFIX}"))
        if not files:
            raise BackupError(
                f"{path} ne contient aucun certificat (« *{SUFFIX} »). Si rien n’a jamais été "
                "effacé, restaurez sans --erasures."
            )
        for file in files:
            yield from read(file)
        return
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BackupError(f"{path} ne se lit pas : donnez le fichier des effacements.") from None
    for rank, line in enumerate(lines, 1):
        try:
            yield _erasure(json.loads(line))
        except (ValueError, KeyError, TypeError, OverflowError):
            raise BackupError(f"{path}, ligne {rank} : ce n’est pas un effacement.") from None


def _erasure(said: dict[str, str | int]) -> Erasure:
    number, seq = int(said["id"]), int(said["seq"])
    if not (0 <= number < WHOLE and 0 <= seq < WHOLE):
        raise ValueError
    return Erasure(str(said["kind"]), str(number), seq, str(said.get("proof", "")))


Prove = Callable[[Erasure], object]


def replay(session: Session, erasures: Iterable[Erasure], since: int, prove: Prove) -> int:
    """Erase again what is still there of what was erased; how many. BackupError when this release
    does not know how, Unproved when the journal's key does not vouch for a line. One erased before
    the entry ``since``, where the backup stops, and gone from it, has nothing left to prove."""
    done = 0
    for erasure in erasures:
        kind = _known.get(erasure.kind)
        if kind is None:
            raise BackupError(
                f"Cette version ne sait pas effacer à nouveau « {erasure.kind} » : rien n’est "
                "restauré."
            )
        here = kind.here(session, erasure)
        if erasure.seq < since and not here:
            continue
        prove(erasure)
        if here:
            kind.erase(session, erasure)
            done += 1
    return done
