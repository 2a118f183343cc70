"""Making a backup of an instance in service: whole, consistent, checked, and nothing left over."""

import os
import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from audit import keyfile
from audit.event import Event, Outcome
from casework.backup import folder, keys, notice
from casework.backup.make import make
from casework.backup.verify import verify
from casework.cells.service import RECOVERY_PUBLIC, put_setting
from casework.db import Database
from casework.instance import Instance
from casework.vault.keypair import KeyPair
from tests.casework.backup.conftest import OPERATOR, backup_of, file_key, run, with_operator

BOTH = pytest.mark.parametrize("instance", ["sqlite", "postgresql"], indirect=True)


def _verified(path: Path) -> list[str]:
    with path.open("rb") as file:
        return verify(file, file_key(path.read_bytes())).sentences


@BOTH
def test_it_is_consistent_while_others_write(instance: Instance, tmp_path: Path) -> None:
    """Several writers, and readings noted outside the database: each has its entry in the copy."""
    stop = threading.Event()
    faults: list[BaseException] = []

    def write() -> None:
        database = Database(instance.database, instance.binding)
        journal = instance.journal
        event = Event.now(actor="M-0001", action="home:read", outcome=Outcome.AUTORISE)
        try:
            while not stop.is_set():
                journal.record(database.engine, event).redeem()
        except BaseException as error:  # noqa: BLE001 - told to the test
            faults.append(error)
        finally:
            database.engine.dispose()

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        sizes = []
        for number in range(4):
            place = tmp_path / str(number)
            place.mkdir()
            made = backup_of(instance, place)
            assert any("sans trou" in line for line in _verified(made.path))
            sizes.append(made.made.about.entries)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert not faults
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0], "nobody wrote meanwhile"


