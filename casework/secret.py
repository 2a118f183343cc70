"""`instance.key`: the secret of an instance, and what outlives the secrets it replaced.

Thirty-two bytes while it was never changed. Once it was, they are followed by the public key the
journal began with, which names it, then by one key for each secret replaced, oldest first: login
names are stored under them all, one over the other, since nobody but their owner could type them
again. Whoever holds an old secret alone computes none of the digests in use.

A new secret waits beside the old one while the database follows it (:data:`WAITING`): which of the
two is in use, the database says.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from casework.db import Database
from casework.vault import binding
from casework.vault.binding import Binding
from casework.vault.keypair import derive

BYTES = 32
WAITING = ".suivante"
KEY_FILE, MAIL_KEY_FILE = "instance.key", "mail.key"
CHANGED_TOGETHER = (MAIL_KEY_FILE, KEY_FILE)  # the last one in its place ends the change
LOGIN = "blind-login"


@dataclass(frozen=True)
class Secret:
    """The secret in use. ``first`` is empty while it is still the first one."""

    current: bytes
    first: bytes = b""
    logins: tuple[bytes, ...] = ()

    @classmethod
    def read(cls, raw: bytes) -> "Secret":
        """ValueError when this is not such a file."""
        parts = [raw[start : start + BYTES] for start in range(0, len(raw), BYTES)]
        if not parts or len(parts[-1]) != BYTES or len(parts) == 2:
            raise ValueError(len(raw))
        return cls(parts[0], *parts[1:2], tuple(parts[2:]))

    @property
    def raw(self) -> bytes:
        return b"".join((self.current, self.first, *self.logins))

    @property
    def changes(self) -> int:
        """How many secrets came before this one."""
        return len(self.logins)

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        """Signs backups; the journal too, until its own key is changed."""
        return Ed25519PrivateKey.from_private_bytes(derive(self.current, "checkpoint"))

    @property
    def binding(self) -> Binding:
        return Binding(derive(self.current, "binding"))

    def next(self) -> "Secret":
        """Another one, that goes on under the same name and with the same login names."""
        first = self.first or self.signing_key.public_key().public_bytes_raw()
        return Secret(os.urandom(BYTES), first, (*self.logins, derive(self.current, LOGIN)))


def waiting(data: Path, name: str = KEY_FILE) -> Path:
    """Where the next one of these files is, while the database follows."""
    return data / f"{name}{WAITING}"


def prepare(data: Path, name: str, content: bytes) -> None:
    """Write the next one of these files, and be sure of it before going on."""
    path = waiting(data, name)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _flush(data)


def is_followed(secret: Secret, url: str) -> bool:
    """Did the database pass under this secret? What binds the recovery kit there says so."""
    database = Database(url)
    asked = text("SELECT key, value FROM setting WHERE key IN ('recovery_public','recovery_bound')")
    try:
        with database.engine.connect() as connection:
            said = {key: value for key, value in connection.execute(asked)}  # noqa: C416 - rows
    finally:
        database.engine.dispose()
    bound = bytes.fromhex(said.get("recovery_bound", ""))
    return secret.binding.holds(bound, *binding.recovery(said.get("recovery_public", "")))


def settle(data: Path) -> None:
    """Put the files that wait in their places. Done by two processes at once, it is done once."""
    for name in CHANGED_TOGETHER:
        try:
            waiting(data, name).replace(data / name)
        except FileNotFoundError:
            continue
        _flush(data)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
