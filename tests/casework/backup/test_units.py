"""The systemd units of the docs: systemd takes them, and what they start does what is said."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from casework.instance import Instance
from tests.casework.backup.conftest import run, with_operator

DOCS = Path(__file__).parents[3] / "docs"
STARTED = re.compile(r"^ExecStart=(.+)$", re.MULTILINE)


def units() -> dict[str, str]:
    """The units of the page of backups, by name."""
    text = (DOCS / "sauvegarde.md").read_text(encoding="utf-8")
    found = re.findall(r"`/etc/systemd/system/([\w.-]+)`\n\n```ini\n(.*?)```", text, re.DOTALL)
    return dict(found)


def test_systemd_takes_them(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("no systemd here")
    assert set(units()) == {"casework-sauvegarde.service", "casework-sauvegarde.timer"}
    for name, content in units().items():
        there = STARTED.sub("ExecStart=/bin/true", content).replace("User=casework\n", "")
        (tmp_path / name).write_text(there, encoding="utf-8")
    for name in units():
        asked = [tool, "verify", str(tmp_path / name)]
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
        said = [line for line in answer.stderr.splitlines() if str(tmp_path) in line]
        assert said == [], answer.stderr
    timer = configparser.ConfigParser()
    timer.optionxform = str  # type: ignore[assignment,method-assign]
    timer.read_string(units()["casework-sauvegarde.timer"])
    calendar = [tool, "calendar", timer["Timer"]["OnCalendar"]]
    assert subprocess.run(calendar, capture_output=True, check=False).returncode == 0  # noqa: S603
    assert timer["Timer"]["Persistent"] == "true", "a machine that was off makes it on waking"


def test_the_night_s_command_makes_a_backup(instance: Instance, tmp_path: Path) -> None:
    with_operator(instance).engine.dispose()
    (command,) = STARTED.findall(units()["casework-sauvegarde.service"])
    program, *words = shlex.split(command)
    assert program.endswith("/casework")
    places = {
        "/srv/casework/instance": str(instance.data),
        "/srv/sauvegardes": str(tmp_path / "nuit"),
    }
    done = run(*[places.get(word, word) for word in words])
    assert done.exit_code == 0, done.output
    assert len(list((tmp_path / "nuit").iterdir())) == 1
