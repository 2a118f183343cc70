"""A whole quarter of a commune set up as Istres, in a real browser: its cells, then its procedure.

Sources: 001:787-913 (CCTP and GSP, their members, urgency), 001:952-1050 (rappel à l'ordre).
"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import quarter, quarter_rappel
from tests.e2e.quarter import follow, goes_to, press, status, told

pytestmark = pytest.mark.browser
DEPOSITED, LETTER, CALL = "Quillichini", "Escoffier", "Barjavel"
COMMISSAIRE, EDUCATION, PM = "Christophe N’Guessan", "Isabelle Da Costa", "Fabrice Bérenguier"
PJJ, PREVENTION = "Arnaud Lefèvre", "Fanta Diarra"
CCTP, GSP = [COMMISSAIRE, EDUCATION, PM], [COMMISSAIRE, PJJ, PREVENTION]


def test_a_quarter_of_the_cctp_and_the_gsp(town: Any) -> None:
    coordinator: Page = town.coordinator()
    requires_the_information(coordinator)
    sealed = quarter.deposits(town.enter("bailleur"), DEPOSITED, "Ghjulia", "Hall occupé, le soir.")
    deposited = quarter.admits(coordinator, sealed)
    letter = quarter.records(coordinator, "CCTP", LETTER, "Aubin", "Habitant", "Lettre")
    call = quarter.records(coordinator, "GSP", CALL, "Salomé", "Collège", "Appel téléphonique")

    commissaire: Page = town.enter("commissaire")
    urgent = is_met_urgently(coordinator, commissaire, letter)
    sits(coordinator, urgent, letter)
    education: Page = town.enter("education")
    meets_with_one_aside(town, coordinator, commissaire, education, [deposited, letter])
    pjj: Page = town.enter("pjj")
    meets_once_the_family_knows(coordinator, commissaire, pjj, call)

    assert "Effacement prévu le" in quarter.ends(coordinator, call)
    goes_to(coordinator, "GSP", "Situations")
    expect(coordinator.get_by_role("link", name=call)).to_have_count(0)


def requires_the_information(page: Page) -> None:
    """The GSP makes the family's information a condition, from its settings."""
    goes_to(page, "GSP", "Réglages")
    page.get_by_role("main").get_by_role("link", name="Modifier les réglages").click()
    page.get_by_label("Pas d’examen sans cette information").check()
    page.get_by_label("Par courrier").check()
    press(page, "Enregistrer les réglages")
    told(page, "réglages")


def is_met_urgently(coordinator: Page, member: Page, situation: str) -> str:
    """One member asks, the coordination prepares: the urgent séance's reference."""
    goes_to(member, "CCTP", "Séances")
    follow(member, "Demander une séance urgente")
    member.get_by_label("Pourquoi la cellule").fill("Trois soirs de suite devant la même entrée.")
    press(member, "Demander")
    told(member, "Votre demande est transmise")
    expect(member.locator("main")).to_contain_text("En attente de la coordination")
    asked = member.get_by_role("heading", level=3).first.inner_text().partition(",")[0]
    goes_to(coordinator, "CCTP", "Séances")
    follow(coordinator, f"Lire la demande {asked} et y répondre")
    expect(coordinator.locator("main")).to_contain_text(COMMISSAIRE)
    follow(coordinator, "Préparer la séance urgente")
    seance = quarter.prepares(coordinator, [situation], [COMMISSAIRE, PM])
    expect(coordinator.locator("main")).to_contain_text("urgente")
    member.reload()
    expect(member.locator("main")).to_contain_text("Séance préparée")
    return seance


def sits(page: Page, seance: str, situation: str) -> None:
    quarter.opens(page, seance)
    quarter.examines(page, seance, situation, COMMISSAIRE, "Rappel à l’ordre")
    quarter.closes(page, seance)


def meets_with_one_aside(
    town: Any, page: Page, member: Page, aside: Page, situations: list[str]
) -> None:
    """The CCTP: convened, one member steps aside from the first situation, the others hear it."""
    goes_to(page, "CCTP", "Séances")
    follow(page, "Préparer une séance")
    seance = quarter.prepares(page, situations, CCTP)
    quarter.convenes(page, seance, CCTP)
    steps_aside(aside, seance, situations[0])
    quarter.opens(page, seance)
    row = page.get_by_role("row").filter(has_text=situations[0])
    expect(row).to_contain_text(f"{EDUCATION} quitte la pièce.")
    for situation in situations:
        quarter.examines(page, seance, situation, COMMISSAIRE, "Médiation de voisinage")
        expect(page.locator("main")).to_contain_text(PM)
    expect(page.locator("[data-service]").filter(has_text=EDUCATION)).to_have_count(1)
    is_projected_without_names(page)
    quarter.closes(page, seance)
    reads_within_rights(page, member, aside, seance, situations)


