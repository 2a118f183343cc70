"""After an erasure, nothing that is left gives the words back: not the disk, not every passphrase
together, not the recovery words, nor yesterday's backup once it is restored and replayed."""

import json
import os
import signal
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, inspect, select, text
from sqlalchemy import update as change

from casework.backup.container import BackupError
from casework.backup.erasures import read
from casework.db import Database
from casework.deposits.models import Deposit
from casework.hanging import hanging, rows_of
from casework.instance import load
from casework.retention import bordereau, job, service
from casework.retention.models import Erasure
from casework.seances.models import UrgentRequest
from casework.situations.models import Situation
from casework.vault.aead import open_sealed
from casework.vault.errors import IntegrityError
from casework.vault.keyring import wrap_place
from casework.vault.models import RecordWrap
from casework.web.access import today
from tests.casework.backup.conftest import backup_of, run
from tests.casework.canary import Typist
from tests.casework.canary_situation import around
from tests.casework.departed import Departed, everyone
from tests.casework.retention.commune import agree, dated, new, row_of
from tests.conftest import World

MONTHS_AGO = today() - timedelta(days=100)


def _whole(world: World) -> str:
    """A situation with all that may hang on it, months after its end."""
    reference = new(world)
    page = f"/situations/{reference}"
    around(Typist(world), world.coordinator(), page, f"{today():%d/%m/%Y}")
    dated(world, reference, closed_on=MONTHS_AGO)
    return reference


def _sealed(world: World, id_: int) -> set[bytes]:
    """Every sealed value of a situation, its keys and facets included, as the disk holds them."""
    found: set[bytes] = set()
    root = Situation.__table__
    with world.database.read() as session:
        records = [id_]
        for table in hanging(root):
            held = session.execute(select(table).where(rows_of(table, root, id_))).mappings().all()
            records += [row["id"] for row in held if "id" in row]
            blobs = [c.name for c in table.c if isinstance(c.type, LargeBinary)]
            found |= {bytes(row[name]) for row in held for name in blobs if row[name]}
        wraps = select(RecordWrap.sealed).where(RecordWrap.record.in_(records))
        keys = set(session.scalars(wraps))
        assert len(keys) > 1  # of the situation, and of its file
    return {blob for blob in found if len(blob) > 40} | keys


def _disk(world: World) -> bytes:
    """The bytes of the database, as whoever takes the disk reads them."""
    if world.database.url.get_backend_name() == "sqlite":
        files = [path for path in world.instance.data.rglob("*") if path.is_file()]
        return b"".join(path.read_bytes() for path in files)
    tables = inspect(world.database.engine).get_table_names()
    with world.database.engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        return b"".join(
            bytes(connection.execute(text(f"SELECT pg_read_binary_file({path})")).scalar_one())
            for path in (f"pg_relation_filepath('\"{name}\"')" for name in tables)
        )


def test_the_disk_and_every_passphrase_give_nothing_back(world: World) -> None:
    agree(world)
    reference = _whole(world)
    number = row_of(world, reference).id
    sealed = _sealed(world, number)
    assert any(blob in _disk(world) for blob in sealed)
    assert reference in _opened_by_all(world, number)

    answer = run("retention", "run", "--data", world.instance.data)
    assert answer.exit_code == 0, answer.output
    assert row_of(world, reference) is None
    left = _disk(world)
    assert [blob for blob in sealed if blob in left] == []
    assert _opened_by_all(world, number) == ""
    assert world.coordinator().get(f"/situations/{reference}").status_code == 404
    with world.database.read() as session:
        assert session.get_one(Erasure, number).scrubbed


def _opened_by_all(world: World, number: int) -> str:
    """What the members together, each with their passphrase, open of a situation on this disk.
    The recovery words give the same secrets of compartments, and no more."""
    secrets: dict = {}
    with world.database.read() as session:
        for reference, key in everyone(world).values():
            thief = Departed(reference, key, secrets)
            thief.remember(session)
        row = session.get(Situation, number)
        wraps = session.scalars(select(RecordWrap).filter_by(record=number)).all()
    for (code, version), secret in secrets.items():
        for wrap in wraps:
            place = wrap_place(number, code, version)
            with suppress(IntegrityError):
                assert open_sealed(secret.wrap, wrap.sealed, place)
                return row.reference
    return ""


