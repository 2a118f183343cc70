"""Sealed values moved or changed in the database: an explicit refusal, never a garbled text."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from audit.event import Outcome
from audit.schema import journal_event
from audit.verify import verify
from casework.rappels.models import Rappel
from casework.situations.models import CONCERNED, Person, Situation
from tests.conftest import Visitor, World

Cell = tuple[str, str, str, Any]  # table, column, key column, key


class _Tamper:
    """Someone with the database in their hands, and no key."""

    def __init__(self, world: World) -> None:
        self.world = world

    def read(self, cell: Cell) -> bytes:
        table, column, key, value = cell
        with self.world.database.engine.connect() as connection:
            query = text(f"SELECT {column} FROM {table} WHERE {key} = :key")  # noqa: S608
            return bytes(connection.execute(query, {"key": value}).scalar_one())

    def write(self, cell: Cell, blob: bytes) -> None:
        table, column, key, value = cell
        with self.world.database.engine.begin() as connection:
            query = text(f"UPDATE {table} SET {column} = :blob WHERE {key} = :key")  # noqa: S608
            connection.execute(query, {"blob": blob, "key": value})

    def swap(self, one: Cell, other: Cell) -> None:
        blobs = self.read(one), self.read(other)
        assert blobs[0] != blobs[1]
        self.write(one, blobs[1])
        self.write(other, blobs[0])


def _situations(world: World) -> list[Situation]:
    with world.database.read() as session:
        query = select(Situation).where(Situation.cell == "CCTP").order_by(Situation.id.desc())
        return list(session.scalars(query.limit(2)))


def _concerned(world: World, situation: Situation) -> int:
    with world.database.read() as session:
        query = select(Person.id).where(Person.situation == situation.id, Person.kind == CONCERNED)
        return session.scalars(query).one()


def _name(who: Visitor, situation: Situation) -> str:
    page = who.get(f"/situations/{situation.reference}/modifier").text
    found = re.search(r'name="nom"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def _assert_altered(world: World, who: str, url: str, field: str, *references: str) -> None:
    """The page says which field of which record; the DPO finds it in the journal."""
    answer = world.visitor(who).get(url)
    _assert_says(answer, field, *references)
    _assert_recorded(world, field)


def _assert_says(answer: Any, field: str, *references: str) -> None:
    assert answer.status_code == 500
    shown = answer.text.replace("&nbsp;", "\u00a0")
    assert "Donnée altérée" in shown
    assert f"« {field} »" in shown
    assert any(f"» de {reference} " in shown for reference in references), answer.text
    assert "Traceback" not in shown


def _assert_journal_holds(world: World) -> None:
    with world.database.engine.connect() as connection:
        report = verify(connection, world.instance.journal.verifier)
    assert report.ok, report.sentences()


def _assert_recorded(world: World, field: str) -> None:
    with world.database.read() as session:
        query = select(journal_event).order_by(journal_event.c.seq.desc()).limit(1)
        last = session.execute(query).one()
    assert last.outcome == Outcome.ECHEC.value
    assert f'"champ":"{field}"' in last.detail
    _assert_journal_holds(world)


def test_two_columns_of_one_row_exchanged(small_world: World) -> None:
    small_world.coordinator()
    one, _ = _situations(small_world)
    _Tamper(small_world).swap(
        ("situation", "faits_lieu", "id", one.id), ("situation", "implication", "id", one.id)
    )
    url = f"/situations/{one.reference}"
    _assert_altered(small_world, "coordination", url, "situation.faits_lieu", one.reference)


def test_two_rows_exchanged(small_world: World) -> None:
    coordinator = small_world.coordinator()
    rows = _situations(small_world)
    one, other = (_concerned(small_world, row) for row in rows)
    nom = _name(coordinator, rows[0])
    _Tamper(small_world).swap(("person", "nom", "id", one), ("person", "nom", "id", other))
    for row in rows:
        url = f"/situations/{row.reference}"
        _assert_altered(small_world, "coordination", url, "person.nom", row.reference)
    found = coordinator.post("/cellules/CCTP/recherche", {"q": nom})
    _assert_says(found, "person.nom", *(row.reference for row in rows))


def test_two_facets_exchanged(small_world: World) -> None:
    small_world.coordinator()
    one, other = _situations(small_world)
    _Tamper(small_world).swap(
        ("situation", "facets", "id", one.id), ("situation", "facets", "id", other.id)
    )
    url = f"/situations/{one.reference}"
    _assert_altered(small_world, "coordination", url, "situation.facets", one.reference)
    url = "/cellules/CCTP/situations"
    _assert_altered(small_world, "coordination", url, "situation.facets", one.reference)


def test_the_wraps_of_two_records_exchanged(small_world: World) -> None:
    small_world.coordinator()
    one, other = _situations(small_world)
    _Tamper(small_world).swap(
        ("record_wrap", "sealed", "record", one.id), ("record_wrap", "sealed", "record", other.id)
    )
    url = f"/situations/{one.reference}"
    _assert_altered(small_world, "coordination", url, "record_wrap.CCTP.1", one.reference)


def test_the_names_of_two_members_exchanged(small_world: World) -> None:
    _Tamper(small_world).swap(
        ("member", "nom", "reference", "M-0003"), ("member", "nom", "reference", "M-0004")
    )
    _assert_altered(small_world, "administration", "/membres", "member.nom", "M-0003")


def test_the_states_of_two_fiches_exchanged(small_world: World) -> None:
    small_world.coordinator()
    with small_world.database.read() as session:
        one, other = session.scalars(select(Rappel).order_by(Rappel.id).limit(2))
    _Tamper(small_world).swap(("rappel", "etat", "id", one.id), ("rappel", "etat", "id", other.id))
    fiche = one.reference
    _assert_altered(small_world, "coordination", f"/rappels/{fiche}", "rappel.etat", fiche)
    _assert_altered(small_world, "parquet", f"/fiches/{fiche}", "rappel.etat", fiche)


def _flipped(position: int) -> Callable[[bytes], bytes]:
    def flip(blob: bytes) -> bytes:
        changed = bytearray(blob)
        changed[position] ^= 1
        return bytes(changed)

    return flip


DAMAGES = {
    "the version": _flipped(0),
    "the nonce": _flipped(1),
    "the first letter": _flipped(13),
    "the tag": _flipped(-1),
    "nothing left": lambda _: b"",
    "only the version": lambda blob: blob[:1],
    "half a nonce": lambda blob: blob[:6],
    "no tag": lambda blob: blob[:13],
    "one byte short": lambda blob: blob[:-1],
    "one byte more": lambda blob: blob + b"\0",
}


@pytest.mark.parametrize("column", ["recit", "facets"])
def test_one_byte_changed(small_world: World, column: str) -> None:
    small_world.coordinator()
    one, _ = _situations(small_world)
    tamper, place = _Tamper(small_world), ("situation", column, "id", one.id)
    url, genuine = f"/situations/{one.reference}", tamper.read(place)
    for damage in DAMAGES.values():
        tamper.write(place, damage(genuine))
        _assert_altered(small_world, "coordination", url, f"situation.{column}", one.reference)


def test_an_altered_grant_is_refused(small_world: World) -> None:
    small_world.coordinator()
    place = ("grant_key", "sealed", "compartment = 'CCTP' AND member", "M-0002")
    tamper = _Tamper(small_world)
    url, genuine = f"/situations/{_situations(small_world)[0].reference}", tamper.read(place)
    for damage in DAMAGES.values():
        tamper.write(place, damage(genuine))
        _assert_altered(small_world, "coordination", url, "grant_key.sealed", "M-0002")


def test_an_altered_session_is_over(small_world: World) -> None:
    coordinator = small_world.coordinator()
    with small_world.database.engine.connect() as connection:
        session_id = connection.execute(text("SELECT id FROM browser_session")).scalar_one()
    tamper, place = _Tamper(small_world), ("browser_session", "sealed", "id", session_id)
    genuine = tamper.read(place)
    for damage in DAMAGES.values():
        tamper.write(place, damage(genuine))
        answer = coordinator.get("/cellules/CCTP/situations")
        assert answer.status_code == 302
        assert answer.location == "/connexion"
        assert coordinator.get("/connexion").status_code == 200
