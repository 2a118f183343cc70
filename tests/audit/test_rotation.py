"""The key of the journal changes, and whoever kept the first one goes on verifying."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select, text, update

from audit import keyfile
from audit.event import ROTATE
from audit.journal import ForgedHeadError, Journal, Reason
from audit.keys import KeyChain, RotationError, rotation
from audit.notes import (
    BadSignatureError,
    Checkpoint,
    NoteError,
    Signer,
    UnknownSignerError,
    open_note,
    sign,
)
from audit.query import search
from audit.schema import journal_checkpoint, journal_rotation
from audit.triggers import drop_statements
from audit.verify import verify

ORIGIN = "casework.exemple.fr/journal"
FIRST, SECOND, THIRD = (Ed25519PrivateKey.generate() for _ in range(3))
ROOT = bytes(range(32))


def writing(engine):
    return engine.connect().execution_options(immediate=True)


@pytest.fixture
def rotated(engine, an_event):
    """Three entries under the first key, a checkpoint, the change, three under the second."""
    journal = Journal(ORIGIN, FIRST, held=lambda: [FIRST, SECOND])
    notes = []
    with writing(engine) as connection, connection.begin():
        journal.initialise(connection)
        for _ in range(3):
            journal.append(connection, an_event())
        notes.append(journal.checkpoint(connection, Reason.JOUR))
        journal.rotate(connection, SECOND)
    with writing(engine) as connection, connection.begin():
        for _ in range(3):
            journal.append(connection, an_event())
        notes.append(journal.checkpoint(connection, Reason.JOUR))
    return journal, notes


def report(engine, journal, kept=None):
    with engine.connect() as connection:
        return verify(connection, journal.verifier, kept)


def test_no_false_alarm(engine, rotated):
    journal, notes = rotated
    assert journal.verifier == Signer(ORIGIN, FIRST).verifier
    for note in (None, *notes):
        assert report(engine, journal, note).ok, report(engine, journal, note).sentences()
    assert report(engine, journal).size == 7


def test_each_note_is_signed_by_the_key_of_its_time(engine, rotated):
    _, (before, after) = rotated
    assert open_note(before, Signer(ORIGIN, FIRST).verifier).size == 3
    assert open_note(after, Signer(ORIGIN, SECOND).verifier).size == 7
    with pytest.raises(UnknownSignerError):
        open_note(after, Signer(ORIGIN, FIRST).verifier)


def test_it_leaves_an_entry(engine, rotated):
    with engine.connect() as connection:
        (entry,) = search(connection, action=ROTATE)
    assert entry.seq == 3
    assert entry.detail == {"key": Signer(ORIGIN, SECOND).verifier.key_id.hex()}


def test_a_server_that_was_running_goes_on(engine, rotated, an_event):
    first = Signer(ORIGIN, FIRST).verifier
    running = Journal(ORIGIN, FIRST, first=first, held=lambda: [FIRST, SECOND])
    assert running.record(engine, an_event()).seq == 7
    assert report(engine, running).ok


def test_the_former_key_alone_cannot_go_on(engine, rotated, an_event):
    with pytest.raises(ForgedHeadError):
        Journal(ORIGIN, FIRST).record(engine, an_event())


def test_a_rotation_that_is_rolled_back_changes_nothing(engine, journal, an_event):
    with writing(engine) as connection:
        journal.rotate(connection, SECOND)
    assert journal.record(engine, an_event()).seq == 0
    assert report(engine, journal).ok


def test_the_former_key_no_longer_vouches_for_the_present(engine, rotated):
    journal, (_, after) = rotated
    thief = Signer(ORIGIN, FIRST)
    checkpoint = open_note(after, Signer(ORIGIN, SECOND).verifier)
    with engine.begin() as connection:
        for statement in drop_statements(engine.dialect.name):
            connection.execute(text(statement))
        connection.execute(
            update(journal_checkpoint)
            .where(journal_checkpoint.c.size == 7)
            .values(note=sign(checkpoint, thief))
        )
    assert not report(engine, journal).integrity.ok


def test_a_rotation_nobody_signed(engine, rotated):
    journal, _ = rotated
    thief = Signer(ORIGIN, THIRD)
    forged = rotation(Checkpoint(ORIGIN, 5, ROOT), thief, thief)
    with engine.begin() as connection:
        connection.execute(insert(journal_rotation).values(size=5, note=forged))
    said = report(engine, journal)
    assert not said.integrity.ok
    assert "changement de clé" in said.integrity.sentence


def test_a_rotation_taken_away(engine, rotated):
    journal, _ = rotated
    with engine.begin() as connection:
        for statement in drop_statements(engine.dialect.name):
            connection.execute(text(statement))
        connection.execute(journal_rotation.delete())
    assert not report(engine, journal).integrity.ok


# The chain alone.


def chain(*changes):
    return KeyChain(Signer(ORIGIN, FIRST).verifier, changes)


def change(size, outgoing, incoming, origin=ORIGIN):
    state = Checkpoint(origin, size, ROOT)
    return size, rotation(state, Signer(origin, outgoing), Signer(origin, incoming))


def test_a_chain_of_three_keys():
    keys = chain(change(4, FIRST, SECOND), change(9, SECOND, THIRD))
    order = [FIRST] * 4 + [SECOND] * 5 + [THIRD]
    assert [keys.at(size) for size in range(10)] == [Signer(ORIGIN, k).verifier for k in order]
    assert keys.current == Signer(ORIGIN, THIRD).verifier
    assert keys.attested == {4: ROOT, 9: ROOT}


def one_signature_less(changed):
    size, note = changed
    return size, "".join(note.splitlines(keepends=True)[:-1])


@pytest.mark.parametrize(
    "changes",
    [
        [change(4, SECOND, THIRD)],  # by a key that is not in force
        [change(4, FIRST, SECOND), change(9, FIRST, THIRD)],
        [change(4, FIRST, SECOND), change(4, SECOND, THIRD)],  # twice at one size
        [change(9, FIRST, SECOND), change(4, SECOND, THIRD)],
        [(5, change(4, FIRST, SECOND)[1])],  # moved
        [one_signature_less(change(4, FIRST, SECOND))],  # the incoming key did not sign
        [change(4, FIRST, SECOND, "autre.exemple.fr")],
        [(4, change(4, FIRST, SECOND)[1].replace("next ", "after "))],
        [(4, sign(Checkpoint(ORIGIN, 4, ROOT), Signer(ORIGIN, FIRST)))],
        [(4, "")],
    ],
)
def test_a_broken_chain(changes):
    with pytest.raises(RotationError):
        chain(*changes)


def test_a_rotation_is_no_checkpoint():
    keys = chain(change(4, FIRST, SECOND))
    with pytest.raises(NoteError):
        keys.open(change(4, FIRST, SECOND)[1])


def test_a_note_that_lies_about_its_size():
    keys = chain(change(4, FIRST, SECOND))
    honest = sign(Checkpoint(ORIGIN, 3, ROOT), Signer(ORIGIN, FIRST))
    with pytest.raises(UnknownSignerError):
        keys.open(honest.replace("\n3\n", "\n5\n"))
    with pytest.raises(BadSignatureError):
        keys.open(honest.replace("\n3\n", "\n2\n"))


# The file.


def raw(keys):
    return [key.private_bytes_raw() for key in keys]


def test_the_file_holds_two_keys_during_a_rotation_and_one_after(tmp_path):
    path = tmp_path / "journal.key"
    assert keyfile.read(path) == []
    first = keyfile.add(path)
    second = keyfile.add(path)
    assert raw(keyfile.read(path)) == raw([first, second])
    keyfile.keep_last(path)
    assert raw(keyfile.read(path)) == raw([second])
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["journal.key"]


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_damaged_file_is_said(tmp_path, content):
    path = tmp_path / "journal.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(keyfile.KeyFileError, match="abîmé"):
        keyfile.read(path)


def test_a_file_others_can_read_is_refused(tmp_path):
    path = tmp_path / "journal.key"
    keyfile.add(path)
    path.chmod(0o640)
    with pytest.raises(keyfile.KeyFileError, match="chmod 600"):
        keyfile.read(path)


def test_the_entry_of_a_rotation_is_the_first_state_of_the_new_key(engine, rotated):
    with engine.connect() as connection:
        (size,) = connection.execute(select(journal_rotation.c.size)).scalars()
    assert size == 4