def test_yesterday_s_backup_restored_with_the_certificate_has_forgotten(
    small_world: World, tmp_path: Path
) -> None:
    world = small_world
    agree(world)
    reference = _whole(world)
    sealed = _sealed(world, row_of(world, reference).id)
    backup = backup_of(world.instance, tmp_path)
    given = tmp_path / "certificats"
    data = "--data", world.instance.data
    assert run("retention", "run", *data, "--certificates", given).exit_code == 0
    (certificate,) = given.iterdir()
    answer = run("retention", "check", *data, certificate)
    assert answer.exit_code == 0, answer.output
    assert "tous au journal" in answer.output

    came = tmp_path / "revenue"
    restoring = "backup", "restore", backup.path, "--key", backup.key, "--data", came
    line = json.loads(certificate.read_text().splitlines()[0])
    forged = tmp_path / "faux.jsonl"
    for change_of in ({"id": "1"}, {"seq": line["seq"] + 1}, {"proof": ""}, {"kind": "depot"}):
        forged.write_text(json.dumps(line | change_of) + "\n")
        assert run(*restoring, "--erasures", forged).exit_code == 1, change_of
        assert not came.exists()
        assert run("retention", "check", *data, forged).exit_code == 1, change_of
    answer = run(*restoring, "--erasures", certificate)
    assert answer.exit_code == 0, answer.output
    left = b"".join(path.read_bytes() for path in came.rglob("*") if path.is_file())
    assert [blob for blob in sealed if blob in left] == []

    # The restored instance numbers its bordereaux from the backup's: both certificates stay.
    before, there = certificate.read_text(), load(came)
    database = Database(there.database, there.binding)
    with database.write() as session:
        other = session.scalars(select(Situation.id)).first()
        session.execute(change(Situation).filter_by(id=other).values(closed_on=MONTHS_AGO))
        session.commit()
    database.engine.dispose()
    for _ in range(2):
        answer = run("retention", "run", "--data", came, "--certificates", given)
        assert answer.exit_code == 0, answer.output
    (second,) = set(given.iterdir()) - {certificate}
    assert certificate.read_text() == before
    assert [line.id for line in read(second)] == [str(other)]
    assert run("retention", "check", "--data", came, second).exit_code == 0


