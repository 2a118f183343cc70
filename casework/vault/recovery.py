"""The recovery key: split 2-of-3 into SLIP-0039 words, given to three people, never stored.

Every compartment seals its secret to the public half. Two of the three people together can
answer the loss of every passphrase; none can alone.
"""

import os

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from casework.vault.errors import RecoveryError
from casework.vault.keypair import KeyPair

SHARES = 3
THRESHOLD = 2
SEED_BYTES = 32


def create() -> tuple[KeyPair, list[str]]:
    """A new recovery key and its three shares of 33 words; the caller shows them once."""
    seed = os.urandom(SEED_BYTES)
    (shares,) = generate_mnemonics(1, [(THRESHOLD, SHARES)], seed)
    return KeyPair.from_secret(seed, "recovery"), list(shares)


def combine(shares: list[str]) -> KeyPair:
    """The recovery key from two shares, or :class:`RecoveryError` saying which word fails."""
    try:
        seed = combine_mnemonics([" ".join(share.lower().split()) for share in shares])
    except MnemonicError as error:
        raise RecoveryError(str(error)) from None
    return KeyPair.from_secret(seed, "recovery")
