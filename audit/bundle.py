"""A whole journal in one file, that a verifier reads without the application or its database.

The first line is JSON: the format, the first public key, the rotations, the checkpoints and their
countersignatures, the signed head, the register of decryptions. Then one line for each entry:

    rank leaf salt event        leaf and salt in hexadecimal, the event in its canonical JSON
    rank leaf                   when its content has expired

so that anyone can check with a SHA-256 tool that leaf = SHA-256(00 ‖ salt ‖ event).
"""

import json
from binascii import unhexlify
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from audit.event import EXPIRE
from audit.evidence import (
    Countersignature,
    Entry,
    Evidence,
    Expiry,
    Head,
    Kept,
    Reading,
    State,
    expiry_of,
)
from audit.notes import NoteError, Verifier

FORMAT: Final = "casework-journal/1"
_EXPIRY = f'"action":"{EXPIRE}"'.encode()
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
    now = present.entries(present.size)
    for seq, leaf, *_ in former.entries(former.size):
        found = next(now, None)
        if found is None or found[:2] != (seq, leaf):
            return seq
    return None


def _entries(path: Path, start: int, _size: int) -> Iterator[Entry]:
    with path.open("rb") as file:
        file.seek(start)
        genuine, altered = State.GENUINE, State.ALTERED  # looked up once, not for each entry
        for position, stored in enumerate(file):
            state, expiry = altered, None
            try:
                written, hexadecimal, *content = stored[:-1].split(b" ", 3)
                seq, leaf = int(written), unhexlify(hexadecimal)
                if content:
                    salt, event = content
                    if sha256(b"\x00" + unhexlify(salt) + event).digest() == leaf:
                        state = genuine
                        if _EXPIRY in event:
                            expiry = _expiry(event)
                else:
                    state = State.ERASED
            except ValueError:  # the line is not an entry at all
                seq, leaf = position, _NO_LEAF
            yield seq, leaf, None, state, expiry


def _expiry(event: bytes) -> Expiry | None:
    said = json.loads(event)
    return expiry_of(said["time"], said["detail"]) if said["action"] == EXPIRE else None
