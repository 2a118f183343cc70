"""A backup that fails, or that nobody makes, is told to the administrator: a date and a count."""

from datetime import timedelta
from pathlib import Path

import pytest

from casework.backup import make, success
from casework.mail import settings
from tests.casework.backup.conftest import with_operator
from tests.casework.mail.conftest import Post
from tests.casework.mail.server import text_of
from tests.casework.people import TODAY

ADMIN = "administration@port-miran.example"


def _asked(post: Post) -> None:
    """The administrator wants the mails that leave with nobody signed in."""
    asked = {"adresse": ADMIN, "recevoir": "y", "seul": "y"}
    answer = post.world.visitor("administration").post("/mon-compte/courriel", asked)
    assert answer.status_code == 303, answer.text


def _backup(post: Post, folder: Path):
    return post.run("backup", "make", "--to", str(folder))


def _to_admin(post: Post) -> list[str]:
    return [text_of(mail) for mail in post.postman.mails if mail["To"] == ADMIN]


def test_a_failure_is_told_at_once_and_once_a_day(
    post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _asked(post)
    with_operator(post.world.instance).engine.dispose()
    assert _backup(post, tmp_path / "b").exit_code == 0
    assert _to_admin(post) == []
    with monkeypatch.context() as broken:
        broken.setattr(make, "_about", _full)
        for _ in range(3):
            failed = _backup(post, tmp_path / "b")
            assert failed.exit_code == 1
            assert "Traceback" not in failed.output
    (said,) = _to_admin(post)
    assert "dernière qui a réussi\u00a0: 0." in said
    assert str(tmp_path) not in said
    assert "http://127.0.0.1:8000/courriels" in said
    (done,) = (tmp_path / "b").iterdir()
    assert done.name.endswith(".sauvegarde")


def _full(*_given: object) -> None:
    raise OSError(28, "No space left on device", "/srv/sauvegardes/mohamed-benali")


def test_a_mail_that_cannot_leave_hides_nothing(
    small_post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _asked(small_post)
    small_post.settings(port=1)
    failed = _backup(small_post, tmp_path / "b")
    assert "n’a pas de clé d’opérateur" in failed.output
    monkeypatch.setattr(settings, "load", _full)
    again = _backup(small_post, tmp_path / "b")
    assert "n’a pas de clé d’opérateur" in again.output
    assert again.exit_code == 1


def test_one_that_is_never_made_is_told_by_the_day_s_command(
    small_post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timer was never enabled, or the machine sleeps: nothing fails, and nothing is saved."""
    data = small_post.world.instance.data
    _asked(small_post)
    assert small_post.run("daily").exit_code == 0
    assert _to_admin(small_post) == [], "backups were never set up here"
    key = small_post.run("backup", "key", "--output", str(tmp_path / "cle"))
    assert key.exit_code == 0, (key.output, data)
    with small_post.world.database.read() as session:
        assert not success.is_late(session, TODAY)
        assert success.is_late(session, TODAY + timedelta(days=2))
    monkeypatch.setattr(success, "LATE_AFTER_DAYS", 0)
    for run in range(2):
        done = small_post.run("daily")
        assert done.exit_code == 0, done.output
        assert ("l’administrateur est prévenu" in done.output) == (run == 0)
    (said,) = _to_admin(small_post)
    assert "n’avait pas été faite" in said
