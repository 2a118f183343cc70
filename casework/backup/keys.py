"""The two keys that open a backup: the recovery kit, and the key of whoever keeps the backups.

The private half of the operator's key is written once, to a file that leaves the machine. What is
on the server can make backups and open none.
"""

import os
from base64 import b64decode, b64encode
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from casework.backup.container import BackupError
from casework.cells.service import RECOVERY_PUBLIC, put_setting, setting
from casework.members.founding import recovery_key
from casework.vault import binding
from casework.vault.binding import binding_of
from casework.vault.errors import IntegrityError
from casework.vault.keypair import KeyPair, PublicKey

RECOVERY, OPERATOR = "secours", "operateur"  # as the header of a backup names them
OPERATOR_PUBLIC = "operator_public"
OPERATOR_BOUND = "operator_bound"
_FIRST_WORD = "casework-operateur-1"


def keep(session: Session, public: PublicKey) -> None:
    """Every backup will be sealed to it, from now on."""
    raw = public.raw.hex()
    put_setting(session, OPERATOR_PUBLIC, raw)
    put_setting(session, OPERATOR_BOUND, binding_of(session).mac(*binding.operator(raw)).hex())


def has_operator(session: Session) -> bool:
    return bool(setting(session, OPERATOR_PUBLIC))


def recipients(session: Session) -> dict[str, PublicKey]:
    """To whom a backup is sealed. BackupError when a key is not the one that was kept here:
    whoever replaced it would receive every backup."""
    found = {}
    try:
        found[RECOVERY] = _recovery(session)
        if has_operator(session):
            found[OPERATOR] = _operator(session)
    except (IntegrityError, ValueError):
        raise BackupError(
            "Une clé publique des sauvegardes n’est pas celle que cette instance a gardée : la "
            "base a été modifiée en dehors de l’application. Aucune sauvegarde n’est faite."
        ) from None
    return found


def _recovery(session: Session) -> PublicKey:
    columns = inspect(session.connection()).get_columns("member")
    if not any(column["name"] == "bound" for column in columns):
        # A schema from before the bindings, about to be upgraded: taken as the upgrade takes it.
        return PublicKey(bytes.fromhex(setting(session, RECOVERY_PUBLIC)))
    return recovery_key(session)


def _operator(session: Session) -> PublicKey:
    public = setting(session, OPERATOR_PUBLIC)
    bound = bytes.fromhex(setting(session, OPERATOR_BOUND))
    binding_of(session).check(bound, "setting.value", OPERATOR_PUBLIC, *binding.operator(public))
    return PublicKey(bytes.fromhex(public))


def write(path: Path, pair: KeyPair) -> None:
    """The private half, for its owner alone; FileExistsError rather than replacing one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(
            "# Clé de l’opérateur des sauvegardes de casework. Elle les ouvre toutes :\n"
            "# gardez ce fichier hors de la machine, en deux exemplaires, et effacez-le d’ici.\n"
            f"{_FIRST_WORD} {b64encode(pair.raw).decode()}\n"
        )
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> KeyPair:
    """The private half, from its file. BackupError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        (line,) = [line for line in lines if line.strip() and not line.startswith("#")]
        word, encoded = line.split()
        if word != _FIRST_WORD:
            raise ValueError(word)
        return KeyPair(b64decode(encoded, validate=True))
    except (OSError, ValueError):
        raise BackupError(f"{path} n’est pas une clé d’opérateur.") from None
