"""How this instance sends mail: `mail.json`, and the delivery key `mail.key`, both mode 0600.

They stand next to `instance.key` and are saved with it: the password of the mail account has no
place in a database that is copied more often. The delivery key seals the address of a mail while
it waits; it opens nothing else, and no name.
"""

import json
import os
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.secret import MAIL_KEY_FILE as KEY_FILE

SETTINGS_FILE = "mail.json"
AUTHORITY_FILE = "mail-ca.pem"  # an internal relay's own authority, if the commune has one
KEY_BYTES = 32
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z]{2,63}"
)


class Security(StrEnum):
    """How the link to the mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "aucun"


class SettingsError(Exception):
    """The settings cannot be used; the message says what to do, in French."""


@dataclass(frozen=True)
class Mailing:
    """A mail account, and a few delays in days."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = ""
    copies: tuple[str, ...] = ()  # mailboxes of services that keep the checkpoints
    reminder_days: int = 7
    give_up_days: int = 5


def is_address(text: str) -> bool:
    """An address as the mail servers of towns take them: ASCII, on one line."""
    return len(text) <= 254 and ADDRESS.fullmatch(text) is not None


def check(mailing: Mailing) -> None:
    """SettingsError: in clear only towards this very machine."""
    if mailing.security is Security.NONE and mailing.host not in LOOPBACK:
        raise SettingsError(
            "Sans chiffrement, le serveur d’envoi doit être sur cette machine (127.0.0.1)."
        )


def load(data: Path) -> Mailing | None:
    """The settings, or None when mail was never set up. SettingsError when unusable."""
    path = data / SETTINGS_FILE
    if not path.exists():
        return None
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        raw["security"] = Security(raw["security"])
        raw["copies"] = tuple(raw["copies"])
        mailing = Mailing(**raw)
    except (ValueError, TypeError, KeyError):
        raise SettingsError(f"{path} est abîmé : refaites les réglages des courriels.") from None
    check(mailing)
    return mailing


def save(data: Path, mailing: Mailing) -> None:
    check(mailing)
    text = json.dumps(asdict(mailing), indent=1, ensure_ascii=False)
    partial = data / (SETTINGS_FILE + ".partial")
    partial.unlink(missing_ok=True)
    _write(partial, text.encode())
    partial.replace(data / SETTINGS_FILE)


def delivery_key(data: Path) -> AESGCM:
    """The key under which addresses wait; made at the first need."""
    path = data / KEY_FILE
    if not path.exists():
        partial = data / f"{KEY_FILE}.{os.getpid()}.partial"
        _write(partial, os.urandom(KEY_BYTES))
        try:
            os.link(partial, path)  # whole at once, and by one process only
        except FileExistsError:
            return delivery_key(data)
        finally:
            partial.unlink()
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise SettingsError(f"{path} est abîmé : rétablissez-le depuis sa sauvegarde.")
    return AESGCM(key)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
