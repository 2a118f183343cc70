"""A family of the Istres quarter is advised, promises and is followed, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import quarter
from tests.e2e.quarter import follow, in_days, press, told, words

pytestmark = pytest.mark.browser
FAMILY = "Quillichini"


def test_a_family_promises_and_is_followed(town: Any) -> None:
    page: Page = town.coordinator()
    situation = quarter.records(page, "CCTP", FAMILY, "Ghjulia", "Collège", "Lettre")
    page.goto(f"/situations/{situation}")
    follow(page, "Ouvrir une aide parentale")
    assert town.violations(page) == []
    page.get_by_label("Défaut d’assiduité scolaire").check()
    page.get_by_label("Non", exact=True).check()
    press(page, "Ouvrir l’aide")
    told(page, "sollicitez l’avis")
    page.get_by_label("En séance, auprès de son représentant").check()
    press(page, "Consigner la demande d’avis")
    told(page, "L’acte est consigné")

    page.get_by_text("Préparer l’engagement…").click()
    page.locator("#engagement-point_1").fill("Prévenir le collège de toute absence.")
    page.locator("#engagement-avant_1").fill(in_days(14))
    press(page, "Préparer l’engagement")
    told(page, "L’acte est consigné")
    paper = words(page, "Engagement de la famille (.docx)")
    assert "Prévenir le collège de toute absence." in paper
    assert FAMILY in paper
    page.get_by_label("Signé", exact=True).check()
    page.locator("#signature-signataires").fill("Mme Trinquier")
    press(page, "Consigner la réponse de la famille")
    told(page, "L’acte est consigné")
    assert town.violations(page) == []
    assert FAMILY in words(page, "Information des autorités, en quatre lettres (.docx)")
    page.get_by_text("Consigner l’information des autorités…").click()
    press(page, "Consigner l’information des autorités")
    told(page, "L’acte est consigné")
    page.goto("/echeances")
    expect(page.get_by_role("row").filter(has_text=situation)).to_contain_text("engagement")
    assert FAMILY not in page.content()

    page.goto(f"/situations/{situation}/aide-parentale")
    page.get_by_text("Consigner le suivi du point…").click()
    page.locator("#point-point").select_option(index=0)
    page.get_by_label("Tenu", exact=True).check()
    press(page, "Consigner le suivi du point")
    page.goto(f"/situations/{situation}")
    expect(page.locator("main")).to_contain_text("1\N{NO-BREAK SPACE}point suivi sur")
    expect(page.locator("main")).to_contain_text("Engagement signé par la famille")
    follow(page, "Clore le suivi")
    expect(page.locator(".notice-refus")).to_contain_text("Aide parentale")
