"""A follow-up ends with a result and a date, leaves the lists, is found again, and may reopen."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from casework.closure.models import Closure
from casework.situations.models import Situation
from tests.casework.situations.around import SAISINE, recorded, text, version

CLOSE = {"resultat": "3", "le": "12/11/2026", "motif": ""}
REOPEN = {"le": "15/11/2026", "motif": "Nouvelle saisine."}


def _row(world, page: str) -> Situation:
    with world.database.read() as session:
        query = select(Situation).where(Situation.reference == page.rpartition("/")[2])
        return session.scalars(query).one()


def _close(visitor, page: str, **changed: str):
    known = version(visitor, f"{page}/cloture")
    return visitor.post(f"{page}/cloture", CLOSE | {"version": known} | changed)


def test_a_closed_situation_leaves_the_list_and_is_still_found(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    reference = page.rpartition("/")[2]
    assert reference in coordinator.get("/cellules/CCTP/situations").text
    assert _close(coordinator, page).location == page
    assert _row(world, page).closed_on == date(2026, 11, 12)
    assert reference not in coordinator.get("/cellules/CCTP/situations").text
    assert reference in coordinator.get("/cellules/CCTP/situations?statut=3").text
    assert reference not in coordinator.get("/cellules/CCTP/situations?statut=4").text
    found = coordinator.post("/cellules/CCTP/recherche", {"q": "Benkacem"})
    assert reference in found.text
    shown = text(coordinator, page)
    assert "Fin du suivi le 12 novembre 2026" in shown
    assert "Solutionnée. Effacement prévu le 12 février 2027." in shown


def test_reopening_stops_the_clock_and_keeps_the_story(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    _close(coordinator, page)
    known = version(coordinator, f"{page}/reouverture")
    reopened = REOPEN | {"version": known}
    assert coordinator.post(f"{page}/reouverture", REOPEN | {"motif": ""}).status_code == 422
    assert coordinator.post(f"{page}/reouverture", reopened).location == page
    assert _row(world, page).closed_on is None
    shown = text(coordinator, page)
    assert "Fin du suivi le 12 novembre 2026 : solutionnée" in shown
    assert "Suivi rouvert le 15 novembre 2026" in shown
    assert "Nouvelle saisine." in shown
    assert "Effacement prévu" not in shown
    assert page.rpartition("/")[2] in coordinator.get("/cellules/CCTP/situations").text


@pytest.mark.parametrize(
    "wrong", [{"resultat": "2"}, {"resultat": "0"}, {"le": "01/11/2026"}, {"le": "01/01/2090"}]
)
def test_what_does_not_end_a_follow_up_is_refused(small_world, wrong) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    assert _close(coordinator, page, **wrong).status_code == 422
    assert _row(small_world, page).closed_on is None


def test_it_does_not_reopen_before_it_ended(small_world) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    _close(coordinator, page)
    early = REOPEN | {"le": "11/11/2026", "version": version(coordinator, f"{page}/reouverture")}
    assert coordinator.post(f"{page}/reouverture", early).status_code == 422


def test_whoever_closes_after_another_edit_is_told(small_world) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    known = version(coordinator, f"{page}/cloture")
    coordinator.post(f"{page}/modifier", SAISINE | {"autre_personne": "oui"})
    late = coordinator.post(f"{page}/cloture", CLOSE | {"version": known, "motif": "Mon motif."})
    assert late.status_code == 409
    assert "Mon motif." in late.text
    assert _row(small_world, page).closed_on is None


def test_editing_a_closed_situation_neither_reopens_nor_redates_it(small_world) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    _close(coordinator, page)
    edit = SAISINE | {"version": version(coordinator, f"{page}/modifier"), "recit": "Corrigé."}
    assert coordinator.post(f"{page}/modifier", edit).status_code == 422  # « Nouvelle » is refused
    assert coordinator.post(f"{page}/modifier", edit | {"statut": "3"}).location == page
    assert _row(small_world, page).closed_on == date(2026, 11, 12)


def test_the_form_of_the_saisine_ends_no_follow_up(small_world) -> None:
    ended = SAISINE | {"statut": "3"}
    assert small_world.coordinator().post("/cellules/CCTP/saisine", ended).status_code == 422


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["close", "reopen", "edit"]), max_size=7))
def test_it_is_closed_after_a_closure_and_before_a_reopening(small_world, acts) -> None:
    """A machine of two states: an act that is not open in one changes nothing and keeps nothing."""
    coordinator = small_world.coordinator()
    page = recorded(coordinator, autre_personne="oui")
    closed, turns = False, 0
    for act in acts:
        known = {"version": version(coordinator, f"{page}/modifier")}
        if act == "close":
            coordinator.post(f"{page}/cloture", CLOSE | known)
            turns, closed = turns + (not closed), True
        elif act == "reopen":
            coordinator.post(f"{page}/reouverture", REOPEN | known)
            turns, closed = turns + closed, False
        else:
            statut = {"statut": "3" if closed else "2"}
            coordinator.post(f"{page}/modifier", SAISINE | known | statut)
        row = _row(small_world, page)
        assert (row.closed_on is not None) is closed
        with small_world.database.read() as session:
            kept = session.scalars(select(Closure).where(Closure.situation == row.id)).all()
        assert len(kept) == turns
