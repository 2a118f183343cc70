"""What a backup holds, in order: the files of the instance, its tables row by row, the end.

The end counts the rows of each table, and carries the instance's signature of everything before it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgpack
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casework.backup import rows
from casework.backup.container import DAMAGED, BackupError, Writer

SIGNED = b"casework/1/backup|"  # the signature of a backup is of nothing else


class Recorder:
    """Writes records, and keeps the digest of them all for the instance to sign at the end."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._sha = hashlib.sha256()
        self.counts: dict[str, int] = {}

    def file(self, name: str, mode: int, piece: bytes) -> None:
        """A piece of a file: the same name again goes on with it."""
        self._put({"file": name, "mode": mode, "content": piece})

    def table(self, name: str, columns: list[str]) -> None:
        self._put({"table": name, "columns": columns})
        self.counts[name] = 0
        self._table = name

    def row(self, row: list[Any]) -> None:
        self._write(rows.pack(row))
        self.counts[self._table] += 1

    def end(self, key: Ed25519PrivateKey) -> str:
        """Sign and close; the digest of the content."""
        digest = self._sha.digest()
        self._put({"end": self.counts, "signature": key.sign(SIGNED + digest)})
        self._writer.close()
        return digest.hex()

    def _put(self, record: Mapping[str, Any]) -> None:
        self._write(msgpack.packb(record))

    def _write(self, packed: bytes) -> None:
        self._sha.update(packed)
        self._writer.write(packed)


class Records:
    """Reads records: a mapping for a file, a table or the end, a list for a row. BackupError when
    they do not come to the end, or something follows it."""

    def __init__(self, content: Iterator[bytes]) -> None:
        self._given = self._read(content)
        self._sha = hashlib.sha256()
        self._end: Mapping[str, Any] = {}
        self._ahead: Any = None  # one record read too far, and given next

    def files(self) -> Iterator[tuple[str, int, bytes]]:
        """The pieces of files, which come first."""
        for record in self._given:
            if not (isinstance(record, dict) and "file" in record):
                self._ahead = record
                return
            yield record["file"], record["mode"], record["content"]

    def tables(self) -> Iterator[tuple[str, list[str], Iterator[list[Any]]]]:
        """Name, columns and rows of each table; the rows are to be read before the next table."""
        while isinstance(self._ahead, dict) and "table" in self._ahead:
            name, columns = self._ahead["table"], self._ahead["columns"]
            self._ahead = None
            yield name, columns, self._rows()

    def finish(self, public: Ed25519PublicKey) -> tuple[dict[str, int], str]:
        """After everything was read: how many rows of each table, and the digest, once the
        instance's signature holds. BackupError."""
        if "end" not in self._end:
            raise BackupError(DAMAGED)
        try:
            public.verify(self._end["signature"], SIGNED + self._sha.digest())
        except InvalidSignature:
            raise BackupError(
                "La sauvegarde n’a pas été faite par l’instance qu’elle contient : elle est "
                "refusée."
            ) from None
        return dict(self._end["end"]), self._sha.hexdigest()

    def _rows(self) -> Iterator[list[Any]]:
        for record in self._given:
            if isinstance(record, dict):
                self._ahead = record
                return
            yield record

    def _read(self, content: Iterator[bytes]) -> Iterator[Any]:
        unpacker = rows.unpacker()
        try:
            for piece in content:
                unpacker.feed(piece)
                for record in unpacker:
                    if self._end:
                        raise BackupError(DAMAGED)
                    if isinstance(record, dict) and "end" in record:
                        self._end = record
                        continue
                    packed = (
                        rows.pack(record) if isinstance(record, list) else msgpack.packb(record)
                    )
                    self._sha.update(packed)
                    yield record
        except (msgpack.UnpackException, ValueError, TypeError):
            raise BackupError(DAMAGED) from None
        if not self._end:
            raise BackupError(DAMAGED)
