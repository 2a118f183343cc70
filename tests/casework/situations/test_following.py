"""Following a situation between two séances: named, reading, removed."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import delete, select, update

from audit.query import search
from casework.clock import today
from casework.seances.models import AgendaItem, Convocation, Seance
from casework.situations.models import Situation
from charter.models import MandateRow, Signature
from tests.casework.people import reference_of

YESTERDAY = today() - timedelta(days=1)
SUIVIES = "Mes situations suivies"


@pytest.fixture
def situation(world) -> str:
    """A situation on no agenda that convenes a member."""
    with world.database.write() as session:
        session.execute(delete(Convocation))
        session.commit()
        found = select(Situation.reference).where(Situation.cell == "CCTP").limit(1)
        return session.scalars(found).one()


def _name(world, situation: str, *keys: str):
    chosen = [reference_of(key) for key in keys]
    return world.coordinator().post(f"/situations/{situation}/suivi", {"membres": chosen})


def test_a_follower_reads_without_being_convened(world, situation: str) -> None:
    education = world.visitor("education")
    assert education.get(f"/situations/{situation}").status_code == 403
    assert SUIVIES not in education.get("/").text

    assert _name(world, situation, "education", "departement").status_code == 302

    page = education.get(f"/situations/{situation}")
    assert page.status_code == 200
    assert "Représentants légaux" not in page.text  # around the table, no more
    assert "Nadia Meziane" in page.text
    home = education.get("/").text
    assert SUIVIES in home
    assert situation in home
    shown = unescape(world.coordinator().get(f"/situations/{situation}").text)
    assert "Isabelle Da Costa" in shown
    assert world.visitor("commissaire").get(f"/situations/{situation}").status_code == 403
    with world.database.read() as session:
        (entry,) = search(session.connection(), action="situation:follow", limit=5)
    named = sorted(reference_of(key) for key in ("education", "departement"))
    assert entry.object == situation
    assert entry.detail["ajoutes"] == "+".join(named)


def test_a_follower_removed_reads_no_more(world, situation: str) -> None:
    _name(world, situation, "education", "departement")
    form = world.coordinator().get(f"/situations/{situation}/suivi").text
    assert form.count("checked") == 2
    assert _name(world, situation, "departement").status_code == 302
    education = world.visitor("education")
    assert education.get(f"/situations/{situation}").status_code == 403
    assert situation not in education.get("/").text
    assert world.visitor("departement").get(f"/situations/{situation}").status_code == 200


def test_the_home_page_says_when_it_is_next_examined(world, situation: str) -> None:
    _name(world, situation, "education")
    assert "Aucune séance prévue" in world.visitor("education").get("/").text
    with world.database.write() as session:
        number = session.scalar(select(Situation.id).where(Situation.reference == situation))
        coming = select(Seance.id).where(Seance.cell == "CCTP").order_by(Seance.held_at.desc())
        last = session.scalars(coming.limit(1)).one()
        session.execute(delete(AgendaItem).where(AgendaItem.situation == number))
        session.add(AgendaItem(seance=last, situation=number, rank=99))
        held = update(Seance).where(Seance.id == last)
        session.execute(held.values(held_at=datetime(2099, 3, 1, 14, tzinfo=UTC)))
        session.commit()
    home = world.visitor("education").get("/").text
    assert "Prochaine séance" in home
    assert "2099" in home
    assert "data-label" not in home


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        (update(MandateRow).values(ends=YESTERDAY), "mandat terminé"),
        (update(MandateRow).values(excluded_at=MandateRow.starts), "exclusion de la cellule"),
        (delete(Signature), "charte à signer"),
    ],
)
def test_what_ends_a_mandate_ends_the_following(small_world, change, mark: str) -> None:
    with small_world.database.write() as session:
        session.execute(delete(Convocation))
        session.commit()
        found = select(Situation.reference).where(Situation.cell == "CCTP").limit(1)
        situation = session.scalars(found).one()
    _name(small_world, situation, "education", "departement")
    education, member = small_world.visitor("education"), reference_of("education")
    with small_world.database.write() as session:
        model = Signature if change.is_delete else MandateRow
        session.execute(change.where(model.member == member))
        session.commit()
    assert education.get(f"/situations/{situation}").status_code == 403
    assert situation not in education.get("/").text
    coordinator = small_world.coordinator()
    for address in (f"/situations/{situation}", f"/situations/{situation}/suivi"):
        assert mark in coordinator.get(address).text, address
    other = unescape(small_world.visitor("departement").get(f"/situations/{situation}").text)
    assert "Nadia Meziane" in other
    assert "Isabelle Da Costa" not in other
    assert mark not in other


def test_a_follower_who_steps_aside_is_marked(small_world) -> None:
    with small_world.database.read() as session:
        found = select(Situation.reference).where(Situation.cell == "CCTP").limit(1)
        situation = session.scalars(found).one()
    _name(small_world, situation, "education")
    education = small_world.visitor("education")
    assert education.post(f"/situations/{situation}/deport", {"confirme": "y"}).status_code == 302
    assert education.get(f"/situations/{situation}").status_code == 403
    assert SUIVIES not in education.get("/").text
    assert "déport)" in small_world.coordinator().get(f"/situations/{situation}/suivi").text


def test_only_members_of_the_cell_may_be_named(small_world) -> None:
    with small_world.database.read() as session:
        found = select(Situation.reference).where(Situation.cell == "CCTP").limit(1)
        situation = session.scalars(found).one()
    for key in ("pjj", "dpo", "maire"):
        assert _name(small_world, situation, key).status_code == 422
    page = small_world.coordinator().get(f"/situations/{situation}/suivi").text
    assert "Arnaud Lefèvre" not in page
    assert "Isabelle Da Costa" in page