def test_the_key_of_the_journal_may_change_meanwhile(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed after the files were read and before the database was: the copy would hold a head
    that none of its keys signed."""
    from casework.backup import make as making

    database = with_operator(instance)
    usual, turned = making.snapshot, []

    def late(given: Database):
        if not turned:
            turned.append(True)
            key = keyfile.add(instance.journal_keys)
            with database.write() as session:
                instance.journal.rotate(session.connection(), key)
                session.commit()
            keyfile.keep_last(instance.journal_keys)
        return usual(given)

    monkeypatch.setattr(making, "snapshot", late)
    with database.read() as session:
        recipients = keys.recipients(session)
    path = tmp_path / "x"
    with path.open("w+b") as file:
        make(instance, database, file, recipients)
    database.engine.dispose()
    key = tmp_path / "cle"
    keys.write(key, OPERATOR)
    restored = tmp_path / "revenue"
    answer = run("backup", "restore", path, "--key", key, "--data", restored)
    assert answer.exit_code == 0, answer.output
    assert run("audit", "checkpoint", "--data", restored).exit_code == 0


@BOTH
def test_the_command_makes_one_and_says_so_in_the_journal(
    instance: Instance, tmp_path: Path
) -> None:
    data, to, key = instance.data, tmp_path / "sauvegardes", tmp_path / "operateur.cle"
    refused = run("backup", "make", "--data", data, "--to", to)
    assert refused.exit_code == 1
    assert "casework backup key" in refused.output
    assert not to.exists()
    assert run("backup", "key", "--data", data, "--output", key).exit_code == 0
    assert key.stat().st_mode & 0o077 == 0
    made = run("backup", "make", "--data", data, "--to", to)
    assert made.exit_code == 0, made.output
    assert "relue et conforme" in made.output
    (path,) = to.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    shown = run("backup", "show", path)
    assert instance.origin in shown.output
    assert "operateur, secours" in shown.output
    verified = run("backup", "verify", path, "--key", key)
    assert verified.exit_code == 0, verified.output
    assert "identiques table par table" in verified.output
    entries = _entries(instance)
    assert [(it.action, it.outcome) for it in entries[-3:]] == [
        ("backup:make", "echec"),
        ("backup:key", "autorise"),
        ("backup:make", "autorise"),
    ]
    detail = entries[-1].detail
    assert f'"octets":{path.stat().st_size}' in detail
    assert re.search(r'"empreinte":"[0-9a-f]{64}"', detail)
    assert str(tmp_path) not in "".join(entry.detail for entry in entries)


def _entries(instance: Instance) -> list:
    database = Database(instance.database, instance.binding)
    with database.read() as session:
        query = text("SELECT action, outcome, detail FROM journal_event ORDER BY seq")
        found = list(session.execute(query))
    database.engine.dispose()
    return found


def test_a_second_key_is_asked_for_in_so_many_words(instance: Instance, tmp_path: Path) -> None:
    data, one, two = instance.data, tmp_path / "une.cle", tmp_path / "deux.cle"
    assert run("backup", "key", "--data", data, "--output", one).exit_code == 0
    again = run("backup", "key", "--data", data, "--output", two)
    assert again.exit_code == 1
    assert "--replace" in again.output
    assert not two.exists()
    taken = run("backup", "key", "--data", data, "--output", one, "--replace")
    assert "existe déjà" in taken.output
    assert run("backup", "key", "--data", data, "--output", two, "--replace").exit_code == 0
    assert run("backup", "make", "--data", data, "--to", tmp_path / "b").exit_code == 0
    (path,) = (tmp_path / "b").iterdir()
    assert "n’ouvre pas" in run("backup", "verify", path, "--key", one).output
    assert run("backup", "verify", path, "--key", two).exit_code == 0


@pytest.mark.parametrize("which", [keys.OPERATOR_PUBLIC, RECOVERY_PUBLIC])
def test_a_key_put_there_by_another_hand_receives_no_backup(
    instance: Instance, tmp_path: Path, which: str
) -> None:
    database = with_operator(instance)
    with database.write() as session:
        put_setting(session, which, KeyPair.generate().public.raw.hex())
        session.commit()
    database.engine.dispose()
    answer = run("backup", "make", "--data", instance.data, "--to", tmp_path / "b")
    assert answer.exit_code == 1
    assert "modifiée en dehors de l’application" in answer.output
    assert not (tmp_path / "b").exists()


def _aged(path: Path, days: int) -> Path:
    """The same header, dated before: what a backup made then would say."""
    from casework.backup import container

    with path.open("rb") as file:
        about = container.read_header(file).about
    before = (about.moment - timedelta(days=days)).isoformat()
    raw = path.read_bytes().replace(about.made_at.encode(), before.encode(), 1)
    made = path.with_name(f"vieille-{days}{folder.SUFFIX}")
    made.write_bytes(raw)
    return made


def test_old_ones_go_whether_it_succeeds_or_not_and_only_ours(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_operator(instance).engine.dispose()
    to = tmp_path / "sauvegardes"
    command = ("backup", "make", "--data", instance.data, "--to", to, "--keep-days", 10)
    assert run(*command).exit_code == 0
    (first,) = to.iterdir()
    old, recent = _aged(first, 11), _aged(first, 9)
    others = to / f"voisine{folder.SUFFIX}"
    others.write_bytes(old.read_bytes().replace(instance.origin.encode(), b"casework/" + b"0" * 16))
    foreign = to / f"notes{folder.SUFFIX}"
    foreign.write_text("rien à voir")
    told: list[str] = []
    monkeypatch.setattr(notice, "tell_failure", lambda *given: told.append(given[-1]))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", _no_space)
        failed = run(*command)
    assert failed.exit_code == 1
    assert "No space left" in failed.output
    assert "Traceback" not in failed.output
    assert told == ["OSError"]
    told.clear()
    assert {recent, others, foreign, first} == set(to.iterdir()), "forgotten in time all the same"
    first.rename(tmp_path / "ailleurs")
    recent.unlink()
    old, older = _aged(tmp_path / "ailleurs", 11), _aged(tmp_path / "ailleurs", 12)
    for path in (old, older):
        path.rename(to / path.name)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", _no_space)
        assert run(*command).exit_code == 1
    assert {path.name for path in to.iterdir()} == {old.name, others.name, foreign.name}, (
        "the last one stays, however old"
    )
    old = to / old.name

    done = run(*command)
    assert done.exit_code == 0
    assert "effacées : 1" in done.output
    assert not old.exists()
    assert {others, foreign} < set(to.iterdir())


def _no_space(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")


def test_what_was_written_is_read_back(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that returns something else than what it was given."""
    from casework.backup import container

    with_operator(instance).engine.dispose()
    usual = container.Writer.close

    def close(self: container.Writer) -> None:
        usual(self)
        self._file.seek(-200, os.SEEK_END)
        self._file.write(bytes(100))
        self._file.flush()

    monkeypatch.setattr(container.Writer, "close", close)
    answer = run("backup", "make", "--data", instance.data, "--to", tmp_path / "b")
    assert answer.exit_code == 1
    assert "abîmée" in answer.output
    assert not list((tmp_path / "b").iterdir())


def test_two_at_once_do_not_mix(instance: Instance, tmp_path: Path) -> None:
    with_operator(instance).engine.dispose()
    to = tmp_path / "b"

    def inside(_file):
        answer = run("backup", "make", "--data", instance.data, "--to", to)
        assert answer.exit_code == 1
        assert "en cours" in answer.output
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.keep(to, instance.origin, inside)
    assert run("backup", "make", "--data", instance.data, "--to", to).exit_code == 0
