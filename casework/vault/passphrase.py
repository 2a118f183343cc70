"""A private key locked under a passphrase: Argon2id, then AES-256-GCM.

CNIL 2022-100 asks 80 bits of a passphrase used alone; Argon2id (RFC 9106) makes each guess cost
memory. The parameters travel with the locked key, so raising them needs no migration: the key is
locked again at the next sign-in.
"""

import os
import struct
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.vault.aead import VERSION, Place, open_sealed, seal
from casework.vault.errors import IntegrityError, WrongPassphrase
from casework.vault.keypair import KeyPair

MIN_MEMORY_KIB = 65_536  # 64 MiB
MIN_TIME_COST = 3
SALT_BYTES = 16
HEADER = struct.Struct(">cIIB")  # version, memory (KiB), time cost, lanes


@dataclass(frozen=True)
class Cost:
    """Argon2id parameters: memory in KiB, passes, lanes. Never under the floor."""

    memory_kib: int = MIN_MEMORY_KIB
    time_cost: int = MIN_TIME_COST
    lanes: int = 1

    def __post_init__(self) -> None:
        if self.memory_kib < MIN_MEMORY_KIB or self.time_cost < MIN_TIME_COST or self.lanes < 1:
            raise ValueError(
                f"Argon2id : au moins {MIN_MEMORY_KIB} Kio, {MIN_TIME_COST} passes et 1 voie"
            )


def _stretch(passphrase: str, salt: bytes, cost: Cost) -> AESGCM:
    return AESGCM(
        hash_secret_raw(
            passphrase.encode(), salt, cost.time_cost, cost.memory_kib, cost.lanes, 32, Type.ID
        )
    )


def lock(key: KeyPair, passphrase: str, member: str, cost: Cost) -> bytes:
    """The private key, sealed under the passphrase and bound to the member's reference."""
    salt = os.urandom(SALT_BYTES)
    header = HEADER.pack(VERSION, cost.memory_kib, cost.time_cost, cost.lanes)
    sealed = seal(_stretch(passphrase, salt, cost), key.raw, Place("member", "key", member))
    return header + salt + sealed


def cost_of(locked: bytes) -> Cost:
    """The parameters this key was locked with; IntegrityError if they are not readable."""
    try:
        version, memory, time_cost, lanes = HEADER.unpack(locked[: HEADER.size])
        if version != VERSION:
            raise ValueError(version)
        return Cost(memory, time_cost, lanes)
    except (struct.error, ValueError):
        raise IntegrityError("member.key", "") from None


def unlock(locked: bytes, passphrase: str, member: str) -> KeyPair:
    """Open the private key, or raise :class:`WrongPassphrase`."""
    cost = cost_of(locked)
    salt = locked[HEADER.size : HEADER.size + SALT_BYTES]
    sealed = locked[HEADER.size + SALT_BYTES :]
    try:
        raw = open_sealed(_stretch(passphrase, salt, cost), sealed, Place("member", "key", member))
    except IntegrityError:
        raise WrongPassphrase from None
    return KeyPair(raw)


def waste(passphrase: str, cost: Cost) -> None:
    """Spend what :func:`unlock` spends, so that an unknown login answers as slowly."""
    _stretch(passphrase, bytes(SALT_BYTES), cost)
