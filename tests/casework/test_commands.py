"""The `casework` command: installing, inviting, recovering, upgrading, serving."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text

from audit.query import search
from casework import migrate
from casework.db import Database
from casework.demo.accounts import PASSPHRASE
from casework.demo.members import MEMBERS
from casework.instance import DATABASE_FILE, KEY_FILE, load
from casework.members.founding import recovery_key
from casework.members.service import DIRECTORY
from casework.vault import renewal
from tests.casework.commands import INVITED, WORDS, run

ANSWERS = "\n".join(["racine@port-miran.example", "Julien", "Gomes", WORDS, WORDS, ""])


def init(data: Path) -> Result:
    return run("init", "--data", data, "--commune", "Port-Miran", typed=ANSWERS)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An instance made by `init`, and what it printed."""
    data = tmp_path_factory.mktemp("installed") / "data"
    result = init(data)
    assert result.exit_code == 0, result.output
    return data, result.output


@pytest.fixture
def demo(seeded_sqlite: Path, tmp_path: Path) -> Path:
    data = tmp_path / "demo"
    shutil.copytree(seeded_sqlite, data)
    return data


def _parts(printed: str) -> list[str]:
    return re.findall(r"^Part \d : (.+)$", printed, re.MULTILINE)


def test_help_lists_the_commands() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in ("init", "demo", "serve", "member", "audit", "db"):
        assert re.search(rf"^  {command} ", result.output, re.MULTILINE)


def test_init_asks_and_shows_three_shares(installed: tuple[Path, str]) -> None:
    _, printed = installed
    assert "Identifiant du premier administrateur" in printed
    parts = _parts(printed)
    assert len(parts) == len(set(parts)) == 3
    assert WORDS not in printed


def test_the_shares_are_nowhere_in_the_folder(installed: tuple[Path, str]) -> None:
    data, printed = installed
    secrets = [*_parts(printed), WORDS, "racine@port-miran.example", "Gomes"]
    for file in (found for found in data.rglob("*") if found.is_file()):
        content = file.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content], file


def test_the_instance_key_is_for_its_owner_only(installed: tuple[Path, str]) -> None:
    data, _ = installed
    assert (data / KEY_FILE).stat().st_mode & 0o077 == 0


def test_a_second_init_is_refused_and_changes_nothing(installed: tuple[Path, str]) -> None:
    data, _ = installed
    before = (data / KEY_FILE).read_bytes()
    result = init(data)
    assert result.exit_code != 0
    assert "contient déjà une instance" in result.output
    assert not _parts(result.output)
    assert (data / KEY_FILE).read_bytes() == before


def test_an_easy_passphrase_is_refused(tmp_path: Path) -> None:
    easy = ANSWERS.replace(WORDS, "soleil123")
    result = run("init", "--data", tmp_path / "x", "--commune", "Port-Miran", typed=easy)
    assert result.exit_code != 0
    assert "trop facile à deviner" in result.output
    assert not _parts(result.output)


def test_demo_shows_its_accounts_again(demo: Path) -> None:
    result = run("demo", "--data", demo)
    assert result.exit_code == 0
    assert "coordination@port-miran.example" in result.output
    assert PASSPHRASE in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "verify"),
        ("audit", "checkpoint"),
        ("audit", "prove", "0"),
        ("audit", "export", "journal.jsonl"),
        ("audit", "expire"),
        ("audit", "period"),
        ("audit", "rotate-key"),
        ("db", "current"),
        ("db", "upgrade"),
        ("member", "list"),
        ("member", "recover", "M-0001"),
        ("serve",),
    ],
)
def test_a_folder_without_instance_is_said_in_french(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    result = run(*arguments, "--data", tmp_path / "nulle-part")
    assert result.exit_code == 1
    assert "Aucune instance dans" in result.output
    assert "Traceback" not in result.output


def test_members_are_listed_without_their_names(demo: Path) -> None:
    result = run("member", "list", "--data", demo)
    assert result.exit_code == 0
    assert re.search(r"^M-0001  actif  Administrateur technique$", result.output, re.MULTILINE)
    assert "Gomes" not in result.output


def test_a_login_is_given_once(demo: Path) -> None:
    invitation = ("member", "invite", "--data", demo, "--role", "pjj", "--cell", "GSP", *INVITED)
    assert run(*invitation).exit_code == 0
    again = run(*invitation)
    assert again.exit_code == 1
    assert "déjà utilisé" in again.output


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (("--role", "pjj", "--cell", "NULLE"), "n’existe pas"),
        (("--role", "pjj"), "ne vont pas ensemble"),
        (("--role", "dpo", "--cell", "GSP"), "ne vont pas ensemble"),
    ],
)
def test_an_impossible_mandate_is_refused(
    demo: Path, place: tuple[str, ...], sentence: str
) -> None:
    result = run("member", "invite", "--data", demo, *place, *INVITED)
    assert result.exit_code == 1
    assert sentence in result.output
    assert f"M-{len(MEMBERS) + 1:04d}" not in run("member", "list", "--data", demo).output


