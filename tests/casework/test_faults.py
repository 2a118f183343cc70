"""The journal unwritable, or the process killed: nothing is shown unrecorded or half-written."""

import os
import re
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flask
import pytest
from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.orm import Session

from audit.event import Outcome
from audit.journal import Journal
from audit.schema import journal_event, journal_head
from audit.triggers import drop_statements
from audit.verify import verify
from casework.situations.models import Person, Situation
from casework.vault import keyring
from casework.web.access import today
from tests.conftest import Visitor, World

NOTHING_DONE = "rien n’a été lu ni enregistré"


# --- The journal cannot be written -----------------------------------------------------------


def _head_removed(connection: Connection) -> None:
    connection.execute(text("DELETE FROM journal_head"))


def _head_forged(connection: Connection) -> None:
    connection.execute(text("UPDATE journal_head SET note = replace(note, 'a', 'b')"))


def _entry_removed(connection: Connection) -> None:
    last = "(SELECT size - 1 FROM journal_head)"
    connection.execute(text(f"DELETE FROM journal_event WHERE seq = {last}"))  # noqa: S608


def _table_away(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE journal_event RENAME TO journal_event_away"))


@pytest.mark.parametrize("damage", [_head_removed, _head_forged, _entry_removed, _table_away])
def test_without_a_journal_nothing_is_read_or_saved(
    world: World, damage: Callable[[Connection], None]
) -> None:
    coordinator, case = world.coordinator(), _Case(world)
    with world.database.engine.begin() as connection:
        for statement in drop_statements(connection.dialect.name):
            connection.execute(text(statement))
        damage(connection)
    _assert_closed(coordinator, case, "Journal indisponible")


def test_a_database_that_cannot_be_written_closes_everything(small_world: World) -> None:
    coordinator, case = small_world.coordinator(), _Case(small_world)
    _on_connect(small_world, "PRAGMA query_only = ON")
    _assert_closed(coordinator, case, NOTHING_DONE)


def test_a_journal_locked_by_another_closes_everything(world: World) -> None:
    coordinator, case = world.coordinator(), _Case(world)
    postgresql = world.database.url.get_backend_name() == "postgresql"
    _on_connect(world, "SET lock_timeout = 50" if postgresql else "PRAGMA busy_timeout = 50")
    with world.database.write() as other:  # on SQLite, the lock of the whole database
        other.execute(select(journal_head).with_for_update())
        _assert_closed(coordinator, case, NOTHING_DONE)
    assert case.nom in coordinator.get(case.url).text


def _on_connect(world: World, statement: str) -> None:
    """Have the application's next connections start with a setting of theirs."""

    def prepare(raw: Any, _record: object) -> None:
        raw.execute(statement)
        raw.commit()

    engine = world.app.extensions["casework.database"].engine
    engine.dispose()
    event.listen(engine, "connect", prepare)


class _Case:
    """The latest situation of the first cell, and what its form would send."""

    def __init__(self, world: World) -> None:
        self.world = world
        with world.database.read() as session:
            query = select(Situation).where(Situation.cell == "CCTP").order_by(Situation.id.desc())
            row = session.scalars(query.limit(1)).one()
        self.id, self.reference = row.id, row.reference
        self.url = f"/situations/{row.reference}"
        page = world.visitor("coordination").get(f"{self.url}/modifier").text
        found = re.search(r'name="nom"[^>]*value="([^"]+)"', page)
        assert found
        self.nom = found[1]

    def typed(self, number: int) -> dict[str, Any]:
        """A form whose every text says ``number``; odd ones have a representative."""
        names = ("nom", "prenoms", "lieu_naissance", "adresse", "classe", "faits_lieu", "recit")
        data: dict[str, Any] = dict.fromkeys((*names, "implication"), f"Essai{number:03d}")
        if number % 2:
            data["representants-0-nom"] = f"Essai{number:03d}"
        return data | {
            "saisine": f"{today():%d/%m/%Y}",
            "naissance": f"{today() - timedelta(days=365 * 15):%d/%m/%Y}",
            "origine": 1,
            "typologie": 1,
            "statut": 1,
            "version": self.version(),
        }

    def version(self) -> int:
        with self.world.database.read() as session:
            return session.get_one(Situation, self.id).version

    def persons(self) -> int:
        with self.world.database.read() as session:
            query = select(func.count()).where(Person.situation == self.id)
            return session.scalar(query) or 0


def _assert_closed(who: Visitor, case: _Case, title: str) -> None:
    before = case.version()
    answers = [
        who.get(case.url),
        who.get(f"{case.url}/modifier"),
        who.get("/cellules/CCTP/situations"),
        who.post("/cellules/CCTP/recherche", {"q": case.nom}),
        who.post(f"{case.url}/modifier", case.typed(1)),
        who.post("/cellules/CCTP/saisine", case.typed(1) | {"autre_personne": "1"}),
    ]
    for answer in answers:
        assert answer.status_code == 503, answer.text
        assert title in answer.text
        assert case.nom not in answer.text
    assert case.version() == before
    with case.world.database.read() as session:
        assert session.scalar(select(func.max(Situation.id))) == case.id


# --- The process is killed -------------------------------------------------------------------


def _run_and_die(world: World, act: Callable[[], object], at: int) -> tuple[bool, bytes]:
    """Run ``act`` in a child that kills itself at its ``at``-th step.

    Returns whether it was killed (False: it finished first) and what it had decrypted by then.
    """
    world.close()  # no connection may cross the fork
    outcome, child_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _trace(world, at, child_end)
            act()
        finally:
            os._exit(0)
    os.close(child_end)
    with os.fdopen(outcome, "rb") as pipe:
        decrypted = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, decrypted


def _trace(world: World, at: int, pipe: int) -> None:
    """Count every step a request makes: statements, commits, journal, decryption, page."""
    done = 0

    def step(*_: Any, **__: Any) -> None:
        nonlocal done
        done += 1
        if done == at:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = world.app.extensions["casework.database"].engine
    for name in ("before_cursor_execute", "after_cursor_execute", "commit", "rollback"):
        event.listen(engine, name, step)
    for name in ("before_flush", "after_flush", "before_commit", "after_commit"):
        event.listen(Session, name, step)
    flask.before_render_template.connect(step, weak=False)
    flask.template_rendered.connect(step, weak=False)

    def around(plain: Callable[..., Any], shown: bool) -> Callable[..., Any]:
        def stepped(*arguments: Any, **options: Any) -> Any:
            step()
            value = plain(*arguments, **options)
            if shown:
                os.write(pipe, value.encode() + b"\n")
            step()
            return value

        return stepped

    Journal.record = around(Journal.record, False)  # type: ignore[method-assign]
    Journal.append = around(Journal.append, False)  # type: ignore[method-assign]
    keyring.open_text = around(keyring.open_text, True)


def _entries(world: World, action: str, reference: str) -> int:
    with world.database.read() as session:
        query = select(func.count()).where(
            journal_event.c.action == action,
            journal_event.c.outcome == Outcome.AUTORISE.value,
            journal_event.c.object == reference,
        )
        return session.scalar(query) or 0


def _assert_journal_holds(world: World) -> None:
    with world.database.engine.connect() as connection:
        report = verify(connection, world.instance.journal.verifier)
    assert report.ok, report.sentences()


def _stride(world: World) -> int:
    """Every step on SQLite; on PostgreSQL, whose transactions are its own, one in nine."""
    return 1 if world.database.url.get_backend_name() == "sqlite" else 9


def test_killed_while_reading_what_was_decrypted_is_in_the_journal(world: World) -> None:
    coordinator, case = world.coordinator(), _Case(world)
    killed, at, silent = True, 1, 0
    while killed:
        before = _entries(world, "situation:read", case.reference)
        killed, decrypted = _run_and_die(world, lambda: coordinator.get(case.url), at)
        written = _entries(world, "situation:read", case.reference) - before
        if decrypted:
            assert written == 1, f"step {at}: {decrypted!r} was read and not recorded"
        assert written in {0, 1}
        silent += not decrypted
        _assert_journal_holds(world)
        at += _stride(world)
    assert case.nom.encode() in decrypted.splitlines()  # the last one was not killed
    assert silent > 1  # and some died before reading
    assert at > 20 * _stride(world) or _stride(world) > 1


def test_killed_while_writing_all_or_nothing_is_saved(world: World) -> None:
    coordinator, case = world.coordinator(), _Case(world)
    edit = f"{case.url}/modifier"
    assert coordinator.post(edit, case.typed(0)).status_code == 302
    saved, edits = 0, _entries(world, "situation:edit", case.reference)
    killed, at, kept = True, 1, 0
    while killed:
        version = case.version()
        typed = case.typed(at)
        read = _entries(world, "situation:read", case.reference)
        killed, decrypted = _run_and_die(world, lambda t=typed: coordinator.post(edit, t), at)
        if decrypted:  # what the form needs of the situation is read first, and recorded
            assert _entries(world, "situation:read", case.reference) > read, f"step {at}"
        if case.version() != version:
            assert case.version() == version + 1
            saved, edits, kept = at, edits + 1, kept + 1
        assert _entries(world, "situation:edit", case.reference) == edits
        page = coordinator.get(case.url).text
        shown = re.findall(r"Essai(\d{3})", page)
        assert set(shown) == {f"{saved:03d}"}, f"step {at}"
        assert case.persons() == 1 + saved % 2
        hits = coordinator.post("/cellules/CCTP/recherche", {"q": f"Essai{saved:03d}"}).text
        assert case.reference in hits
        _assert_journal_holds(world)
        at += _stride(world)
    assert saved == at - _stride(world), "the one that was not killed is saved"
    assert kept > 1 or _stride(world) > 1  # some died after the commit
    assert at > kept + 10 or _stride(world) > 1  # and many before
