"""A member's own key, a compartment's and the recovery kit's, replaced from the command line."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.demo.accounts import PASSPHRASE
from casework.members import service as members
from casework.members.models import Member
from casework.members.public_keys import public_key_of
from casework.signin import recovery_codes
from casework.vault import recovery, store
from casework.vault.errors import IntegrityError
from casework.vault.models import CompartmentVersion, Grant
from casework.vault.passphrase import unlock
from tests.casework.backup.conftest import run
from tests.casework.people import forget_codes, reference_of
from tests.conftest import World

OTHER = "brume oursin lavande échelle goudron"


def _member(world: World, reference: str) -> Member:
    with world.database.read() as session:
        found = members.by_reference(session, reference)
    assert found
    return found


def test_a_member_s_key_is_replaced_and_all_stays_readable(world: World) -> None:
    data, who = world.instance.data, reference_of("coordination")
    world.coordinator()
    row = _member(world, who)
    old = unlock(row.locked_key or b"", PASSPHRASE, who)
    with world.database.write() as session:
        recovery_codes.renew(session, who, old)
        session.commit()
    command = ("key", "member", "--data", data, who)
    wrong = run(*command, typed="pas la bonne\n")
    assert "n’est pas la bonne" in wrong.output
    weak = run(*command, typed=f"{PASSPHRASE}\nsoleil123\nsoleil123\n")
    assert "trop facile à deviner" in weak.output
    assert _member(world, who).public_key == row.public_key, "nothing half done"
    done = run(*command, typed=f"{PASSPHRASE}\n{OTHER}\n{OTHER}\n")
    assert done.exit_code == 0, done.output
    codes = re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", done.output)
    assert len(codes) == recovery_codes.HOW_MANY

    assert world.visitor("coordination").get("/").status_code in {302, 401}
    forget_codes(world)
    assert world.visitor().sign_in("coordination", PASSPHRASE).status_code == 401
    fresh = world.visitor()
    assert fresh.sign_in("coordination", OTHER, code=codes[3]).status_code == 302
    for cell in ("CCTP", "GSP"):
        assert fresh.get(f"/cellules/{cell}/situations").status_code == 200
    assert "coordination@port-miran.example" in fresh.get("/mon-compte/courriel").text
    forget_codes(world)
    assert world.visitor().sign_in("coordination", OTHER).status_code == 302, "the application too"

    with world.database.read() as session:
        sealed = session.scalars(select(Grant).where(Grant.member == who)).all()
        assert sealed
        keyring = store.keyring_of(session, old, who)
        for grant in sealed:
            with pytest.raises(IntegrityError):
                keyring._keys.compartment(grant.compartment, grant.version)


def test_a_cell_s_key_is_replaced_by_one_of_its_holders(small_world: World) -> None:
    data, who = small_world.instance.data, reference_of("coordination")
    small_world.coordinator()
    unknown = run("key", "compartment", "--data", data, "NULLE", "--member", who)
    assert "CCTP" in unknown.output
    done = run("key", "compartment", "--data", data, "cctp", "--member", who, typed=PASSPHRASE)
    assert done.exit_code == 0, done.output
    assert "CCTP : version 2" in run("key", "list", "--data", data).output.replace("\u00a0", " ")
    assert small_world.visitor("maire").sign_charter("CCTP").status_code == 302
    page = small_world.visitor("coordination").get("/cellules/CCTP/situations")
    assert page.status_code == 200


def test_whoever_is_suspended_is_left_out_of_the_next_key(small_world: World) -> None:
    data, who, out = small_world.instance.data, reference_of("pjj"), reference_of("coordination")
    small_world.visitor("pjj").sign_charter("GSP")
    visitor = small_world.coordinator()
    assert run("member", "suspend", "--data", data, out).exit_code == 0
    assert visitor.get("/cellules/GSP/situations").location == "/connexion"
    done = run("key", "compartment", "--data", data, "GSP", "--member", who, typed=PASSPHRASE)
    assert done.exit_code == 0, done.output
    with small_world.database.read() as session:
        assert out not in store.holders(session)["GSP"]
        assert who in store.holders(session)["GSP"]
    again = run("key", "compartment", "--data", data, "GSP", "--member", out, typed=PASSPHRASE)
    assert "est suspendu" in again.output
    assert run("member", "confirm", "--data", data, "M-0001").exit_code == 1
    assert run("member", "confirm", "--data", data, out).exit_code == 0
    forget_codes(small_world)
    assert small_world.visitor().sign_in("coordination").status_code == 302


def _parts(printed: str) -> list[str]:
    return re.findall(r"^Part \d : (.+)$", printed.replace("\u00a0", " "), re.MULTILINE)


def _two(parts: list[str]) -> list[str]:
    return [word for part in parts[:2] for word in ("--part", part)]


def test_a_new_kit_opens_everything_at_once_with_the_old_shares(tmp_path: Path) -> None:
    data = tmp_path / "i"
    answers = "\n".join(["racine@port-miran.example", "Julien", "Gomes", OTHER, OTHER, ""])
    first = _parts(run("init", "--data", data, "--commune", "Port-Miran", typed=answers).output)
    command = ("key", "kit", "--data", data)
    declined = run(*command, *_two(first), typed="non\n")
    assert "Rien n’est changé" in declined.output
    assert run("member", "rehearse", "--data", data, *_two(first)).exit_code == 0
    wrong = run(*command, *_two(_parts(declined.output)), typed="oui\n")
    assert "d’une autre instance" in wrong.output
    done = run(*command, *_two(first), typed="oui\n")
    assert done.exit_code == 0, done.output
    second = _parts(done.output)
    assert "d’une autre instance" in run("member", "rehearse", "--data", data, *_two(first)).output
    assert run("member", "rehearse", "--data", data, *_two(second)).exit_code == 0
    _opens(data, second, {"ANNUAIRE"})

    lost = run(*command, "--lost", typed="oui\n")
    assert "qu’une fois renouvelées" in lost.output
    third = _parts(lost.output)
    assert "hors du kit" in run("key", "list", "--data", data).output
    said = run("member", "recover", "M-0001", "--data", data, *_two(third))
    assert "ne l’ouvre pas" in said.output
    assert "Renouvelez d’abord" in run(*command, *_two(third), typed="oui\n").output
    renewed = run(
        "key", "compartment", "--data", data, "ANNUAIRE", "--member", "M-0001", typed=OTHER
    )
    assert renewed.exit_code == 0, renewed.output
    assert "hors du kit" not in run("key", "list", "--data", data).output
    _opens(data, third, {"ANNUAIRE"})
    assert run("key", "instance", "--data", data).exit_code == 0
    assert run("member", "rehearse", "--data", data, *_two(third)).exit_code == 0


def _opens(data: Path, parts: list[str], codes: set[str]) -> None:
    from casework.db import Database
    from casework.instance import load

    instance = load(data)
    database = Database(instance.database, instance.binding)
    pair = recovery.combine(parts[:2])
    with database.read() as session:
        for row in session.scalars(select(CompartmentVersion)):
            store.check_version(session, row)
            assert pair.open(row.recovery, store.recovery_context(row.compartment, row.version))
        assert codes <= set(store.holders(session))
        first = members.by_reference(session, "M-0001")
        assert first
        assert public_key_of(session, first)
    database.engine.dispose()
