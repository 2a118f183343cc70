"""The journal's signing keys on disk, once they are no longer the instance's first one.

One seed normally, and two while a rotation is under way: the head of the journal says which one
signs, so that a power cut between the file and the database loses neither.
"""

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_SEED_BYTES = 32


class KeyFileError(Exception):
    """The file is readable by others, or damaged. The message says so, in French."""


def read(path: Path) -> list[Ed25519PrivateKey]:
    """The keys, oldest first; none when the first key still signs. Raises
    :class:`KeyFileError`."""
    return [Ed25519PrivateKey.from_private_bytes(seed) for seed in _seeds(path)]


def add(path: Path) -> Ed25519PrivateKey:
    """Add a new key and return it. Raises :class:`KeyFileError`."""
    seed = os.urandom(_SEED_BYTES)
    _write(path, [*_seeds(path), seed])
    return Ed25519PrivateKey.from_private_bytes(seed)


def keep_last(path: Path) -> None:
    """Forget the keys that no longer sign. Raises :class:`KeyFileError`."""
    _write(path, _seeds(path)[-1:])


def _seeds(path: Path) -> list[bytes]:
    if not path.exists():
        return []
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyFileError(f"{path} est lisible par d’autres comptes. Faites « chmod 600 {path} ».")
    content = path.read_bytes()
    if not content or len(content) % _SEED_BYTES:
        raise KeyFileError(f"{path} est abîmé : rétablissez-le depuis sa sauvegarde.")
    starts = range(0, len(content), _SEED_BYTES)
    return [content[start : start + _SEED_BYTES] for start in starts]


def _write(path: Path, seeds: list[bytes]) -> None:
    """Replace the file at once, and be sure of it before going on."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"".join(seeds))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
