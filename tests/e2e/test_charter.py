"""A charter published in a browser, then signed again by a member who sees what changed."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.test_accessibility import wrong_with

pytestmark = pytest.mark.browser


def test_a_new_charter_is_read_again_published_and_signed(town: Any) -> None:
    page = town.enter("maire")
    page.goto("/cellules/CCTP/charte")
    page.get_by_role("link", name="Publier une nouvelle version").click()
    text = page.get_by_label("Texte de la charte")
    text.fill(text.input_value().replace("Chacun apprécie", "Chaque membre apprécie"))
    page.get_by_role("button", name="Relire avant de publier").click()
    expect(page.get_by_role("alert")).to_be_focused()  # the type was not said
    assert wrong_with(town, page) == []
    expect(text).to_have_value(re.compile("Chaque membre apprécie"))
    page.get_by_label("Charte du type de 2014").check()
    page.get_by_role("button", name="Relire avant de publier").click()
    expect(page.get_by_role("heading", name="Ce qui change")).to_be_visible()
    assert wrong_with(town, page) == []
    page.get_by_role("button", name="Publier cette version").click()

    member = town.enter("education")
    member.get_by_role("link", name="Lire et signer la charte").first.click()
    expect(member.get_by_role("table", name="Passages qui changent")).to_contain_text("ajouté")
    assert wrong_with(town, member) == []
    member.get_by_label("J’ai lu la charte").check()
    member.get_by_role("button", name="Je signe").click()
    member.goto("/cellules/CCTP/charte")
    expect(member.get_by_role("main")).to_contain_text("Vous avez signé ce texte le")
    with member.expect_download() as sheet:
        member.get_by_role("link", name="Ma feuille de signature").click()
    assert sheet.value.suggested_filename == "signature-charte-CCTP.docx"
