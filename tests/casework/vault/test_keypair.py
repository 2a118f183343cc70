"""What is sealed to a public key opens with its private half, in the same context."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.vault.errors import IntegrityError
from casework.vault.keypair import PRIVATE_BYTES, PUBLIC_BYTES, KeyPair, PublicKey, derive

PAIR = KeyPair.generate()


@given(st.binary(max_size=200), st.text(st.characters(codec="utf-8"), max_size=30))
@settings(max_examples=40)
def test_sealed_to_the_public_half(value: bytes, context: str) -> None:
    assert PAIR.open(PAIR.public.seal(value, context), context) == value


def test_another_context_or_another_key_does_not_open() -> None:
    blob = PAIR.public.seal(b"secret", "grant|M-0001|CCTP|1")
    with pytest.raises(IntegrityError):
        PAIR.open(blob, "grant|M-0001|GSP|1")
    with pytest.raises(IntegrityError):
        KeyPair.generate().open(blob, "grant|M-0001|CCTP|1")


@pytest.mark.parametrize("at", [0, 1, 600, 1100, -1])
def test_a_changed_blob_does_not_open(at: int) -> None:
    blob = bytearray(PAIR.public.seal(b"secret", "x"))
    blob[at] ^= 1
    with pytest.raises(IntegrityError):
        PAIR.open(bytes(blob), "x")


def test_an_empty_blob_does_not_open() -> None:
    for blob in (b"", b"\x01", b"\x01" + bytes(40)):
        with pytest.raises(IntegrityError):
            PAIR.open(blob, "x")


def test_keys_survive_storage() -> None:
    again, public = KeyPair(PAIR.raw), PublicKey(PAIR.public.raw)
    assert len(PAIR.raw) == PRIVATE_BYTES
    assert len(public.raw) == PUBLIC_BYTES
    assert again.open(public.seal(b"secret", "x"), "x") == b"secret"


def test_a_key_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="96 bytes"):
        KeyPair(PAIR.raw[:-1])
    with pytest.raises(ValueError, match="1216 bytes"):
        PublicKey(PAIR.public.raw + b"\0")


def test_one_secret_gives_one_pair_for_each_purpose() -> None:
    secret = bytes(range(32))
    assert KeyPair.from_secret(secret, "deposit").raw == KeyPair.from_secret(secret, "deposit").raw
    assert KeyPair.from_secret(secret, "deposit").raw != KeyPair.from_secret(secret, "other").raw


@given(st.binary(min_size=32, max_size=32), st.lists(st.text("abc", max_size=4), unique=True))
def test_purposes_give_unrelated_keys(secret: bytes, purposes: list[str]) -> None:
    assert len({derive(secret, purpose) for purpose in purposes}) == len(purposes)
