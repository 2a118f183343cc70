"""After any sequence of admissions, exclusions, renewals and interruptions, those who hold the key
of a cell open every record of it, and nobody else opens any."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from casework.clock import today
from casework.members import admission, renewal
from casework.members.admission import CannotAdmit
from casework.situations import service as situations
from casework.situations.entry import Entry, Who
from casework.vault import renewal as vault
from casework.vault import store
from casework.vault.models import RecordWrap
from charter import register
from charter.register import ExcludedMemberError
from charter.roles import Role
from tests.casework.departed import Departed, everyone, unreadable
from tests.conftest import World

CELL = "CCTP"
TODAY = today()
PEOPLE = ("maire", "elu", "commissaire", "education", "pjj", "prevention")

person = st.sampled_from(PEOPLE)
acts = st.one_of(
    st.tuples(st.sampled_from(("admit", "exclude", "end", "seat")), person),
    st.tuples(st.just("renew"), st.none()),
    st.tuples(st.just("record"), st.none()),
    st.tuples(st.just("advance"), st.sampled_from((5, 40, 500))),
    st.tuples(st.just("advance"), st.sampled_from((5, 40, 500))),
    st.tuples(st.just("cut"), st.sampled_from((5, 500))),
)


class Cut(Exception):
    """The process dies here."""


class Cell:
    """The cell, and what each person could have kept of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.known = everyone(world)
        self.people = {key: Departed(*self.known[key]) for key in PEOPLE}
        self.coordinator = self.known["coordination"]
        self.entitled = set(PEOPLE[:4])
        self.remember()

    def remember(self) -> None:
        with self.world.database.read() as session:
            for someone in self.people.values():
                someone.remember(session)

    def act(self, name: str, argument: object) -> None:
        with self.world.database.write() as session:
            try:
                getattr(self, name)(session, argument)
                session.commit()
            except (Cut, CannotAdmit, ExcludedMemberError):
                session.rollback()
        self.remember()

    def _writer(self, session):
        reference, key = self.coordinator
        return store.keyring_of(session, key, reference).writer()

    def seat(self, session, key: str) -> None:
        register.grant_mandate(session, self.known[key][0], Role.PJJ, CELL, TODAY)

    def admit(self, session, key: str) -> None:
        reference, text = self.known[key][0], register.current_text(session, CELL)
        register.sign(session, reference, CELL, text.digest)
        admission.admit(session, self._writer(session), CELL, reference, TODAY)
        self.entitled.add(key)

    def exclude(self, session, key: str) -> None:
        if CELL in {row.cell for row in register.mandates_of(session, self.known[key][0])}:
            admission.exclude(session, CELL, self.known[key][0], self.coordinator[0], TODAY)
            self.entitled.discard(key)

    def end(self, session, key: str) -> None:
        for row in register.mandates_of(session, self.known[key][0]):
            if row.cell == CELL:
                register.end_mandate(session, row.id, TODAY - timedelta(days=1))

    def renew(self, session, _nothing: None) -> None:
        renewal.begin(session, CELL, self.coordinator[0], TODAY)
        self.entitled = {
            key
            for key in self.entitled
            if any(
                row.cell == CELL and not row.excluded_at and (row.ends is None or row.ends >= TODAY)
                for row in register.mandates_of(session, self.known[key][0])
            )
        }

    def advance(self, session, limit: int) -> None:
        renewal.advance(session, self._writer(session), CELL, limit)

    def cut(self, session, limit: int) -> None:
        self.advance(session, limit)
        raise Cut

    def record(self, session, _nothing: None) -> None:
        entry = Entry(Who("Ollivier", "Younès", date(2012, 3, 12)), (), TODAY, 1, 1)
        writer, author = self._writer(session), self.coordinator[0]
        situations.create(session, writer, author, CELL, entry)

    def check(self) -> None:
        with self.world.database.read() as session:
            done = vault.under_way(session, CELL) is None
            assert unreadable(session, self.world, self.coordinator, CELL) == []
            records = session.scalars(select(RecordWrap.record).filter_by(compartment=CELL)).all()
            for key, someone in self.people.items():
                held = CELL in {code for code, *_ in store.grants_of(session, someone.reference)}
                assert held == (key in self.entitled), key
                if held:
                    assert unreadable(session, self.world, self.known[key], CELL) == [], key
                elif done:
                    opened = [what for what in someone.opens(session) if CELL in what]
                    assert opened == [], key
            assert records


@pytest.fixture(scope="module")
def copies(seeded_sqlite: Path, make_world) -> Iterator[object]:
    """Fresh copies of the commune, as many as asked."""
    with tempfile.TemporaryDirectory() as folder:

        def copy() -> World:
            data = Path(tempfile.mkdtemp(dir=folder)) / "data"
            shutil.copytree(seeded_sqlite, data)
            return make_world(data)

        yield copy


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sequence=st.lists(acts, min_size=4, max_size=12))
def test_holders_open_everything_and_nobody_else_anything(copies, sequence) -> None:
    cell = Cell(copies())
    for name, argument in sequence:
        cell.act(name, argument)
        cell.check()
    while True:  # whatever was under way ends by repeating
        with cell.world.database.read() as session:
            if vault.under_way(session, CELL) is None:
                break
        cell.act("advance", 50)
    cell.check()
    cell.world.close()


def test_the_same_on_each_database(world: World) -> None:
    cell = Cell(world)
    story = [
        ("record", None),
        ("exclude", "commissaire"),
        ("advance", 20),
        ("cut", 20),
        ("seat", "pjj"),
        ("admit", "pjj"),
        ("record", None),
        ("end", "elu"),
        ("renew", None),
        ("advance", 20),
        ("exclude", "pjj"),
        ("seat", "pjj"),
        ("admit", "commissaire"),
        *[("advance", 30)] * 6,
    ]
    for name, argument in story:
        cell.act(name, argument)
        cell.check()
    assert cell.entitled == {"maire", "education"}
    with world.database.read() as session:
        assert vault.under_way(session, CELL) is None
