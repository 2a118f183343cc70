"""An exported journal is read, checked and refused without the application."""

import json
import subprocess
import sys
from binascii import unhexlify
from hashlib import sha256

import pytest
from sqlalchemy import select

from audit import bundle, offline, prooffile, proofs
from audit.__main__ import SOUND, UNREADABLE, WRONG, main
from audit.event import canonical
from audit.notes import NoteError, Signer
from audit.schema import journal_event
from tests.audit.originals import (
    CHECKPOINTS,
    ORIGIN,
    SECOND,
    SIZE,
    WHERE,
    engine_of,
    said,
)


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
