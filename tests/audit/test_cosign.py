"""Countersignatures, against the published format, and against a journal rewritten by its owner."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text, update

from audit.cosign import Countersigner, countersign
from audit.journal import Reason
from audit.notes import Checkpoint, MalformedNoteError, NoteError, Signer, open_note, sign
from audit.schema import journal_countersignature
from audit.triggers import drop_statements
from audit.verify import verify

NAME = "casework.exemple.fr/journal/M-0004"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
CHECKPOINT = Checkpoint("casework.exemple.fr/journal", 12, bytes(range(32)))


def test_the_line_is_what_the_specification_says():
    signer, line = countersign(CHECKPOINT, NAME, KEY, AT)
    blob = b64decode(line.split(" ")[2])
    assert line.startswith(f"— {NAME} ")
    assert blob[:4] == signer.key_id
    assert int.from_bytes(blob[4:12], "big") == int(AT.timestamp())
    message = f"cosignature/v1\ntime {int(AT.timestamp())}\n{CHECKPOINT.text()}"
    KEY.public_key().verify(blob[12:], message.encode())
    assert b64decode(str(signer).rpartition("+")[2])[0] == 4


def test_the_example_of_the_specification_is_read():
    """c2sp.org/tlog-cosignature: its text, with a signature of our own making."""
    example = Checkpoint(
        "example.com/behind-the-sofa",
        20852163,
        b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="),
    )
    log = Signer(example.origin, Ed25519PrivateKey.generate())
    signer, line = countersign(example, "witness.example.com/w1", KEY, AT)
    note = f"{sign(example, log)}{line}\n"
    assert open_note(note, log.verifier) == example
    assert signer.check(note.splitlines()[-1], example) == AT


def test_its_public_key_goes_through_text():
    signer, _ = countersign(CHECKPOINT, NAME, KEY, AT)
    assert Countersigner.parse(str(signer)) == signer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        str(Signer(NAME, KEY).verifier),  # a log's key is no countersigner's
        f"{NAME}+00000000+{b64encode(bytes([4]) + KEY.public_key().public_bytes_raw()).decode()}",
        f"{NAME}+00000000+***",
    ],
)
def test_another_key_is_refused(text):
    with pytest.raises(MalformedNoteError):
        Countersigner.parse(text)


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.replace("M-0004", "M-0005"),
        lambda line: line[:-6] + "AAAA==",
        lambda line: line.rpartition(" ")[0] + " AAAAAA==",
        lambda line: "",
        lambda line: line.removeprefix("— "),
    ],
)
def test_a_forged_line_is_refused(change):
    signer, line = countersign(CHECKPOINT, NAME, KEY, AT)
    with pytest.raises(NoteError):
        signer.check(change(line), CHECKPOINT)


def test_another_date_or_another_state_is_refused():
    signer, line = countersign(CHECKPOINT, NAME, KEY, AT)
    blob = bytearray(b64decode(line.split(" ")[2]))
    blob[11] ^= 1
    with pytest.raises(NoteError):
        signer.check(f"— {NAME} {b64encode(bytes(blob)).decode()}", CHECKPOINT)
    with pytest.raises(NoteError):
        signer.check(line, Checkpoint(CHECKPOINT.origin, 13, CHECKPOINT.root))


@pytest.fixture
def countersigned(engine, journal, an_event):
    for _ in range(3):
        journal.record(engine, an_event())
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        note = journal.checkpoint(connection, Reason.DEMANDE)
        line = journal.countersign(connection, note, NAME, KEY)
        assert journal.countersign(connection, note, NAME, KEY) == line
    return note, line


def report(engine, journal, kept=None):
    with engine.connect() as connection:
        return verify(connection, journal.verifier, kept)


def test_a_countersigned_note_is_still_the_journal_s(engine, journal, countersigned):
    note, line = countersigned
    assert report(engine, journal, f"{note}{line}\n").ok


def test_a_state_that_was_not_countersigned(engine, journal, countersigned):
    other = Checkpoint(journal.origin, 3, bytes(32))
    _, line = countersign(other, NAME, KEY, AT)
    with engine.begin() as connection:
        for statement in drop_statements(engine.dialect.name):
            connection.execute(text(statement))
        connection.execute(update(journal_countersignature).values(line=line))
    said = report(engine, journal).integrity
    assert not said.ok
    assert "contresigné" in said.sentence
