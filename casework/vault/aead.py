"""Authenticated encryption of one value, bound to the place where it is stored.

AES-256-GCM from `cryptography`; associated data = table, column, record id, so that a value moved
to another row or column no longer opens. A sealed value is: version byte, 12-byte random nonce,
ciphertext and tag. Texts are padded to 32 bytes: the length of a name says something about it.
"""

import os
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.vault.errors import IntegrityError

VERSION = b"\x01"
NONCE_BYTES = 12
PAD_BYTES = 32


class Place(NamedTuple):
    """Where a sealed value lives; ``shown`` is the reference an error message may print."""

    table: str
    column: str
    record: int | str
    shown: str = ""

    def associated_data(self) -> bytes:
        return f"casework/1|{self.table}|{self.column}|{self.record}".encode()

    def broken(self) -> IntegrityError:
        return IntegrityError(f"{self.table}.{self.column}", self.shown or str(self.record))


def seal(key: AESGCM, value: bytes, place: Place) -> bytes:
    """Encrypt ``value`` for ``place``; the result is only ever opened at the same place."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + key.encrypt(nonce, value, place.associated_data())


def open_sealed(key: AESGCM, blob: bytes, place: Place) -> bytes:
    """Decrypt, or raise :class:`IntegrityError` naming the field and the record."""
    if blob[:1] != VERSION:
        raise place.broken()
    try:
        return key.decrypt(blob[1:13], blob[13:], place.associated_data())
    except (InvalidTag, ValueError):
        raise place.broken() from None


def seal_text(key: AESGCM, text: str, place: Place) -> bytes:
    """Seal a text, padded (ISO/IEC 7816-4) so that its length is known to 32 bytes only."""
    raw = text.encode()
    return seal(key, raw + b"\x80" + bytes(-(len(raw) + 1) % PAD_BYTES), place)


def open_text(key: AESGCM, blob: bytes, place: Place) -> str:
    """The text sealed by :func:`seal_text`, or :class:`IntegrityError`."""
    padded = open_sealed(key, blob, place).rstrip(b"\x00")
    if padded[-1:] != b"\x80":
        raise place.broken()
    return padded[:-1].decode()
