"""A spreadsheet is imported in a browser, with its scripts and without; each page is accessible."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework.web.access import today
from tests.casework.imports import workbook
from tests.e2e.test_accessibility import wrong_with

pytestmark = pytest.mark.browser
SLOW = 120_000  # milliseconds


def _upload(page: Page, file: Path) -> None:
    page.goto("/cellules/CCTP/situations")
    page.get_by_role("link", name="Importer un tableau").click()
    page.get_by_label("Tableau à importer").set_input_files(file)
    page.get_by_role("button", name="Lire le tableau").click()


def test_a_spreadsheet_from_the_list_to_the_last_line(town: Any, tmp_path: Path) -> None:
    rows = workbook.valid(today(), 90)
    rows[3][workbook.BORN] = None
    rows[8][:2] = rows[8][1::-1]
    rows[20][workbook.NOTES] = "On le dit autiste."
    file = tmp_path / "suivi.xlsx"
    file.write_bytes(workbook.xlsx(rows))
    page = town.coordinator()
    page.set_default_timeout(SLOW)
    _upload(page, file)
    expect(page.get_by_text("Colonnes écartées")).to_be_visible()
    assert wrong_with(town, page) == []
    page.get_by_label("Prénom", exact=True).select_option("")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert wrong_with(town, page) == []
    page.get_by_label("Prénom", exact=True).select_option("prenoms")
    page.get_by_role("button", name="Continuer").click()
    assert wrong_with(town, page) == []
    page.get_by_role("button", name="Contrôler les lignes").click()
    expect(page.get_by_text("Date illisible")).to_have_count(0)
    assert wrong_with(town, page) == []
    page.get_by_label("Ligne 12").select_option("inverser")
    page.get_by_label("Ligne 24").select_option("retirer")
    page.get_by_role("button", name="Enregistrer mes choix").click()
    page.get_by_role("button", name="Importer les 89 lignes valables").click()
    # The batches follow one another by themselves.
    expect(page.get_by_text("Détruisez maintenant votre propre fichier")).to_be_visible(
        timeout=SLOW
    )
    expect(page.get_by_text("89 situations enregistrées, sur 90 lignes")).to_be_visible()
    assert wrong_with(town, page) == []


def test_without_scripts_each_batch_is_one_press(town: Any, tmp_path: Path) -> None:
    file = tmp_path / "suivi.csv"
    file.write_bytes(workbook.delimited(workbook.valid(today(), 50)))
    page = town.coordinator(java_script_enabled=False)
    page.set_default_timeout(SLOW)
    _upload(page, file)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Contrôler les lignes").click()
    page.get_by_role("button", name="Importer les 50 lignes").click()
    for done in (0, 40):
        expect(page.get_by_text(f"{done} sur 50 lignes")).to_be_visible()
        page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("50 situations enregistrées")).to_be_visible()
