"""A renewal stopped anywhere leaves a cell that works, and repeating it brings it to its end."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from casework.members import key_views, renewal
from casework.rappels.models import Rappel
from casework.seances.models import Seance
from casework.situations.models import NameBucket, Situation
from casework.vault import renewal as vault
from casework.vault.models import CompartmentVersion, Grant, KeyRenewal, RecordWrap
from tests.casework import people
from tests.casework.renewing import finish, under_way
from tests.conftest import Visitor, World

SAISINE = people.SAISINE | {
    "lieu_naissance": "Port-Miran",
    "faits_date": "30/10/2026",
    "faits_lieu": "Place du marché",
    "implication": "Présent",
    "recit": "Récit de l’essai.",
    "autre_personne": "1",
}
GO_ON = "/cellules/CCTP/cle/continuer"


class Cut(Exception):
    """The process dies here."""


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = renewal.advance
    monkeypatch.setattr(
        key_views.renewal, "advance", lambda session, writer, code: plain(session, writer, code, 9)
    )


class Town:
    """The cell, and everything that is done in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.coordinator, self.maire = world.coordinator(), world.visitor("maire")
        self.parquet = world.visitor("parquet")
        self.number = 0
        with world.database.read() as session:
            followed = self._references(Situation).where(Situation.closed_on.is_(None))
            self.known = self._names(session.scalars(followed).all()[::9])

    @staticmethod
    def _references(model: Any) -> Any:
        return select(model.reference).where(model.cell == "CCTP").order_by(model.id)

    def _names(self, references: list[str]) -> dict[str, str]:
        found = {}
        for reference in references:
            page = self.coordinator.get(f"/situations/{reference}/modifier").text
            found[reference] = re.search(r'name="nom"[^>]*value="([^"]+)"', page)[1]  # type: ignore[index]
        return found

    def begin(self) -> None:
        answer = self.coordinator.post("/cellules/CCTP/cle/renouveler")
        assert answer.status_code == 302, answer.text

    def save(self, nom: str) -> str:
        answer = self.coordinator.post("/cellules/CCTP/saisine", SAISINE | {"nom": nom})
        assert answer.status_code == 302, answer.text
        reference: str = answer.location.rpartition("/")[2]
        self.known[reference] = nom
        return reference

    def edit(self, reference: str, nom: str) -> None:
        with self.world.database.read() as session:
            query = select(Situation.version).where(Situation.reference == reference)
            typed = SAISINE | {"nom": nom, "version": session.scalar(query)}
        answer = self.coordinator.post(f"/situations/{reference}/modifier", typed)
        assert answer.status_code == 302, answer.text
        self.known[reference] = nom

    def found(self, nom: str) -> str:
        answer = self.coordinator.post("/cellules/CCTP/recherche", {"q": nom})
        assert answer.status_code == 200, answer.text
        return answer.text

    def check_reading(self) -> None:
        for reference, nom in self.known.items():
            assert nom in self.coordinator.get(f"/situations/{reference}").text
            assert reference in self.found(nom), nom
        for address in ("situations", "rapport", "seances", "membres", "cle"):
            answer = self.coordinator.get(f"/cellules/CCTP/{address}")
            assert answer.status_code == 200, answer.text

    def check_everything(self) -> None:
        """Every page of the cell, by each who may open it; then a saisine, an edit, a rappel."""
        self.number += 1
        self.check_reading()
        with self.world.database.read() as session:
            addresses = [
                f"/{kind}/{reference}"
                for kind, model in (
                    ("situations", Situation),
                    ("seances", Seance),
                    ("rappels", Rappel),
                )
                for reference in session.scalars(self._references(model))
            ]
        for who in (self.coordinator, self.maire):
            for address in addresses:
                assert who.get(address).status_code == 200, address
        made = self.save(f"Ollivier{self.number}")
        rappel = self.coordinator.get(f"/situations/{made}/rappel")
        names = set(
            re.findall(r'type="radio"[^>]*name="(\w+)"|name="(\w+)"[^>]*type="radio"', rappel.text)
        )
        exclusions = {name: "non" for pair in names for name in pair if name}
        announced = self.coordinator.post(f"/situations/{made}/rappel", exclusions)
        assert announced.status_code == 302, announced.text
        fiche = announced.location.rpartition("/")[2]
        shown = self.parquet.get(f"/fiches/{fiche}")
        assert "Récit de l’essai." in shown.text
        for reference in (made, next(iter(self.known))):
            self.edit(reference, f"Benkacem{self.number}")
        self.check_reading()


@pytest.fixture
def cell(world: World, small_batches: None) -> Town:
    return Town(world)


