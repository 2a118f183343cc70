"""A whole transaction through the pages of the commune and of the parquet."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select, update

from audit.query import search
from casework.cells.models import Cell
from casework.transactions import views
from casework.transactions.models import Contravention, Transaction, TransactionEvent
from casework.web.access import today
from charter.models import MandateRow
from tests.casework.transactions.conftest import Way, french


def test_a_repair_from_the_situation_to_its_end(way: Way) -> None:
    url = way.prepare().location
    assert url.startswith("/transactions/TR-")
    page = way.coordinator.get(url).text
    assert "Proposition prête" in page
    assert url in way.coordinator.get(way.situation).text
    assert way.row(url).attend == "commune"
    assert way.parquet.get(url.replace("transactions", "homologations")).status_code == 404
    way.step(url, "remise", mode="recommande", preuve="1A 204")
    assert way.row(url).attend == "reponse"
    way.step(url, "reponse", reponse="accepter")
    refused = way.step(url, "execution", 409, quantite="180")
    assert "demandez l’homologation" in refused.text
    way.step(url, "homologation", pieces="y")
    refused = way.step(url, "execution", 403, quantite="180")
    asked = way.parquet.get("/homologations").text
    assert url.rsplit("/", 1)[1] in asked
    assert "le tribunal de police décide" not in asked
    way.decide(url)
    way.step(url, "execution", quantite="100")
    over = way.step(url, "execution", 409, quantite="80,01")
    assert "ne peut ni dépasser" in over.text
    assert "80,01" in over.text  # nothing typed is lost
    way.step(url, "execution", quantite="80")
    way.step(url, "information", pieces="y")
    row = way.row(url)
    assert (row.attend, row.echeance) == ("", None)
    page = way.coordinator.get(url).text
    assert "Close" in page
    with way.world.database.read() as session:
        events = session.scalars(select(TransactionEvent).filter_by(transaction=row.id)).all()
        acts = search(session.connection(), limit=40)
    assert [event.rank for event in sorted(events, key=lambda e: e.rank)] == list(range(1, 8))
    assert all(event.mandat for event in events)
    done = [entry for entry in acts if entry.object == row.reference and "act" in entry.action]
    assert len(done) >= 6


def test_work_is_the_tribunals_to_homologate(way: Way) -> None:
    url = way.accepted(genre="travail", quantite="12,5", nature="peinture", lieu="parc")
    way.step(url, "homologation", pieces="y")
    page = way.parquet.get(url.replace("transactions", "homologations")).text
    assert "Le tribunal de police décide" in page
    way.decide(url)
    assert "12,5" in way.coordinator.get(url).text
    way.step(url, "execution", quantite="12,5")
    assert "Exécutée" in way.coordinator.get(url).text


def test_what_is_not_homologated_is_not_executed(way: Way) -> None:
    url = way.accepted()
    way.step(url, "homologation", pieces="y")
    way.decide(url, "ne_pas_homologuer")
    way.decide(url, status=403)
    way.step(url, "execution", 409, quantite="180")
    way.step(url, "information", pieces="y")


def test_silence_is_a_refusal_by_the_law_and_nobody_writes_it(way: Way) -> None:
    url = way.prepare(reponse_avant=french(today() + timedelta(days=1))).location
    way.step(url, "remise", mode="recepisse", preuve="7")
    _age(way, url, 30)
    page = way.coordinator.get(url).text
    assert "le silence vaut refus" in page
    assert "Personne n’a rien consigné" in page
    listed = way.coordinator.get("/echeances").text
    assert "le silence vaut refus" in listed
    assert "Duval" not in listed
    way.step(url, "information", pieces="y")
    assert way.row(url).attend == ""


def _age(way: Way, url: str, days: int) -> None:
    """As if the answer had been due long ago: the day alone changes."""
    views.today = lambda: today() + timedelta(days=days)
    row = way.row(url)
    with way.world.database.write() as session:
        session.execute(
            update(Transaction)
            .where(Transaction.id == row.id)
            .values(echeance=today() - timedelta(days=1))
        )
        session.commit()


@pytest.fixture(autouse=True)
def _same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test does to the day is undone."""
    monkeypatch.setattr(views, "today", views.today)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"bien_communal": "non"}, "bien de la commune"),
        ({"action_publique": "oui"}, "action publique est engagée"),
        ({"pv_date": french(today() - timedelta(days=40))}, "délai d’un mois"),
        ({"pv_date": french(today() + timedelta(days=2))}, "avenir"),
        ({"genre": "travail", "quantite": "30,5"}, "30 heures"),
        ({"quantite": "0"}, "supérieur à zéro"),
        ({"reponse_avant": french(today())}, "date à venir"),
    ],
)
def test_the_law_closes_and_nothing_is_lost(way: Way, changed, said: str) -> None:
    answer = way.prepare(**changed)
    assert answer.status_code == 409
    assert said in answer.text
    assert "PM-2026-118" in answer.text
    with way.world.database.read() as session:
        assert len(session.scalars(select(Transaction)).all()) == 3  # those of the demonstration


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"quantite": "NaN"}, "nombre"),
        ({"quantite": "1e9"}, "plausible"),
        ({"par_delegation": "y"}, "arrêté de délégation"),
        ({"contravention": "99"}, "contravention"),
        ({"pv_numero": ""}, "numéro"),
        ({"mois": "13"}, "12 mois"),
    ],
)
def test_what_is_missing_is_said(way: Way, changed, said: str) -> None:
    answer = way.prepare(**changed)
    assert answer.status_code == 422
    assert said in answer.text


