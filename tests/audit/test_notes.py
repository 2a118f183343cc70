"""Signed notes against the published Go example, and checkpoints against their specification."""

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.notes import (
    BadSignatureError,
    Checkpoint,
    MalformedNoteError,
    NoteError,
    Signer,
    UnknownSignerError,
    Verifier,
    open_note,
    open_text,
    sign,
)

# golang.org/x/mod/sumdb/note, the reference implementation's example.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)
NOTE = f"{TEXT}\n— PeterNeumann {SIGNATURE}\n"

ORIGIN = "casework.exemple.fr/journal"
CHECKPOINT = Checkpoint(ORIGIN, 12, bytes(range(32)))


@pytest.fixture
def signer():
    return Signer(ORIGIN, Ed25519PrivateKey.generate())


def test_the_published_example_is_reproduced():
    peter = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(PETER_SEED))
    assert str(peter.verifier) == PETER
    assert peter.sign_text(TEXT) == NOTE
    assert open_text(NOTE, Verifier.parse(PETER)) == TEXT


def test_an_altered_text_is_refused():
    with pytest.raises(BadSignatureError):
        open_text(NOTE.replace("cryptography", "cryptographY"), Verifier.parse(PETER))


@pytest.mark.parametrize(
    "key",
    [
        "",
        "PeterNeumann",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER.replace("PeterNeumann", ""),
        PETER.replace("ARpc", "AhpC"),
        PETER[:-4],
        PETER + "\n",
    ],
)
def test_a_damaged_key_is_refused(key):
    with pytest.raises(MalformedNoteError):
        Verifier.parse(key)


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        TEXT + "\n",
        NOTE[:-1],
        NOTE.replace("— ", "-- "),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("then", "\tthen"),
        NOTE.replace(SIGNATURE, "x08go/=="),
        NOTE.replace(SIGNATURE, ""),
        NOTE + "word\n",
        TEXT + "x" * 20_000 + NOTE,
    ],
)
def test_what_is_not_a_note_is_refused(note):
    with pytest.raises(MalformedNoteError):
        open_text(note, Verifier.parse(PETER))


def test_other_signatures_are_ignored_and_do_not_suffice(signer):
    witness = Signer("temoin.exemple.fr", Ed25519PrivateKey.generate())
    theirs = sign(CHECKPOINT, witness).rpartition("\n\n")[2]
    assert open_note(sign(CHECKPOINT, signer) + theirs, signer.verifier) == CHECKPOINT
    with pytest.raises(UnknownSignerError):
        open_note(sign(CHECKPOINT, witness), signer.verifier)


def test_a_key_of_the_same_name_does_not_pass(signer):
    namesake = Signer(ORIGIN, Ed25519PrivateKey.generate())
    with pytest.raises(UnknownSignerError):
        open_note(sign(CHECKPOINT, namesake), signer.verifier)


def test_a_checkpoint_goes_and_comes_back(signer):
    note = sign(CHECKPOINT, signer)
    assert note.startswith(f"{ORIGIN}\n12\nAAECAwQF")
    assert open_note(note, Verifier.parse(str(signer.verifier))) == CHECKPOINT


def test_the_checkpoint_of_another_journal_is_refused(signer):
    other = sign(Checkpoint("autre.exemple.fr/journal", 12, bytes(32)), signer)
    with pytest.raises(UnknownSignerError):
        open_note(other, signer.verifier)


def test_the_published_checkpoint_example():
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert Checkpoint.parse(text).size == 20852163
    assert Checkpoint.parse(text).text() == text


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n12\n",
        f"\n12\n{'A' * 43}=\n",
        f"{ORIGIN}\n012\n{'A' * 43}=\n",
        f"{ORIGIN}\n-1\n{'A' * 43}=\n",
        f"{ORIGIN}\n12\nAAAA\n",
        f"{ORIGIN}\n12\n{'A' * 42}B=\n",  # bits that base 64 throws away
        f"{ORIGIN}\n12\n{'A' * 43}=\nextension\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text, signer):
    with pytest.raises(NoteError):
        open_note(signer.sign_text(text), signer.verifier)


@pytest.mark.parametrize("text", ["no newline", "a\rb\n"])
def test_nothing_unreadable_is_signed(text, signer):
    with pytest.raises(MalformedNoteError):
        signer.sign_text(text)