def test_killed_in_the_middle_the_same_command_finishes(world: World) -> None:
    """SIGKILL after the first erasures: what is done is done, nothing is half gone."""
    agree(world)
    with world.database.write() as session:
        session.execute(change(Situation).values(closed_on=MONTHS_AGO))
        total = session.query(Situation).count()
        session.commit()
    world.close()
    child = os.fork()
    if child == 0:
        _die_after(world, 3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with world.database.read() as session:
        left = session.query(Situation).count()
        assert left == total - 3
        assert session.query(Erasure).filter_by(scrubbed=False).count() == 3
    answer = run("retention", "run", "--data", world.instance.data)
    assert answer.exit_code == 0, answer.output
    with world.database.read() as session:
        assert session.query(Situation).count() == 0
        assert session.query(Erasure).filter_by(kind="situation").count() == total
        assert session.query(Erasure).filter_by(scrubbed=False).count() == 0
        assert len({row.disposal for row in session.query(Erasure)}) == 1
        for table in hanging(Situation.__table__):
            assert session.execute(select(table).limit(1)).first() is None, table.name
    assert run("audit", "verify", "--data", world.instance.data).exit_code == 0


def _die_after(world: World, count: int) -> None:
    done = []

    def told(step: job.Step) -> None:
        done.append(step)
        if len(done) == count:
            os.kill(os.getpid(), signal.SIGKILL)

    database = Database(world.instance.database, world.instance.binding)
    job.run(world.instance, database, today(), told)
    os._exit(0)


def test_without_the_agreement_what_is_due_is_withdrawn(small_world: World) -> None:
    world = small_world
    reference = _whole(world)
    for _ in range(2):
        answer = run("retention", "run", "--data", world.instance.data)
        assert answer.exit_code == 0, answer.output
    row = row_of(world, reference)
    assert row.archived_on == today()
    assert world.coordinator().get(f"/situations/{reference}").status_code == 403
    agree(world)
    dry = run("retention", "dry-run", "--data", world.instance.data)
    assert reference in dry.output
    assert row_of(world, reference) is not None, "a dry run changes nothing"
    assert run("retention", "run", "--data", world.instance.data).exit_code == 0
    assert row_of(world, reference) is None


def test_deposits_have_their_own_time(small_world: World) -> None:
    agree(small_world)
    with small_world.database.write() as session:
        row = session.scalars(select(Deposit).where(Deposit.answered_at.is_(None))).first()
        number, row.deposited_at = row.id, row.deposited_at - timedelta(days=420)
        session.commit()
    assert run("retention", "run", "--data", small_world.instance.data).exit_code == 0
    with small_world.database.read() as session:
        assert session.get(Deposit, number) is None
        assert session.scalars(select(RecordWrap).filter_by(record=number)).all() == []


def test_what_asked_for_an_urgent_seance_is_forgotten(small_world: World) -> None:
    """Its motive speaks of somebody, and hangs on no situation."""
    agree(small_world)
    member = small_world.visitor("education")
    for _ in range(2):
        asked = member.post("/cellules/CCTP/seances/urgence", {"motif": "Léa Benkacem, hier soir."})
        assert asked.status_code == 302
    with small_world.database.write() as session:
        waits, old = session.scalars(select(UrgentRequest).order_by(UrgentRequest.id.desc())).all()[
            :2
        ]
        old.answered_at = old.asked_at - timedelta(days=100)
        waits, old = waits.id, old.id
        session.commit()
    answer = run("retention", "run", "--data", small_world.instance.data)
    assert answer.exit_code == 0, answer.output
    with small_world.database.read() as session:
        assert session.get(UrgentRequest, old) is None
        assert session.scalars(select(RecordWrap).filter_by(record=old)).all() == []
        assert session.get(UrgentRequest, waits) is not None
        (told,) = session.scalars(select(Erasure)).all()
        (disposal, _), *_ = service.told(session)
        values = bordereau.values(session, disposal)
    assert (told.kind, told.cell) == ("urgence", "CCTP")
    assert [lot["nature"] for lot in values["lots"]] == ["Demandes de séance urgente"]


@pytest.mark.parametrize("content", ["{}\n", "pas du JSON\n", ""])
def test_a_file_that_is_no_certificate_is_refused(
    small_world: World, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "autre.jsonl"
    file.write_text(content)
    if content:
        with pytest.raises(BackupError):
            list(read(file))
    answer = run("retention", "check", "--data", small_world.instance.data, file)
    assert answer.exit_code == 1


def test_a_machine_whose_date_leaps_ahead_erases_nothing(small_world: World) -> None:
    """A wrong date would erase everything in one night; an entry written under it hides nothing."""
    agree(small_world)
    data = "--data", small_world.instance.data
    assert run("retention", "run", *data).exit_code == 0
    with small_world.database.write() as session:
        assert service.last_night(session) == today()
        service.record_night(session, today() - timedelta(days=32))
        session.commit()
    reference = new(small_world)
    dated(small_world, reference, closed_on=MONTHS_AGO)
    for command in (("retention", "run"), ("daily",)):
        refused = run(*command, *data)
        assert refused.exit_code == 1
        assert "--trust-date" in refused.output
        assert row_of(small_world, reference) is not None, command
    assert run("retention", "run", *data, "--trust-date").exit_code == 0
    assert row_of(small_world, reference) is None
    assert run("retention", "run", *data).exit_code == 0, "the date is known again"


def test_a_certificate_that_cannot_be_written_is_said_and_written_later(
    small_world: World, tmp_path: Path
) -> None:
    agree(small_world)
    dated(small_world, new(small_world), closed_on=MONTHS_AGO)
    (tmp_path / "fichier").write_text("")
    command = "retention", "run", "--data", small_world.instance.data, "--certificates"
    refused = run(*command, tmp_path / "fichier" / "dedans")
    assert refused.exit_code == 1
    assert "Le certificat ne s’écrit pas" in refused.output
    assert run(*command, tmp_path / "ici").exit_code == 0
    (made,) = (tmp_path / "ici").iterdir()
    assert len(list(read(made))) == 1
