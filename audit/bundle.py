"""A whole journal in one file, that a verifier reads without the application or its database.

The first line is JSON: the format, the first public key, the rotations, the checkpoints and their
countersignatures, the signed head, the register of decryptions. Then one line for each entry:

    rank leaf salt event        leaf and salt in hexadecimal, the event in its canonical JSON
    rank leaf                   when its content has expired

so that anyone can check with a SHA-256 tool that leaf = SHA-256(00 ‖ salt ‖ event).
"""

import json
import re
from binascii import unhexlify
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from audit.event import EXPIRE, RESTORE
from audit.evidence import (
    Batch,
    Countersignature,
    Evidence,
    Expiry,
    Head,
    Kept,
    Reading,
    Restoration,
    State,
    expiry_of,
)
from audit.notes import NoteError, Verifier

FORMAT: Final = "casework-journal/1"
_TOLD = re.compile(f'"action":"(?:{EXPIRE}|{RESTORE})"'.encode())
_LINES_AT_ONCE = 4096
_NO_LEAF = b""


class BundleError(ValueError):
    """This file is not an export of a journal. The message says so, in French."""


def write(file: BinaryIO, evidence: Evidence, lines: Iterable[bytes]) -> None:
    """Write a bundle: what ``evidence`` says of the journal, and its entries as :func:`line`
    makes them."""
    head = evidence.head
    said = {
        "format": FORMAT,
        "key": str(evidence.anchor),
        "rotations": [list(rotation) for rotation in evidence.rotations],
        "checkpoints": [list(kept) for kept in evidence.checkpoints],
        "countersignatures": [list(added) for added in evidence.countersignatures],
        "head": None if head is None else [head.size, head.note],
        "readings": None
        if evidence.readings is None
        else [[seq, leaf.hex()] for seq, leaf in evidence.readings],
    }
    file.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
    file.writelines(lines)


def line(seq: int, leaf: bytes, salt: bytes, event: bytes) -> bytes:
    """An entry as a bundle writes it; without ``event`` when its content has expired."""
    written = b"%d %s" % (seq, leaf.hex().encode())
    return written + (b" %s %s\n" % (salt.hex().encode(), event) if event else b"\n")


def read(path: Path) -> Evidence:
    """What a bundle says. Its entries are read when they are asked for.

    Raises :class:`BundleError`.
    """
    with path.open("rb") as file:
        first = file.readline()
    try:
        said = json.loads(first)
        if said["format"] != FORMAT:
            raise BundleError(f"Ce fichier est au format {said['format']}, pas {FORMAT}.")
        readings = said["readings"]
        return Evidence(
            Verifier.parse(said["key"]),
            [(int(size), str(note)) for size, note in said["rotations"]],
            [Kept(int(size), str(note), str(at)) for size, note, at in said["checkpoints"]],
            None
            if said["head"] is None
            else Head(int(said["head"][0]), str(said["head"][1]), None),
            None,
            partial(_entries, path, len(first)),
            None
            if readings is None
            else [Reading(int(seq), unhexlify(leaf)) for seq, leaf in readings],
            [
                Countersignature(int(size), str(signer), str(added))
                for size, signer, added in said["countersignatures"]
            ],
        )
    except (ValueError, KeyError, TypeError, IndexError, NoteError) as error:
        if isinstance(error, BundleError):
            raise
        raise BundleError("Ce fichier n’est pas un export du journal.") from error


def first_difference(former: Evidence, present: Evidence) -> int | None:
    """The rank of the first entry of ``former`` that ``present`` no longer has as it was."""
    now = _ranked(present)
    for seq, leaf in _ranked(former):
        if next(now, None) != (seq, leaf):
            return seq
    return None


def _ranked(evidence: Evidence) -> Iterator[tuple[int, bytes]]:
    for batch in evidence.entries(evidence.size):
        yield from zip(batch.ranks, batch.leaves, strict=True)


def _entries(path: Path, start: int, _size: int) -> Iterator[Batch]:
    with path.open("rb") as file:
        file.seek(start)
        first = 0
        while lines := list(islice(file, _LINES_AT_ONCE)):
            yield _batch(lines, first)
            first += len(lines)


def _batch(lines: list[bytes], first: int) -> Batch:
    batch = Batch([], [])
    ranks, leaves = batch.ranks, batch.leaves
    for position, stored in enumerate(lines):
        state = State.ALTERED
        try:
            written, hexadecimal, *content = stored[:-1].split(b" ", 3)
            seq, leaf = int(written), unhexlify(hexadecimal)
            if not content:
                state = State.ERASED
            elif sha256(b"\x00" + unhexlify(content[0]) + content[1]).digest() == leaf:
                ranks.append(seq)
                leaves.append(leaf)
                if _TOLD.search(content[1]) and (said := _told(seq, content[1])) is not None:
                    batch.said[position] = said
                continue
        except (ValueError, IndexError):  # the line is not an entry at all
            seq, leaf = first + position, _NO_LEAF
        ranks.append(seq)
        leaves.append(leaf)
        batch.faults[position] = state
    return batch


def _told(seq: int, event: bytes) -> Expiry | Restoration | None:
    said = json.loads(event)
    if said["action"] == EXPIRE:
        return expiry_of(said["time"], said["detail"])
    return Restoration(seq) if said["action"] == RESTORE else None
