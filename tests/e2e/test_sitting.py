"""A séance in the browser: counted, saved as typed, through lost lines and a killed server."""

import os
import re
import signal
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import COMMAND, _wait

pytestmark = pytest.mark.browser
SEANCE = "S-CCTP-2026-005"
MOST_STEPS = 25


def _opened(town: Any) -> Page:
    page: Page = town.coordinator()
    page.goto(f"/seances/{SEANCE}/en-cours")
    page.get_by_label("La déclaration de confidentialité").check()
    page.get_by_role("button", name="Ouvrir la séance").click()
    page.get_by_role("link", name=re.compile("^Examiner")).click()
    expect(page.locator("[data-keys]")).to_be_visible()  # the script is there
    return page


def test_all_boxes_are_ticked_at_once_where_a_list_is_proposed_and_nowhere_else(town: Any) -> None:
    page: Page = town.coordinator()
    page.goto("/cellules/CCTP/seances/nouvelle")
    proposed = page.get_by_role("group", name="Situations à examiner")
    proposed.get_by_role("button", name="Tout cocher").click()
    expect(proposed.get_by_role("checkbox", checked=False)).to_have_count(0)
    page.goto("/cellules/CCTP/saisine")
    expect(page.get_by_role("group", name="Faits signalés")).to_be_visible()
    expect(page.get_by_role("button", name="Tout cocher")).to_have_count(0)


def test_a_situation_is_recorded_in_few_steps_and_shown_without_names(town: Any) -> None:
    page, steps = _opened(town), 0
    assert town.violations(page) == []
    first = page.url

    def click(target: Any) -> None:
        nonlocal steps
        steps += 1
        target.click()

    services = page.locator("[data-service]")
    for place in (0, 1, 2):
        chip = services.nth(place).get_by_text("intervient", exact=True)
        if not services.nth(place).get_by_role("radio").first.is_checked():
            click(chip)
    click(services.nth(0).get_by_label("Dispositif activé"))
    page.keyboard.type("Patrouille de proximité")
    click(page.get_by_label("Chaînage"))
    page.keyboard.type("La police municipale prévient le collège.")
    for label, option in (("Orientation", "Rappel à l’ordre"), ("Par", None)):
        field = page.locator(".proposal").first.get_by_label(label, exact=True)
        steps += 2  # open the list, choose
        field.select_option(label=option) if option else field.select_option(index=6)
    click(page.locator(".proposal").first.get_by_label("Pour le"))
    page.keyboard.type("15012027")
    click(page.get_by_label("À revoir le"))
    page.keyboard.type("20012027")
    steps += 2
    page.get_by_label("Statut proposé").select_option(label="En cours")
    click(page.get_by_label("Notes brèves"))
    page.keyboard.type("MotTrèsConfidentiel")
    steps += 1
    page.keyboard.press("Alt+PageDown")
    page.wait_for_url(lambda url: url != first)
    assert steps <= MOST_STEPS
    page.keyboard.press("Alt+PageUp")
    page.wait_for_url(first)
    expect(page.get_by_label("Notes brèves")).to_have_value("MotTrèsConfidentiel")
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré à")
    name = page.locator("dd").first.inner_text()
    page.keyboard.press("Alt+Shift+P")
    page.wait_for_url("**/projection")
    shown = page.locator("main").inner_html()
    assert "Rappel à l’ordre" in shown
    assert not any(word in shown for word in (*name.split(), "MotTrèsConfidentiel", "Da Costa"))
    assert town.violations(page) == []


def test_no_line_is_lost_to_a_lost_connection_nor_kept_in_the_browser(town: Any) -> None:
    page = _opened(town)
    said, notes = page.locator("[data-saved]"), page.get_by_label("Notes brèves")
    page.context.set_offline(True)
    notes.fill("Écrit sans connexion")
    expect(said).to_contain_text("Non enregistré : connexion perdue, nouvel essai…")
    page.get_by_label("Chaînage").fill("Écrit ensuite")
    expect(said).not_to_contain_text("Enregistré à")
    page.context.set_offline(False)
    expect(said).to_contain_text("Enregistré à", timeout=20_000)
    kept = page.evaluate(
        "async () => JSON.stringify([{...localStorage}, {...sessionStorage},"
        " await indexedDB.databases(), await caches.keys().catch(() => [])])"
    )
    assert "crit" not in kept
    page.reload()
    expect(page.get_by_label("Notes brèves")).to_have_value("Écrit sans connexion")
    expect(page.get_by_label("Chaînage")).to_have_value("Écrit ensuite")


def test_no_line_is_lost_when_the_server_is_killed(town: Any) -> None:
    page = _opened(town)
    said = page.locator("[data-saved]")
    page.get_by_label("Notes brèves").fill("Avant la panne")
    expect(said).to_contain_text("Enregistré à", timeout=20_000)
    _kill(town)
    page.get_by_label("Chaînage").fill("Pendant la panne")
    expect(said).to_contain_text("Non enregistré", timeout=20_000)
    port = town.url.rpartition(":")[2]
    command = [sys.executable, "-c", COMMAND, "serve", "--data", str(town.data), "--port", port]
    with subprocess.Popen(command) as server:  # noqa: S603 - our own
        try:
            _wait(f"{town.url}/sante", server)
            expect(said).to_contain_text("Enregistré à", timeout=30_000)
            page.reload()
            expect(page.get_by_label("Notes brèves")).to_have_value("Avant la panne")
            expect(page.get_by_label("Chaînage")).to_have_value("Pendant la panne")
        finally:
            server.terminate()


def _kill(town: Any) -> None:
    """kill -9 of the server, its workers first."""
    main = town.server.pid
    children = subprocess.run(  # noqa: S603
        ["/usr/bin/pgrep", "-P", str(main)], capture_output=True, text=True, check=False
    )
    for number in (*map(int, children.stdout.split()), main):
        os.kill(number, signal.SIGKILL)
    town.server.wait()
