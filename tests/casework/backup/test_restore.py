"""An instance comes back, on either database, as it was; or nothing does, and why is said."""

import json
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

from audit.event import Event, Outcome
from audit.journal import Reason
from casework import create_app, migrate
from casework.backup import container, erasures, keys
from casework.backup.container import Writer
from casework.backup.records import Recorder
from casework.db import Database
from casework.demo.accounts import PASSPHRASE, current_code
from casework.instance import KEY_FILE, Instance, default_database, load
from casework.lock import held
from casework.retention import certificate
from tests.casework.backup.conftest import (
    OPERATOR,
    SETTLED,
    Backup,
    backup_of,
    digests,
    file_key,
    run,
)

EngineUrl = Callable[[str], str]
ENGINES = ("sqlite", "postgresql")


def _restore(backup: Backup, data: Path, *more: object):
    return run("backup", "restore", backup.path, "--key", backup.key, "--data", data, *more)


@pytest.mark.parametrize("instance", ENGINES, indirect=True)
@pytest.mark.parametrize("target", ENGINES)
def test_it_comes_back_on_either_database(
    instance: Instance, target: str, tmp_path: Path, empty_url: EngineUrl
) -> None:
    backup = backup_of(instance, tmp_path)
    before = digests(instance)
    url, data = empty_url(target), tmp_path / "revenue"
    answer = _restore(backup, data, "--database", url)
    assert answer.exit_code == 0, answer.output
    back = load(data)
    assert back.database == (url or default_database(data))
    assert run("member", "confirm", "--everyone", "--data", data).exit_code == 0
    after = digests(back)
    assert {name for name in before if before[name] != after[name]} <= SETTLED
    assert before["situation"].count > 0
    assert (data / KEY_FILE).read_bytes() == instance.key
    assert data.stat().st_mode & 0o077 == 0
    assert [path.name for path in data.parent.iterdir() if path.name.startswith(".")] == []
    verified = run("audit", "verify", "--data", data)
    assert verified.exit_code == 0, verified.output
    assert "Complétude" in verified.output
    _works(back)


def _works(instance: Instance) -> None:
    """Someone signs in and reads: keys, bindings and journal are those of before."""
    from tests.conftest import World

    world = World(instance)
    visitor = world.visitor()
    assert visitor.sign_in("coordination", PASSPHRASE, current_code()).status_code == 302
    assert visitor.sign_charter("CCTP").status_code == 302
    assert visitor.get("/cellules/CCTP/situations").status_code == 200
    world.close()


def test_two_parts_of_the_recovery_kit_bring_it_back(tmp_path: Path) -> None:
    import re

    data, words = tmp_path / "i", "brume oursin lavande échelle goudron"
    answers = "\n".join(["racine@port-miran.example", "Julien", "Gomes", words, words, ""])
    printed = run("init", "--data", data, "--commune", "Port-Miran", typed=answers).output
    parts = re.findall(r"^Part \d : (.+)$", printed, re.MULTILINE)
    backup = backup_of(load(data), tmp_path)
    asked = ("backup", "restore", backup.path, "--data", tmp_path / "r")
    assert "--key" in run(*asked).output
    typed = run(*asked, "--parts", typed=f"{parts[0]}\n{parts[2]}\n")
    assert typed.exit_code == 0, typed.output
    given = run("backup", "verify", backup.path, "--part", parts[1], "--part", parts[0])
    assert given.exit_code == 0, given.output
    alone = run("backup", "verify", backup.path, "--part", parts[1], "--part", parts[1])
    assert alone.exit_code == 1
    assert "n’ouvrent rien" in alone.output