def test_two_shares_give_the_keys_back(installed: tuple[Path, str], tmp_path: Path) -> None:
    """The administrator lost nothing but shows the way: the directory's grant is taken away."""
    source, printed = installed
    data = tmp_path / "data"
    shutil.copytree(source, data)
    database = Database(load(data).database, load(data).binding)
    with database.write() as session:
        session.execute(text("DELETE FROM grant_key"))
        session.commit()
    first, _, third = _parts(printed)
    recover = ("member", "recover", "M-0001", "--data", data)

    one = run(*recover, "--part", first, "--part", first)
    assert one.exit_code == 1
    assert "n’ouvrent rien" in one.output
    wrong = run(*recover, "--part", first, "--part", third.replace(third.split()[5], "academic"))
    assert wrong.exit_code == 1

    result = run(*recover, "--part", first, "--part", third)
    assert result.exit_code == 0, result.output
    assert "ANNUAIRE" in result.output
    with database.read() as session:
        query = "SELECT member, compartment FROM grant_key"
        assert session.execute(text(query)).all() == [("M-0001", "ANNUAIRE")]
    database.engine.dispose()
    unknown = run("member", "recover", "M-9999", "--data", data, "--part", first, "--part", third)
    assert unknown.exit_code == 1
    assert "n’est pas un membre actif" in unknown.output


def test_the_shares_of_another_instance_are_refused(
    installed: tuple[Path, str], demo: Path
) -> None:
    first, second, _ = _parts(installed[1])
    result = run("member", "recover", "M-0001", "--data", demo, "--part", first, "--part", second)
    assert result.exit_code == 1
    assert "autre instance" in result.output


def test_a_rehearsal_proves_the_kit_and_opens_nothing(
    installed: tuple[Path, str], tmp_path: Path, demo: Path
) -> None:
    source, printed = installed
    data = tmp_path / "data"
    shutil.copytree(source, data)
    database = Database(load(data).database, load(data).binding)
    with database.read() as session:
        before = session.execute(text("SELECT * FROM grant_key")).all()
    _, second, third = _parts(printed)
    shares = ("--part", second, "--part", third)

    result = run("member", "rehearse", "--data", data, *shares)
    assert result.exit_code == 0, result.output
    assert "reforment la clé de secours" in result.output
    with database.read() as session:
        assert session.execute(text("SELECT * FROM grant_key")).all() == before
        assert search(session.connection(), action="member:rehearse")[0].actor == "systeme"
    database.engine.dispose()

    same = run("member", "rehearse", "--data", data, "--part", second, "--part", second)
    assert same.exit_code == 1
    other = run("member", "rehearse", "--data", demo, *shares)
    assert "autre instance" in other.output


def test_recovery_gives_the_keys_in_use_each_once(
    installed: tuple[Path, str], tmp_path: Path
) -> None:
    """While a key is renewed, both versions still open something."""
    source, printed = installed
    data = tmp_path / "data"
    shutil.copytree(source, data)
    database = Database(load(data).database, load(data).binding)
    with database.write() as session:
        renewal.begin(session, DIRECTORY, {}, recovery_key(session), 0)
        session.commit()
    first, second, _ = _parts(printed)
    recover = ("member", "recover", "M-0001", "--data", data, "--part", first, "--part", second)
    result = run(*recover)
    assert result.output.count("ANNUAIRE") == 1
    with database.read() as session:
        assert session.execute(text("SELECT version FROM grant_key ORDER BY version")).all() == [
            (1,),
            (2,),
        ]
    database.engine.dispose()
    assert "rien de plus" in run(*recover).output


def test_a_role_held_by_an_act_asks_for_it(demo: Path) -> None:
    place = ("--role", "elu_delegue", "--cell", "CCTP")
    result = run("member", "invite", "--data", demo, *place, *INVITED)
    assert result.exit_code == 1
    assert "l’arrêté de délégation" in result.output
    acte = ("--acte", "Arrêté n° 12")
    assert run("member", "invite", "--data", demo, *place, *acte, *INVITED).exit_code == 0


def test_an_old_schema_is_said_and_upgraded(demo: Path) -> None:
    assert run("db", "current", "--data", demo).exit_code == 0
    for suffix in ("", "-wal", "-shm"):
        (demo / f"{DATABASE_FILE}{suffix}").unlink(missing_ok=True)
    stale = run("db", "current", "--data", demo)
    assert stale.exit_code == 1
    assert "vide" in stale.output
    refused = run("member", "list", "--data", demo)
    assert refused.exit_code == 1
    assert "casework db upgrade" in refused.output
    upgraded = run("db", "upgrade", "--data", demo)
    assert upgraded.exit_code == 0
    database = Database(load(demo).database, load(demo).binding)
    assert migrate.current(database) == migrate.latest()
    database.engine.dispose()
    assert run("db", "current", "--data", demo).exit_code == 0


def test_clear_text_is_served_on_the_loopback_only(demo: Path) -> None:
    result = run("serve", "--data", demo, "--host", "0.0.0.0")  # noqa: S104 - it is refused
    assert result.exit_code == 1
    assert "127.0.0.1" in result.output


def test_a_base_that_refuses_is_said_in_a_sentence(seeded_sqlite: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(seeded_sqlite, data)
    (data / DATABASE_FILE).write_bytes(b"rien " * 400)
    for command in (("member", "list"), ("daily",), ("audit", "expire")):
        answer = run(*command, "--data", data)
        assert answer.exit_code == 1
        assert "Error: La base refuse" in answer.output
        assert "Traceback" not in answer.output
