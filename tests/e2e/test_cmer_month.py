"""A month of a CMER in a real browser: closed, opened, a signal treated; and nothing of it for
whoever does not sit there (001:1998-2016)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework.db import Database
from casework.instance import load
from charter import register
from charter.roles import Role
from tests.casework.people import TODAY, reference_of
from tests.e2e import quarter
from tests.e2e.quarter import follow, goes_to, press, status, told
from tests.e2e.test_accessibility import wrong_with

pytestmark = pytest.mark.browser
NAME, PM = "Quatrevaux", "Fabrice Bérenguier"
SEATED = {
    "coordination": Role.COORDONNATEUR,
    "police_municipale": Role.CHEF_PM,
    "bailleur": Role.SIGNALEUR,
}


def test_a_month_of_the_cmer(town: Any) -> None:
    seats(town)
    coordinator: Page = town.coordinator()
    outsider: Page = town.enter("commissaire")
    outsider.goto("/cellules/CCTP/charte")
    before = outsider.get_by_role("banner").inner_text()
    is_closed(town, coordinator)
    clears(town.enter("dpo"))
    opens(town, coordinator)
    deposit = deposits(town, town.enter("bailleur"))
    situation = admits(coordinator, deposit)
    concerts(town, coordinator, situation)
    seance = examines(coordinator, situation)
    transmits_and_answers(coordinator, situation)
    finds_no_trace(outsider, before, situation, seance, deposit)


def seats(town: Any) -> None:
    """The administrator's mandates, which opened nothing yet."""
    instance = load(town.data)
    database = Database(instance.database, instance.binding)
    with database.write() as session:
        for key, role in SEATED.items():
            register.grant_mandate(
                session, reference_of(key), role, "CMER", TODAY - timedelta(days=30)
            )
        session.commit()
    database.engine.dispose()


def is_closed(town: Any, page: Page) -> None:
    page.goto("/cellules/CMER/charte")
    follow(page, "Voir ce qu’il manque pour ouvrir la cellule")
    assert wrong_with(town, page) == []
    press(page, "Publier la charte de la cellule")
    expect(page.locator(".notice-refus")).to_contain_text("La cellule reste fermée")


def clears(page: Page) -> None:
    """The DPO records the assessment and an opinion."""
    page.goto("/analyse-impact")
    page.locator("#cellule").select_option("CMER")
    page.get_by_label("Référence de l’analyse").fill("AIPD 2026-07")
    page.get_by_label("Date de l’analyse").fill(quarter.in_days(-9))
    page.get_by_label("Favorable", exact=True).first.check()
    page.get_by_label("Date de l’avis").fill(quarter.in_days(-2))
    page.get_by_role("main").get_by_role("button").last.click()
    told(page, "consignés")


def opens(town: Any, page: Page) -> None:
    page.goto("/cellules/CMER/ouverture")
    press(page, "Publier la charte de la cellule")
    told(page, "La charte est publiée")
    member: Page = town.enter("police_municipale")
    for signing in (page, member):
        signing.goto("/cellules/CMER/charte")
        signing.get_by_label("J’ai lu la charte").check()
        press(signing, "Je signe")
    goes_to(page, "CMER", "Membres")
    page.get_by_role("button", name=re.compile(f"Admettre {PM}")).click()
    expect(page.locator(".notice-succes")).to_be_visible()


def deposits(town: Any, page: Page) -> str:
    page.goto("/cellules/CMER/deposer")
    expect(page.locator("main")).to_contain_text("Rien de ce qui vient du préfet n’entre ici")
    assert town.violations(page) == []
    page.get_by_label("Vous écrivez au titre de").select_option("Bailleur")
    page.get_by_label("Nom de naissance").fill(NAME)
    page.locator("#prenoms").fill("Malo")
    page.get_by_label("Les faits").fill("Rupture soudaine avec ses amis et son club.")
    press(page, "Sceller et envoyer")
    return page.locator("h1").inner_text().removeprefix("Dépôt ")


def admits(page: Page, deposit: str) -> str:
    page.goto(f"/depots/{deposit}/admettre")
    page.get_by_label("Date de naissance").fill("14/02/2008")
    page.get_by_label("Typologie").select_option(index=1)
    press(page, "Enregistrer")
    told(page, "le contenu du dépôt est détruit")
    return quarter.last_part(page)


def concerts(town: Any, page: Page, situation: str) -> None:
    follow(page, "Concertation, transmission, retour")
    assert wrong_with(town, page) == []
    page.get_by_role("group", name="Services consultés").get_by_role("checkbox").first.check()
    page.get_by_label("À examiner par la cellule").check()
    press(page, "Consigner la concertation")
    told(page, "L’acte est consigné")
    page.goto(f"/situations/{situation}")
    expect(page.locator("main")).to_contain_text("à examiner par la cellule")


def examines(page: Page, situation: str) -> str:
    goes_to(page, "CMER", "Séances")
    follow(page, "Préparer une séance")
    seance = quarter.prepares(page, [situation], [PM])
    quarter.opens(page, seance)
    quarter.examines(page, seance, situation, PM, "Transmission à la préfecture (CPRAF)")
    quarter.closes(page, seance)
    return seance


def transmits_and_answers(page: Page, situation: str) -> None:
    page.goto(f"/situations/{situation}/signal")
    page.get_by_label("CPRAF (préfecture)").check()
    press(page, "Consigner la transmission")
    told(page, "L’acte est consigné")
    press(page, "Consigner le retour")
    told(page, "L’acte est consigné")
    page.goto(f"/situations/{situation}")
    for done in ("Transmission\N{NO-BREAK SPACE}: CPRAF", "Retour fait au signaleur"):
        expect(page.locator("main")).to_contain_text(done)


def finds_no_trace(page: Page, before: str, situation: str, seance: str, deposit: str) -> None:
    """A member of the CCTP: menu, lists, addresses. What exists there answers as what does not."""
    page.goto("/cellules/CMER-INCONNUE/situations")
    nothing = page.locator("main").inner_text()
    for url in (
        f"/situations/{situation}",
        f"/situations/{situation}/signal",
        f"/seances/{seance}",
        f"/depots/{deposit}/ouvrir",
        "/cellules/CMER/situations",
        "/cellules/CMER/seances",
        "/cellules/CMER/charte",
    ):
        assert status(page, url) == 404, url
        assert page.locator("main").inner_text() == nothing, url
    for url in ("/", "/cellules/CCTP/seances", "/mon-compte"):
        page.goto(url)
        assert "CMER" not in page.content(), url
        assert NAME not in page.content()
    page.goto("/cellules/CCTP/charte")
    assert page.get_by_role("banner").inner_text() == before
