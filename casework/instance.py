"""An instance on disk: `instance.toml` (settings) and `instance.key` (mode 0600).

The key signs checkpoints and cookies, blinds login names and binds public keys to their holders.
It decrypts nothing about a person. It may be replaced (:mod:`casework.secret`).
"""

import hashlib
import hmac
import json
import os
import re
import stat
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from sqlalchemy.exc import SQLAlchemyError

from audit import keyfile
from audit.journal import Journal
from audit.notes import Verifier
from audit.readings import Register
from casework import lock
from casework import secret as secrets
from casework.secret import KEY_FILE, Secret
from casework.vault.binding import Binding
from casework.vault.keypair import derive
from casework.vault.passphrase import MIN_MEMORY_KIB, MIN_TIME_COST, Cost

SETTINGS_FILE = "instance.toml"
JOURNAL_KEYS_FILE = "journal.key"
READINGS_FOLDER = "lectures"
DATABASE_FILE = "casework.db"
KEY_BYTES = secrets.BYTES
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class InstanceError(Exception):
    """The folder holds no usable instance; the message says what to do, in French."""


@dataclass(frozen=True)
class Instance:
    """Where an instance lives and how it runs."""

    data: Path
    key: bytes = field(repr=False)  # a traceback must not print it
    address: str
    database: str
    cost: Cost
    demo: bool = False  # fictional people: the sign-in page shows the accounts

    @property
    def local_http(self) -> bool:
        """True when the browser's link is not encrypted: loopback demonstrations only."""
        return urlsplit(self.address).scheme == "http"

    @property
    def hosts(self) -> list[str]:
        """Host names a browser may use."""
        host = urlsplit(self.address).hostname or ""
        return sorted(LOOPBACK) if host in LOOPBACK else [host]

    @cached_property
    def secret(self) -> Secret:
        """What `instance.key` holds."""
        return Secret.read(self.key)

    @cached_property
    def signing_key(self) -> Ed25519PrivateKey:
        """Signs backups; the journal too, until its own key is changed."""
        return self.secret.signing_key

    @cached_property
    def first_public(self) -> Ed25519PublicKey:
        """The public key the journal began with, which gives it its name for good."""
        if self.secret.first:
            return Ed25519PublicKey.from_public_bytes(self.secret.first)
        return self.signing_key.public_key()

    @cached_property
    def cookie_secret(self) -> bytes:
        return derive(self.secret.current, "cookie")

    @cached_property
    def binding(self) -> Binding:
        """What binds public keys to their holders in the database."""
        return self.secret.binding

    @property
    def origin(self) -> str:
        """The name of this journal in its checkpoints (C2SP tlog-checkpoint)."""
        fingerprint = hashlib.sha256(self.first_public.public_bytes_raw()).hexdigest()
        return f"casework/{fingerprint[:16]}"

    @property
    def journal_keys(self) -> Path:
        """Where the journal's later keys are, once its first one has been replaced."""
        return self.data / JOURNAL_KEYS_FILE

    @cached_property
    def journal(self) -> Journal:
        held = self.signing_keys()
        first = Verifier(self.origin, self.first_public)
        return Journal(
            self.origin,
            held[-1],
            first=first,
            held=self.signing_keys,
            register=Register(self.data / READINGS_FOLDER),
        )

    def signing_keys(self) -> list[Ed25519PrivateKey]:
        """The journal's keys, oldest first, or InstanceError; the head says which one signs."""
        try:
            later = keyfile.read(self.journal_keys)
        except keyfile.KeyFileError as error:
            raise InstanceError(str(error)) from None
        if self.secret.first and not later:
            raise InstanceError(
                f"{self.journal_keys} manque : rétablissez-le depuis une sauvegarde."
            )
        return later if self.secret.first else [self.signing_key, *later]

    def blind(self, purpose: str, value: str) -> str:
        """A keyed digest, to find a row by a word that is not stored."""
        key = derive(self.secret.current, f"blind-{purpose}")
        return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()

    def blind_login(self, login: str) -> str:
        """The same for a login name, which stays findable when the secret is replaced."""
        for key in self.secret.logins:
            login = hmac.new(key, login.encode(), hashlib.sha256).hexdigest()
        return self.blind("login", login)


