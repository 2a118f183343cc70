"""The keys of one journal, one after another, each signed by the one before.

Whoever kept the first public key can go on verifying: a rotation is a note that says from how many
entries on the next key signs, signed by the outgoing key and by the incoming one. A key vouches
for the sizes of its own time only, so that a stolen old key cannot sign the present.
"""

from bisect import bisect_right
from collections.abc import Iterable

from audit.notes import (
    Checkpoint,
    MalformedNoteError,
    NoteError,
    Signer,
    UnknownSignerError,
    Verifier,
    open_text,
    signature_line,
)

_NEXT = "next "


class RotationError(NoteError):
    """A change of key is not what the outgoing key signed. ``size`` says which one."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"Le changement de clé à {size}\N{NO-BREAK SPACE}entrées n’est pas signé par l’ancienne"
            " clé et par la nouvelle."
        )
        self.size = size


class KeyChain:
    """The first key of a journal, then those its rotations bring in. Raises
    :class:`RotationError` when one does not follow from the key before it."""

    def __init__(self, anchor: Verifier, rotations: Iterable[tuple[int, str]] = ()) -> None:
        self.anchor = anchor
        self.attested: dict[int, bytes] = {}  # the root that each rotation signed, by size
        self._from = [0]
        self._keys = [anchor]
        for size, note in rotations:
            checkpoint, following = _opened(size, note, self.current)
            if size <= self._from[-1]:
                raise RotationError(size)
            self.attested[size] = checkpoint.root
            self._from.append(size)
            self._keys.append(following)

    @property
    def current(self) -> Verifier:
        """The key that signs today."""
        return self._keys[-1]

    def at(self, size: int) -> Verifier:
        """The key that signed the states of this size."""
        return self._keys[bisect_right(self._from, size) - 1]

    def open(self, note: str) -> Checkpoint:
        """The checkpoint in a note of this journal, signed by the key of its time. Raises
        :class:`NoteError`, by one of its kinds."""
        # The size chooses the key and is signed: a false one meets a key that did not sign it.
        checkpoint = Checkpoint.parse(note.rpartition("\n\n")[0] + "\n")
        open_text(note, self.at(checkpoint.size))
        if checkpoint.origin != self.anchor.name:
            raise UnknownSignerError("Le point de contrôle vient d’un autre journal.")
        return checkpoint


def rotation(checkpoint: Checkpoint, outgoing: Signer, incoming: Signer) -> str:
    """The note by which a journal changes its key: the state it has then, and the next key."""
    text = f"{checkpoint.text()}{_NEXT}{incoming.verifier}\n"
    return outgoing.sign_text(text) + signature_line(text, incoming) + "\n"


def _opened(size: int, note: str, outgoing: Verifier) -> tuple[Checkpoint, Verifier]:
    try:
        text = open_text(note, outgoing)
        state, _, following = text.rpartition(_NEXT)
        checkpoint, incoming = Checkpoint.parse(state), Verifier.parse(following.rstrip("\n"))
        open_text(note, incoming)
        if (checkpoint.size, checkpoint.origin, incoming.name) != (
            size,
            outgoing.name,
            outgoing.name,
        ):
            raise MalformedNoteError("Ce changement de clé parle d’un autre journal.")
    except NoteError as error:
        raise RotationError(size) from error
    return checkpoint, incoming
