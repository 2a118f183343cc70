"""A journal of ten thousand entries, exported, attacked in every known way, and judged apart."""

import json
import shutil
import subprocess
import sys
from binascii import unhexlify
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.event import listens_for

from audit import bundle, offline, prooffile, proofs
from audit.__main__ import SOUND, UNREADABLE, WRONG, main
from audit.event import Event, Outcome, canonical, leaf_of, timestamp
from audit.expiry import expire
from audit.export import export
from audit.journal import Journal, Reason
from audit.notes import Checkpoint, NoteError, Signer, sign
from audit.periods import Period
from audit.readings import Register
from audit.schema import journal_checkpoint, journal_event, journal_head, metadata
from audit.triggers import create_statements, drop_statements
from audit.verify import verify

ORIGIN = "casework.exemple.fr/journal"
SIZE, BACKUP, CHECKPOINTS = 10_000, 8_000, (5_000, 9_000)
WHERE = 6_123  # where the attacks strike
UNKNOWN = "unknown"  # wrong, and no entry can be named
EVENT = "UPDATE journal_event"
DELETE_ONE = "DELETE FROM journal_event WHERE seq = 6123"
FIRST, SECOND = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def events(count, start=0):
    for number in range(start, start + count):
        yield Event.now(
            actor=f"M-{number % 12:04}",
            role="coordonnateur",
            action="situation:read",
            outcome=Outcome.AUTORISE if number % 7 else Outcome.REFUSE,
            object=f"CCTP-2026-{number % 300:03}",
            cell="CCTP",
            article="CSI, art. L. 132-5",
            detail={"champs": number % 5},
        )


def engine_of(path):
    engine = create_engine(f"sqlite:///{path}")

    @listens_for(engine, "connect")
    def _hasten(connection, _record):
        connection.execute("PRAGMA synchronous = OFF")  # tests need no power cut

    return engine


def grow(path, journal, start, size):
    """Append up to ``size``; returns the last checkpoint kept on the way."""
    note = ""
    with engine_of(path).begin() as connection:
        if not start:
            metadata.create_all(connection)
            for statement in create_statements("sqlite"):
                connection.execute(text(statement))
            journal.initialise(connection)
        for number, event in enumerate(events(size - start, start), start=start + 1):
            journal.append(connection, event)
            if number in CHECKPOINTS:
                note = journal.checkpoint(connection, Reason.JOUR)
    return note


def write_export(path, key, register, to):
    with engine_of(path).connect() as connection, to.open("wb") as file:
        export(connection, key, file, register.read())
    return to


class Original:
    """The journal before anything is done to it, its backup of the day before, and what was kept
    away from the server: a checkpoint, an export, the public key, the register of readings."""

    def __init__(self, folder):
        self.database, self.backup = folder / "journal.db", folder / "backup.db"
        self.register = Register(folder / "lectures")
        journal = Journal(ORIGIN, FIRST)
        self.key = journal.verifier
        grow(self.database, journal, 0, BACKUP)
        shutil.copy(self.database, self.backup)
        self.kept = folder / "note.txt"
        self.kept.write_text(grow(self.database, journal, BACKUP, SIZE))
        with engine_of(self.database).connect() as connection:
            read = journal_event.c.seq.in_([10, WHERE, 8_500])
            for row in connection.execute(select(journal_event).where(read)):
                self.register.note(row.seq, row.leaf)
        self.export = write_export(self.database, self.key, self.register, folder / "export")


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    return Original(tmp_path_factory.mktemp("original"))


@pytest.fixture
def attacked(original, tmp_path):
    """A copy whose owner is the thief."""
    path = tmp_path / "journal.db"
    shutil.copy(original.database, path)
    with engine_of(path).begin() as connection:
        for statement in drop_statements("sqlite"):
            connection.execute(text(statement))
    return path


def sql(*statements):
    def attack(path, _original):
        with engine_of(path).begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    return attack


