"""Buckets of the search index hold several people; keys have one purpose each."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from casework.vault.compartment import CompartmentKeys, bucket_bits

KEYS = CompartmentKeys(bytes(range(32)))
sounds = st.text("ABCDEFGHIKLMNOPRSTUVXZ", min_size=1, max_size=10)


@given(sounds, st.integers(0, 32))
def test_a_bucket_is_under_its_bits_and_always_the_same(sound: str, bits: int) -> None:
    bucket = KEYS.bucket(sound, bits)
    assert 0 <= bucket < 2**bits
    assert bucket == CompartmentKeys(KEYS.secret).bucket(sound, bits)


@given(sounds, st.integers(1, 32))
def test_cutting_finer_splits_a_bucket_in_two(sound: str, bits: int) -> None:
    assert KEYS.bucket(sound, bits) >> 1 == KEYS.bucket(sound, bits - 1)


@given(st.integers(0, 10_000_000))
def test_a_bucket_holds_eight_people_or_more_on_average(population: int) -> None:
    bits = bucket_bits(population)
    assert bits == 0 or population / 2**bits >= 8
    assert bits <= 20


@given(st.integers(0, 1_000_000), st.integers(0, 1_000_000))
def test_more_people_never_mean_coarser_buckets(one: int, more: int) -> None:
    assert bucket_bits(one) <= bucket_bits(one + more)


def test_a_small_cell_has_one_bucket() -> None:
    assert bucket_bits(0) == bucket_bits(15) == 0
    assert KEYS.bucket("BENKASEM", 0) == 0


def test_a_full_cell_leaves_nobody_alone() -> None:
    """Different sounds, so that only truncation brings people together."""
    population = 4096
    held = Counter(
        KEYS.bucket(f"SON{number}", bucket_bits(population)) for number in range(population)
    )
    assert min(held.values()) >= 2


def test_another_cell_has_other_buckets() -> None:
    other = CompartmentKeys.generate()
    names = [f"SON{number}" for number in range(20)]
    assert [KEYS.bucket(n, 20) for n in names] != [other.bucket(n, 20) for n in names]


def test_the_deposit_key_comes_from_the_secret() -> None:
    blob = KEYS.deposit.public.seal(b"saisine", "x")
    assert CompartmentKeys(KEYS.secret).deposit.open(blob, "x") == b"saisine"
