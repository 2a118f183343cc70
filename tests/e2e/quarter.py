"""What the members of a commune do in a quarter, one gesture at a time, through the pages."""

import re
import zipfile
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from casework.clock import today

TODAY = today()
BORN = f"12/03/{TODAY.year - 14}"  # a minor, who is heard with an adult
TYPOLOGIE = "Incivilités sur l’espace public"


def typed(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def in_days(days: int) -> str:
    return typed(TODAY + timedelta(days=days))


def told(page: Page, sentence: str) -> None:
    """The page answers with this sentence."""
    expect(page.locator(".notice-succes")).to_contain_text(sentence)


def last_part(page: Page) -> str:
    return page.url.rsplit("/", 1)[1]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def goes_to(page: Page, cell: str, entry: str) -> None:
    """From the menu: a cell, then one of its entries."""
    page.goto("/")
    menu = page.get_by_role("navigation", name="Navigation principale")
    if menu.get_by_role("link", name=cell, exact=True).count():
        menu.get_by_role("link", name=cell, exact=True).click()
    menu.get_by_role("link", name=entry, exact=True).click()


def deposits(page: Page, nom: str, prenom: str, facts: str) -> str:
    """The signaleur seals a deposit; its reference."""
    page.get_by_role("main").get_by_role("link", name="Déposer").click()
    page.get_by_label("Vous écrivez au titre de").select_option("Bailleur")
    page.get_by_label("Nom de naissance").fill(nom)
    page.locator("#prenoms").fill(prenom)
    page.get_by_label("Les faits").fill(facts)
    press(page, "Sceller et envoyer")
    expect(page.locator("h1")).to_contain_text("Dépôt D-")
    return page.locator("h1").inner_text().removeprefix("Dépôt ")


def admits(page: Page, deposit: str) -> str:
    """The coordination turns a deposit into a situation; its reference."""
    goes_to(page, "CCTP", "Dépôts")
    page.get_by_role("link", name=deposit).first.click()
    if page.get_by_role("link", name="Ouvrir le dépôt").count():
        follow(page, "Ouvrir le dépôt")
    follow(page, "Admettre")
    completes(page)
    press(page, "Enregistrer")
    told(page, "le contenu du dépôt est détruit")
    return last_part(page)


def records(page: Page, cell: str, nom: str, prenom: str, origine: str, canal: str) -> str:
    """The coordination records a letter or a call; the situation's reference."""
    goes_to(page, cell, "Situations")
    follow(page, "Nouvelle saisine")
    page.get_by_label("Origine de la saisine").select_option(origine)
    page.get_by_label("Reçue par").select_option(canal)
    page.get_by_label("Nom de naissance").fill(nom)
    page.locator("#prenoms").fill(prenom)
    page.get_by_label("Description des faits").fill("Bruit répété devant les halls, le soir.")
    completes(page)
    press(page, "Enregistrer")
    told(page, "La saisine est enregistrée")
    return last_part(page)


def completes(page: Page) -> None:
    """What the procureur needs to read, and an adult to stand beside the minor."""
    page.get_by_label("Date de naissance").fill(BORN)
    page.get_by_label("Lieu de naissance").fill("Arles")
    mother = page.get_by_role("group", name="Représentant légal 1")
    mother.get_by_label("Nom", exact=False).first.fill("Trinquier")
    mother.get_by_label("Prénom(s)").fill("Dominique")
    mother.get_by_label("Lien avec la personne").select_option("Mère")
    mother.get_by_label("Adresse").fill("3, quai des Pointus, Port-Miran")
    page.get_by_label("Typologie").select_option(TYPOLOGIE)
    page.get_by_label("Date des faits").fill(in_days(-9))
    page.get_by_label("Lieu des faits").fill("Esplanade du port")
    page.get_by_label("Part prise par la personne").fill("Présence constatée.")


def informs(page: Page, situation: str) -> None:
    """The family is told, and it is written down."""
    page.goto(f"/situations/{situation}")
    follow(page, "Consigner l’information")
    page.get_by_label("Date de l’information").fill(typed(TODAY))
    page.get_by_label("Mode").select_option("Courrier")
    page.get_by_label("Destinataire").select_option("Dominique Trinquier (mère)")
    press(page, "Consigner l’information")
    page.goto(f"/situations/{situation}")
    expect(page.get_by_text("Ce qui manque")).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile("^Lettre du"))).to_be_visible()


