"""The proof that one entry is in a checkpoint, in one small file: c2sp.org/tlog-proof.

Whoever holds the file and the journal's public key checks it alone. Its « extra » line carries the
salt and the event, from which the leaf is made.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, Final

from audit.notes import Checkpoint, Verifier, open_note
from audit.tree import leaf_hash, verify_inclusion

HEADER: Final = "c2sp.org/tlog-proof@v1"
_SALT_BYTES = 16


class ProofError(ValueError):
    """The file proves nothing. The message says why, in French."""


@dataclass(frozen=True, slots=True)
class Proved:
    """An entry that a proof shows in a checkpoint."""

    seq: int
    event: dict[str, Any]
    checkpoint: Checkpoint


def write(seq: int, content: bytes, path: list[bytes], note: str) -> str:
    """The proof file of an entry; ``content`` is its salt followed by its canonical event."""
    hashes = "".join(f"{b64encode(node).decode()}\n" for node in path)
    extra = b64encode(content).decode()
    return f"{HEADER}\nextra {extra}\nindex {seq}\n{hashes}\n{note}"


def leaf(text: str) -> bytes:
    """The leaf of the entry a proof file is about. Raises :class:`ProofError`."""
    try:
        return leaf_hash(_content(text.split("\n")[1]))
    except (IndexError, ValueError) as error:
        raise ProofError("Ce fichier de preuve est mal écrit.") from error


def _content(extra: str) -> bytes:
    return b64decode(extra.removeprefix("extra "), validate=True)


def check(text: str, verifier: Verifier) -> Proved:
    """What a proof file shows, once everything in it holds.

    Raises :class:`ProofError`, or :class:`audit.notes.NoteError` for its checkpoint.
    """
    proof, _, note = text.partition("\n\n")
    try:
        header, extra, index, *hashes = proof.split("\n")
        if header != HEADER or not extra.startswith("extra ") or not index.startswith("index "):
            raise ProofError("Ce fichier n’est pas une preuve d’inclusion (c2sp.org/tlog-proof).")
        content = _content(extra)
        path = [b64decode(node, validate=True) for node in hashes]
        seq = int(index.removeprefix("index "))
        event = json.loads(content[_SALT_BYTES:])
    except ProofError:
        raise
    except ValueError as error:
        raise ProofError("Ce fichier de preuve est mal écrit.") from error
    checkpoint = open_note(note, verifier)
    if not verify_inclusion(leaf_hash(content), seq, checkpoint.size, path, checkpoint.root):
        raise ProofError("La preuve est fausse : cette entrée n’est pas dans ce point de contrôle.")
    return Proved(seq, event, checkpoint)
