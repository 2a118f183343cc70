"""The renewal of a cell's key goes on by itself in a browser, and by a button without scripts."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Town

pytestmark = pytest.mark.browser
DONE = "La clé de la cellule est renouvelée"


def test_it_goes_on_by_itself_to_the_end(town: Town) -> None:
    page = town.coordinator()
    page.goto("/cellules/CCTP/cle")
    assert town.violations(page) == []
    page.get_by_role("button", name="Renouveler la clé").click()
    expect(page.get_by_text(DONE)).to_be_visible(timeout=30_000)
    expect(page.get_by_role("progressbar")).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "MAIN"
    assert town.violations(page) == []


def test_without_scripts_a_button_moves_each_batch(town: Town) -> None:
    signed_in = town.coordinator()
    page = town.window(java_script_enabled=False, storage_state=signed_in.context.storage_state())
    page.goto("/cellules/CCTP/cle")
    page.get_by_role("button", name="Renouveler la clé").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text("0 sur ", exact=False)).to_be_visible()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text(DONE)).to_be_visible()