def test_sessions_open_that_day_are_not_reopened(instance: Instance, tmp_path: Path) -> None:
    from tests.conftest import World

    world = World(instance)
    visitor = world.visitor("coordination")
    backup = backup_of(instance, tmp_path)
    world.close()
    assert _restore(backup, tmp_path / "r").exit_code == 0
    app = create_app(load(tmp_path / "r"))
    client = app.test_client()
    client._cookies = visitor.client._cookies
    assert client.get("/").location == "/connexion"
    _nobody_enters_unconfirmed(tmp_path / "r")
    app.extensions["casework.database"].engine.dispose()


def _nobody_enters_unconfirmed(data: Path) -> None:
    """Whoever was excluded since the backup is a member in it: only the confirmed come back."""
    from tests.casework.people import forget_codes
    from tests.conftest import World

    back = World(load(data))
    forget_codes(back)
    asked = back.visitor().sign_in("coordination", PASSPHRASE, current_code())
    assert asked.status_code == 403
    assert "votre accès attend d’être confirmé" in asked.text
    assert back.visitor().sign_in("coordination", "une autre phrase").status_code == 401
    assert "M-0002  suspendu" in run("member", "list", "--data", data).output
    done = run("member", "confirm", "--data", data, "M-0002")
    assert done.exit_code == 0, done.output
    assert "M-0002" not in done.output
    assert "M-0003" in done.output
    forget_codes(back)
    assert back.visitor().sign_in("coordination", PASSPHRASE, current_code()).status_code == 302
    assert back.visitor().sign_in("maire", PASSPHRASE, current_code()).status_code == 403
    back.close()


# --- what is refused ------------------------------------------------------------------------


def _nothing_came(answer, data: Path, said: str) -> None:
    assert answer.exit_code == 1, answer.output
    assert said in answer.output
    assert "Traceback" not in answer.output
    assert not data.exists()
    assert not list(data.parent.glob(f".{data.name}*"))


