"""Pages of facets: whatever happens, a report counts what stands in the situations' own rows."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from audit.event import Event, Outcome
from casework.demo import people
from casework.demo.accounts import PASSPHRASE
from casework.demo.members import MEMBERS
from casework.members.models import Member
from casework.members.service import login_digest
from casework.reports.periods import Period
from casework.reports.tally import Tally, tally
from casework.retention.destruction import destroy_situation
from casework.situations import facet_pages
from casework.situations import service as situations
from casework.situations.facets import Facets
from casework.situations.models import FacetPage, Situation
from casework.vault import store
from casework.vault.errors import IntegrityError
from casework.vault.keyring import Keyring, Reader
from casework.vault.passphrase import unlock
from tests.conftest import World

CELL = "CCTP"
BLOCKS = Period(date(2024, 9, 1), date(2027, 8, 31)).blocks()
NEW = people.situations(10**6)


class Town:
    """A cell, and a coordinator's keys on it."""

    def __init__(self, world: World) -> None:
        self.database, self.instance = world.database, world.instance
        with self.database.read() as session:
            login = login_digest(world.instance, MEMBERS[0].login)
            member = session.scalars(select(Member).where(Member.login == login)).one()
            key = unlock(member.locked_key or b"", PASSPHRASE, member.reference)
            self.member = member.reference
            self.keyring: Keyring = store.keyring_of(session, key, member.reference)
        self.reader = self._reader()
        self.add(3 * facet_pages.PAGE)
        self.file()

    def _reader(self) -> Reader:
        event = Event.now(
            actor=self.member, action="essai", outcome=Outcome.AUTORISE, article="essai"
        )
        return self.keyring.reader(self.instance.journal.record(self.database.engine, event))

    def add(self, many: int) -> None:
        with self.database.write() as session:
            entries = [drawn.entry for drawn in islice(NEW, many)]
            situations.create_many(session, self.keyring.writer(), self.member, CELL, entries)
            session.commit()

    def file(self) -> None:
        with self.database.write() as session:
            facet_pages.file_pages(session, self.reader, self.keyring.writer(), CELL)
            session.commit()

    def change(self, session: Session, situation: Situation) -> None:
        (raw,) = opened(self.reader, [situation])
        other = replace(raw, typologie=raw.typologie % 9 + 1, naissance=date(2009, 3, 4))
        situations.seal_facets(self.keyring.writer(), situation, other)

    def pages(self) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(FacetPage)) or 0

    def loose(self) -> int:
        with self.database.read() as session:
            query = select(func.count()).select_from(Situation)
            return (
                session.scalar(query.where(Situation.cell == CELL, Situation.page.is_(None))) or 0
            )

    def tally(self) -> Tally:
        with self.database.read() as session:
            return tally(session, self.reader, CELL, BLOCKS, {}, {})


@pytest.fixture
def town(world: World) -> Town:
    return Town(world)


def opened(reader: Reader, rows: list[Situation]) -> list[Facets]:
    return [situations.open_facets(reader, row) for row in rows]


def counts_as_its_rows_say(town: Town) -> None:
    with town.database.read() as session:
        query = select(Situation).where(Situation.cell == CELL, Situation.archived_on.is_(None))
        rows = list(session.scalars(query))
    held = opened(town.reader, rows)
    counted = town.tally()
    for block in BLOCKS:
        inside = [one for one in held if one.saisine and block.since <= one.saisine <= block.until]
        assert counted.total(block) == len(inside)
        assert counted.counts(block)["typologie"] == Counter(one.typologie for one in inside)
    everyone = BLOCKS[0].since, BLOCKS[-1].until
    dated = [one for one in held if one.saisine and everyone[0] <= one.saisine <= everyone[1]]
    births = {(one.naissance, one.sounds) for one in dated}
    births |= {other for one in dated for other in one.others}
    assert counted.people(BLOCKS) == len(births)


def nth(session: Session, rank: int) -> Situation:
    query = select(Situation).where(Situation.cell == CELL).order_by(Situation.id)
    return session.scalars(query.offset(rank).limit(1)).one()


@pytest.mark.parametrize("seed", range(3))
def test_pages_count_as_the_rows_do_whatever_happens(town: Town, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a draw to be repeated, not a secret
    for _ in range(12):
        what = draw.choice(
            ["change", "change", "archive", "return", "erase", "add", "file", "drop"]
        )
        if what in {"add", "file"}:
            town.add(draw.randrange(9)) if what == "add" else town.file()
        else:
            with town.database.write() as session:
                row = nth(session, draw.randrange(3 * facet_pages.PAGE - 12))
                if what == "erase":
                    destroy_situation(session, row.id)
                elif what in {"archive", "return"}:
                    row.archived_on = date(2026, 11, 1) if what == "archive" else None
                else:
                    town.change(session, row)
                if what == "drop":
                    session.flush()
                    session.rollback()
                else:
                    session.commit()
        counts_as_its_rows_say(town)


def test_a_change_destroys_the_page_it_touches_and_no_other(town: Town) -> None:
    before, loose = town.pages(), town.loose()
    assert before >= 3
    assert loose == 0
    with town.database.write() as session:
        row = nth(session, 1)
        page = row.page
        town.change(session, row)
        session.commit()
    with town.database.read() as session:
        assert session.get(FacetPage, page) is None
    assert town.pages() == before - 1
    town.file()
    assert (town.pages(), town.loose()) == (before, 0)


def test_a_page_that_holds_more_than_points_to_it_is_not_believed(town: Town) -> None:
    """What a rolled back edit may leave on PostgreSQL, or a hand in the database."""
    with town.database.write() as session:
        row = nth(session, 2)
        page = row.page
        session.execute(update(Situation).where(Situation.id == row.id).values(page=None))
        session.commit()
    counts_as_its_rows_say(town)
    with town.database.write() as session:
        assert facet_pages.sweep(session) == 1
        session.commit()
    with town.database.read() as session:
        assert session.get(FacetPage, page) is None
    counts_as_its_rows_say(town)


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)  # SQLite has one writer
def test_two_edits_in_one_page_do_not_wait_for_each_other(town: Town) -> None:
    with town.database.read() as session:
        page = session.scalars(select(FacetPage.id).order_by(FacetPage.id)).first()
        first, second = session.scalars(select(Situation).where(Situation.page == page).limit(2))
    with town.database.write() as one, town.database.write() as other:
        town.change(one, one.get_one(Situation, first.id))
        one.flush()
        town.change(other, other.get_one(Situation, second.id))
        other.commit()  # would wait ten seconds, then fail
        one.rollback()
    counts_as_its_rows_say(town)


def test_a_page_altered_or_moved_does_not_open(town: Town) -> None:
    with town.database.write() as session:
        one, other = session.scalars(select(FacetPage).order_by(FacetPage.id).limit(2))
        one.facets, other.facets = other.facets, one.facets
        session.commit()
    with pytest.raises(IntegrityError):
        town.tally()