def ends(page: Page, situation: str) -> str:
    """The follow-up is closed; the sentence that says when it will be erased."""
    page.goto(f"/situations/{situation}")
    follow(page, "Clore le suivi")
    page.get_by_label("Résultat").select_option("Solutionnée")
    page.locator("#le").fill(typed(TODAY))
    press(page, "Clore le suivi")
    page.goto(f"/situations/{situation}")
    notice = page.locator(".notice-info").filter(has_text="Fin du suivi")
    expect(notice).to_contain_text("Effacement prévu le")
    return notice.inner_text()


def unticked(boxes: Locator) -> None:
    """A list proposed with some of its boxes ticked, emptied."""
    for ticked in boxes.get_by_role("checkbox", checked=True).all()[::-1]:
        ticked.uncheck()  # from the last: each one leaves the list as it goes
    expect(boxes.locator("input:checked")).to_have_count(0)


def prepares(page: Page, situations: list[str], members: list[str]) -> str:
    """On the page « Préparer une séance »: when, what, who; the séance's reference."""
    page.locator("#jour").fill(in_days(14))
    page.locator("#heure").fill("14h30")
    page.locator("#lieu").fill("Maison du citoyen")
    unticked(page.get_by_role("group", name="Situations à examiner"))
    for situation in situations:
        page.get_by_label(re.compile(situation)).check()
    unticked(page.get_by_role("group", name="Membres convoqués"))
    for member in members:
        page.get_by_label(re.compile(member)).check()
    page.get_by_role("main").get_by_role("button", name="Préparer la séance").click()
    told(page, "La séance est préparée.")
    return last_part(page)


def convenes(page: Page, seance: str, members: list[str]) -> None:
    """The convocations leave for the outbox, one line for each member."""
    page.goto(f"/seances/{seance}")
    press(page, "Envoyer les convocations")
    told(page, f"Convocation envoyée à {len(members)} membre")
    for member in members:
        row = page.locator("#convocations").get_by_role("row", name=re.compile(member))
        expect(row).to_contain_text("En attente d’envoi")


def opens(page: Page, seance: str) -> None:
    """The statement is read, the séance begins, everyone is there."""
    page.goto(f"/seances/{seance}")
    follow(page, "Ouvrir la séance")
    page.get_by_label("La déclaration de confidentialité").check()
    press(page, "Ouvrir la séance")
    told(page, "La séance est ouverte.")
    press(page, "Enregistrer les présences")
    told(page, "Les présences sont enregistrées.")


def examines(page: Page, seance: str, situation: str, speaks: str, orientation: str) -> None:
    """One service speaks, the others do not; an orientation with its day, at the keyboard."""
    page.goto(f"/seances/{seance}/en-cours")
    page.get_by_role("row").filter(has_text=situation).get_by_role("link").click()
    service = page.locator("[data-service]").filter(has_text=speaks)
    service.get_by_text("intervient", exact=True).click()
    proposal = page.locator(".proposal").first
    proposal.get_by_label("Orientation", exact=True).select_option(orientation)
    proposal.get_by_label("Par", exact=True).select_option(index=1)
    proposal.get_by_label("Pour le").click()
    page.keyboard.type((TODAY + timedelta(days=60)).strftime("%d%m%Y"))
    page.keyboard.press("Tab")
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré à")


def closes(page: Page, seance: str) -> None:
    page.goto(f"/seances/{seance}/en-cours")
    expect(page.locator("main")).to_contain_text("Toutes les situations inscrites ont été exam")
    press(page, "Clore la séance")
    told(page, "La séance est close.")
    expect(page.locator("h1")).to_have_text("Compte rendu")


def minutes_of(page: Page, seance: str) -> str:
    """The words of the compte rendu as this member downloads it, header and footer included."""
    page.goto(f"/seances/{seance}")
    return words(page, "Compte rendu selon mes droits, .docx")


def words(page: Page, link: str) -> str:
    with page.expect_download() as waiting:
        follow(page, link)
    with zipfile.ZipFile(waiting.value.path()) as paper:
        parts = [name for name in paper.namelist() if name.endswith((".xml", ".rels"))]
        return " ".join(re.sub(r"<[^>]+>", "", paper.read(name).decode()) for name in parts)


def status(page: Page, url: str) -> int:
    answer: Any = page.goto(url)
    return int(answer.status)
