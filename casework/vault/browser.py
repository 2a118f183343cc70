"""A browser's session: the member's private key under a random key only the cookie holds.

The database keeps an identifier and a sealed blob; neither the disk nor a backup opens it.
"""

import base64
import json
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.vault.aead import Place, open_sealed, seal
from casework.vault.keypair import PRIVATE_BYTES, KeyPair, derive

TOKEN_BYTES = 32


@dataclass(frozen=True)
class Unlocked:
    """What a session holds while a member is signed in."""

    key: KeyPair
    member: str
    name: str


def _split(token: str) -> tuple[str, AESGCM]:
    raw = base64.urlsafe_b64decode(token + "=")
    if len(raw) != TOKEN_BYTES:
        raise ValueError("a session token is 32 bytes")
    return derive(raw, "session-id", 16).hex(), AESGCM(derive(raw, "session-key"))


def identifier(token: str) -> str:
    """The database identifier of a cookie's token; ValueError if it is not one of ours."""
    return _split(token)[0]


def seal_session(unlocked: Unlocked) -> tuple[str, str, bytes]:
    """A new session: the cookie's token, the identifier and the blob to store."""
    token = base64.urlsafe_b64encode(os.urandom(TOKEN_BYTES)).decode().rstrip("=")
    session_id, key = _split(token)
    holder = json.dumps([unlocked.member, unlocked.name]).encode()
    blob = seal(key, unlocked.key.raw + holder, Place("browser_session", "sealed", session_id))
    return token, session_id, blob


def open_session(token: str, blob: bytes) -> Unlocked:
    """The private key and its holder, or IntegrityError if the blob was touched."""
    session_id, key = _split(token)
    raw = open_sealed(key, blob, Place("browser_session", "sealed", session_id))
    member, name = json.loads(raw[PRIVATE_BYTES:])
    return Unlocked(KeyPair(raw[:PRIVATE_BYTES]), member, name)
