"""The runbook, rehearsed: each section of docs/sinistres.md, by the very commands it gives."""

import re
import shlex
import shutil
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select, update

from casework.db import Database
from casework.demo.accounts import PASSPHRASE
from casework.instance import load
from casework.situations.models import Situation
from casework.vault import store
from casework.vault.models import CompartmentVersion
from casework.web.access import today
from tests.casework.backup.conftest import run
from tests.casework.people import forget_codes, take_up, token_in
from tests.casework.retention.commune import agree
from tests.casework.situations.around import recorded
from tests.conftest import World

PAGE = Path(__file__).parents[3] / "docs" / "sinistres.md"
OTHER = "brume oursin lavande échelle goudron"
ADMIN = "mistral oursin cabane échelle violon"
INVITE = ("member", "invite", "--fonction", "F", "--institution", "Mairie")


def sections() -> dict[str, list[list[str]]]:
    """The commands of each section, in order."""
    found: dict[str, list[list[str]]] = {}
    for part in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        blocks = re.findall(r"```sh\n(.*?)```", part, re.DOTALL)
        lines = "".join(blocks).splitlines()
        assert lines, part[:40]
        assert all(line.startswith("casework ") for line in lines)
        found[part.partition("\n")[0]] = [shlex.split(line)[1:] for line in lines]
    return found


class Town(NamedTuple):
    """A small instance with its kit, its operator's key, a backup elsewhere and a checkpoint."""

    place: Path
    parts: list[str]

    @property
    def data(self) -> Path:
        return self.place / "instance"

    def here(self, word: str) -> str:
        for there, mine in (
            ("/srv/casework/instance", self.data),
            ("/srv/sauvegardes", self.place / "sauvegardes"),
            ("/media", self.place),
        ):
            word = word.replace(there, str(mine))
        return word

    def play(self, title: str, start: int = 0, stop: int | None = None) -> list[str]:
        """Run the commands of a section; what each printed."""
        said = []
        for command in sections()[title][start:stop]:
            answer = run(*map(self.here, command), typed=self._typed(command))
            assert answer.exit_code == 0, f"{command}\n{answer.output}"
            said.append(answer.output.replace("\u00a0", " "))
            if command[:2] == ["key", "kit"]:
                self.parts[:] = _parts(answer.output)
        return said

    def _typed(self, command: list[str]) -> str:
        shares = "\n".join(self.parts[:2]) + "\n"
        of_admin = "M-0001" in command
        return {
            ("key", "compartment"): f"{ADMIN if of_admin else PASSPHRASE}\n",
            ("key", "member"): f"{PASSPHRASE}\n{OTHER}\n{OTHER}\n",
            ("key", "kit"): "oui\n",
            ("member", "recover"): shares,
            ("member", "rehearse"): shares,
        }.get((command[0], command[1]), "")

    def world(self) -> World:
        return World(load(self.data))


def _parts(printed: str) -> list[str]:
    return re.findall(r"^Part \d : (.+)$", printed.replace("\u00a0", " "), re.MULTILINE)


def _invited(world: World, role: str, login: str):
    answer = run(
        *INVITE,
        *("--role", role, "--cell", "CCTP", "--login", login, "--prenom", "P", "--nom", "N"),
        *("--data", world.instance.data),
    )
    assert answer.exit_code == 0, answer.output
    visitor = take_up(world, token_in(answer.output))
    assert visitor.sign_charter("CCTP").status_code == 302
    return visitor


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Town:
    place = tmp_path_factory.mktemp("commune")
    town = Town(place, [])
    answers = "\n".join(["racine@port-miran.example", "Julien", "Gomes", ADMIN, ADMIN, ""])
    made = run("init", "--data", town.data, "--commune", "Port-Miran", typed=answers)
    town.parts[:] = _parts(made.output)
    world = town.world()
    coordinator = _invited(world, "coordonnateur", "coordination@port-miran.example")
    _invited(world, "pjj", "pjj@port-miran.example")
    shares = "\n".join(town.parts[1:]) + "\n"
    assert run("member", "recover", "--data", town.data, "M-0002", typed=shares).exit_code == 0
    admitted = coordinator.post("/cellules/CCTP/membres/M-0003/admettre")
    assert admitted.status_code == 302, admitted.text
    recorded(coordinator)
    world.close()
    for name in ("coffre", "copie"):
        (place / name).mkdir()
    key = ("backup", "key", "--data", town.data, "--output", place / "coffre" / "operateur.cle")
    assert run(*key).exit_code == 0
    note = run("audit", "checkpoint", "--data", town.data)
    (place / "coffre" / "point.txt").write_text(note.output, encoding="utf-8")
    assert run("backup", "make", "--data", town.data, "--to", place / "copie").exit_code == 0
    (path,) = (place / "copie").iterdir()
    path.rename(place / "copie" / "derniere.sauvegarde")
    return town


@pytest.fixture
def town(prepared: Town, tmp_path: Path) -> Town:
    place = tmp_path / "commune"
    shutil.copytree(prepared.place, place)
    return Town(place, [*prepared.parts])