def steps_aside(page: Page, seance: str, situation: str) -> None:
    goes_to(page, "CCTP", "Séances")
    follow(page, seance)
    follow(page, f"Me déporter de {situation}")
    page.get_by_label("Je me déporte de cette situation").check()
    press(page, "Me déporter")
    told(page, f"déporté de {situation}")
    assert status(page, f"/situations/{situation}") == 403
    assert DEPOSITED not in page.content()


def is_projected_without_names(page: Page) -> None:
    """Alt + Maj + P: what the room sees."""
    page.keyboard.press("Alt+Shift+P")
    page.wait_for_url("**/projection")
    expect(page.locator("main")).to_contain_text("Médiation de voisinage")
    shown = page.content()
    assert not any(word in shown for word in (DEPOSITED, LETTER, "Ghjulia", "Aubin", "Trinquier"))


def reads_within_rights(
    page: Page, member: Page, aside: Page, seance: str, situations: list[str]
) -> None:
    """The compte rendu: whole for the coordination, in initials for a member, without the
    situation they left the room for, for who stepped aside."""
    whole = quarter.minutes_of(page, seance)
    assert DEPOSITED in whole
    assert LETTER in whole
    assert "ne se prononce pas" in whole.lower()
    assert "Médiation de voisinage" in whole
    assert f"{EDUCATION} a quitté la pièce (déport)" in whole
    theirs = quarter.minutes_of(member, seance)
    assert all(situation in theirs for situation in situations)
    assert not any(word in theirs for word in (DEPOSITED, LETTER, "Ghjulia", "Trinquier"))
    less = quarter.minutes_of(aside, seance)
    assert situations[1] in less
    assert situations[0] not in less
    assert not any(word in less for word in (DEPOSITED, LETTER, "Ghjulia", "Trinquier"))


def meets_once_the_family_knows(page: Page, member: Page, pjj: Page, situation: str) -> None:
    """The GSP, with other members: nothing is examined before the family was told."""
    goes_to(page, "GSP", "Séances")
    follow(page, "Préparer une séance")
    seance = quarter.prepares(page, [situation], GSP)
    quarter.convenes(page, seance, GSP)
    quarter.opens(page, seance)
    follow(page, situation)
    expect(page.locator(".notice-refus")).to_contain_text("L’examen attend l’information")
    quarter.informs(page, situation)
    quarter.examines(page, seance, situation, PJJ, "Médiation scolaire")
    quarter.closes(page, seance)
    assert CALL in quarter.minutes_of(page, seance)
    assert CALL not in quarter.minutes_of(pjj, seance)
    goes_to(member, "CCTP", "Séances")
    expect(member.get_by_role("link", name=seance)).to_have_count(0)


def test_a_rappel_ends_the_same_by_screen_and_on_paper(town: Any) -> None:
    coordinator: Page = town.coordinator()
    parquet, carrier = town.enter("parquet"), town.enter("justice_ville")
    pjj: Page = town.enter("pjj")
    ended = []
    for nom, prenom, answer, page in (
        (LETTER, "Aubin", quarter_rappel.answers, parquet),
        (CALL, "Salomé", quarter_rappel.carries, carrier),
    ):
        situation = quarter.records(coordinator, "CCTP", nom, prenom, "Habitant", "Lettre")
        rappel = quarter_rappel.announces(coordinator, situation)
        expect(coordinator.locator("main")).to_contain_text("silence ne vaut pas accord")
        answer(page, rappel)
        asked = quarter_rappel.consults(coordinator, rappel)
        quarter_rappel.opines(pjj, asked, "Suivie")
        quarter_rappel.concludes(coordinator, rappel)
        assert status(pjj, f"/consultations/{asked}") == 403 or nom not in pjj.content()
        quarter_rappel.convenes(coordinator, rappel)
        quarter_rappel.holds(coordinator, rappel)
        ended.append(quarter_rappel.state(coordinator, rappel))
    by_screen, on_paper = ended
    assert by_screen == on_paper
    assert all("Fait" in step for step in by_screen[1:]), by_screen
