"""One case, from the saisine of a collège to temps 3, through a real browser."""

import re
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework.clock import today

pytestmark = pytest.mark.browser
TODAY = today()
YEAR = TODAY.year - 14  # a minor, who is heard with an adult
NOM, PRENOM, NAISSANCE = "Lefebvre", "Camille", f"12/03/{YEAR}"
SEANCE = "S-CCTP-2026-005"


def test_a_case_goes_from_the_college_to_temps_3(town: Any) -> None:
    coordinator = signs_before_reading(town)
    situation = records_the_saisine(town, coordinator)
    is_warned_of_the_same_person(town, coordinator)
    rappel = announces_the_rappel(town, coordinator, situation)
    cannot_go_further_alone(coordinator, rappel)
    parquet_answers_in_three_clicks(town, situation, rappel)
    records_it_and_reports_back(town, coordinator, rappel)
    downloads_the_fiche(coordinator, rappel)
    reads_numbers_without_names(coordinator)
    dpo_sees_acts_without_names(town, situation, rappel)
    member_reads_what_convenes_her_only(town, situation)
    administrator_sees_no_case(town, situation, rappel)


def signs_before_reading(town: Any) -> Page:
    page: Page = town.enter("coordination")
    assert status(page, "/cellules/CCTP/situations") == 403
    expect(page.locator("main")).to_contain_text("charte")
    assert "CCTP-2026-" not in page.content()
    assert town.violations(page) == []
    page.goto("/")
    page.get_by_role("link", name="Lire et signer la charte").first.click()
    page.get_by_label("J’ai lu la charte").check()
    page.get_by_role("button", name="Je signe").click()
    assert status(page, "/cellules/CCTP/situations") == 200
    return page


def fill_saisine(page: Page, nom: str, prenoms: str, naissance: str) -> None:
    page.goto("/cellules/CCTP/situations")
    page.get_by_role("link", name="Nouvelle saisine").click()
    page.get_by_label("Origine de la saisine").select_option("Collège")
    page.get_by_label("Nom de naissance").fill(nom)
    page.locator("#prenoms").fill(prenoms)
    page.get_by_label("Date de naissance").fill(naissance)
    page.get_by_label("Typologie").select_option("Incivilités sur l’espace public")


def records_the_saisine(town: Any, page: Page) -> str:
    fill_saisine(page, NOM, PRENOM, NAISSANCE)
    page.get_by_label("Lieu de naissance").fill("Arles")
    page.get_by_label("Établissement scolaire", exact=True).select_option("Collège des Aigrettes")
    first = page.get_by_role("group", name="Représentant légal 1")
    first.get_by_label("Nom", exact=False).first.fill(NOM)
    first.get_by_label("Prénom(s)").fill("Dominique")
    first.get_by_label("Lien avec la personne").select_option("Mère")
    page.get_by_role("button", name="Ajouter un représentant légal").click()
    second = page.get_by_role("group", name="Représentant légal 2")
    second.get_by_label("Prénom(s)").fill("Alix")
    page.get_by_label("Conflit de voisinage").check()
    page.get_by_label("Date des faits").fill(typed(TODAY - timedelta(days=9)))
    page.get_by_label("Lieu des faits").fill("Esplanade du port")
    page.get_by_label("Description des faits").fill("Bruit répété devant les halls, le soir.")
    page.get_by_label("Part prise par la personne").fill("Présence constatée.")
    save(page)
    expect(page.locator(".notice-succes")).to_contain_text("La saisine est enregistrée")
    expect(page.locator("main")).to_contain_text("Dominique")
    expect(page.locator("main")).to_contain_text(f"12 mars {YEAR}")
    assert NOM not in page.title()
    return reference(page)


