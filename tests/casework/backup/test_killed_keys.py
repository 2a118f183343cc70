"""SIGKILL at random moments of a change of keys: all still open, and the same command ends it.

CASEWORK_KILLS says how many times for each command and database, as for backups.
"""

import pytest
from sqlalchemy import delete, select

from casework.db import Database
from casework.demo.accounts import PASSPHRASE
from casework.instance import Instance
from casework.instance import load as load_instance
from casework.members import renewal
from casework.members import service as members
from casework.rotation import instance as rotation
from casework.secret import BYTES
from casework.vault import store
from casework.vault.models import KeyRenewal, RecordWrap
from casework.vault.passphrase import unlock
from tests.casework.backup.conftest import run
from tests.casework.backup.test_killed import Killer, rounds
from tests.casework.people import reference_of

BOTH = pytest.mark.parametrize("instance", ["sqlite", "postgresql"], indirect=True)


@BOTH
def test_a_change_of_the_instance_s_keys(instance: Instance) -> None:
    data = instance.data

    def act() -> None:
        answer = run("key", "instance", "--data", data)
        assert answer.exit_code == 0, answer.output

    killer = Killer(act, seed=5)
    killer.finish()
    for kills in rounds():
        for _ in range(kills):
            killer.kill()
            _is_bound(load_instance(data))
        killer.finish()
        _is_bound(load_instance(data))
        assert len((data / "journal.key").read_bytes()) == BYTES
        assert not list(data.glob("*.suivante"))
    assert run("audit", "verify", "--data", data).exit_code == 0


def _is_bound(instance: Instance) -> None:
    """Every row is this instance's, and the journal goes on."""
    database = Database(instance.database, instance.binding)
    with database.read() as session:
        count = rotation.rebind(session, instance.binding, instance.binding)
        assert count > 30
        found = members.login_digest(instance, "coordination@port-miran.example")
        assert found in {row.login for row in members.everyone(session)}
    database.engine.dispose()
    assert run("audit", "checkpoint", "--data", instance.data).exit_code == 0


@BOTH
def test_the_renewal_of_a_compartment(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal.advance, "__defaults__", (2,))  # many batches to die between
    data, who = instance.data, reference_of("administration")

    def act() -> None:
        answer = run(
            "key", "compartment", "--data", data, "ANNUAIRE", "--member", who, typed=PASSPHRASE
        )
        assert answer.exit_code == 0, answer.output

    database = Database(instance.database, instance.binding)
    with database.read() as session:
        row = members.by_reference(session, who)
        assert row
        key = unlock(row.locked_key or b"", PASSPHRASE, who)
    killer = Killer(act, seed=6)
    killer.finish()
    for kills in rounds():
        for _ in range(kills):
            killer.kill()
            _all_opens(database, key, who)
        killer.finish()
        _all_opens(database, key, who)
        with database.write() as session:
            assert session.scalars(select(KeyRenewal).filter_by(finished_at=None)).all() == []
            session.execute(delete(KeyRenewal))
            session.commit()
        database.engine.dispose()
    assert run("audit", "verify", "--data", data).exit_code == 0


def _all_opens(database: Database, key, who: str) -> None:
    with database.read() as session:
        keys = store.keyring_of(session, key, who)._keys
        held = select(RecordWrap.record).where(RecordWrap.compartment == "ANNUAIRE")
        records = set(session.scalars(held))
        assert len(records) > 15
        for record in records:
            assert keys.record_key(record, store.wraps_of(session, record), "")
    database.engine.dispose()
