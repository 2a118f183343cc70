"""The report on screen and handed out: protected, settled, without a name."""

import csv
import re
import zipfile
from io import BytesIO, StringIO

import pytest
from docx import Document
from sqlalchemy import select

from casework.reports.models import PublishedReport
from tests.conftest import Visitor, World

URL = "/cellules/CCTP/rapport"
YEAR = {"du": "01/09/2025", "au": "31/08/2026"}
QUERY = "?du=01/09/2025&au=31/08/2026"
OVERLAPPING = {"du": "01/01/2026", "au": "31/08/2026"}
REFERENCE = re.compile(r"CCTP-\d{4}-\d{3}")


def exported(who: Visitor, sortie: str = "csv", **more: str):
    return who.post(URL, YEAR | {"sortie": sortie} | more)


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_the_page_counts_what_was_recorded_and_names_nobody(world: World) -> None:
    page = world.coordinator().get(URL + QUERY).text
    assert "Répartition par typologie" in page
    assert "situations dont la cellule a été saisie" in page
    assert "situations examinées en séance" in page
    assert "à ne pas diffuser" in page
    assert not REFERENCE.search(page)


def test_a_period_off_the_blocks_is_refused_in_french(small_world: World) -> None:
    coordinator = small_world.coordinator()
    for period, said in (
        ("du=bientot&au=31/12/2026", "sous la forme 21/11/2026"),
        ("du=01/10/2026&au=31/12/2025", "d’abord le premier jour"),
        ("du=02/09/2025&au=31/08/2026", "1er septembre"),
        ("du=01/09/2025&au=30/08/2026", "1er septembre"),
        ("du=01/01/0001&au=31/12/0001", "une période entre"),
        ("du=01/01/9999&au=31/12/9999", "une période entre"),
        ("du=01/01/1990&au=31/12/1990", "plus récente"),
    ):
        answer = coordinator.get(f"{URL}?{period}")
        assert answer.status_code == 200
        assert said in answer.text, period
        assert "<caption>Répartition" not in answer.text


def test_a_period_of_nobody_says_so(small_world: World) -> None:
    page = small_world.coordinator().get(f"{URL}?du=01/01/2001&au=31/12/2001").text
    assert "Aucune saisine dans cette période" in page
    assert "<caption>Répartition" not in page


def test_one_click_gives_the_yearly_report(small_world: World) -> None:
    page = small_world.coordinator().get(URL).text
    for model in ("Bilan annuel", "Année scolaire passée", "Bilan trimestriel"):
        assert re.search(rf'<a href="{URL}\?[^"]+"[^>]*>{model}', page), model


def test_a_model_is_kept_asked_for_in_one_click_and_forgotten(small_world: World) -> None:
    coordinator = small_world.coordinator()
    models = f"{URL}/modeles"
    choice = {"periode": "scolaire", "tableau": ["typologie", "typologie*statut"]}
    assert coordinator.post(models, choice | {"nom": ""}).status_code == 422
    kept = coordinator.post(models, choice | {"nom": "Pour le plénier", "arrondi": "y"})
    assert kept.status_code == 302
    with small_world.database.engine.connect() as connection:
        sealed = connection.exec_driver_sql("SELECT nom FROM report_model").scalar_one()
    assert "plénier".encode() not in bytes(sealed)
    page = small_world.visitor("maire").get(URL).text  # kept for the direction of the cell
    link = re.search(r'<a href="([^"]+)"[^>]*>Pour le plénier', page)
    assert link, page
    page = coordinator.get(link[1].replace("&amp;", "&")).text
    assert re.search(r'aria-current="true">Pour le plénier', page)
    assert "Répartition par typologie" in page
    assert "<caption>Répartition par quartier" not in page
    assert "Nombres arrondis à 5 près" in page
    forget = re.search(r'action="([^"]+/oublier)"', page)
    assert forget
    assert coordinator.post(forget[1].replace("CCTP", "GSP"), {}).status_code == 404
    assert coordinator.post(forget[1], {}).status_code == 302
    assert "Pour le plénier" not in coordinator.get(URL).text.split("Modèle")[-1]


def test_what_a_model_leaves_out_is_protected_all_the_same(small_world: World) -> None:
    """Two choices of tables over one period are one publication: nothing to subtract."""
    coordinator = small_world.coordinator()
    part = read_csv(exported(coordinator, tableau="typologie").data)
    whole = read_csv(exported(coordinator).data)
    assert {line[0] for line in part[1:]} <= {"Chiffres clés", "Répartition par typologie"}
    assert [line for line in whole if line[0] == "Répartition par typologie"] == [
        line for line in part if line[0] == "Répartition par typologie"
    ]
    with small_world.database.read() as session:
        assert len(session.scalars(select(PublishedReport)).all()) == 1


