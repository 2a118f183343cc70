"""A second saisine about someone the cell follows joins the situation, wherever it comes from."""

from sqlalchemy import func, select

from audit.schema import journal_event
from casework.situations.models import FurtherSaisine, Situation
from tests.casework.situations.around import SAISINE, recorded, text, version

AGAIN = {
    "saisine": "10/11/2026",
    "origine": "6",
    "canal": "3",
    "typologie": "5",
    "faits": ["9"],
    "faits_date": "08/11/2026",
    "faits_lieu": "Hall du 12, rue des Salins",
    "recit": "Un second récit.",
}


def _count(world, what: type) -> int:
    with world.database.read() as session:
        return session.scalar(select(func.count()).select_from(what)) or 0


def test_a_saisine_about_someone_known_joins_without_typing_again(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    before = _count(world, Situation)
    typed = SAISINE | AGAIN | {"nom": "Benkacem-Fabre"}
    warned = coordinator.post("/cellules/CCTP/saisine", typed)
    assert warned.status_code == 409
    assert f'formaction="{page}/saisine"' in warned.text
    assert coordinator.post(f"{page}/saisine", typed | {"joindre": "oui"}).location == page
    assert _count(world, Situation) == before
    shown = text(coordinator, page)
    for words in (
        *("Un récit.", "Un second récit.", "Nouvelle saisine du 10 novembre 2026"),
        *("(bailleur)", "Regroupement gênant", "8 novembre 2026, Hall du 12", "Benkacem-Fabre"),
    ):
        assert words in shown, words
    with world.database.read() as session:
        query = select(journal_event.c.action).order_by(journal_event.c.seq.desc()).limit(5)
        assert "situation:edit" in session.scalars(query).all()


def test_the_next_seance_is_told_of_it(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    assert coordinator.post(f"{page}/saisine", AGAIN).location == page
    assert "10 novembre 2026" in text(coordinator, page)
    agenda = text(coordinator, "/cellules/CCTP/seances/nouvelle")
    assert "nouvelle saisine depuis la dernière séance" in agenda


def test_nothing_joins_a_follow_up_that_has_ended(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    end = {"resultat": "3", "le": "12/11/2026", "motif": ""}
    known = version(coordinator, f"{page}/cloture")
    assert coordinator.post(f"{page}/cloture", end | {"version": known}).status_code == 302
    before = _count(world, FurtherSaisine)
    assert "Ajouter une nouvelle saisine" not in text(coordinator, page)
    assert coordinator.get(f"{page}/saisine").location == page
    assert coordinator.post(f"{page}/saisine", AGAIN).location == page
    assert _count(world, FurtherSaisine) == before
    warned = coordinator.post("/cellules/CCTP/saisine", SAISINE | AGAIN)
    assert "formaction" not in warned.text
    assert "son suivi est terminé" in warned.text.replace("\u00a0", " ")


def test_what_is_missing_is_asked_for(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    answer = coordinator.post(f"{page}/saisine", AGAIN | {"typologie": "", "saisine": "10/11/2126"})
    assert answer.status_code == 422
    assert "dans l’avenir" in answer.text
    assert "Un second récit." in answer.text