def is_warned_of_the_same_person(town: Any, page: Page) -> None:
    fill_saisine(page, PRENOM, NOM, NAISSANCE)
    save(page)
    expect(page.locator("main")).to_contain_text("peut-être déjà connue")
    fill_saisine(page, "Lefèvre", PRENOM, NAISSANCE)
    save(page)
    warning = page.locator(".notice-attention")
    expect(warning).to_contain_text("peut-être déjà connue")
    expect(warning).to_contain_text(f"{PRENOM} {NOM}, né(e) le 12 mars {YEAR}")
    expect(page.get_by_label("Nom de naissance")).to_have_value("Lefèvre")
    expect(page.get_by_label("Date de naissance")).to_have_value(NAISSANCE)
    assert town.violations(page) == []
    page.get_by_role("button", name="C’est une autre personne").click()
    expect(page.locator(".notice-succes")).to_contain_text("La saisine est enregistrée")


def announces_the_rappel(town: Any, page: Page, situation: str) -> str:
    page.goto(f"/situations/{situation}")
    page.get_by_role("link", name="Annoncer un rappel à l’ordre").click()
    answer_exclusions(page, crime_delit="Oui")
    refusal = page.locator(".notice-refus")
    expect(refusal).to_contain_text("Le rappel à l’ordre n’est pas possible")
    expect(refusal).to_contain_text("article 40 du code de procédure pénale")
    assert town.violations(page) == []
    answer_exclusions(page, crime_delit="Non")
    expect(page.locator("h1")).to_contain_text("Rappel à l’ordre RO-")
    return reference(page)


def answer_exclusions(page: Page, crime_delit: str) -> None:
    asked = page.get_by_role("radiogroup")
    asked.filter(has_text="crime ou de délit").get_by_label(crime_delit).check()
    asked.filter(has_text="plainte").get_by_label("Non").check()
    asked.filter(has_text="enquête").get_by_label("Non").check()
    page.get_by_role("button", name="Informer le procureur").click()


def cannot_go_further_alone(page: Page, rappel: str) -> None:
    page.goto(f"/rappels/{rappel}")
    expect(page.locator("main")).to_contain_text("le procureur n’a pas répondu")
    expect(page.locator("main")).to_contain_text("silence ne vaut pas accord")
    expect(page.get_by_role("button", name="Consigner")).to_have_count(0)


def parquet_answers_in_three_clicks(town: Any, situation: str, rappel: str) -> None:
    page: Page = town.enter("parquet")
    expect(page.locator("h1")).to_have_text("Fiches à traiter")
    for closed in (f"/situations/{situation}", f"/rappels/{rappel}", "/cellules/CCTP/situations"):
        assert status(page, closed) == 403
        assert PRENOM not in page.content()
    page.goto("/")
    page.get_by_role("link", name=rappel).click()
    expect(page.locator("main")).to_contain_text(NOM)
    assert "Dominique" not in page.content()
    page.get_by_role("button", name=re.compile("^Peut avoir lieu")).click()
    assert town.violations(page) == []
    page.get_by_role("button", name="Confirmer").click()
    expect(page.locator(".notice-succes")).to_contain_text(rappel)


def records_it_and_reports_back(town: Any, page: Page, rappel: str) -> None:
    page.goto("/")
    folded = page.get_by_text("de plus")  # the oldest come first; this one is the last
    if folded.count():
        folded.first.click()
    page.get_by_role("link", name=f"{rappel} Poursuivre").first.click()
    page.get_by_label("Groupe de suivi personnalisé").check()
    page.locator("#jusquau").fill(typed(TODAY + timedelta(days=7)))
    page.get_by_role("button", name="Consulter les partenaires").click()
    page.get_by_role("button", name="Conclure la consultation").click()
    assert town.violations(page) == []
    page.locator("#jour").fill(typed(TODAY + timedelta(days=7)))
    page.locator("#heure").fill("17h30")
    page.locator("#lieu").fill("Mairie")
    page.get_by_role("button", name="Établir la convocation").click()
    expect(page.locator("main")).to_contain_text("Convocation établie")
    page.get_by_label("Le rappel à l’ordre a eu lieu").check()
    page.locator("#tenu_le").fill(typed(TODAY - timedelta(days=1)))
    page.get_by_label("Tenu par").select_option("Mireille Castellan, maire")
    page.get_by_role("button", name="Consigner").click()
    expect(page.get_by_role("alert")).to_contain_text("ne peut pas précéder la réponse")
    page.locator("#tenu_le").fill(typed(TODAY))
    page.get_by_role("button", name="Consigner").click()
    refusal = page.locator(".notice-refus")
    expect(refusal).to_contain_text("Un mineur est entendu en présence")
    chosen = page.get_by_label("Tenu par").locator("option:checked")
    expect(chosen).to_have_text("Mireille Castellan, maire")
    assert town.violations(page) == []
    page.get_by_label("Personnes présentes").fill("Dominique Lefebvre, mère")
    page.get_by_role("button", name="Consigner").click()
    page.get_by_role("button", name="Transmettre le temps 3").click()
    expect(page.locator("main")).to_contain_text("Procureur informé (temps 3)")


