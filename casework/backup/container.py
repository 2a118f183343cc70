"""The file of a backup: compressed, encrypted, authenticated, written and read as a stream.

A header that anyone reads (one line of JSON: which instance, when, at which schema, how far the
journal went), then the file's key sealed to each recipient, then chunks under that key. Chunks
follow STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, 2015) as the `age` format uses it: the nonce
counts the chunks and says which one is last, so that none can be removed, repeated, moved or cut
off unseen. The key is derived with the header's digest: a changed header opens nothing.
"""

import hashlib
import json
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from casework.vault.errors import IntegrityError
from casework.vault.keypair import KeyPair, PublicKey

FORMAT_NAME, FORMAT_NUMBER = "casework-backup", 1
FORMAT = f"{FORMAT_NAME}/{FORMAT_NUMBER}"
NEWER = (
    "Cette sauvegarde vient d’une version plus récente de casework : installez-la, et restaurez "
    "avec elle."
)
DAMAGED = (
    "La sauvegarde est abîmée, tronquée ou modifiée : rien n’en est repris. Prenez-en une autre "
    "copie, ou la précédente."
)
CHUNK = 64 * 1024  # bytes of compressed content
TAG = 16
LONGEST_HEADER = 64 * 1024
KEY_BYTES = 32


class BackupError(Exception):
    """The file cannot be used; the message says why and what to do, in French."""


@dataclass(frozen=True)
class About:
    """What a header says: which instance, when, at which revision of the schema, and the state of
    its journal, signed."""

    origin: str
    made_at: str
    revision: str
    entries: int
    note: str

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


@dataclass(frozen=True)
class Header:
    """A header, and its exact bytes, without which nothing opens."""

    about: About
    recipients: Mapping[str, str]
    raw: bytes


def _context(recipient: str) -> str:
    return f"backup|{recipient}"


def _key(file_key: bytes, header: bytes) -> AESGCM:
    info = b"casework/1/backup|" + hashlib.sha256(header).digest()
    return AESGCM(HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(file_key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


class Writer:
    """Takes bytes, gives a file. Nothing of the content is kept elsewhere."""

    def __init__(self, file: BinaryIO, about: About, recipients: Mapping[str, PublicKey]) -> None:
        self._file = file
        self._file_key = os.urandom(KEY_BYTES)
        sealed = {
            name: b64encode(public.seal(self._file_key, _context(name))).decode()
            for name, public in recipients.items()
        }
        header = {"format": FORMAT, **asdict(about), "recipients": sealed}
        raw = json.dumps(header, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        self._cipher = _key(self._file_key, raw)
        self._compress = zlib.compressobj(6)
        self._pending = bytearray()
        self._number = 0
        file.write(raw)

    @property
    def file_key(self) -> bytes:
        """Known while writing, to read back what was written: no private key is on this machine."""
        return self._file_key

    def write(self, content: bytes) -> None:
        self._pending += self._compress.compress(content)
        while len(self._pending) > CHUNK:
            self._emit(bytes(self._pending[:CHUNK]), last=False)
            del self._pending[:CHUNK]

    def close(self) -> None:
        """Write the last chunk and make sure the disk has it all."""
        self._pending += self._compress.flush()
        while len(self._pending) > CHUNK:
            self._emit(bytes(self._pending[:CHUNK]), last=False)
            del self._pending[:CHUNK]
        self._emit(bytes(self._pending), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _emit(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), chunk, None))
        self._number += 1


def read_header(file: BinaryIO) -> Header:
    """What anyone can read of a backup. BackupError. Authentic once the content has been read."""
    raw = file.readline(LONGEST_HEADER)
    try:
        said = json.loads(raw)
        name, _, number = said.pop("format").partition("/")
        newer = name == FORMAT_NAME and int(number) > FORMAT_NUMBER
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise BackupError("Ce fichier n’est pas une sauvegarde de casework.") from None
    if newer:
        raise BackupError(NEWER)
    try:
        if name != FORMAT_NAME or int(number) != FORMAT_NUMBER:
            raise ValueError(number)
        recipients = said.pop("recipients")
        about = About(**said)
        words = (about.origin, about.revision, about.note, *recipients, *recipients.values())
        if not all(isinstance(word, str) for word in words) or type(about.entries) is not int:
            raise ValueError(words)
        if about.moment.tzinfo is None:
            raise ValueError(about.made_at)
    except (ValueError, KeyError, AttributeError, TypeError):
        raise BackupError(DAMAGED) from None
    return Header(about, recipients, raw)


def open_file_key(header: Header, recipient: str, pair: KeyPair) -> bytes:
    """The file's key, by a recipient's private key. BackupError when it was sealed to another."""
    sealed = header.recipients.get(recipient)
    if sealed is None:
        raise BackupError(f"Cette sauvegarde n’a pas été scellée pour la clé « {recipient} ».")
    try:
        return pair.open(b64decode(sealed, validate=True), _context(recipient))
    except (IntegrityError, ValueError):
        raise BackupError(
            "Cette clé n’ouvre pas cette sauvegarde : ce n’est pas la bonne, ou l’en-tête du "
            "fichier a été modifié."
        ) from None


def content(file: BinaryIO, header: Header, file_key: bytes) -> Iterator[bytes]:
    """The content, piece by piece, each authenticated before it is given. BackupError at the first
    byte that was changed, or when the end is missing."""
    cipher, expand, number = _key(file_key, header.raw), zlib.decompressobj(), 0
    chunk = file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        last = not following
        try:
            opened = cipher.decrypt(_nonce(number, last), chunk, None)
            piece = expand.decompress(opened)
        except (InvalidTag, ValueError, zlib.error):
            raise BackupError(DAMAGED) from None
        yield piece
        if last:
            break
        chunk, number = following, number + 1
    if not expand.eof:
        raise BackupError(DAMAGED)