def test_the_wrong_key_a_cut_and_a_changed_file(kept: Backup, tmp_path: Path) -> None:
    data, other = tmp_path / "r", tmp_path / "autre.cle"
    keys.write(other, keys.KeyPair.generate())
    wrong = run("backup", "restore", kept.path, "--key", other, "--data", data)
    _nothing_came(wrong, data, "n’ouvre pas cette sauvegarde")
    no_key = run("backup", "restore", kept.path, "--key", kept.path, "--data", data)
    _nothing_came(no_key, data, "n’est pas une clé d’opérateur")
    for name, raw in {
        "coupee": kept.raw[:-1],
        "moitie": kept.raw[: len(kept.raw) // 2],
        "changee": kept.raw[:-40] + bytes(1) + kept.raw[-39:],
    }.items():
        path = tmp_path / name
        path.write_bytes(raw)
        answer = run("backup", "restore", path, "--key", kept.key, "--data", data)
        _nothing_came(answer, data, "abîmée, tronquée ou modifiée")
        verified = run("backup", "verify", path, "--key", kept.key, "--scratch", tmp_path)
        assert verified.exit_code == 1
        assert not list(tmp_path.glob("casework-verification-*"))


def test_what_a_killed_verification_left_is_removed_by_the_next(
    kept: Backup, tmp_path: Path
) -> None:
    place, elsewhere = tmp_path / "ici", tmp_path / "ailleurs"
    for folder in (place, elsewhere, place / "casework-verification-mort"):
        folder.mkdir()
    for folder in (elsewhere, place / "casework-verification-mort"):
        (folder / KEY_FILE).write_bytes(b"cle")
    (place / "casework-verification-lien").symlink_to(elsewhere)
    verify = ("backup", "verify", kept.path, "--key", kept.key, "--scratch", place)
    with held(place / "casework-verification-mort", alone=True):  # it is not dead yet
        assert run(*verify).exit_code == 0
        assert (place / "casework-verification-mort" / KEY_FILE).exists()
    assert run(*verify).exit_code == 0
    assert [path.name for path in place.iterdir()] == ["casework-verification-lien"]
    assert (elsewhere / KEY_FILE).read_bytes() == b"cle"


def test_nothing_is_written_over(kept: Backup, tmp_path: Path, empty_url: EngineUrl) -> None:
    data = tmp_path / "r"
    data.mkdir()
    (data / "notes.txt").write_text("à garder")
    answer = _restore(kept, data)
    assert answer.exit_code == 1
    assert "n’est pas vide" in answer.output
    assert [path.name for path in data.iterdir()] == ["notes.txt"]
    url = empty_url("postgresql")
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes (id integer)"))
    answer = _restore(kept, tmp_path / "autre", "--database", url)
    _nothing_came(answer, tmp_path / "autre", "La base n’est pas vide")
    with database.engine.connect() as connection:
        found = text("SELECT table_name FROM information_schema.tables WHERE table_schema='public'")
        assert connection.execute(found).scalars().all() == ["notes"]
    database.engine.dispose()


def test_a_newer_schema_is_left_to_the_newer_program(kept: Backup, tmp_path: Path) -> None:
    path = tmp_path / "neuve"
    _rewritten(kept, path, revision="9999")
    answer = run("backup", "restore", path, "--key", kept.key, "--data", tmp_path / "r")
    _nothing_came(answer, tmp_path / "r", "vient d’une version plus récente")


def _rewritten(kept: Backup, path: Path, **about: object) -> None:
    """A backup its own instance made and signed, with another header."""
    from dataclasses import replace

    source = BytesIO(kept.raw)
    header = container.read_header(source)
    with path.open("w+b") as file:
        writer = Writer(file, replace(header.about, **about), {keys.OPERATOR: OPERATOR.public})
        out = Recorder(writer)
        records = container.content(source, header, file_key(kept.raw))
        from casework.backup.records import Records

        found = Records(records)
        for name, mode, piece in found.files():
            out.file(name, mode, piece)
        for name, columns, rows in found.tables():
            out.table(name, columns)
            for row in rows:
                out.row(row)
        out.end(kept.instance.signing_key)


def test_another_instance_s_content_is_refused(kept: Backup, tmp_path: Path) -> None:
    path = tmp_path / "autre"
    _rewritten(kept, path, origin="casework/0123456789abcdef")
    answer = run("backup", "restore", path, "--key", kept.key, "--data", tmp_path / "r")
    _nothing_came(answer, tmp_path / "r", "d’une autre instance")


# --- what an auditor sees --------------------------------------------------------------------


def _checkpoint(instance: Instance, path: Path, more: int = 0) -> Path:
    database = Database(instance.database, instance.binding)
    event = Event.now(actor="M-0001", action="home:read", outcome=Outcome.AUTORISE)
    for _ in range(more):
        instance.journal.record(database.engine, event)
    with database.write() as session:
        note = instance.journal.checkpoint(session.connection(), Reason.DEMANDE)
        session.commit()
    database.engine.dispose()
    path.write_text(note, encoding="utf-8")
    return path


def test_a_kept_checkpoint_refuses_what_is_older(instance: Instance, tmp_path: Path) -> None:
    before = _checkpoint(instance, tmp_path / "avant.txt")
    backup = backup_of(instance, tmp_path)
    after = _checkpoint(instance, tmp_path / "apres.txt", more=3)
    data = tmp_path / "r"
    _nothing_came(_restore(backup, data, "--since", after), data, "plus ancienne que ce que vous")
    verified = run("backup", "verify", backup.path, "--key", backup.key, "--since", after)
    assert verified.exit_code == 1
    answer = _restore(backup, data, "--since", before)
    assert answer.exit_code == 0, answer.output

    # Restored without it, the loss stays visible whoever keeps the later checkpoint.
    shorter = run("audit", "verify", "--data", data, "--since", after)
    assert shorter.exit_code == 1
    assert "n’en compte plus que" in shorter.output
    assert "dit une restauration" in shorter.output
    _checkpoint(load(data), tmp_path / "neuf.txt", more=10)
    grown = run("audit", "verify", "--data", data, "--since", after)
    assert grown.exit_code == 1
    assert "ce ne sont plus les mêmes" in grown.output
    assert "dit une restauration" in grown.output
    exported = tmp_path / "journal.jsonl"
    assert run("audit", "export", "--data", data, exported).exit_code == 0
    offline = run("audit", "verify", exported, "--since", after)
    assert offline.exit_code == 1
    assert "dit une restauration" in offline.output
    assert run("audit", "verify", "--data", data, "--since", tmp_path / "neuf.txt").exit_code == 0


def test_a_checkpoint_of_a_rewritten_past_refuses_it(instance: Instance, tmp_path: Path) -> None:
    """As old as it should be, and not the same journal: the key was used to write another one."""
    fork = tmp_path / "fourche"
    shutil.copytree(instance.data, fork)
    kept_note = _checkpoint(load(fork), tmp_path / "vrai.txt", more=2)
    _checkpoint(instance, tmp_path / "faux.txt", more=5)
    backup = backup_of(instance, tmp_path)
    data = tmp_path / "r"
    answer = _restore(backup, data, "--since", kept_note)
    _nothing_came(answer, data, "ce ne sont plus les mêmes")


# --- erasures made since ---------------------------------------------------------------------


def test_erasures_are_made_again_and_the_unknown_ones_stop_it(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = backup_of(instance, tmp_path)
    size = backup.made.about.entries
    lines = [
        {"kind": "essai", "id": "12", "seq": size + 4},
        {"kind": "essai", "id": "11", "seq": size - 1},
    ]
    file = tmp_path / "effacements.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    data = tmp_path / "r"
    _nothing_came(_restore(backup, data, "--erasures", file), data, "ne sait pas effacer")
    done: list[erasures.Erasure] = []
    there = {"12", "11"}
    known = erasures.Kind(lambda _session, it: it.id in there, lambda _session, it: done.append(it))
    monkeypatch.setattr(erasures, "_known", {"essai": known})
    _nothing_came(_restore(backup, data, "--erasures", file), data, "la preuve ne tient pas")
    monkeypatch.setattr(certificate, "prove", lambda _line, keys: keys)
    for left, name in (({"12"}, "r"), ({"12", "11"}, "s")):  # before the backup, yet still in it
        there, done[:] = left, []
        answer = _restore(backup, tmp_path / name, "--erasures", file)
        assert answer.exit_code == 0, answer.output
        assert f"Effacements refaits : {len(left)}" in answer.output
        assert {it.id for it in done} == left
    for wrong in ("{}", '{"kind": "essai", "id": "x", "seq": 1}', '{"id": 1e999}', "[]"):
        file.write_text(wrong + "\n")
        assert "ligne 1" in _restore(backup, tmp_path / "t", "--erasures", file).output
    (tmp_path / "vide").mkdir()
    empty = _restore(backup, tmp_path / "t", "--erasures", tmp_path / "vide")
    assert "aucun certificat" in empty.output


# --- earlier releases ------------------------------------------------------------------------


@pytest.mark.parametrize("target", ENGINES)
def test_a_backup_of_an_earlier_release_is_brought_to_the_present(
    instance: Instance, target: str, tmp_path: Path, empty_url: EngineUrl
) -> None:
    database = Database(instance.database, instance.binding)
    backup_before = backup_of(instance, tmp_path)  # to keep the key
    assert backup_before.made.rows
    migrate.downgrade(database, "0017")
    database.engine.dispose()
    (tmp_path / "operateur.cle").unlink()
    backup = backup_of(instance, tmp_path)
    assert backup.made.about.revision == "0017"
    answer = _restore(backup, tmp_path / "r", "--database", empty_url(target))
    assert answer.exit_code == 0, answer.output
    assert run("db", "current", "--data", tmp_path / "r").exit_code == 0
    assert run("audit", "verify", "--data", tmp_path / "r").exit_code == 0