def downloads_the_fiche(page: Page, rappel: str) -> None:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Fiche-navette (.docx)").click()
    download = waiting.value
    assert download.suggested_filename == f"fiche-navette-{rappel}.docx"
    with zipfile.ZipFile(download.path()) as letter:
        text = re.sub(r"<[^>]+>", "", letter.read("word/document.xml").decode())
    assert NOM in text
    assert "Peut avoir lieu" in text or "peut avoir lieu" in text


def reads_numbers_without_names(page: Page) -> None:
    page.goto("/cellules/CCTP/rapport")
    page.get_by_role("link", name="Année scolaire passée").click()
    assert int(page.locator(".keyfigure-value").first.inner_text()) > 5
    assert page.locator(".chart").count() > 3
    assert not any(word in page.content() for word in (NOM, "Lefèvre", PRENOM, "Dominique"))


def dpo_sees_acts_without_names(town: Any, situation: str, rappel: str) -> None:
    page: Page = town.enter("dpo")
    page.get_by_label("Quel dossier").fill(situation)
    page.get_by_role("button", name="Chercher").click()
    story = page.get_by_role("table", name="L’histoire du dossier")
    expect(story).to_contain_text("Hélène Vidal-Le Guen")
    expect(story).to_contain_text("Refusé")  # the parquet tried to open it
    assert NOM not in page.content()
    page.goto(f"/journal?object={rappel}")
    expect(page.get_by_role("table")).to_contain_text("Étienne De Rochebrune")
    assert not any(word in page.content() for word in (NOM, PRENOM, "Dominique"))
    assert status(page, f"/situations/{situation}") == 403
    page.get_by_role("link", name="Le journal est-il intact").click()
    expect(page.locator(".notice-succes")).to_contain_text("Le journal est intact")
    note = page.locator(".note code").text_content() or ""
    page.get_by_label("Point de contrôle conservé").fill(note)
    page.get_by_role("button", name="Comparer").click()
    expect(page.locator(".notice-succes")).to_contain_text("Le journal est intact")


def member_reads_what_convenes_her_only(town: Any, situation: str) -> None:
    page: Page = town.enter("education")
    page.get_by_role("link", name=re.compile(SEANCE)).first.click()
    expect(page.get_by_role("heading", name="Ordre du jour")).to_be_visible()
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="La personne")).to_be_visible()
    expect(page.get_by_role("heading", name="Représentants légaux")).to_have_count(0)
    for closed in (f"/situations/{situation}", "/cellules/CCTP/situations"):
        assert status(page, closed) == 403
        assert PRENOM not in page.content()


def administrator_sees_no_case(town: Any, situation: str, rappel: str) -> None:
    page: Page = town.enter("administration")
    expect(page.locator("main")).to_contain_text("Vous ne voyez aucune situation")
    closed = ("/cellules/CCTP/situations", f"/situations/{situation}", f"/rappels/{rappel}")
    for url in (*closed, f"/fiches/{rappel}", "/cellules/CCTP/rapport"):
        assert status(page, url) == 403
        assert PRENOM not in page.content()


def typed(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer", exact=True).click()


def status(page: Page, url: str) -> int:
    answer = page.goto(url)
    assert answer is not None
    return answer.status


def reference(page: Page) -> str:
    return page.url.rsplit("/", 1)[1]
