"""The real job lives five years of a commune in seconds, on both databases, beside the oracle."""

import random
from datetime import date, timedelta

from sqlalchemy import select, update

from casework.cells.models import Cell
from casework.retention import job
from casework.retention.clock import limit_of
from casework.situations.models import Situation
from tests.casework.retention.commune import agree, at
from tests.casework.retention.oracle import ONE, File
from tests.casework.states import freeze

START = date(2026, 11, 21)
STOPS = sorted({23, 61, 92, 93, 200, 274, 275, 366, 457, 458, 459, 640, 800, 1100, 1500, 1830})
RULES = {"CCTP": (3, 0, 12), "GSP": (2, 12, 6)}


def test_five_years_of_a_commune(world) -> None:
    """Nothing is kept too long, nothing is erased too early, and what is frozen waits."""
    agree(world)
    draw = random.Random(26)  # noqa: S311 - a commune, not a key
    files = _settle(world, draw)
    frozen: set[int] = set()
    on = START
    for stop in STOPS:
        while on < START + timedelta(days=stop):
            on += ONE
            for file in files.values():
                file.live(on)
        if stop == 61:
            frozen = _freeze(world, sorted(files)[:3])
        job.run(world.instance, world.database, on)
        kept = _kept(world)
        for number, file in files.items():
            if number in frozen:
                assert number in kept, "a limitation suspends the erasure"
                continue
            assert (number in kept) == (file.stage != "terme"), (on, file)
            if number in kept:
                closed, archived = kept[number]
                assert closed == file.ended, (on, file)
                assert (archived is not None) == (file.stage == "archive"), (on, file)
        for number in [one for one in files if one not in kept]:
            del files[number]
        _live_on(world, files, frozen, on, draw)
    assert set(files) == frozen
    with world.database.read() as session:
        steps = list(job.plan(session, on))
    assert {step.act for step in steps} == {job.Act.WAIT}
    assert {step.id for step in steps} == frozen


def _settle(world, draw: random.Random) -> dict[int, File]:
    """Every situation as if recorded that day, of people of any age."""
    files = {}
    with world.database.write() as session:
        for code, (after, archive, review) in RULES.items():
            values = {
                "retention_months": after,
                "archive_months": archive,
                "review_months": review,
            }
            session.execute(update(Cell).where(Cell.code == code).values(**values))
        for row in session.scalars(select(Situation)):
            births = [START - timedelta(days=draw.randint(2000, 9500))]
            file = File(START, births, *RULES[row.cell])
            row.created_at, row.closed_on = at(START), None
            _act(row, file, START, None)
            files[row.id] = file
        session.commit()
    return files


def _act(row: Situation, file: File, on: date, ends: bool | None) -> None:
    """What a page writes when somebody acts."""
    file.act(on, ends=ends)
    row.active_on, row.closed_on = on, file.ended
    row.limit_on = limit_of(file.births, file.opened, on)


def _live_on(world, files: dict[int, File], frozen: set[int], on: date, draw) -> None:
    """Some are closed, reopened, worked on; most are left alone."""
    with world.database.write() as session:
        for number, file in files.items():
            if number in frozen or file.stage == "archive" or draw.random() > 0.3:
                continue
            row = session.get_one(Situation, number)
            _act(row, file, on, draw.choice([None, True, False]))
        session.commit()


def _freeze(world, numbers: list[int]) -> set[int]:
    with world.database.write() as session:
        freeze(session, numbers, at(START))
        session.commit()
    return set(numbers)


def _kept(world) -> dict[int, tuple[date | None, date | None]]:
    with world.database.read() as session:
        query = select(Situation.id, Situation.closed_on, Situation.archived_on)
        return {row.id: (row.closed_on, row.archived_on) for row in session.execute(query)}
