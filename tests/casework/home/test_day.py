"""The first page of the day, by role: its blocks, its lines, and what it costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from lxml import html
from sqlalchemy import event, select, update

from casework.cells.models import Cell
from casework.cells.options import Information
from casework.db import new_id
from casework.seances.models import Seance
from casework.situations.models import Situation
from tests.conftest import Visitor, World

MOST_STATEMENTS = 90  # two cells, everything included; what matters is that it does not grow


def blocks(visitor: Visitor) -> dict[str, list[str]]:
    """The lines of each block, by title."""
    page = html.fromstring(visitor.get("/").text)
    found = {}
    for block in page.find_class("block"):
        title = block.find_class("block-title")[0].text.strip()
        found[title] = [line.text_content() for line in block.find_class("task-what")]
    return found


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(world.database.engine, "before_cursor_execute", note)


def test_the_coordination_finds_four_blocks_and_one_verb_a_line(world: World) -> None:
    coordinator = world.coordinator()
    found = blocks(coordinator)
    titles = ["À traiter", "En retard", "Prochaine séance", "En attente du parquet"]
    assert list(found) == titles
    assert any("Trier" in line for line in found["À traiter"])
    assert any(line.startswith("U-CCTP") for line in found["À traiter"])  # an urgent request
    assert any(line.startswith("RO-") for line in found["En attente du parquet"])
    assert any(line.startswith("TR-") for line in found["En attente du parquet"])
    page = coordinator.get("/").text
    assert "situations à l’ordre du jour" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "sans réponse" in page


def test_who_answered_the_convocation_is_counted(small_world: World) -> None:
    coordinator = small_world.coordinator()
    before = coordinator.get("/").text
    assert "1\N{NO-BREAK SPACE}présent" not in before
    with small_world.database.read() as session:
        coming = select(Seance.reference).filter_by(cell="CCTP", etat="preparee")
        reference = session.scalars(coming.order_by(Seance.held_at)).first()
    url = f"/seances/{reference}/reponse"
    answer = small_world.visitor("education").post(url, {"presence": "present"})
    assert answer.status_code == 303
    assert "1\N{NO-BREAK SPACE}présent," in coordinator.get("/").text


def test_a_day_passed_is_late_and_the_persons_to_tell_are_listed(small_world: World) -> None:
    coordinator = small_world.coordinator()
    with small_world.database.write() as session:
        letter = {"information": Information.LETTER.value, "information_blocks": True}
        session.execute(update(Cell).where(Cell.code == "CCTP").values(**letter))
        session.execute(update(Situation).values(due_on=None))
        row = session.scalars(select(Situation).filter_by(cell="CCTP", closed_on=None)).first()
        row.due_on, late = datetime(2026, 1, 5, tzinfo=UTC).date(), row.reference
        session.commit()
    found = blocks(coordinator)
    reviews = [line for line in found["En retard"] if line.startswith("CCTP")]
    assert any(late in line for line in reviews)
    assert any("Informer" in line for line in found["À traiter"])
    page = coordinator.get("/echeances").text
    assert late in page
    assert "Situation à revoir" in page


def test_the_page_costs_the_same_whatever_the_cell_follows(world: World) -> None:
    coordinator = world.coordinator()
    coordinator.get("/")
    with statements(world) as before:
        coordinator.get("/")
    with world.database.write() as session:
        model = session.scalars(select(Situation).filter_by(cell="CCTP", closed_on=None)).first()
        kept = {c.key: getattr(model, c.key) for c in Situation.__table__.columns}
        for number in range(30):
            copied = kept | {"id": new_id(), "reference": f"CCTP-1999-{number:03d}"}
            session.add(Situation(**copied | {"due_on": model.created_at.date()}))
        session.commit()
    with statements(world) as after:
        assert "CCTP-1999-029" in coordinator.get("/").text
    assert len(after) == len(before) <= MOST_STATEMENTS
    assert not any("facets" in one for one in after)  # nothing sealed is even fetched


def test_the_maire_signs_holds_decides_and_has_the_year(small_world: World) -> None:
    maire = small_world.visitor("maire")
    found = blocks(maire)
    assert list(found) == ["À signer", "À tenir", "À décider", "Cette année"]
    assert any(line.startswith("RO-") for line in found["À tenir"])
    page = maire.get("/").text
    assert "Ne pas diffuser" in page
    assert "Séances tenues" in page


def test_a_member_finds_their_own_day_and_no_other(small_world: World) -> None:
    found = blocks(small_world.visitor("pjj"))
    assert {"Mes séances", "Mes orientations", "Consultations qui m’attendent"} <= set(found)
    assert "À traiter" not in found
    assert "En retard" not in found


def test_a_cell_without_a_seance_says_when_one_is_due(small_world: World) -> None:
    coordinator = small_world.coordinator()
    with small_world.database.write() as session:
        session.execute(update(Cell).values(every=3, unit="mois"))
        session.execute(update(Seance).where(Seance.etat == "preparee").values(etat="annulee"))
        session.commit()
    assert "D’après sa cadence, elle est due le" in coordinator.get("/").text
    assert "D’après sa cadence" in coordinator.get("/cellules/CCTP/seances").text
