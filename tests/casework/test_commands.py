"""The `casework` command, from `init` to `audit`, and an invitation taken up in a browser."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from audit import keyfile, prooffile
from audit.query import search
from audit.triggers import drop_statements
from casework import migrate
from casework.cli import main
from casework.db import Database
from casework.demo.accounts import PASSPHRASE
from casework.demo.members import MEMBERS
from casework.instance import DATABASE_FILE, KEY_FILE, load
from casework.members.founding import recovery_key
from casework.members.service import DIRECTORY
from casework.vault import renewal

WORDS = "brume oursin lavande échelle goudron"
ANSWERS = "\n".join(["racine@port-miran.example", "Julien", "Gomes", WORDS, WORDS, ""])


def run(*arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=typed)


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
    return re.findall(r"^Part \d : (.+)$", printed, re.MULTILINE)


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


INVITED = (
    *("--login", "ines@port-miran.example", "--prenom", "Inès", "--nom", "Caradec"),
    *("--fonction", "Éducatrice", "--institution", "Prévention spécialisée"),
)


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
    database = Database(load(data).database)
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
    database = Database(load(data).database)
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
    database = Database(load(data).database)
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


def test_verify_answers_by_its_exit_code(demo: Path, tmp_path: Path) -> None:
    assert run("audit", "verify", "--data", demo).exit_code == 0
    note = run("audit", "checkpoint", "--data", demo)
    assert note.exit_code == 0
    kept = tmp_path / "kept.txt"
    kept.write_text(note.output)
    assert run("audit", "verify", "--data", demo, "--since", kept).exit_code == 0

    database = Database(load(demo).database)
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
    database = Database(load(demo).database)
    assert migrate.current(database) == migrate.latest(database)
    database.engine.dispose()
    assert run("db", "current", "--data", demo).exit_code == 0


def test_clear_text_is_served_on_the_loopback_only(demo: Path) -> None:
    result = run("serve", "--data", demo, "--host", "0.0.0.0")  # noqa: S104 - it is refused
    assert result.exit_code == 1
    assert "127.0.0.1" in result.output


def _field(page: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1]


def test_an_invitation_from_the_link_to_the_first_reading(world) -> None:
    """Take up, sign in, sign the charter, be admitted by the coordinator, then read."""
    made = run(
        *("member", "invite", "--data", world.instance.data),
        *("--role", "prevention_specialisee", "--cell", "CCTP", *INVITED),
    )
    assert made.exit_code == 0, made.output
    reference, link = made.output.strip().split(" : ")
    path = "/invitation/" + link.rpartition("/")[2]

    visitor = world.visitor()
    secret = _field(visitor.get(path).text, "secret")
    # The code of the step before, so that the present one is left for signing in.
    earlier = pyotp.TOTP(secret).at(_now() - 30)
    answers = {"phrase": WORDS, "encore": WORDS, "secret": secret}
    assert visitor.post(path, answers | {"encore": "autre"}).status_code == 422
    assert visitor.post(path, answers | {"code": "000000"}).status_code == 422
    taken = visitor.post(path, answers | {"code": earlier})
    assert taken.status_code == 200
    assert "Vos codes de secours" in taken.text
    assert visitor.get(path).status_code == 410
    assert visitor.post(path, answers | {"code": earlier}).status_code == 410

    entered = visitor.post(
        "/connexion",
        {
            "identifiant": "Ines@port-miran.example ",
            "phrase": WORDS,
            "code": pyotp.TOTP(secret).now(),
        },
    )
    assert entered.status_code == 302, entered.text
    assert visitor.get("/cellules/CCTP/seances").status_code == 403
    coordinator = world.coordinator()
    admission = f"/cellules/CCTP/membres/{reference}/admettre"
    assert coordinator.post(admission).status_code == 409
    assert visitor.sign_charter("CCTP").status_code == 302
    assert visitor.get("/cellules/CCTP/seances").status_code == 403

    assert coordinator.post(admission).status_code == 302
    assert "Caradec" in coordinator.get("/cellules/CCTP/membres").text
    assert visitor.get("/cellules/CCTP/seances").status_code == 200
    assert visitor.get("/cellules/CCTP/situations").status_code == 403
    situation = _situation(coordinator.get("/cellules/CCTP/situations").text)
    assert visitor.get(f"/situations/{situation}").status_code == 403

    item, member = _choices(
        coordinator.get("/cellules/CCTP/seances/nouvelle").text, situation, reference
    )
    prepared = coordinator.post(
        "/cellules/CCTP/seances/nouvelle",
        {"jour": "15/12/2026", "heure": "14:30", "lieu": "Mairie"}
        | {"ordre_du_jour": item, "membres": member},
    )
    assert prepared.status_code == 302, prepared.text
    assert visitor.get(prepared.location).status_code == 200
    assert visitor.get(f"/situations/{situation}").status_code == 200


def _now() -> int:
    import time

    return int(time.time())


def _situation(page: str) -> str:
    return re.search(r'href="/situations/(CCTP-\d{4}-\d{3})"', page)[1]


def _choices(page: str, situation: str, reference: str) -> tuple[str, str]:
    """The boxes to tick on the form of a séance."""
    item = re.search(rf'name="ordre_du_jour"[^>]*value="(\d+)"[^>]*>\s*<span>{situation}', page)[1]
    assert f'value="{reference}"' in page
    return item, reference
