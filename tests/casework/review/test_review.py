"""The yearly review: what it finds, on the page and on paper, and its date."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import delete, update

from audit.event import Outcome
from audit.query import search
from casework.demo.members import MEMBERS
from casework.members.models import Member
from casework.review.service import ASLEEP_AFTER, NOMINATIVE_READS
from charter.models import MandateRow, Signature
from tests.casework.people import TODAY, mandates_of, reference_of, typed

COMMISSAIRE, PJJ = reference_of("commissaire"), reference_of("pjj")


@pytest.fixture
def maire(small_world):
    return small_world.visitor("maire")


def _line(page: str, name: str) -> str:
    start = page.index(f'<th scope="row">{name}')
    return page[start : page.index("</tr>", start)]


def _change(world, *statements) -> None:
    with world.database.write() as session:
        for statement in statements:
            session.execute(statement)
        session.commit()


def test_it_shows_what_should_no_longer_be(world) -> None:
    yesterday = TODAY - timedelta(days=1)
    long_ago = datetime.now(UTC) - ASLEEP_AFTER - timedelta(days=1)
    _change(
        world,
        update(MandateRow).where(MandateRow.member == PJJ).values(ends=yesterday),
        delete(Signature).where(Signature.member == COMMISSAIRE),
        update(Member).where(Member.reference == COMMISSAIRE).values(created_at=long_ago),
    )
    page = world.visitor("maire").get("/revue-des-acces").text
    gone = _line(page, "Arnaud Lefèvre")
    assert "Clé encore détenue sans mandat : annuaire des membres, GSP" in gone
    assert "Compte ouvert sans mandat en cours" in gone
    late = _line(page, "Christophe N’Guessan")
    assert "Charte à signer : CCTP, GSP" in late
    assert "Aucune connexion depuis 90 jours" in late
    assert "Mandat sans acte enregistré" in _line(page, "Fanta Diarra")
    assert "Rien" in _line(page, "Isabelle Da Costa")


def test_a_member_who_signed_in_is_not_asleep(small_world, maire) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=400)
    _change(small_world, update(Member).values(created_at=long_ago))
    small_world.visitor("commissaire")
    page = maire.get("/revue-des-acces").text
    assert "Aucune connexion" not in _line(page, "Christophe N’Guessan")
    assert "Aucune connexion" in _line(page, "Isabelle Da Costa")


def test_a_reading_of_a_situation_is_dated_and_a_page_without_names_is_not(
    small_world, maire
) -> None:
    assert {"situation:read", "seance:read", "fiche:read"} <= NOMINATIVE_READS
    assert not {"home:read", "report:read", "journal:read", "member:list"} & NOMINATIVE_READS
    coordinator = small_world.coordinator()
    coordinator.get("/")
    assert "jamais" in _line(maire.get("/revue-des-acces").text, "Hélène")
    coordinator.get("/cellules/CCTP/situations")
    assert "jamais" not in _line(maire.get("/revue-des-acces").text, "Hélène")


def test_the_maire_ends_a_mandate_of_their_cell_from_there(small_world, maire) -> None:
    row = next(row for row in mandates_of(small_world, COMMISSAIRE) if row.cell == "CCTP")
    other = next(row for row in mandates_of(small_world, COMMISSAIRE) if row.cell == "GSP")
    page = maire.get("/revue-des-acces").text
    url = f"/cellules/CCTP/membres/{COMMISSAIRE}/mandats/{row.id}/fin"
    assert url in page
    assert f"/mandats/{other.id}/fin" not in page
    assert "Christophe N’Guessan" in maire.get(url).text
    answer = maire.post(url, {"fin": typed(-1)})
    assert answer.location == "/revue-des-acces"
    assert "(CCTP)" not in _line(maire.get("/revue-des-acces").text, "Christophe N’Guessan")


def test_the_dpo_reads_it_and_ends_nothing(small_world) -> None:
    dpo = small_world.visitor("dpo")
    page = dpo.get("/revue-des-acces").text
    assert "Christophe N’Guessan" in page
    assert "/fin" not in page
    assert small_world.visitor("administration").get("/revue-des-acces").status_code == 403


def test_it_is_recorded_as_made_and_says_when(small_world, maire) -> None:
    assert "Aucune revue n’a encore été consignée" in maire.get("/revue-des-acces").text
    assert maire.post("/revue-des-acces/faite").status_code == 302
    assert "Dernière revue consignée le" in maire.get("/revue-des-acces").text
    with small_world.database.read() as session:
        (entry,) = search(session.connection(), action="access:certify")
    assert (entry.actor, entry.outcome) == (reference_of("maire"), Outcome.AUTORISE)


def test_the_paper_says_who_made_it_and_carries_the_checkpoint(small_world, maire) -> None:
    _change(small_world, delete(Signature).where(Signature.member == COMMISSAIRE))
    answer = maire.get("/revue-des-acces/revue.docx")
    assert answer.status_code == 200
    document = Document(BytesIO(answer.data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Port-Miran. Produite par Mireille Castellan, maire." in text
    assert "Christophe N’Guessan (M-0007) : charte à signer : CCTP, GSP." in text
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0][0] == "Membre"
    assert len(rows) == 1 + len(MEMBERS)
    assert any("Arrêté n° 2025-114" in row[1] for row in rows)
    footer = document.sections[0].footer.paragraphs[0].text
    assert footer.startswith("Point de contrôle du journal : casework/")