def _signs_in(town: Town, login: str, phrase: str = PASSPHRASE) -> int:
    from casework.demo.accounts import current_code

    world = town.world()
    forget_codes(world)
    typed = {"identifiant": f"{login}@port-miran.example", "phrase": phrase, "code": current_code()}
    status = world.visitor().post("/connexion", typed).status_code
    world.close()
    return status


def _holders(town: Town, code: str) -> set[str]:
    instance = load(town.data)
    database = Database(instance.database, instance.binding)
    with database.read() as session:
        found = store.holders(session)[code]
    database.engine.dispose()
    return found


def test_every_section_is_rehearsed() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert len(sections()) == 7
    assert [title for title in sections() if f'.play("{title}"' not in source] == []


def test_a_lost_server(town: Town) -> None:
    """Since the backup, someone was suspended, and a situation erased."""
    assert run("member", "suspend", "--data", town.data, "M-0003").exit_code == 0
    world = town.world()
    agree(world)
    with world.database.write() as session:
        session.execute(update(Situation).values(closed_on=today() - timedelta(days=100)))
        session.commit()
    world.close()
    given = "--certificates", town.place / "coffre" / "certificats"
    assert run("daily", "--data", town.data, *given).exit_code == 0
    shutil.rmtree(town.data)
    said = town.play("Le serveur est perdu", stop=4)
    assert "Effacements refaits : 1" in said[1]
    assert "Personne n’entre encore" in said[1]
    assert "M-0003  suspendu" in said[3]
    assert _signs_in(town, "coordination") == 403
    town.play("Le serveur est perdu", start=4)
    assert _signs_in(town, "coordination") == 302


def test_a_stolen_disk(town: Town) -> None:
    old = (town.data / "instance.key").read_bytes()
    said = town.play("Le disque est volé")
    assert "CCTP : version 2" in said[3]
    assert "clé changée 1 fois" in said[3]
    assert not [
        path for path in town.data.rglob("*") if path.is_file() and old in path.read_bytes()
    ]
    assert _signs_in(town, "coordination") == 302


def test_a_stolen_backup(town: Town) -> None:
    town.play("Une sauvegarde est volée")
    (made,) = (town.place / "sauvegardes").iterdir()
    keys = town.place / "coffre"
    assert run("backup", "verify", made, "--key", keys / "operateur.cle").exit_code == 1
    assert run("backup", "verify", made, "--key", keys / "nouvelle.cle").exit_code == 0
    stolen = town.place / "copie" / "derniere.sauvegarde"
    assert run("backup", "verify", stolen, "--key", keys / "nouvelle.cle").exit_code == 1


def test_a_stolen_passphrase(town: Town) -> None:
    town.play("La phrase d’un membre est volée", stop=1)
    assert _signs_in(town, "pjj") == 403
    town.play("La phrase d’un membre est volée", start=1)
    assert _signs_in(town, "pjj") == 401
    assert _signs_in(town, "pjj", OTHER) == 302
    assert _holders(town, "CCTP") == {"M-0002", "M-0003"}


def test_the_coordinator_is_gone(town: Town) -> None:
    said = town.play("La coordination est partie", stop=2)
    world = town.world()
    newcomer = take_up(world, token_in(said[1]))
    assert newcomer.sign_charter("CCTP").status_code == 302
    assert newcomer.get("/cellules/CCTP/situations").status_code == 403
    done = town.play("La coordination est partie", start=2)
    assert "CCTP" in done[0]
    assert newcomer.get("/cellules/CCTP/situations").status_code == 200
    world.close()
    assert _holders(town, "CCTP") == {"M-0003", "M-0004"}


def test_the_recovery_kit_is_lost(town: Town) -> None:
    lost = town.parts[:]
    said = town.play("Le kit de secours est perdu")
    assert "ANNUAIRE" in said[0]
    assert "hors du kit de secours" in said[1]
    both = [word for part in lost[:2] for word in ("--part", part)]
    assert run("member", "rehearse", "--data", town.data, *both).exit_code == 1
    assert "CCTP" in run("key", "list", "--data", town.data).output
    instance = load(town.data)
    database = Database(instance.database, instance.binding)
    with database.read() as session:
        assert (
            session.scalar(select(CompartmentVersion.version).filter_by(compartment="ANNUAIRE"))
            == 2
        )
    database.engine.dispose()


def test_the_instance_key_is_lost(town: Town) -> None:
    kept = (town.data / "instance.key").read_bytes()
    (town.data / "instance.key").unlink()
    assert "Aucune instance" in run("key", "list", "--data", town.data).output
    said = town.play("La clé de l’instance est perdue")
    assert "instance.key" in said[0]
    assert (town.data / "instance.key").read_bytes() == kept
    assert (town.data / "instance.key").stat().st_mode & 0o077 == 0
    assert _signs_in(town, "coordination") == 302
    assert run("key", "instance", "--data", town.data).exit_code == 0
    (town.data / "instance.key").unlink()
    (title,) = [title for title in sections() if title.startswith("La clé de l’instance")]
    refused = run(*map(town.here, sections()[title][0]))
    assert "a été changée depuis cette sauvegarde" in refused.output
    assert not (town.data / "instance.key").exists()
