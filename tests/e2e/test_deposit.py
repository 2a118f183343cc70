"""A deposit by a signaleur, admitted by the coordination, through a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework.clock import today

pytestmark = pytest.mark.browser
YEAR = today().year
OLDER, NEWER = f"D-CCTP-{YEAR}-001", f"D-CCTP-{YEAR}-002"
NOM, FACTS = "Quillichini", "Présence dans le hall après 23 h."


def test_a_deposit_goes_from_the_signaleur_to_a_situation_and_back(town: Any) -> None:
    signaleur: Page = town.enter("bailleur")
    coordinator: Page = town.coordinator()
    reference = deposits(town, signaleur)
    situation = admits(town, coordinator, reference)
    refuses_the_older_one(coordinator)
    follows_numbers_only(signaleur, reference, situation)


def deposits(town: Any, page: Page) -> str:
    page.get_by_role("main").get_by_role("link", name="Déposer").click()
    page.get_by_label("Nom de naissance").fill(NOM)
    page.locator("#prenoms").fill("Ghjulia")
    page.get_by_label("Les faits").fill(FACTS)
    page.get_by_role("button", name="Sceller et envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez au titre de quoi vous écrivez.")
    assert town.violations(page) == []
    expect(page.get_by_label("Nom de naissance")).to_have_value(NOM)
    page.get_by_label("Vous écrivez au titre de").select_option("Bailleur")
    page.get_by_role("button", name="Sceller et envoyer").click()
    heading = page.locator("h1")
    expect(heading).to_contain_text("Dépôt D-CCTP-")
    expect(page.locator("main")).to_contain_text("ne pourra le lire, vous compris")
    assert town.violations(page) == []
    assert NOM not in page.content()
    return heading.inner_text().removeprefix("Dépôt ")


def admits(town: Any, page: Page, reference: str) -> str:
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Dépôt reçu")
    page.get_by_role("link", name=f"{reference} Trier").click()
    expect(page.locator("main")).to_contain_text(FACTS)
    expect(page.locator("main")).to_contain_text("Yannick Caillol")
    assert NOM not in page.title()
    page.get_by_role("link", name="Admettre").click()
    expect(page.get_by_label("Nom de naissance")).to_have_value(NOM)
    expect(page.get_by_label("Description des faits")).to_have_value(FACTS)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Indiquez la date de naissance.")
    assert town.violations(page) == []
    page.get_by_label("Date de naissance").fill("03/05/2012")
    page.get_by_label("Typologie").select_option("Présence tardive de mineurs non accompagnés")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".notice-succes")).to_contain_text("le contenu du dépôt est détruit")
    expect(page.locator("main")).to_contain_text("Bailleur")
    return page.url.rsplit("/", 1)[1]


def refuses_the_older_one(page: Page) -> None:
    page.goto("/cellules/CCTP/depots")
    page.get_by_role("link", name=OLDER).click()
    page.get_by_label("Ne pas donner suite", exact=True).check()
    page.get_by_role("button", name="Donner ce retour").click()
    expect(page.get_by_role("alert")).to_contain_text("Indiquez le motif")
    page.get_by_label(re.compile("Si vous ne donnez pas suite")).fill("Réglé par le gardien.")
    page.get_by_role("button", name="Donner ce retour").click()
    expect(page.locator(".notice-succes")).to_contain_text("Retour donné : sans suite.")
    page.get_by_role("link", name=OLDER).click()
    expect(page.locator("main")).to_contain_text("Réglé par le gardien.")


def follows_numbers_only(page: Page, reference: str, situation: str) -> None:
    page.goto("/depots")
    expect(page.get_by_role("row", name=reference)).to_contain_text("Pris en compte")
    expect(page.get_by_role("row", name=OLDER)).to_contain_text("Sans suite")
    expect(page.get_by_role("row", name=NEWER)).to_contain_text("En attente")
    for hidden in (NOM, FACTS, situation, "gardien"):
        assert hidden not in page.content()
    page.get_by_role("link", name=reference).click()
    expect(page.locator("main")).to_contain_text("Le contenu de ce dépôt est détruit.")
    answer = page.goto(f"/situations/{situation}")
    assert answer is not None
    assert answer.status == 403
    assert NOM not in page.content()
