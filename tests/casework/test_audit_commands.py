"""`casework audit`: checking, proving, exporting, changing the key, letting the old expire."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from audit import keyfile, prooffile
from audit.triggers import drop_statements
from casework import lock
from casework.db import Database
from casework.instance import DATABASE_FILE, KEY_FILE, load
from tests.casework.commands import INVITED, run


@pytest.fixture
def demo(seeded_sqlite: Path, tmp_path: Path) -> Path:
    data = tmp_path / "demo"
    shutil.copytree(seeded_sqlite, data)
    return data


def test_verify_answers_by_its_exit_code(demo: Path, tmp_path: Path) -> None:
    assert run("audit", "verify", "--data", demo).exit_code == 0
    note = run("audit", "checkpoint", "--data", demo)
    assert note.exit_code == 0
    kept = tmp_path / "kept.txt"
    kept.write_text(note.output)
    assert run("audit", "verify", "--data", demo, "--since", kept).exit_code == 0

    database = Database(load(demo).database, load(demo).binding)
    with database.write() as session:
        for statement in drop_statements("sqlite"):
            session.execute(text(statement))
        session.execute(text("UPDATE journal_event SET actor = 'M-0099' WHERE seq = 3"))
        session.commit()
    database.engine.dispose()
    tampered = run("audit", "verify", "--data", demo)
    assert tampered.exit_code == 1
    assert isinstance(tampered.exception, SystemExit)


def test_a_removed_end_shows_against_a_kept_checkpoint(demo: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(demo, before)
    run("member", "invite", "--data", demo, "--role", "dpo", *INVITED)
    kept = tmp_path / "kept.txt"
    kept.write_text(run("audit", "checkpoint", "--data", demo).output)
    restored = run("audit", "verify", "--data", before, "--since", kept)
    assert restored.exit_code == 1
    assert run("audit", "verify", "--data", before).exit_code == 0


def test_an_entry_is_proved_to_anyone(demo: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(run("audit", "checkpoint", "--data", demo).output)
    proof = run("audit", "prove", 3, "--data", demo, "--checkpoint", kept)
    assert proof.exit_code == 0, proof.output
    proved = prooffile.check(proof.output, load(demo).journal.verifier)
    assert (proved.seq, proved.checkpoint.origin) == (3, load(demo).origin)
    absent = run("audit", "prove", 4000, "--data", demo)
    assert absent.exit_code == 1
    assert "n’y est pas" in absent.output
    kept.write_text("rien")
    assert run("audit", "prove", 3, "--data", demo, "--checkpoint", kept).exit_code == 1


def test_a_journal_is_exported_and_verified_elsewhere(demo: Path, tmp_path: Path) -> None:
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    for path in (before, after):
        exported = run("audit", "export", path, "--data", demo)
        assert exported.exit_code == 0, exported.output
        assert path.stat().st_mode & 0o777 == 0o600
    key = str(load(demo).journal.verifier)
    sound = run("audit", "verify", after, "--since", before, "--key", key, "--data", "nulle-part")
    assert sound.exit_code == 0, sound.output
    after.write_bytes(after.read_bytes().replace(b"M-0002", b"M-0003", 1))
    wrong = run("audit", "verify", after)
    assert wrong.exit_code == 1
    assert "a été modifiée" in wrong.output
    assert run("audit", "verify", "--data", demo, "--since", demo / DATABASE_FILE).exit_code == 1
    nowhere = run("audit", "export", tmp_path / "nulle-part" / "x", "--data", demo)
    assert nowhere.exit_code == 1
    assert "ne peut pas être écrit" in nowhere.output
    assert run("audit", "verify", demo / KEY_FILE).exit_code == 1
    assert "Ce fichier n’est pas un export" in run("audit", "verify", demo / KEY_FILE).output


def test_the_key_of_the_journal_changes_and_nothing_else(demo: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(run("audit", "checkpoint", "--data", demo).output)
    before = load(demo)
    for _ in range(2):
        rotated = run("audit", "rotate-key", "--data", demo)
        assert rotated.exit_code == 0, rotated.output
    after = load(demo)
    assert after.signing_keys()[-1] != before.signing_keys()[-1]
    assert len(after.journal_keys.read_bytes()) == 32
    assert (after.journal.verifier, after.cookie_secret) == (
        before.journal.verifier,
        before.cookie_secret,
    )
    assert after.blind("login", "x") == before.blind("login", "x")
    assert run("audit", "verify", "--data", demo, "--since", kept).exit_code == 0


def test_the_key_of_the_journal_does_not_change_under_whoever_uses_it(demo: Path) -> None:
    """A backup caught between the file and the database would hold a head nobody signs any more."""
    with lock.held(demo, alone=False):
        refused = run("audit", "rotate-key", "--data", demo)
    assert refused.exit_code == 1
    assert "Arrêtez-la d’abord" in refused.output
    assert not load(demo).journal_keys.exists()


def test_a_rotation_stopped_between_the_file_and_the_database(demo: Path) -> None:
    keyfile.add(load(demo).journal_keys)
    assert run("member", "invite", "--data", demo, "--role", "dpo", *INVITED).exit_code == 0
    assert run("audit", "verify", "--data", demo).exit_code == 0


def test_a_damaged_key_is_said_in_french(demo: Path) -> None:
    path = load(demo).journal_keys
    path.write_bytes(b"court")
    path.chmod(0o600)
    result = run("audit", "verify", "--data", demo)
    assert result.exit_code == 1
    assert "abîmé" in result.output


def test_the_period_is_the_law_s(demo: Path) -> None:
    assert run("audit", "period", "--data", demo).output == "12 mois.\n"
    for months, reason in ((5, ""), (37, "x" * 40), (24, "")):
        refused = run("audit", "period", "--data", demo, "--months", months, "--reason", reason)
        assert refused.exit_code == 1
        assert "CNIL" in refused.output
    reason = "Enquête interne, avis du DPO."
    assert run("audit", "period", "--data", demo, "--months", 24, "--reason", reason).exit_code == 0
    assert run("audit", "period", "--data", demo).output == f"24 mois. {reason}\n"


def test_nothing_expires_before_its_time(demo: Path) -> None:
    for arguments in (("--dry-run",), ()):
        result = run("audit", "expire", *arguments, "--data", demo)
        assert result.exit_code == 0, result.output
        assert result.output.startswith("0 entrées")


def test_old_entries_expire(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirteen months later: the clock moves, and nothing is written over."""
    later = datetime.now(UTC) + timedelta(days=400)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None) -> datetime:
            return later.astimezone(tz)

    for module in ("audit.event", "audit.expiry", "audit.journal"):
        monkeypatch.setattr(f"{module}.datetime", Clock)
    count = int(run("audit", "expire", "--dry-run", "--data", demo).output.split()[0])
    assert count > 0
    assert run("audit", "expire", "--data", demo).output.startswith(f"{count} entrées effacées")
    verified = run("audit", "verify", "--data", demo)
    assert verified.exit_code == 0, verified.output
    assert f"{count}\u00a0entrées au terme de la durée légale" in verified.output
    expired = run("audit", "prove", 0, "--data", demo)
    assert "effacé au terme de la durée légale" in expired.output
    assert b"demo:seed" not in (demo / DATABASE_FILE).read_bytes()
