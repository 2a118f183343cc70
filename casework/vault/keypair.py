"""Hybrid key pairs: HPKE (RFC 9180) over ML-KEM-768 and X25519.

The hybrid KEM rests on drafts (draft-ietf-hpke-pq): each sealed blob carries a version byte, and
both component keys are kept, so that another suite can follow.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from casework.vault.aead import VERSION
from casework.vault.errors import IntegrityError

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
MLKEM_SEED_BYTES = 64
MLKEM_PUBLIC_BYTES = 1184
PRIVATE_BYTES = MLKEM_SEED_BYTES + 32
PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + 32


def derive(secret: bytes, purpose: str, length: int = 32) -> bytes:
    """HKDF-SHA256 (RFC 5869) of a uniformly random secret, for one named purpose."""
    info = f"casework/1/{purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(secret)


class PublicKey:
    """Seals to the holder of the matching private key. Raw form: 1216 bytes."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) != PUBLIC_BYTES:
            raise ValueError(f"a public key is {PUBLIC_BYTES} bytes, not {len(raw)}")
        self.raw = raw
        self._key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC_BYTES:]),
        )

    def seal(self, value: bytes, context: str) -> bytes:
        """Encrypt for the holder; ``context`` must be given again to open."""
        return VERSION + SUITE.encrypt(value, self._key, info=f"casework/1/{context}".encode())


class KeyPair:
    """A private key and its public half. Raw private form: 96 bytes."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) != PRIVATE_BYTES:
            raise ValueError(f"a private key is {PRIVATE_BYTES} bytes, not {len(raw)}")
        self.raw = raw
        self._mlkem = MLKEM768PrivateKey.from_seed_bytes(raw[:MLKEM_SEED_BYTES])
        self._x25519 = X25519PrivateKey.from_private_bytes(raw[MLKEM_SEED_BYTES:])
        self._key = MLKEM768X25519PrivateKey(self._mlkem, self._x25519)

    @classmethod
    def generate(cls) -> "KeyPair":
        mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
        return cls(mlkem.private_bytes_raw() + x25519.private_bytes_raw())

    @classmethod
    def from_secret(cls, secret: bytes, purpose: str) -> "KeyPair":
        """The key pair a shared secret always yields for this purpose."""
        return cls(derive(secret, purpose, PRIVATE_BYTES))

    @property
    def public(self) -> PublicKey:
        return PublicKey(
            self._mlkem.public_key().public_bytes_raw()
            + self._x25519.public_key().public_bytes_raw()
        )

    def open(self, blob: bytes, context: str) -> bytes:
        """Decrypt what was sealed to :attr:`public` in this context, or IntegrityError."""
        if blob[:1] != VERSION:
            raise IntegrityError("hpke", context)
        try:
            return SUITE.decrypt(blob[1:], self._key, info=f"casework/1/{context}".encode())
        except (InvalidTag, ValueError):
            raise IntegrityError("hpke", context) from None
