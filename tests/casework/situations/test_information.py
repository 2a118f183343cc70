"""Nobody is examined unaware where the charter says so, and an exception has its reason."""

import re
from io import BytesIO

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from casework.cells import options
from casework.cells import service as cells
from casework.cells.models import Cell
from casework.information import service
from casework.information.models import Information
from casework.situations.models import Situation
from tests.casework.people import reference_of
from tests.casework.situations.around import numbers, recorded, text

MISSING = "Ce qui manque"
TOLD = {"faite_le": "10/11/2026", "mode": "1", "destinataire": "autre", "nom": "Mme Fabre"}


def _require(world, cell: str, required: bool = True) -> None:
    with world.database.write() as session:
        found = session.get_one(Cell, cell)
        found.information, found.information_blocks = options.Information.LETTER, required
        session.commit()


def _blocked(world, page: str) -> bool:
    with world.database.read() as session:
        query = select(Situation).where(Situation.reference == page.rpartition("/")[2])
        found = session.scalars(query).one()
        return found.id in service.blocks(session, found.cell, [found.id])


def test_a_cve_waits_unless_its_settings_say_otherwise(small_world) -> None:
    with small_world.database.read() as session:
        cve = next(cell.code for cell in cells.every_cell(session) if cell.code.startswith("CVE"))
        assert service.required(session, cve)
        assert not service.required(session, "CCTP")
    _require(small_world, cve, required=False)
    _require(small_world, "CCTP")
    with small_world.database.read() as session:
        assert not service.required(session, cve)
        assert service.required(session, "CCTP")


def test_the_examination_waits_for_the_information(world) -> None:
    _require(world, "CCTP")
    coordinator = world.coordinator()
    page = recorded(coordinator)
    assert _blocked(world, page)
    assert "l’examen l’attend" in text(coordinator, page)
    assert coordinator.post(f"{page}/information", TOLD).location == page
    assert not _blocked(world, page)
    shown = text(coordinator, page)
    assert MISSING not in shown
    assert "Personnes informées le 10 novembre 2026 (courrier)" in shown
    assert "par Hélène Vidal-Le Guen, Coordonnateur" in shown


def test_where_the_charter_does_not_ask_it_is_only_said(small_world) -> None:
    page = recorded(small_world.coordinator())
    assert not _blocked(small_world, page)
    assert MISSING in text(small_world.coordinator(), page)


def test_an_exception_needs_its_reason(world) -> None:
    _require(world, "CCTP")
    coordinator, maire = world.coordinator(), world.visitor("maire")
    page = recorded(coordinator)
    assert maire.post(f"{page}/information/exception", {"motif": " "}).status_code == 422
    assert _blocked(world, page)
    assert maire.post(f"{page}/information/exception", {"motif": "Sans adresse."}).location == page
    assert not _blocked(world, page)
    shown = text(coordinator, page)
    assert "par exception motivée" in shown
    assert "Sans adresse." in shown
    assert "par Mireille Castellan, Maire" in shown


def test_a_member_reads_the_day_and_neither_the_name_nor_the_motive(small_world) -> None:
    coordinator, member = small_world.coordinator(), small_world.visitor("education")
    page = recorded(coordinator)
    coordinator.post(f"{page}/information", TOLD)
    coordinator.post(f"{page}/information/exception", {"motif": "Sans adresse."})
    assert member.get(page).status_code == 403
    coordinator.post(f"{page}/suivi", {"membres": reference_of("education")})
    shown = text(member, page)
    assert "Personnes informées le 10 novembre 2026" in shown
    assert "Fabre, " not in shown
    assert "Mme Fabre" not in shown
    assert "Sans adresse." not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"faite_le": "01/01/2090"},
        {"faite_le": ""},
        {"mode": "0"},
        {"mode": "99"},
        {"destinataire": ""},
        {"destinataire": "12345"},
        {"nom": ""},
    ],
)
def test_what_is_missing_is_said_and_nothing_is_recorded(small_world, wrong) -> None:
    page = recorded(small_world.coordinator())
    assert small_world.coordinator().post(f"{page}/information", TOLD | wrong).status_code == 422
    assert MISSING in text(small_world.coordinator(), page)


def test_the_letter_says_to_whom_and_about_whom_never_what(small_world) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    form = coordinator.get(f"{page}/information").text
    parent = re.search(r'value="(\d+)">Claire Fabre \(mère\)', form)[1]
    coordinator.post(f"{page}/information", TOLD | {"destinataire": parent, "nom": ""})
    (number,) = numbers(coordinator, page, "information")
    answer = coordinator.get(f"{page}/information/{number}/lettre.docx")
    assert answer.status_code == 200, answer.text
    assert "Benkacem" not in str(answer.headers)
    letter = "\n".join(p.text for p in docx.Document(BytesIO(answer.data)).paragraphs)
    for expected in ("Claire Fabre", "4 quai des Pointus", "la situation de Younès Benkacem-Fabre"):
        assert expected in letter
    assert "Un récit." not in letter
    assert coordinator.get(f"{page}/information/1/lettre.docx").status_code == 404


acts = st.lists(st.sampled_from(["inform", "except", "close", "other"]), max_size=6)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(required=st.booleans(), acts=acts)
def test_only_an_information_or_an_exception_unblocks(small_world, required, acts) -> None:
    """Whatever else happens to the situation, and however often."""
    _require(small_world, "CCTP", required)
    coordinator = small_world.coordinator()
    page = recorded(coordinator, autre_personne="oui")
    done = set()
    for act in acts:
        assert _blocked(small_world, page) == (required and not done & {"inform", "except"})
        if act == "inform":
            coordinator.post(f"{page}/information", TOLD)
        elif act == "except":
            coordinator.post(f"{page}/information/exception", {"motif": "Motif."})
        elif act == "close":
            coordinator.post(f"{page}/cloture", {"resultat": "3", "le": "12/11/2026", "version": 1})
        else:
            coordinator.get(f"{page}/information")
        done.add(act)
    assert _blocked(small_world, page) == (required and not done & {"inform", "except"})
    with small_world.database.read() as session:
        situation = session.scalars(
            select(Situation).where(Situation.reference == page.rpartition("/")[2])
        ).one()
        kept = session.scalars(select(Information).where(Information.situation == situation.id))
        assert len(kept.all()) == sum(act in ("inform", "except") for act in acts)
