"""What an import leaves behind: nothing readable while it waits, nothing at all afterwards."""

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, func, select, update

from audit.event import SYSTEME
from audit.query import search
from casework.imports import service, sweeping
from casework.imports.models import Import
from casework.situations import service as situations
from casework.vault.models import RecordWrap
from casework.web.access import today
from charter.actions import Action
from tests.casework.canary import ROOT, canaries, leaks, scratch_folder, search_folders
from tests.casework.commands import run
from tests.casework.disk import on_disk
from tests.casework.imports import workbook
from tests.casework.imports.desk import URL, Desk, count
from tests.conftest import World

IMPORT = Action.SITUATION_IMPORT.value


def dump(world: World) -> list[str]:
    """Where a canary reads in the database, table by table."""
    found, tables = [], MetaData()
    with world.database.engine.connect() as connection:
        tables.reflect(connection)
        for table in tables.sorted_tables:
            for row in connection.execute(select(table)):
                raw = b"\0".join(
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    for value in row
                )
                found += [f"{table.name}: {leak}" for leak in leaks(raw)]
    return found


@pytest.mark.parametrize("kind", workbook.WRITERS)
def test_no_word_of_the_file_is_left_behind(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    scratch = scratch_folder(tmp_path, monkeypatch)
    caplog.set_level(logging.DEBUG)
    words = canaries()
    rows = workbook.valid(today(), 8)
    for row in rows:
        for column in (3, 4, 5, 6, 9, 10):
            row[column] = next(words)
    rows[0][:2] = f"{ROOT}el", f"{ROOT}on"  # a name has no digit
    rows[5][workbook.BORN] = next(words)
    rows[6][workbook.ASKED] = next(words)
    desk = Desk(world.coordinator())
    content = workbook.WRITERS[kind](rows)
    assert desk.upload(content, f"{next(words)}.{kind}").status_code == 302
    assert rows[0][9] in desk.page
    columns = desk.answers()
    assert desk.visitor.post(f"{URL}/colonnes", columns).status_code == 302
    assert rows[0][5] in desk.page
    proposed = desk.answers().items()
    chosen = {name: code or "1" for name, code in proposed if name.startswith("terme-")}
    assert desk.visitor.post(f"{URL}/termes", chosen).status_code == 302
    assert rows[5][workbook.BORN] in desk.page
    assert dump(world) == [], "while it waits for its decisions"
    before = count(world)
    desk.start()
    assert dump(world) == [], "while it is being imported"
    desk.run()
    assert count(world) == before + len(rows) - 2  # two days are not days
    found = desk.visitor.post("/cellules/CCTP/recherche", {"q": rows[0][0]}).text
    situation = re.search(r"/situations/CCTP-[\d-]+", found)
    assert situation, found
    assert rows[0][1] in desk.visitor.get(situation[0]).text
    for cookie in desk.visitor.client._cookies.values():
        assert not leaks(str(cookie.value).encode())
    assert dump(world) == []
    world.close()
    assert leaks(caplog.text.encode()) == []
    search_folders(world.instance.data, scratch)


class Cut(Exception):
    """The power goes."""


def test_a_crash_in_the_middle_loses_no_line_and_records_none_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(world.coordinator())
    desk.check(workbook.xlsx(workbook.valid(today(), 60)))
    desk.start()
    before = count(world)
    desk.visitor.post(f"{URL}/continuer")
    assert count(world) == before + service.BATCH
    plain, made = situations.create, []

    def failing(*arguments: Any) -> Any:
        if len(made) == 7:
            raise Cut
        made.append(plain(*arguments))
        return made[-1]

    with monkeypatch.context() as broken:
        broken.setattr(situations, "create", failing)
        assert desk.visitor.post(f"{URL}/continuer").status_code == 500
    assert len(made) == 7
    assert count(world) == before + service.BATCH, "the batch is kept whole, or not at all"
    assert f"{service.BATCH} sur 60 lignes" in desk.page
    assert desk.run() == 1
    assert count(world) == before + 60
    desk.visitor.post(f"{URL}/continuer")  # one window too many
    assert count(world) == before + 60


def test_given_up_it_is_erased_and_what_is_recorded_stays(
    small_world: World, small_desk: Desk
) -> None:
    small_desk.check(workbook.xlsx(workbook.valid(today(), 60)))
    small_desk.start()
    before = count(small_world)
    small_desk.visitor.post(f"{URL}/continuer")
    assert small_desk.visitor.post(f"{URL}/abandonner").status_code == 302
    assert "effacé du serveur" in small_desk.page
    assert count(small_world) == before + service.BATCH
    with small_world.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Import)) == 0


