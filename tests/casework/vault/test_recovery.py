"""Two shares of three give the recovery key; one gives nothing."""

from itertools import combinations

import pytest

from casework.vault import recovery
from casework.vault.errors import RecoveryError
from casework.vault.keypair import KeyPair


@pytest.fixture(scope="module")
def made() -> tuple[KeyPair, list[str]]:
    return recovery.create()


def test_any_two_shares_are_enough(made: tuple[KeyPair, list[str]]) -> None:
    pair, shares = made
    assert len(shares) == 3
    for two in combinations(shares, 2):
        assert recovery.combine(list(two)).raw == pair.raw


def test_shares_are_typed_as_people_type(made: tuple[KeyPair, list[str]]) -> None:
    pair, shares = made
    typed = [f"  {shares[0].upper()}\n", shares[2].replace(" ", "   ")]
    assert recovery.combine(typed).raw == pair.raw


def test_less_than_two_different_shares_fail(made: tuple[KeyPair, list[str]]) -> None:
    _, shares = made
    for parts in ([], [shares[0]], [shares[0], shares[0]]):
        with pytest.raises(RecoveryError):
            recovery.combine(parts)


def test_wrong_words_fail(made: tuple[KeyPair, list[str]]) -> None:
    _, (first, second, _) = made
    words = second.split()
    other = "academic" if words[10] != "academic" else "acid"
    mistyped = " ".join([*words[:10], other, *words[11:]])
    unknown = " ".join([*words[:10], "tournesol", *words[11:]])
    for wrong in (mistyped, unknown, " ".join(words[:-1]), ""):
        with pytest.raises(RecoveryError):
            recovery.combine([first, wrong])


def test_shares_of_two_instances_do_not_mix(made: tuple[KeyPair, list[str]]) -> None:
    _, others = recovery.create()
    with pytest.raises(RecoveryError):
        recovery.combine([made[1][0], others[1]])