def replay_events(path, key):
    """Write the same events again in an empty journal."""
    with engine_of(path).connect() as connection:
        rows = connection.execute(select(journal_event).order_by("seq")).all()
    path.unlink()
    journal, own = Journal(ORIGIN, key), ["seq", "salt", "leaf", "nodes"]
    grow(path, journal, 0, 0)
    with engine_of(path).begin() as connection:
        for number, row in enumerate(rows, start=1):
            said = {name: value for name, value in row._mapping.items() if name not in own}
            detail, outcome = json.loads(said.pop("detail")), Outcome(said.pop("outcome"))
            journal.append(connection, Event(**said, detail=detail, outcome=outcome))
            if number in CHECKPOINTS:
                journal.checkpoint(connection, Reason.JOUR)


def replay_with_the_key(path, _original):
    replay_events(path, FIRST)


def replay_without_the_key(path, original):
    replay_events(path, SECOND)
    with engine_of(path).begin() as connection:
        connection.execute(text("DROP TRIGGER journal_checkpoint_no_delete"))
        connection.execute(text("DROP TRIGGER journal_head_grows"))
        connection.execute(text("DROP TRIGGER journal_head_no_delete"))
        connection.execute(text(f"ATTACH '{original.database}' AS honest"))
        for table in ("journal_head", "journal_checkpoint"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
            connection.execute(text(f"INSERT INTO {table} SELECT * FROM honest.{table}"))  # noqa: S608


def restore_the_backup(path, original):
    shutil.copy(original.backup, path)


def sign_again(path, _original):
    """The same entries, heads and checkpoints, under the thief's own key."""
    signer = Signer(ORIGIN, SECOND)
    with engine_of(path).begin() as connection:
        for table in (journal_head, journal_checkpoint):
            for size, note in connection.execute(select(table.c.size, table.c.note)).all():
                said = Checkpoint.parse(note.partition("\n\n")[0] + "\n")
                signed = update(table).where(table.c.size == size).values(note=sign(said, signer))
                connection.execute(signed)


def rewrite(path, _original):
    """Another actor, and a leaf that agrees."""
    with engine_of(path).begin() as connection:
        one = journal_event.c.seq == WHERE
        row = connection.execute(select(journal_event).where(one)).one()._mapping
        leaf = leaf_of(row["salt"], {**row, "actor": "M-0666"})
        connection.execute(update(journal_event).where(one).values(actor="M-0666", leaf=leaf))


#           sequence, integrity, consistency, completeness, and the first wrong entry by each
ATTACKS = {
    "nothing": (sql(), None, None, None, None),
    "edit": (sql(f"{EVENT} SET actor = 'M-0666' WHERE seq = {WHERE}"), None, WHERE, None, None),
    "edit with its leaf": (rewrite, None, 5_000, UNKNOWN, WHERE),
    "delete": (sql(DELETE_ONE), WHERE, WHERE, WHERE, WHERE),
    "delete and renumber": (
        sql(
            DELETE_ONE,
            f"{EVENT} SET seq = -seq WHERE seq > {WHERE}",
            f"{EVENT} SET seq = -seq - 1 WHERE seq < 0",
        ),
        SIZE - 1,
        SIZE - 1,
        UNKNOWN,
        WHERE,
    ),
    "swap": (
        sql(
            f"{EVENT} SET seq = -1 WHERE seq = {WHERE}",
            f"{EVENT} SET seq = {WHERE} WHERE seq = {WHERE + 1}",
            f"{EVENT} SET seq = {WHERE + 1} WHERE seq = -1",
        ),
        None,
        5_000,
        UNKNOWN,
        WHERE,
    ),
    "duplicate": (
        sql(
            "CREATE TEMP TABLE one AS SELECT * FROM journal_event WHERE seq = 6123",
            "UPDATE one SET seq = 10000",
            "INSERT INTO journal_event SELECT * FROM one",
        ),
        SIZE,
        None,
        None,
        None,
    ),
    "truncate": (sql("DELETE FROM journal_event WHERE seq >= 9500"), 9_500, 9_500, None, None),
    "drop and replay": (replay_without_the_key, None, 0, UNKNOWN, 10),
    "drop and replay with the key": (replay_with_the_key, None, None, UNKNOWN, 10),
    "roll back": (restore_the_backup, None, None, BACKUP, 8_500),
    "sign again": (sign_again, None, UNKNOWN, None, None),
    "drop": (sql("DELETE FROM journal_event", "DELETE FROM journal_head"), None, UNKNOWN, 0, 10),
}


def said(report):
    """For each question: None when all is well, else the first wrong entry."""
    verdicts = (report.sequence, report.integrity, report.consistency, report.completeness)
    return tuple(
        None if verdict.ok else UNKNOWN if verdict.first is None else verdict.first
        for verdict in verdicts
    )


@pytest.mark.parametrize("name", ATTACKS)
def test_each_attack_gets_its_verdict(original, attacked, tmp_path, name):
    attack, *expected = ATTACKS[name]
    attack(attacked, original)
    kept, readings = original.kept.read_text(), original.register.read()
    with engine_of(attacked).connect() as connection:
        found = verify(connection, original.key, kept, readings)
    assert said(found) == tuple(expected), found.sentences()
    exported = write_export(attacked, original.key, original.register, tmp_path / "export")
    offline_found = offline.verify(exported, original.kept, str(original.key))
    assert said(offline_found) == tuple(expected), offline_found.sentences()


def test_an_older_export_tells_the_first_entry_that_changed(original, attacked, tmp_path):
    """Even to someone who held the key and signed everything again."""
    replay_with_the_key(attacked, original)
    exported = write_export(attacked, original.key, original.register, tmp_path / "export")
    found = offline.verify(exported, original.export)
    assert found.integrity.ok
    assert said(found)[2] == 0
    assert offline.verify(original.export, original.export).ok


def test_a_bundle_under_the_key_of_a_thief(original, attacked, tmp_path):
    """It agrees with itself; the kept key and the kept checkpoint do not agree with it."""
    sign_again(attacked, original)
    thief = Signer(ORIGIN, SECOND).verifier
    exported = write_export(attacked, thief, original.register, tmp_path / "export")
    assert offline.verify(exported).ok
    assert said(offline.verify(exported, original.kept))[2] == UNKNOWN
    assert not offline.verify(exported, None, str(original.key)).integrity.ok


def test_expiry_and_rotation_are_no_alarm(tmp_path):
    """An export made before both, and the first key, still agree with one made after."""
    path, register = tmp_path / "journal.db", Register(tmp_path / "lectures")
    journal = Journal(ORIGIN, FIRST, held=lambda: [FIRST, SECOND], register=register)
    grow(path, journal, 0, 0)
    engine, old = engine_of(path), datetime.now(UTC) - timedelta(days=800)
    with engine.begin() as connection:
        for number, event in enumerate(events(40)):
            then = replace(event, time=timestamp(old)) if number < 25 else event
            journal.append(connection, then)
    with engine.connect() as connection:
        leaves = connection.execute(select(journal_event.c.leaf).order_by("seq")).scalars().all()
    register.note(3, leaves[3])
    register.note(30, leaves[30])
    before = write_export(path, journal.verifier, register, tmp_path / "before")
    with engine.begin() as connection:
        journal.rotate(connection, SECOND)
        assert expire(connection, journal, Period()).count == 25
        assert journal.checkpoint(connection, Reason.DEMANDE)
    after = write_export(path, journal.verifier, register, tmp_path / "after")
    found = offline.verify(after, before, str(journal.verifier))
    assert found.ok, found.sentences()
    assert found.erased == 25
    assert b"M-0003" in before.read_bytes().split(b"\n")[4]
    assert b"M-0003" not in after.read_bytes().split(b"\n")[4]


def lines_of(original):
    return original.export.read_bytes().splitlines(keepends=True)


def swapped(lines, rank):
    lines[rank + 1], lines[rank + 2] = lines[rank + 2], lines[rank + 1]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: lines.pop(WHERE + 1), (WHERE, WHERE, WHERE, WHERE)),
        (lambda lines: lines.insert(WHERE + 1, lines[WHERE + 1]), (WHERE, None, None, None)),
        (lambda lines: lines.__setitem__(WHERE + 1, b"nothing of the kind\n"), WHERE),
        (lambda lines: lines.__setitem__(WHERE + 1, b"\xff\xfe\n"), WHERE),
        (lambda lines: lines.append(lines[-1]), (SIZE - 1, None, None, None)),
        (lambda lines: swapped(lines, WHERE), None),
    ],
)
def test_a_bundle_changed_by_hand(original, tmp_path, change, expected):
    lines = lines_of(original)
    change(lines)
    path = tmp_path / "export"
    path.write_bytes(b"".join(lines))
    found = offline.verify(path, original.kept)
    assert not found.ok
    if isinstance(expected, tuple):
        assert said(found) == expected
    if isinstance(expected, int):
        assert found.integrity.first == expected


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"format":"other/1"}', b"\xff", b"{"])
def test_what_is_no_bundle_is_said(tmp_path, content, capsys):
    path = tmp_path / "export"
    path.write_bytes(content)
    with pytest.raises(bundle.BundleError, match="Ce fichier"):
        bundle.read(path)
    assert main(["verify", str(path)]) == UNREADABLE
    assert "Ce fichier" in capsys.readouterr().out