def _columns(world: World) -> tuple[int, set[int], set[int], int]:
    """Version in use, versions of wraps and facets, grants of older ones."""
    with world.database.read() as session:
        wraps = select(RecordWrap.version).where(RecordWrap.compartment == "CCTP").distinct()
        facets = select(Situation.key_version).where(Situation.cell == "CCTP").distinct()
        version = session.scalar(
            select(func.max(CompartmentVersion.version)).filter_by(compartment="CCTP")
        )
        old = select(func.count()).where(Grant.compartment == "CCTP", Grant.version < version)
        return (
            version,
            set(session.scalars(wraps)),
            set(session.scalars(facets)),
            session.scalar(old),
        )


def _assert_finished(world: World, version: int) -> None:
    assert _columns(world) == (version, {version}, {version}, 0)
    with world.database.read() as session:
        kept = select(CompartmentVersion.version).filter_by(compartment="CCTP")
        assert session.scalars(kept).all() == [version]
        indexed = select(NameBucket.situation).where(NameBucket.cell == "CCTP").distinct()
        assert set(session.scalars(indexed)) == set(
            session.scalars(select(Situation.id).where(Situation.cell == "CCTP"))
        )
        done = session.scalars(select(KeyRenewal).filter_by(compartment="CCTP")).all()[-1]
        assert done.finished_at
        assert done.done == done.total > 0


def test_everything_works_in_the_middle(cell: Town) -> None:
    cell.begin()
    cell.check_everything()  # before the first batch
    for _ in range(3):
        cell.coordinator.post(GO_ON)
    assert _columns(cell.world)[1] == {1, 2}
    assert _columns(cell.world)[2] == {1, 2}
    cell.check_everything()
    finish(cell.coordinator)
    _assert_finished(cell.world, 2)
    cell.check_everything()


def test_reading_and_writing_between_any_two_batches(cell: Town) -> None:
    cell.begin()
    batches = 0
    while under_way(cell.coordinator):
        cell.save(f"Kervella{batches}")
        cell.edit(list(cell.known)[batches % 3], f"Diallo{batches}")
        cell.check_reading()
        assert cell.coordinator.post(GO_ON).status_code == 302
        batches += 1
    assert batches > 4
    cell.check_reading()
    _assert_finished(cell.world, 2)


def _cut(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, *, after: bool) -> None:
    plain: Callable[..., Any] = getattr(owner, name)

    def cut(*arguments: Any, **options: Any) -> None:
        if after:
            plain(*arguments, **options)
        raise Cut

    monkeypatch.setattr(owner, name, cut)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (vault, "step"),
        (renewal.index, "rekey"),
        (vault, "finish"),
        (renewal, "advance"),
    ],
    ids=["wraps", "facets", "destruction", "entry"],
)
def test_cut_in_the_middle_of_a_batch(
    cell: Town, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, after: bool
) -> None:
    """At each batch, the process dies: nothing of that batch is kept, and it is done again."""
    cell.begin()
    batches = cuts = 0
    while under_way(cell.coordinator):
        before = _columns(cell.world)
        with monkeypatch.context() as patched:
            target = key_views.renewal if name == "advance" else owner
            _cut(patched, target, name, after=after)
            answer = cell.coordinator.post(GO_ON)
        if answer.status_code == 500:
            cuts += 1
            assert _columns(cell.world) == before
            if batches % 3 == 0 or name == "finish":
                cell.check_reading()
            assert cell.coordinator.post(GO_ON).status_code == 302
        batches += 1
    assert cuts == (1 if name == "finish" else batches)
    assert batches > 3
    _assert_finished(cell.world, 2)
    cell.check_reading()


def test_cut_while_beginning_nothing_has_changed(
    cell: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _columns(cell.world)
    with monkeypatch.context() as patched:
        _cut(patched, vault, "begin", after=True)
        assert cell.coordinator.post("/cellules/CCTP/cle/renouveler").status_code == 500
    assert _columns(cell.world) == before
    assert not under_way(cell.coordinator)


def test_a_request_begun_under_the_old_key_is_told_to_repeat(
    cell: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key changes between the guard and the act: nothing half-saved, and a clear sentence."""
    from casework.web import access

    other: Visitor = cell.coordinator
    plain, begun = access._authenticate, []

    def authenticate(session: Any) -> Any:
        found = plain(session)
        if not begun:
            begun.append(1)
            with cell.world.database.write() as writing:
                by = found.actor.reference
                renewal.begin(writing, "CCTP", by, access.today())
                writing.commit()
        return found

    monkeypatch.setattr(access, "_authenticate", authenticate)
    typed = SAISINE | {"nom": "Ollivier"}
    answer = other.post("/cellules/CCTP/saisine", typed)
    assert answer.status_code == 409
    assert "La clé a été renouvelée pendant votre demande" in answer.text
    assert other.post("/cellules/CCTP/saisine", typed).status_code == 302
