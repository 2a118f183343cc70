"""The working keys of one version of a compartment, all derived from its one secret."""

import os
from functools import cached_property

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.vault.keypair import KeyPair, derive

SECRET_BYTES = 32


class CompartmentKeys:
    """Wrapping key, index key, facet key and deposit key pair (HKDF, one purpose each)."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret

    @classmethod
    def generate(cls) -> "CompartmentKeys":
        return cls(os.urandom(SECRET_BYTES))

    @cached_property
    def wrap(self) -> AESGCM:
        return AESGCM(derive(self.secret, "wrap"))

    @cached_property
    def facet(self) -> AESGCM:
        return AESGCM(derive(self.secret, "facet"))

    @cached_property
    def deposit(self) -> KeyPair:
        return KeyPair.from_secret(self.secret, "deposit")

    @cached_property
    def _index(self) -> hmac.HMAC:
        return hmac.HMAC(derive(self.secret, "index"), hashes.SHA256())

    def bucket(self, key: str, bits: int) -> int:
        """The bucket of a phonetic key: its keyed hash, truncated to ``bits`` bits.

        Truncated on purpose: several people share a bucket, so the index alone names nobody.
        """
        mac = self._index.copy()
        mac.update(key.encode())
        return int.from_bytes(mac.finalize()[:4], "big") >> (32 - bits) if bits else 0


def bucket_bits(population: int) -> int:
    """Bits of the buckets of a compartment holding so many people: about 16 people a bucket."""
    return min(20, max(0, (population // 16).bit_length()))