def test_anyone_can_check_a_line_with_a_hash_tool(original):
    rank, leaf, salt, event = lines_of(original)[43][:-1].split(b" ", 3)
    assert int(rank) == 42
    assert sha256(b"\x00" + unhexlify(salt) + event).hexdigest().encode() == leaf
    assert json.loads(event)["object"] == "CCTP-2026-042"


def test_it_runs_without_the_application_nor_a_database(original, tmp_path):
    """In a process where neither Flask nor SQLAlchemy can be imported."""
    hidden = "import runpy, sys\nfor name in ('flask', 'sqlalchemy', 'casework', 'charter'):\n"
    hidden += "    sys.modules[name] = None\nrunpy.run_module('audit', run_name='__main__')\n"
    command = [sys.executable, "-c", hidden, "verify", original.export, "--since", original.kept]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == SOUND, done.stderr
    assert "10000\u00a0entrées, sans trou" in done.stdout
    assert str(original.key) in done.stdout


def test_exit_statuses(original, tmp_path, capsys):
    assert main(["verify", str(original.export), "--key", str(original.key)]) == SOUND
    assert "Clé" not in capsys.readouterr().out
    assert main(["verify", str(original.export), "--key", "nothing"]) == UNREADABLE
    assert main(["verify", str(tmp_path / "nothing")]) == UNREADABLE
    wrong = tmp_path / "export"
    wrong.write_bytes(original.export.read_bytes().replace(b"M-0003", b"M-0004", 1))
    assert main(["verify", str(wrong)]) == WRONG


