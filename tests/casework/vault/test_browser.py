"""A session opens with its cookie, and with nothing the server keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.vault import browser
from casework.vault.browser import Unlocked
from casework.vault.errors import IntegrityError
from casework.vault.keypair import KeyPair

WHO = Unlocked(KeyPair.generate(), "M-0003", "Hélène Vidal-Le Guen")


def test_the_cookie_opens() -> None:
    token, session_id, blob = browser.seal_session(WHO)
    again = browser.open_session(token, blob)
    assert (again.key.raw, again.member, again.name) == (WHO.key.raw, WHO.member, WHO.name)
    assert browser.identifier(token) == session_id


def test_what_is_stored_holds_neither_key_nor_name_nor_cookie() -> None:
    token, session_id, blob = browser.seal_session(WHO)
    assert token not in session_id
    for secret in (WHO.key.raw[:16], WHO.name.encode(), token.encode()):
        assert secret not in blob


def test_another_cookie_does_not_open() -> None:
    _, _, blob = browser.seal_session(WHO)
    other, _, _ = browser.seal_session(WHO)
    with pytest.raises(IntegrityError):
        browser.open_session(other, blob)


@given(st.integers(0, 150), st.integers(1, 255))
def test_a_changed_blob_does_not_open(at: int, change: int) -> None:
    token, _, blob = browser.seal_session(WHO)
    changed = bytearray(blob)
    changed[at % len(blob)] ^= change
    with pytest.raises(IntegrityError):
        browser.open_session(token, bytes(changed))


@given(st.text(max_size=60))
def test_what_is_not_a_token_is_refused_by_name(typed: str) -> None:
    try:
        browser.identifier(typed)
    except ValueError:
        return
    assert len(typed) >= 43


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {browser.seal_session(WHO)[0] for _ in range(20)}
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {43}
    with pytest.raises(ValueError, match="32 bytes"):
        browser.identifier(tokens.pop()[:-4])
