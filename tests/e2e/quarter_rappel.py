"""A rappel à l'ordre from one end to the other, whichever way the parquet answers."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.quarter import TODAY, follow, in_days, last_part, press, told, typed

SCAN = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def announces(page: Page, situation: str) -> str:
    """Temps 1; the rappel's reference."""
    page.goto(f"/situations/{situation}")
    follow(page, "Annoncer un rappel à l’ordre")
    for question in ("crime ou de délit", "plainte", "enquête"):
        asked = page.get_by_role("radiogroup").filter(has_text=question)
        asked.get_by_label("Non").check()
    press(page, "Informer le procureur")
    expect(page.locator("h1")).to_contain_text("Rappel à l’ordre RO-")
    return last_part(page)


def answers(page: Page, rappel: str) -> None:
    """Temps 2, by the magistrate."""
    page.goto("/")
    page.get_by_role("link", name=rappel).click()
    page.get_by_role("button", name=re.compile("^Peut avoir lieu")).click()
    press(page, "Confirmer")
    told(page, rappel)


def carries(page: Page, rappel: str) -> None:
    """Temps 2, on paper, by the correspondant Justice-Ville."""
    page.goto("/")
    page.get_by_role("link", name=rappel).click()
    page.get_by_label("Le rappel à l’ordre peut avoir lieu").check()
    page.get_by_label("Date que porte la réponse").fill(typed(TODAY))
    page.get_by_label("Magistrat signataire").fill("Étienne De Rochebrune, substitut")
    page.get_by_label("Réponse numérisée").set_input_files(
        {"name": "reponse.pdf", "mimeType": "application/pdf", "buffer": SCAN}
    )
    page.get_by_label("J’ai relu").check()
    press(page, "Consigner la réponse")
    told(page, f"Réponse consignée pour la fiche {rappel}")


def consults(page: Page, rappel: str) -> str:
    """The GSP is asked; the consultation's reference."""
    page.goto(f"/rappels/{rappel}")
    page.get_by_label("Groupe de suivi personnalisé").check()
    page.locator("#jusquau").fill(in_days(7))
    press(page, "Consulter les partenaires")
    return page.locator(".step-inside .ref").first.inner_text()


def opines(page: Page, consultation: str, opinion: str) -> None:
    """A member of the GSP answers for their own service."""
    page.goto(f"/consultations/{consultation}")
    page.get_by_label(opinion, exact=True).check()
    press(page, "Répondre")
    told(page, "réponse")


def concludes(page: Page, rappel: str) -> None:
    page.goto(f"/rappels/{rappel}")
    page.get_by_label("Note de chaînage").fill("Le service déjà présent prépare la famille.")
    press(page, "Conclure la consultation")


def convenes(page: Page, rappel: str) -> None:
    """The letter, then its delivery by the police municipale."""
    page.goto(f"/rappels/{rappel}")
    page.locator("#jour").fill(typed(TODAY))
    page.locator("#heure").fill("17h30")
    page.locator("#lieu").fill("Mairie")
    press(page, "Établir la convocation")
    page.get_by_label("Remise", exact=True).check()
    page.locator("#remis_le").fill(typed(TODAY))
    page.get_by_label("Remise à").fill("Dominique Trinquier, mère")
    page.get_by_label("Par", exact=False).and_(page.locator("#agent")).fill("Brigadier Arnoux")
    press(page, "Consigner la remise")


def holds(page: Page, rappel: str) -> None:
    """It takes place, the procureur is told (temps 3), the procedure ends."""
    page.goto(f"/rappels/{rappel}")
    page.get_by_label("Le rappel à l’ordre a eu lieu").check()
    page.locator("#tenu_le").fill(typed(TODAY))
    page.get_by_label("Tenu par").select_option("Mireille Castellan, maire")
    page.get_by_label("Personnes présentes").fill("Dominique Trinquier, mère")
    press(page, "Consigner")
    press(page, "Transmettre le temps 3")
    page.get_by_label("Aucun nouveau fait signalé").check()
    press(page, "Clore la procédure")


def state(page: Page, rappel: str) -> list[str]:
    """Where the procedure stands: its label, then each step and its word."""
    page.goto(f"/rappels/{rappel}")
    steps = page.locator(".steps > .step")
    return [
        page.locator(".page-head .lead, main .lead").first.inner_text(),
        *(
            f"{one.locator('.step-label').inner_text()} : {one.locator('.step-word').inner_text()}"
            for one in steps.all()
        ),
    ]
