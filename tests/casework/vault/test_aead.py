"""A sealed value opens at its place, whole, and nowhere else."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.vault.aead import PAD_BYTES, Place, open_sealed, open_text, seal, seal_text
from casework.vault.errors import IntegrityError

KEY = AESGCM(os.urandom(32))
PLACE = Place("person", "nom", 42, "CCTP-2026-012")
texts = st.text(st.characters(codec="utf-8"), max_size=200)
names = st.text("abcdefghij_", min_size=1, max_size=12)
places = st.builds(Place, names, names, st.integers(0, 2**63 - 1), st.just("CCTP-2026-012"))


@given(texts, places)
def test_a_text_comes_back(text: str, place: Place) -> None:
    assert open_text(KEY, seal_text(KEY, text, place), place) == text


@given(st.binary(max_size=100), places, places)
def test_a_value_moved_elsewhere_does_not_open(value: bytes, here: Place, there: Place) -> None:
    assume(here != there)
    with pytest.raises(IntegrityError):
        open_sealed(KEY, seal(KEY, value, here), there)


@given(st.data())
def test_a_changed_or_cut_value_does_not_open(data: st.DataObject) -> None:
    blob = bytearray(seal_text(KEY, "Benkacem", PLACE))
    at = data.draw(st.integers(0, len(blob) - 1))
    blob[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(IntegrityError, match=r"person\.nom"):
        open_text(KEY, bytes(blob), PLACE)
    with pytest.raises(IntegrityError):
        open_text(KEY, bytes(blob[:at]), PLACE)


@given(texts)
def test_a_length_is_known_to_32_bytes_only(text: str) -> None:
    overhead = len(seal(KEY, b"", PLACE))
    assert (len(seal_text(KEY, text, PLACE)) - overhead) % PAD_BYTES == 0


def test_names_of_usual_length_look_alike() -> None:
    sizes = {len(seal_text(KEY, name, PLACE)) for name in ("", "Ali", "Vidal-Le Guen de Brest")}
    assert len(sizes) == 1


def test_the_same_text_never_looks_the_same() -> None:
    assert len({seal_text(KEY, "Benkacem", PLACE) for _ in range(50)}) == 50


def test_the_error_says_the_field_and_the_reference_and_not_the_value() -> None:
    blob = seal_text(KEY, "Benkacem", PLACE)
    with pytest.raises(IntegrityError) as error:
        open_text(AESGCM(os.urandom(32)), blob, PLACE)
    assert (error.value.field, error.value.record) == ("person.nom", "CCTP-2026-012")
    assert "Benkacem" not in str(error.value)
