"""Signed notes and checkpoints, as c2sp.org/signed-note and c2sp.org/tlog-checkpoint write them.

A checkpoint is three lines anyone can print and keep: which journal, how many entries, which
root. Whoever kept one can show later that the past was not rewritten.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.tree import HASH_BYTES

_ED25519 = b"\x01"
_KEY_ID_BYTES = 4
_DASH = "— "
_MAX_NOTE_CHARACTERS = 16_384  # room for the sixteen signatures a reader must accept
_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(ValueError):
    """A note cannot be believed."""


class MalformedNoteError(NoteError):
    """It is not a signed note, a checkpoint or a key at all."""


class UnknownSignerError(NoteError):
    """The expected key did not sign it."""


class BadSignatureError(NoteError):
    """The expected key is named, and its signature is wrong: the text was altered."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key and its name; its text form is what the DPO keeps."""

    name: str
    key: Ed25519PublicKey

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise MalformedNoteError("Le nom d’une clé n’a ni espace ni « + ».")

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart. Not a fingerprint."""
        return key_id_of(self.name, self._typed_key())

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(self._typed_key()).decode()}"

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """The key written ``name+id+base64``. Raises :class:`MalformedNoteError`."""
        name, _, rest = text.partition("+")
        material = _decode(rest.partition("+")[2])
        if len(material) != 33 or material[:1] != _ED25519:
            raise MalformedNoteError("Ce n’est pas une clé Ed25519 de vérification.")
        verifier = cls(name, Ed25519PublicKey.from_public_bytes(material[1:]))
        if str(verifier) != text:
            raise MalformedNoteError("La clé de vérification ne correspond pas à son identifiant.")
        return verifier

    def _typed_key(self) -> bytes:
        return _ED25519 + self.key.public_bytes_raw()


def key_id_of(name: str, typed_key: bytes) -> bytes:
    """The identifier of a key: its name, then its type and its bytes (c2sp.org/signed-note)."""
    return sha256(name.encode() + b"\n" + typed_key).digest()[:_KEY_ID_BYTES]


class Signer:
    """A private key and its name."""

    __slots__ = ("_key", "_key_id", "verifier")

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self.verifier = Verifier(name, key.public_key())
        self._key = key
        self._key_id = self.verifier.key_id

    def sign_text(self, text: str) -> str:
        """The note: the text, an empty line, the signature. Raises :class:`MalformedNoteError`."""
        if not text.endswith("\n") or _CONTROL.search(text):
            raise MalformedNoteError("Une note finit par un saut de ligne, seul contrôle permis.")
        return f"{text}\n{signature_line(text, self)}\n"

    def sign(self, text: str) -> bytes:
        """The key identifier and the signature of a text, as a note carries them."""
        return self._key_id + self._key.sign(text.encode())


def signature_line(text: str, signer: Signer) -> str:
    """The line that a signer adds to the note of this text."""
    return f"{_DASH}{signer.verifier.name} {b64encode(signer.sign(text)).decode()}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a journal: its origin, its number of entries, its root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """The checkpoint of a note's text. Extension lines are refused: we write none."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0] or not _SIZE.fullmatch(lines[1]):
            raise MalformedNoteError("Un point de contrôle dit origine, taille et racine.")
        checkpoint = cls(lines[0], int(lines[1]), _decode(lines[2]))
        if len(checkpoint.root) != HASH_BYTES or checkpoint.text() != text:
            raise MalformedNoteError("La racine du point de contrôle est mal écrite.")
        return checkpoint


def sign(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note of a checkpoint. Ed25519 is deterministic: same state, same note."""
    return signer.sign_text(checkpoint.text())


def open_note(note: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint in a note that ``verifier`` signed about its own journal.

    Raises :class:`NoteError`, by one of its three kinds.
    """
    checkpoint = Checkpoint.parse(open_text(note, verifier))
    if checkpoint.origin != verifier.name:
        raise UnknownSignerError("Le point de contrôle vient d’un autre journal.")
    return checkpoint


def open_text(note: str, verifier: Verifier) -> str:
    """The text of a note, once its signature holds. Raises :class:`NoteError`."""
    body, separator, signatures = note.rpartition("\n\n")
    if (
        not separator
        or not signatures.endswith("\n")
        or len(note) > _MAX_NOTE_CHARACTERS
        or _CONTROL.search(note)
    ):
        raise MalformedNoteError("Ce n’est pas une note signée.")
    text = body + "\n"
    # Other keys may sign too (rotation, witnesses): theirs are read for form, then ignored.
    parsed = [read_signature(line) for line in signatures[:-1].split("\n")]
    ours = (verifier.name, verifier.key_id)
    for name, key_id, signature in parsed:
        if (name, key_id) == ours:
            try:
                verifier.key.verify(signature, text.encode())
            except InvalidSignature as error:
                raise BadSignatureError("La signature de la note est fausse.") from error
            return text
    raise UnknownSignerError("La note n’est pas signée par la clé attendue.")


def read_signature(line: str) -> tuple[str, bytes, bytes]:
    """The name, the key identifier and the signature of a line. Raises
    :class:`MalformedNoteError`."""
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    blob = _decode(encoded)
    if not line.startswith(_DASH) or not _NAME.fullmatch(name) or len(blob) <= _KEY_ID_BYTES:
        raise MalformedNoteError("Une ligne de signature est mal écrite.")
    return name, blob[:_KEY_ID_BYTES], blob[_KEY_ID_BYTES:]


def _decode(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise MalformedNoteError("Du texte en base 64 est mal écrit.") from error
