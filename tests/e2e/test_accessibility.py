"""Every page for everyone: axe-core, both themes, a narrow screen, the keyboard, no script."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain
from typing import Any

import pyotp
import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from casework import create_app
from casework.cells.models import Cell
from casework.cli import main
from casework.clock import today
from casework.db import Database
from casework.demo.accounts import PASSPHRASE, TOTP_SECRET
from casework.demo.members import MEMBERS
from casework.instance import create, load
from casework.situations.models import Situation
from casework.watch.thresholds import THRESHOLDS

pytestmark = pytest.mark.browser
WINDOWS = ("coordination", "maire", "prevention", "parquet", "dpo", "administration", "bailleur")
WITHOUT_PAGE = {"static", "pages.health", "rappels.export", "fiches.export", "imports.template"} | {
    "charters.proof",
    "charters.signed_by_all",
    "matrix.export",
    "review.export",
    "models.download",
    "models.preview",
    "journal.export",
    "journal.download",
    "transaction_papers.export",
    "parenting_papers.export",
    "convening.calendar",
    # The demonstration's CMER is closed: test_cmer_month opens these pages and looks at them.
    "cmer.opening",
    "cmer.show",
    "papier.of_fiche",
    "papier.of_rappel",
    "homologation_paper.of_parquet",
    "homologation_paper.of_commune",
    "courriers.export",
    "courriers.of_day",
    "permanence.activity_export",
    "situations.acknowledge",
    "deposits.acknowledge",
    "information.export",
    "danger.export",
    "attachments.show",
    "papiers.export_minutes",
    "papiers.export_agenda",
    "papiers.export_presence",
    "rights.answer",
    "cell_rights.answer",
    "cell_rights.export",
    "cell_rights.export_json",
    "breaches.export",
    "retention.export",
    "retention.certify",
    "processing.export",
    "aipd.export",
}
FILES = frozenset(
    {"/journal/export", "/journal/point-de-controle", "/fiches/activite.csv"}
    | {"/cellules/…/import/modele"}
)
NARROW = {"width": 320, "height": 800}
WIDE = {"width": 1280, "height": 900}
MOST_TABS = 120


def kind_of(url: str) -> str:
    """Pages of the same kind differ by a reference or a question only."""
    path = url.split("?")[0].split("#")[0]
    reference = r"/([DSU]-)?[A-Z]+-\d{4}(-\d+)?|(?<=cellules)/[A-Z]+|(?<=listes)/[a-z]+"
    return re.sub(rf"{reference}|(?<=modeles)/[a-z_]+|/\d+(?=/|$)", "/…", path)


def pages_from_links(page: Page) -> Iterator[str]:
    """Open each kind of page once, following the links a member finds from home."""
    waiting, known = ["/"], set[str]()
    while waiting:
        url = waiting.pop(0)
        if kind_of(url) in known | FILES or url.split("?")[0].endswith((".docx", ".ics", ".jsonl")):
            continue
        known.add(kind_of(url))
        page.goto(url)
        links = page.locator("a[href^='/']").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        waiting += links
        yield url


def pages_of_a_state(page: Page) -> Iterator[str]:
    """Pages that only some situations and séances lead to: followed to its end, told to nobody,
    without a procedure, closed, being held."""
    for listed, act in (("?statut=3", "reouverture"), ("?statut=1", "information/exception")):
        page.goto(f"/cellules/CCTP/situations{listed}")
        yield _opened(page, f"{page.locator('a.ref').first.get_attribute('href')}/{act}")
    page.goto("/cellules/CCTP/situations")
    listed = _links(page, "a.ref")
    for act in ("rappel", "transaction"):
        yield next(
            _opened(page, f"{url}/{act}")
            for url in listed
            if f"{url}/{act}" in _links(_at(page, url), "main a")
        )
    page.goto("/cellules/CCTP/seances")
    prepared, closed = (
        page.locator("tr", has_text=state).first.locator("a.ref").get_attribute("href")
        for state in ("Préparée", "Close")
    )
    yield _opened(page, f"{closed}/compte-rendu")
    page.goto(f"{prepared}/en-cours")
    page.locator("#lue").check()
    page.get_by_role("button", name="Ouvrir la séance").click()
    yield _opened(page, f"{prepared}/en-cours")
    examen = _links(page, "a.ref")[0]
    yield _opened(page, examen)
    yield _opened(page, f"{examen}/projection")


def pages_of_an_alert(town: Any, page: Page) -> Iterator[str]:
    """Somebody knocks again and again at a door that stays shut; the journal is then looked at."""
    knocking = town.enter("commissaire")
    for _ in range(max(known.usual for known in THRESHOLDS if known.key == "refus")):
        assert knocking.request.get("/journal").status == HTTPStatus.FORBIDDEN
    looked = CliRunner().invoke(main, ["watch", "--data", str(town.data)])
    assert looked.exit_code == 0, looked.output
    page.goto("/journal/alertes")
    yield _opened(page, _links(page, "main a[href^='/journal/alertes/']")[-1])


def _at(page: Page, url: str) -> Page:
    page.goto(url)
    return page


def _opened(page: Page, url: str) -> str:
    answer = page.goto(url)
    assert answer, url
    assert answer.ok, f"{url}: {answer.status}"
    return url


def _links(page: Page, selector: str) -> list[str]:
    found: list[str] = page.locator(selector).evaluate_all(
        "links => links.map(link => link.getAttribute('href')).filter(Boolean)"
    )
    return found


def archive_one(town: Any) -> None:
    """The clock has put a situation in the archive, which the demonstration has none of."""
    found = load(town.data)
    database = Database(found.database, found.binding)
    with database.write() as session:
        row = session.scalars(
            select(Situation).where(Situation.cell == "CCTP", Situation.closed_on.is_not(None))
        ).first()
        row.archived_on = today()
        session.execute(update(Cell).where(Cell.code == "CCTP").values(archive_months=12))
        session.commit()
    database.engine.dispose()


def wrong_with(town: Any, page: Page) -> list[str]:
    """Of the open page: violations, contrasts in the dark theme, scrolling at 320 px."""
    page.emulate_media(color_scheme="light")
    found: list[str] = town.violations(page)
    page.emulate_media(color_scheme="dark")
    found += [f"sombre, {line}" for line in town.violations(page, "color-contrast")]
    page.set_viewport_size(NARROW)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{page.url}: défile en largeur à 320 px")
    page.set_viewport_size(WIDE)
    return found


def test_every_page_of_every_member_is_accessible(town: Any, tmp_path: Any) -> None:
    """A new route must be linked from somewhere, or it is neither found nor tested."""
    app = create_app(create(tmp_path / "empty", address="http://127.0.0.1:8000"), serving=False)
    archive_one(town)
    walked, wrong = {"/connexion", "/invitation/…"}, list[str]()
    for key in WINDOWS:
        page = town.coordinator() if key == "coordination" else town.enter(key)
        further = (
            pages_of_a_state(page)
            if key == "coordination"
            else pages_of_an_alert(town, page)
            if key == "dpo"
            else ()
        )
        for url in chain(pages_from_links(page), further):
            walked.add(kind_of(url))
            wrong += [f"{key} {line}" for line in wrong_with(town, page)]
    assert wrong == []
    expected = {
        re.sub(r"<[^>]+>", "…", rule.rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in WITHOUT_PAGE
    }
    assert expected - walked == set()


def test_the_pages_before_signing_in_are_accessible(town: Any) -> None:
    page = town.window()
    page.goto("/connexion")
    assert wrong_with(town, page) == []
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert town.violations(page) == []


def test_an_invited_member_finds_accessible_pages(town: Any) -> None:
    page = town.invite("perrin@port-miran.example")
    assert town.violations(page) == []
    link = page.locator("[data-copy]").first.inner_text()
    newcomer = town.window()
    newcomer.goto(link)
    assert wrong_with(town, newcomer) == []


def test_a_situation_is_recorded_with_the_keyboard_alone(town: Any) -> None:
    page = town.window()
    page.goto("/connexion")
    who = next(member for member in MEMBERS if member.key == "coordination")
    typed(page, "#identifiant", who.login)
    typed(page, "#phrase", PASSPHRASE)
    typed(page, "#code", pyotp.TOTP(TOTP_SECRET).now())
    page.keyboard.press("Enter")
    pressed(page, "a.button", "Enter")
    pressed(page, "#engagement", "Space")
    pressed(page, "button.button-main", "Enter")
    page.wait_for_load_state()
    pressed(page, "a[href='/cellules/CCTP/saisine']", "Enter")
    pressed(page, "#origine", "ArrowDown")
    typed(page, "#nom", "Ferrand")
    typed(page, "#prenoms", "Sacha")
    typed(page, "#naissance", "07/05/2011")
    pressed(page, "#typologie", "ArrowDown")
    pressed(page, "button.button-main", "Enter")
    expect(page.locator(".notice-succes")).to_contain_text("La saisine est enregistrée")
    expect(page.locator("main")).to_contain_text("7 mai 2011")


def reached(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, and see that the focus shows."""
    for _ in range(MOST_TABS):
        if page.evaluate("wanted => document.activeElement?.matches(wanted)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{selector} ne montre pas qu’il a le focus"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} n’est pas atteint au clavier")


def typed(page: Page, selector: str, text: str) -> None:
    reached(page, selector)
    page.keyboard.type(text)


def pressed(page: Page, selector: str, key: str) -> None:
    page.wait_for_selector(selector)
    reached(page, selector)
    page.keyboard.press(key)


def test_a_situation_is_recorded_without_any_script(town: Any) -> None:
    page = town.coordinator(java_script_enabled=False)
    page.goto("/cellules/CCTP/saisine")
    page.get_by_label("Origine de la saisine").select_option("Collège")
    page.get_by_label("Nom de naissance").fill("Ferrand")
    page.locator("#prenoms").fill("Sacha")
    page.get_by_label("Date de naissance").fill("07/05/20")
    page.get_by_label("Typologie").select_option("Absentéisme scolaire")
    page.locator("#representants-1-nom").fill("Ferrand")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Écrivez la date sous la forme 21/11/2026")
    expect(page.get_by_label("Nom de naissance")).to_have_value("Ferrand")
    page.get_by_label("Date de naissance").fill("07/05/2011")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".notice-succes")).to_contain_text("La saisine est enregistrée")
