"""A private key under its passphrase, and the floor of what a guess costs."""

import pytest

from casework.vault.errors import IntegrityError, WrongPassphrase
from casework.vault.keypair import KeyPair
from casework.vault.passphrase import (
    MIN_MEMORY_KIB,
    MIN_TIME_COST,
    Cost,
    cost_of,
    lock,
    unlock,
)

WORDS = "brume oursin lavande échelle goudron"


@pytest.fixture(scope="module")
def pair() -> KeyPair:
    return KeyPair.generate()


@pytest.fixture(scope="module")
def locked(pair: KeyPair) -> bytes:
    return lock(pair, WORDS, "M-0001", Cost())


def test_the_passphrase_opens(pair: KeyPair, locked: bytes) -> None:
    assert unlock(locked, WORDS, "M-0001").raw == pair.raw
    assert pair.raw not in locked


def test_another_passphrase_does_not(locked: bytes) -> None:
    with pytest.raises(WrongPassphrase):
        unlock(locked, WORDS + " ", "M-0001")


def test_a_key_put_on_another_member_does_not_open(locked: bytes) -> None:
    with pytest.raises(WrongPassphrase):
        unlock(locked, WORDS, "M-0002")


@pytest.mark.parametrize(
    ("memory", "passes", "lanes"),
    [
        (MIN_MEMORY_KIB - 1, MIN_TIME_COST, 1),
        (MIN_MEMORY_KIB, MIN_TIME_COST - 1, 1),
        (MIN_MEMORY_KIB, MIN_TIME_COST, 0),
    ],
)
def test_no_cost_under_the_floor(memory: int, passes: int, lanes: int) -> None:
    with pytest.raises(ValueError, match="Argon2id"):
        Cost(memory, passes, lanes)


def test_the_floor_is_64_mebibytes_and_three_passes() -> None:
    assert (MIN_MEMORY_KIB, MIN_TIME_COST) == (65_536, 3)


def test_the_cost_travels_with_the_key(locked: bytes) -> None:
    assert cost_of(locked) == Cost()


def test_a_header_weakened_in_the_database_is_refused_before_any_guess(locked: bytes) -> None:
    weak = locked[:1] + (8).to_bytes(4, "big") + locked[5:]
    for broken in (weak, b"", locked[:5], b"\x02" + locked[1:]):
        with pytest.raises(IntegrityError):
            unlock(broken, WORDS, "M-0001")
