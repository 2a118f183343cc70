"""In a browser: a transaction prepared, accepted, homologated by the parquet, executed, closed."""

import re
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from casework.web.access import today
from casework.web.french import long_date

pytestmark = pytest.mark.browser
# The arrêté comes from the mandate: nobody types it.
ACT = "Arrêté n° 2025-114 du 2 septembre 2025 portant délégation"
DELEGATE = f"Samir Haddouche, élu délégué ({ACT})"
SCAN = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def _first_adult(page: Page) -> None:
    """The form of the first situation whose person is of age and has no transaction yet."""
    page.goto("/cellules/CCTP/situations")
    links = page.locator("a[href^='/situations/']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    for link in links:
        page.goto(link)
        born = page.get_by_text(re.compile(r"^\d{1,2}(er)? \S+ 200[4-7]$"))
        prepare = page.get_by_role("link", name="Préparer une transaction")
        if born.count() and prepare.count():
            prepare.click()
            return
    raise AssertionError("nobody of age")


def _day(days: int) -> str:
    return f"{today() + timedelta(days=days):%d/%m/%Y}"


def _prepare(page: Page, kind: str, quantity: str) -> str:
    _first_adult(page)
    page.get_by_label("Contravention constatée").select_option(index=3)
    page.get_by_role("radiogroup", name=re.compile("préjudice d’un bien")).get_by_label(
        "Oui"
    ).check()
    page.get_by_role("radiogroup", name=re.compile("action publique")).get_by_label("Non").check()
    for label, text in (
        ("Bien de la commune concerné", "banc"),
        ("Numéro du procès-verbal", "PM-7"),
        ("Date du procès-verbal", _day(-3)),
        ("Montant ou nombre d’heures", quantity),
        ("Nature du travail", "peinture"),
        ("Lieu d’exécution", "parc"),
        ("Réponse attendue", _day(20)),
    ):
        page.get_by_label(label).first.fill(text)
    page.get_by_label("Signée par").select_option(label=DELEGATE)
    page.get_by_label(kind).check()
    page.get_by_role("button", name="Préparer la proposition").click()
    expect(page.locator(".notice-succes")).to_contain_text("imprimez-la")
    return page.url


def _step(page: Page, button: str, *checked: str, **typed: str) -> None:
    for label in checked:
        page.get_by_label(label).check()
    for name, text in typed.items():
        page.locator(f"#{name.replace('__', '-')}").fill(text)
    page.get_by_role("button", name=button).click()
    expect(page.locator(".notice-succes")).to_contain_text("consignée")


def _decides(page: Page, reference: str, *, judge: bool) -> None:
    """The magistrate, on screen."""
    page.goto("/homologations")
    page.get_by_role("link", name=reference).click()
    asked = page.get_by_text("Le tribunal de police décide")
    expect(asked).to_have_count(1 if judge else 0)
    page.get_by_label("Homologuée", exact=True).check()
    page.get_by_label("Décidée par").fill("Étienne De Rochebrune")
    page.get_by_label("J’ai relu").check()
    page.get_by_role("button", name="Transmettre la décision").click()
    expect(page.locator(".notice-succes")).to_contain_text("Décision transmise")


def _carries(page: Page, reference: str) -> None:
    """The correspondant Justice-Ville, with the paper and its scan."""
    page.goto("/homologations")
    page.get_by_role("link", name=reference).click()
    expect(page.get_by_role("button", name="Transmettre la décision")).to_have_count(0)
    page.get_by_label("Homologuée", exact=True).check()
    page.get_by_label("Date que porte la réponse").fill(_day(0))
    page.get_by_label("Magistrat signataire").fill("Étienne De Rochebrune, substitut")
    page.get_by_label("Réponse numérisée").set_input_files(
        {"name": "reponse.pdf", "mimeType": "application/pdf", "buffer": SCAN}
    )
    page.get_by_label("J’ai relu").check()
    page.get_by_role("button", name="Consigner la décision").click()
    expect(page.locator(".notice-succes")).to_contain_text("Décision consignée")


def _to_the_justice(page: Page, kind: str, quantity: str) -> str:
    url = _prepare(page, kind, quantity)
    _step(page, "Consigner la remise", "Lettre recommandée", remise__preuve="1A 20")
    page.get_by_text("Rectifier la dernière étape…").click()
    page.locator("#rectification-motif").fill("Mauvais numéro")
    page.get_by_role("button", name="Rectifier", exact=True).click()
    expect(page.locator("main")).to_contain_text("Rectifiée ensuite")
    _step(page, "Consigner la remise", "Lettre recommandée", remise__preuve="1A 21")
    _step(page, "Consigner la réponse", "Acceptée et signée")
    expect(page.get_by_role("button", name="Consigner l’exécution")).to_have_count(0)
    _step(page, "Demander l’homologation", "La proposition signée et le procès-verbal")
    expect(page.get_by_role("button", name="Consigner l’exécution")).to_have_count(0)
    return url


def _to_the_end(page: Page, url: str, quantity: str) -> list[str]:
    """Executed and closed; then what the page says of it."""
    page.goto(url)
    _step(page, "Consigner l’exécution", execution__quantite=quantity)
    _step(page, "Clore et informer le procureur", "Les lettres au procureur")
    expect(page.get_by_role("link", name=re.compile("Lettre de clôture"))).to_have_count(2)
    steps = page.locator(".steps > .step").all()
    return [page.locator("main .lead").first.inner_text(), *(one.inner_text() for one in steps)]


def test_screen_and_paper_end_in_the_same_state(town: Any) -> None:
    page, magistrate = town.coordinator(), town.enter("parquet")
    carrier = town.enter("justice_ville")
    ended = []
    for path in ("screen", "paper"):
        url = _to_the_justice(page, "Réparation du préjudice", "120")
        reference = url.rsplit("/", 1)[1]
        if path == "screen":
            _decides(magistrate, reference, judge=False)
        else:
            _carries(carrier, reference)
            assert town.violations(carrier) == []
        ended.append(_to_the_end(page, url, "120"))
    assert ended[0] == ended[1]
    assert "Close" in ended[0][0]
    for reader in (page, magistrate, carrier):
        side = "transactions" if reader is page else "homologations"
        reader.goto(f"/{side}/{reference}")
        scan = reader.get_by_role("link", name="Ouvrir la décision numérisée")
        seen = reader.request.get(scan.get_attribute("href"))
        assert seen.body() == SCAN
    _reprints(page)


def _reprints(page: Page) -> None:
    """A paper printed again bears the day of its act, the arrêté, and who printed it, when."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("^Proposition")).click()
    with ZipFile(waiting.value.path()) as paper:
        read = " ".join(
            re.sub(r"<[^>]+>", "", paper.read(name).decode())
            for name in paper.namelist()
            if re.search(r"word/(document|footer\d*)\.xml", name)
        )
    assert ACT in read
    assert f"Produit le {long_date(today())}" in read
    assert "par Hélène Vidal-Le Guen" in read


def test_the_tribunal_decides_of_a_work(town: Any) -> None:
    page, magistrate = town.coordinator(), town.enter("parquet")
    url = _to_the_justice(page, "Travail non rémunéré", "7,5")
    _decides(magistrate, url.rsplit("/", 1)[1], judge=True)
    page.goto(url)
    assert town.violations(page) == []
    assert "Close" in _to_the_end(page, url, "7,5")[0]