# The proof of one entry.


@pytest.fixture(scope="module")
def proof(original):
    with engine_of(original.database).connect() as connection:
        row = connection.execute(select(journal_event).where(journal_event.c.seq == WHERE)).one()
        path = proofs.inclusion(connection, WHERE, CHECKPOINTS[-1])
    content = row.salt + canonical(row._mapping)
    return prooffile.write(WHERE, content, path, original.kept.read_text())


def test_a_proof_says_the_entry_and_the_state(original, proof):
    proved = prooffile.check(proof, original.key)
    assert (proved.seq, proved.checkpoint.size) == (WHERE, CHECKPOINTS[-1])
    assert proved.event["object"] == f"CCTP-2026-{WHERE % 300:03}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"index {WHERE}", f"index {WHERE + 1}"),
        (f"index {WHERE}", "index x"),
        ("extra ", "extra AAAA"),
        ("extra ", "more "),
        ("@v1", "@v2"),
        ("\n9000\n", "\n9001\n"),
        ("\n\n", "\n"),
        ("=\n\n", "=\nAAAA\n\n"),
    ],
)
def test_a_forged_proof_is_refused(original, proof, before, after):
    assert before in proof
    with pytest.raises((prooffile.ProofError, NoteError)):
        prooffile.check(proof.replace(before, after, 1), original.key)


def test_a_proof_from_the_command_line(original, proof, tmp_path, capsys):
    path = tmp_path / "entry.tlog-proof"
    path.write_text(proof)
    assert main(["proof", str(path), "--key", str(original.key)]) == SOUND
    assert "n° 6123 est dans le journal" in capsys.readouterr().out.replace("\u00a0", " ")
    assert main(["proof", str(path), "--key", str(Signer(ORIGIN, SECOND).verifier)]) == WRONG
    path.write_bytes(b"\xff")
    assert main(["proof", str(path), "--key", str(original.key)]) == UNREADABLE