SEVENTEEN, FIFTEEN = (date(today().year - years, 1, 1) for years in (17, 15))


def test_a_minor_only_under_the_recorded_agreement(way: Way) -> None:
    way.saisine(SEVENTEEN)
    assert "accord écrit du parquet" in way.prepare(representants="Mme Duval").text
    with way.world.database.write() as session:
        session.get_one(Cell, "CCTP").transaction_hours = 15
        session.commit()
    settled = {"accord": "Note 2026-12", "accord_date": "01/09/2026"}
    answer = way.coordinator.post("/cellules/CCTP/transaction/reglages", settled)
    assert answer.status_code == 302, answer.text
    assert "représentants légaux" in way.prepare(representants=" ").text
    hours = way.prepare(representants="Mme Duval", genre="travail", quantite="16")
    assert "15 heures" in hours.text
    url = way.prepare(representants="Mme Duval", genre="travail", quantite="15").location
    way.step(url, "remise", mode="recepisse", preuve="7")
    way.step(url, "reponse", 409, reponse="accepter")
    way.step(url, "reponse", reponse="accepter", representants="Mme Duval")
    way.situation = ""
    way.saisine(FIFTEEN)
    refused = way.prepare(representants="Mme Duval", genre="travail", quantite="5")
    assert "avant 16 ans" in refused.text


def test_two_people_at_once(way: Way) -> None:
    url = way.prepare().location
    way.step(url, "remise", 409, version=7, mode="recepisse", preuve="8")
    assert way.step(url, "remise", 422, mode="", preuve="8").text.count("8")


def test_no_step_under_an_ended_mandate(way: Way) -> None:
    url = way.prepare().location
    with way.world.database.write() as session:
        session.execute(update(MandateRow).values(ends=today() - timedelta(days=1)))
        session.commit()
    way.step(url, "remise", 403, mode="recepisse", preuve="8")
    assert way.row(url).version == 1


def test_the_lines_shipped_are_to_be_compared_with_the_official_text(way: Way) -> None:
    table, form = "/cellules/CCTP/contraventions", way.saisine() + "/transaction"
    with way.world.database.read() as session:
        shipped = session.scalars(select(Contravention)).all()
        assert not any(line.verifiee for line in shipped)
        assert all("copies de tiers" in line.source for line in shipped)
    page = way.coordinator.get(table).text
    assert page.count("À comparer avec Légifrance") == len(shipped)
    assert "restent à comparer" in page
    assert way.coordinator.get(form).text.count("avant usage") == len(shipped)
    with way.world.database.write() as session:  # what is checked is no longer asked for
        session.execute(update(Contravention).values(verifiee=True))
        session.commit()
    assert "omparer avec Légifrance" not in way.coordinator.get(table).text
    assert "avant usage" not in way.coordinator.get(form).text
    assert way.prepare().status_code == 302


def test_a_new_version_of_a_contravention_leaves_older_acts_theirs(way: Way) -> None:
    url = way.prepare().location
    line = {
        "code": "R635-1",
        "label": "Nouveaux mots",
        "article": "art. R. 635-1 du code pénal",
        "classe": "5",
        "amende": "2000",
        "pm": "y",
        "pm_article": "art. R. 15-33-29-3 du CPP",
        "bien_communal": "y",
        "source": "Légifrance, consulté le 21 novembre 2026",
        "depuis": french(today()),
    }
    table = "/cellules/CCTP/contraventions"
    assert way.coordinator.post(table, line).status_code == 302
    assert way.coordinator.post(table, line).status_code == 409
    assert "Nouveaux mots" in way.coordinator.get(table).text
    assert "Nouveaux mots" not in way.coordinator.get(url).text
    paper = way.coordinator.get(f"{url}/proposition.docx")
    text = "\n".join(
        cell.text for table in Document(BytesIO(paper.data)).tables for cell in table._cells
    )
    assert "Nouveaux mots" not in text
    assert "1\N{NARROW NO-BREAK SPACE}500" in text