def create(
    data: Path, *, address: str, database: str = "", cost: Cost | None = None, demo: bool = False
) -> Instance:
    """Write the settings and a new key into an empty folder; InstanceError if it holds one."""
    if (data / KEY_FILE).exists():
        raise InstanceError(f"Le dossier {data} contient déjà une instance.")
    cost = cost or Cost()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = (
        f'address = "{address}"\n'
        f'database = "{database}"  # vide : SQLite, dans ce dossier\n'
        f"demo = {'true' if demo else 'false'}\n\n"
        "[argon2]\n"
        f"memory_kib = {cost.memory_kib}\n"
        f"time_cost = {cost.time_cost}\n"
    )
    (data / SETTINGS_FILE).write_text(settings, encoding="utf-8")
    descriptor = os.open(data / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(KEY_BYTES))
    return load(data)


def default_database(data: Path) -> str:
    """Where an instance keeps its rows unless told otherwise."""
    return f"sqlite:///{(data / DATABASE_FILE).resolve()}"


def point_to(data: Path, database: str) -> None:
    """Name another database in the settings: the whole file at once, or not at all."""
    path = data / SETTINGS_FILE
    line = f"database = {json.dumps(database)}  # vide : SQLite, dans ce dossier"
    written = path.read_text(encoding="utf-8")
    changed, lines = re.subn(r"(?m)^database *=.*$", lambda _: line, written)
    if not lines:
        changed = f"{line}\n{written}"
    partial = path.with_suffix(".partial")
    partial.write_text(changed, encoding="utf-8")
    partial.chmod(path.stat().st_mode)
    descriptor = os.open(partial, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    partial.replace(path)


def load(data: Path) -> Instance:
    """Read an instance, or InstanceError: no instance, readable key, impossible address."""
    key_file, settings_file = data / KEY_FILE, data / SETTINGS_FILE
    if not key_file.exists() or not settings_file.exists():
        raise InstanceError(
            f"Aucune instance dans {data}. Créez-la avec « casework init --data {data} »."
        )
    if stat.S_IMODE(key_file.stat().st_mode) & 0o077:
        raise InstanceError(
            f"{key_file} est lisible par d’autres comptes. Faites « chmod 600 {key_file} »."
        )
    try:
        settings = tomllib.loads(settings_file.read_text(encoding="utf-8"))
        argon2 = settings.get("argon2", {})
        cost = Cost(
            int(argon2.get("memory_kib", MIN_MEMORY_KIB)),
            int(argon2.get("time_cost", MIN_TIME_COST)),
        )
        address = str(settings["address"])
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        raise InstanceError(f"{settings_file} : {error}") from None
    check_address(address)
    database = str(settings.get("database", "")) or default_database(data)
    demo = settings.get("demo") is True and urlsplit(address).hostname in LOOPBACK
    _follow(data, database)
    instance = Instance(data, key_file.read_bytes(), address, database, cost, demo)
    try:
        instance.signing_keys()  # a damaged key is said now, not at the first entry
    except ValueError:
        raise InstanceError(
            f"{key_file} est abîmé : rétablissez-le depuis une sauvegarde (« casework backup "
            "files »)."
        ) from None
    return instance


def _follow(data: Path, database: str) -> None:
    """A change of the key was cut short: the key of the database is the one to use."""
    path = secrets.waiting(data)
    if not path.exists():
        return
    try:
        followed = secrets.is_followed(Secret.read(path.read_bytes()), database)
    except FileNotFoundError:
        return  # another process has just settled it
    except ValueError:
        return  # cut short while it was written: the database never heard of it
    except SQLAlchemyError:
        raise InstanceError(
            "La clé de l’instance était en train de changer, et la base ne répond pas : démarrez "
            "la base, puis recommencez."
        ) from None
    if not followed:
        return
    secrets.settle(data)
    with suppress(lock.InUse), lock.held(data, alone=True):
        keyfile.keep_last(data / JOURNAL_KEYS_FILE)


def check_address(address: str) -> None:
    """Clear text is for one machine talking to itself; InstanceError otherwise."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InstanceError(f"L’adresse « {address} » doit commencer par https:// (ou http://).")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise InstanceError(
            f"L’adresse {address} enverrait des noms de mineurs en clair sur le réseau. "
            "Placez casework derrière un mandataire TLS et donnez une adresse en https://."
        )
