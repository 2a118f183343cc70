"""Countersignatures of checkpoints: c2sp.org/tlog-cosignature, version 1, over Ed25519.

The DPO, with a key of their own, attests having checked a state of the journal on a given second.
The line stands in the note beside the journal's own: whoever administers the server can sign a
rewritten journal again, not countersign it.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.notes import (
    BadSignatureError,
    Checkpoint,
    MalformedNoteError,
    UnknownSignerError,
    key_id_of,
    read_signature,
)

_COSIGNATURE = b"\x04"
_TIME_BYTES = 8
_SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Countersigner:
    """A public key that countersigns; its text form is what one keeps."""

    name: str
    key: Ed25519PublicKey

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart. Not a fingerprint."""
        return key_id_of(self.name, self._typed_key())

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(self._typed_key()).decode()}"

    @classmethod
    def parse(cls, text: str) -> "Countersigner":
        """The key written ``name+id+base64``. Raises :class:`MalformedNoteError`."""
        name, _, rest = text.partition("+")
        try:
            material = b64decode(rest.partition("+")[2], validate=True)
        except ValueError:
            material = b""
        if len(material) != 33 or material[:1] != _COSIGNATURE:
            raise MalformedNoteError("Ce n’est pas une clé Ed25519 de contresignature.")
        found = cls(name, Ed25519PublicKey.from_public_bytes(material[1:]))
        if str(found) != text:
            raise MalformedNoteError("La clé ne correspond pas à son identifiant.")
        return found

    def check(self, line: str, checkpoint: Checkpoint) -> datetime:
        """When this key countersigned the checkpoint. Raises :class:`audit.notes.NoteError`."""
        name, key_id, blob = read_signature(line)
        if (name, key_id) != (self.name, self.key_id):
            raise UnknownSignerError("Cette contresignature est d’une autre clé.")
        if len(blob) != _TIME_BYTES + _SIGNATURE_BYTES:
            raise MalformedNoteError("Une contresignature dit sa date et sa signature.")
        seconds = int.from_bytes(blob[:_TIME_BYTES], "big")
        try:
            self.key.verify(blob[_TIME_BYTES:], _message(seconds, checkpoint))
            return datetime.fromtimestamp(seconds, UTC)
        except (InvalidSignature, ValueError, OverflowError) as error:
            raise BadSignatureError("La contresignature est fausse.") from error

    def _typed_key(self) -> bytes:
        return _COSIGNATURE + self.key.public_bytes_raw()


def countersign(
    checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey, at: datetime
) -> tuple[Countersigner, str]:
    """The countersigner, and the line to add to the note of the checkpoint. The caller has
    verified that the journal still agrees with what this key countersigned before."""
    signer = Countersigner(name, key.public_key())
    seconds = int(at.timestamp())
    stamp = seconds.to_bytes(_TIME_BYTES, "big")
    blob = signer.key_id + stamp + key.sign(_message(seconds, checkpoint))
    return signer, f"— {name} {b64encode(blob).decode()}"


def _message(seconds: int, checkpoint: Checkpoint) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{checkpoint.text()}".encode()
