"""All that an instance keeps on its disk is replaced: everyone still enters, nobody else does."""

import inspect
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, text

from audit.journal import Reason
from casework import lock
from casework import secret as secrets
from casework.demo.members import MEMBERS
from casework.instance import load
from casework.mail import addresses
from casework.members import service as members
from casework.members.models import Member
from casework.rotation import instance as rotation
from casework.vault import binding
from casework.vault.errors import IntegrityError
from tests.casework.backup.conftest import backup_of, run
from tests.casework.people import forget_codes, reference_of
from tests.conftest import World

FILES = ("instance.key", "journal.key", "mail.key")


def _held(data: Path) -> dict[str, bytes]:
    return {name: (data / name).read_bytes() for name in FILES if (data / name).exists()}


def _note(world: World) -> str:
    with world.database.write() as session:
        note = world.instance.journal.checkpoint(session.connection(), Reason.DEMANDE)
        session.commit()
    return note


def test_everything_goes_on_under_other_keys(world: World, tmp_path: Path) -> None:
    data, coordinator = world.instance.data, world.coordinator()
    dpo = reference_of("dpo")
    before, kept = _held(data), tmp_path / "avant.txt"
    kept.write_text(_note(world))
    backup = backup_of(world.instance, tmp_path)
    with world.database.read() as session:
        address = addresses.unattended(session, world.instance, [dpo])
    assert address
    for times in (1, 2):
        answer = run("key", "instance", "--data", data)
        assert answer.exit_code == 0, answer.output
        assert f"changée {times} fois" in run("key", "list", "--data", data).output
    after = _held(data)
    assert before.keys() <= after.keys()
    assert not {*before.values()} & {*after.values()}
    assert not list(data.glob("*.suivante")) + list(data.glob("*.partial"))
    old = before["instance.key"]
    assert not [name for name, raw in after.items() if old in raw], "the old secret is gone"

    assert coordinator.get("/").status_code in {302, 401}, "sessions are closed"
    again = World(load(data))
    forget_codes(again)
    assert again.instance.origin == world.instance.origin
    for who in MEMBERS[:4]:
        assert again.visitor().sign_in(who.key).status_code == 302, who.key
    forget_codes(again)
    assert again.visitor("coordination").get("/cellules/CCTP/situations").status_code == 200
    with again.database.read() as session:
        assert addresses.unattended(session, again.instance, [dpo]) == address
        member = session.scalars(select(Member).limit(1)).one()
        said = binding.holder(member.reference, member.public_key or b"")
        with pytest.raises(IntegrityError):  # what the old key would bind is a forgery now
            world.instance.binding.check(member.bound, "x", "x", *said)
        logins = {row.login for row in session.scalars(select(Member))}
    assert members.login_digest(world.instance, MEMBERS[0].login) not in logins
    again.close()

    verified = run("audit", "verify", "--data", data, "--since", kept)
    assert verified.exit_code == 0, verified.output
    place = tmp_path / "apres"
    place.mkdir()
    late = backup_of(load(data), place)
    assert run("backup", "verify", late.path, "--key", late.key).exit_code == 0
    early = run("backup", "restore", backup.path, "--key", backup.key, "--data", tmp_path / "r")
    assert early.exit_code == 0, early.output


def test_every_kind_of_binding_is_made_again() -> None:
    """A kind added to the vault, and forgotten here, would be a forgery after the change."""
    kinds = {
        name
        for name, made in inspect.getmembers(binding, inspect.isfunction)
        if made.__module__ == binding.__name__ and not name.startswith("_")
    } - {"binding_of"}
    source = inspect.getsource(rotation)
    assert kinds == {name for name in kinds if f"binding.{name}" in source}


def test_a_forged_row_is_not_made_genuine(small_world: World) -> None:
    with small_world.database.write() as session:
        session.execute(text("UPDATE grant_key SET bound = x'00' WHERE member = 'M-0002'"))
        session.commit()
    before = _held(small_world.instance.data)
    answer = run("key", "instance", "--data", small_world.instance.data)
    assert answer.exit_code == 1
    assert "M-0002" in answer.output
    assert "n’a pas été écrite par cette instance" in answer.output
    assert _held(small_world.instance.data) == before


def test_not_while_it_is_served(small_world: World) -> None:
    data = small_world.instance.data
    with lock.held(data, alone=False):
        answer = run("key", "instance", "--data", data)
        assert run("backup", "make", "--data", data, "--to", data / "b").exit_code == 1
    assert "en service" in answer.output
    with lock.held(data, alone=True):
        made = run("backup", "make", "--data", data, "--to", data / "b")
    assert "change de base, de version ou de clé" in made.output


@pytest.mark.parametrize("stopped", ["before", "after"])
def test_cut_short_the_base_says_which_key_is_in_use(
    seeded_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: str
) -> None:
    """Just before the transaction ends, and just after: the two sides of the only moment."""
    from sqlalchemy.orm import Session

    data = tmp_path / "i"
    shutil.copytree(seeded_sqlite, data)
    old = load(data)
    place = Session if stopped == "before" else secrets
    with monkeypatch.context() as broken:
        broken.setattr(place, "commit" if stopped == "before" else "settle", _stop)
        with pytest.raises(KeyboardInterrupt):
            _rotate(data)
    assert list(data.glob("*.suivante"))
    now = load(data)
    assert (now.secret != old.secret) == (stopped == "after")
    world = World(now)
    assert world.visitor().sign_in("coordination").status_code == 302
    world.close()
    _rotate(data)
    assert len((data / "journal.key").read_bytes()) == secrets.BYTES
    assert not list(data.glob("*.suivante"))
    assert run("audit", "verify", "--data", data).exit_code == 0


def _rotate(data: Path) -> None:
    from casework.db import Database

    instance = load(data)
    database = Database(instance.database, instance.binding)
    try:
        rotation.rotate(instance, database)
    finally:
        database.engine.dispose()


def _stop(*_given: object) -> None:
    raise KeyboardInterrupt


def test_without_its_journal_key_a_changed_instance_says_what_to_do(small_world: World) -> None:
    data = small_world.instance.data
    assert run("key", "instance", "--data", data).exit_code == 0
    (data / "journal.key").unlink()
    answer = run("key", "list", "--data", data)
    assert "journal.key manque" in answer.output


def test_the_operator_is_bound_again(small_world: World, tmp_path: Path) -> None:
    made = tmp_path / "op.cle"
    data = small_world.instance.data
    assert run("backup", "key", "--data", data, "--output", made).exit_code == 0
    assert run("key", "instance", "--data", data).exit_code == 0
    done = run("backup", "make", "--data", data, "--to", tmp_path / "b")
    assert done.exit_code == 0, done.output