def test_forgotten_it_is_erased_by_whoever_comes_next_or_by_the_night(world: World) -> None:
    desk = Desk(world.coordinator())
    desk.check(workbook.xlsx(workbook.valid(today(), 5)))
    late = datetime.now(UTC) - timedelta(hours=service.HOURS, minutes=1)
    with world.database.write() as session:
        (batch,) = session.scalars(select(Import))
        session.execute(update(Import).values(touched_at=late))
        session.commit()
    sealed = bytes(batch.content)
    assert on_disk(world, sealed)
    if world.database.url.get_backend_name() == "postgresql":  # as where nobody comes
        done = run("daily", "--data", world.instance.data)
        assert "Imports abandonnés, effacés : 1." in done.output
    else:
        world.app.extensions[sweeping.LAST] = -sweeping.EVERY
        assert world.visitor().get("/sante").status_code == 200
    with world.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Import)) == 0
        wraps = select(func.count()).where(RecordWrap.record == batch.id)
        assert session.scalar(wraps) == 0
        (entry, *_) = search(session.connection(), actor=SYSTEME, action=IMPORT, limit=1)
    assert entry.object == batch.reference
    assert entry.detail["etape"] == "effacement"
    assert not on_disk(world, sealed)


def test_it_is_shown_to_its_author_alone(small_world: World, small_desk: Desk) -> None:
    small_desk.upload(workbook.xlsx(workbook.valid(today(), 5)))
    assert small_world.visitor("maire").get(URL).status_code == 403
    for key in ("education", "parquet", "dpo", "administration", "bailleur"):
        assert small_world.visitor(key).get(URL).status_code == 403, key
    # The other cell of the same coordinator does not show it either.
    page = small_desk.visitor.get("/cellules/GSP/import").text
    assert "Lire le tableau" in page


def test_another_window_is_told_where_it_is(small_desk: Desk) -> None:
    small_desk.check(workbook.xlsx(workbook.valid(today(), 5)))
    answer = small_desk.visitor.post(f"{URL}/colonnes", {})
    assert answer.status_code == 302
    assert "a avancé dans une autre fenêtre" in small_desk.page


def test_the_key_of_the_cell_may_be_renewed_meanwhile(small_world: World, small_desk: Desk) -> None:
    small_desk.check(workbook.xlsx(workbook.valid(today(), 5)))
    assert small_desk.visitor.post("/cellules/CCTP/cle/renouveler").status_code == 302
    while "Renouvellement en cours" in small_desk.visitor.get("/cellules/CCTP/cle").text:
        small_desk.visitor.post("/cellules/CCTP/cle/continuer")
    assert small_desk.start().status_code == 302
    before = count(small_world)
    assert small_desk.run() == 1
    assert count(small_world) == before + 5


def test_two_windows_that_continue_at_once_record_each_line_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(world.coordinator())
    desk.check(workbook.xlsx(workbook.valid(today(), 60)))
    desk.start()
    before, plain, asked = count(world), service.opened, []

    def meanwhile(*arguments: Any) -> Any:
        found = plain(*arguments)
        asked.append(found)
        if len(asked) == 1:  # the other window, between this one's reading and its writing
            assert desk.visitor.post(f"{URL}/continuer").status_code == 302
        return found

    monkeypatch.setattr(service, "opened", meanwhile)
    desk.visitor.post(f"{URL}/continuer")
    assert len(asked) == 2
    assert count(world) == before + service.BATCH
    assert "a avancé dans une autre fenêtre" in desk.page