def test_what_is_exported_is_remembered_and_repeated(world: World) -> None:
    coordinator = world.coordinator()
    first = exported(coordinator)
    assert first.status_code == 200, first.text
    assert exported(coordinator).data == first.data
    with world.database.read() as session:
        assert len(session.scalars(select(PublishedReport)).all()) == 1
    page = coordinator.get(URL + QUERY).text
    assert "Chiffres arrêtés le" in page
    assert "à ne pas diffuser" not in page


def test_the_three_files_say_the_same(small_world: World) -> None:
    coordinator = small_world.coordinator()
    lines = read_csv(exported(coordinator).data)
    assert lines[0] == ["Tableau", "Ligne", "Colonne", "Période", "Nombre"]
    numbers = {line[4] for line in lines[1:] if line[0] == "Répartition par typologie"}
    document = Document(BytesIO(exported(coordinator, "docx").data))
    drawn = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert numbers - {"masqué"} <= drawn
    with zipfile.ZipFile(BytesIO(exported(coordinator, "ods").data)) as book:
        content = book.read("content.xml").decode()
    for line in lines[1:]:
        assert line[1] in content
    for words in (content, "".join(paragraph.text for paragraph in document.paragraphs)):
        assert not REFERENCE.search(words)


def test_the_document_carries_words_method_and_checkpoint(small_world: World) -> None:
    coordinator = small_world.coordinator()
    words = {"difficultes": "Peu de places\nen médiation.", "points_positifs": "Le réseau tient."}
    document = Document(BytesIO(exported(coordinator, "docx", **words).data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for said in ("Peu de places", "en médiation.", "Le réseau tient.", "masqué", "Note de méthode"):
        assert said in text
    assert re.search(r"Point de contrôle du journal des accès.*casework", text)
    assert document.core_properties.author == "Port-Miran"
    page = coordinator.get(URL + QUERY).text
    assert "Le réseau tient." in page
    assert exported(coordinator, points_positifs="Autre mot").status_code == 200
    assert "Autre mot" in coordinator.get(URL + QUERY).text


def test_a_period_that_is_not_over_is_not_exported(small_world: World) -> None:
    coordinator = small_world.coordinator()
    unfinished = {"du": "01/09/2026", "au": "31/08/2099", "sortie": "docx"}
    answer = coordinator.post(URL, unfinished | {"au": "31/08/2027"})
    assert answer.status_code == 422
    assert "pas terminée" in answer.text
    answer = coordinator.post(URL, unfinished | {"difficultes": "Mes mots"})
    assert answer.status_code == 422
    assert "Mes mots" in answer.text  # nothing typed is lost
    with small_world.database.read() as session:
        assert not session.scalars(select(PublishedReport)).all()


def test_both_forms_of_one_report_are_not_published(small_world: World) -> None:
    coordinator = small_world.coordinator()
    assert exported(coordinator, arrondi="y").status_code == 200
    page = coordinator.get(URL + QUERY).text
    values = re.findall(r'class="chart-value">(\d+)<', page)
    assert values
    assert all(int(value) % 5 == 0 for value in values)
    refused = exported(coordinator)
    assert refused.status_code == 422
    assert "autre forme" in refused.text


def test_a_late_saisine_moves_no_published_number(small_world: World) -> None:
    coordinator = small_world.coordinator()
    before = exported(coordinator).data
    saisine = {
        "saisine": "15/01/2026",
        "origine": 1,
        "nom": "Tardivel",
        "prenoms": "Noé",
        "naissance": "03/04/2011",
        "typologie": 5,
        "statut": 2,
    }
    assert coordinator.post("/cellules/CCTP/saisine", saisine).status_code == 302
    assert exported(coordinator).data == before
    overlapping = coordinator.post(URL, OVERLAPPING | {"sortie": "csv"})
    assert overlapping.status_code in (200, 422)  # 422 when both cannot be protected together
    with small_world.database.read() as session:
        published = session.scalars(select(PublishedReport)).all()
    assert len(published) == (2 if overlapping.status_code == 200 else 1)


@pytest.mark.parametrize("key", ["dpo", "administration", "parquet", "pjj"])
def test_others_export_nothing(small_world: World, key: str) -> None:
    assert exported(small_world.visitor(key)).status_code == 403
