"""Passkeys in a real browser, with Chromium's virtual authenticator (WebDriver, through CDP)."""

import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from casework.demo.accounts import PASSPHRASE
from tests.e2e.conftest import login

pytestmark = pytest.mark.browser
STRONG = "fougère tabouret nuage escalier piment"
WEAK = "soleil azerty"
NEWCOMER = "perrin@port-miran.example"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(town: Any) -> Any:
    """The same town, reached by its name: a passkey knows no number."""
    town.url = town.url.replace("127.0.0.1", "localhost")
    return town


def with_authenticator(page: Page) -> tuple[CDPSession, str]:
    """Plug a device that answers by itself into this window."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    plugged = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return cdp, plugged["authenticatorId"]


def credentials(device: tuple[CDPSession, str]) -> list[dict[str, Any]]:
    cdp, identifier = device
    found: list[dict[str, Any]] = cdp.send(
        "WebAuthn.getCredentials", {"authenticatorId": identifier}
    )["credentials"]
    return found


def signs_in_with_passkey(page: Page, name: str, passphrase: str) -> None:
    page.goto("/connexion")
    page.get_by_label("Identifiant").fill(name)
    page.get_by_label("Phrase de passe").fill(passphrase)
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()


def grow_stale(town: Any) -> None:
    with closing(sqlite3.connect(town.data / "casework.db")) as database, database:
        database.execute("UPDATE browser_session SET confirmed_at = '2026-01-01 00:00:00.000000'")


def test_a_newcomer_opens_the_account_with_a_passkey_and_comes_back(named: Any) -> None:
    newcomer = named.window()
    device = with_authenticator(newcomer)
    newcomer.goto(named.invite(NEWCOMER).locator("[data-copy]").first.inner_text())
    opens = newcomer.get_by_role("button", name="Ouvrir mon compte avec une clé d’accès")
    for field in ("#phrase", "#encore"):
        newcomer.fill(field, WEAK)
    opens.click()
    expect(newcomer.locator("[data-passkey-said]")).to_contain_text("se devinerait trop vite")
    assert credentials(device) == []  # nothing is made for an account that does not open
    assert named.violations(newcomer) == []
    for field in ("#phrase", "#encore"):
        newcomer.fill(field, STRONG)
    opens.click()
    expect(newcomer.locator("h1")).to_have_text("Vos codes de secours")
    expect(newcomer.locator(".codes li")).to_have_count(10)
    assert named.violations(newcomer) == []
    (made,) = credentials(device)
    assert (made["rpId"], made["isResidentCredential"]) == ("localhost", True)
    assert re.fullmatch(r"Port-Miran · M-\d{4}", made["userName"])
    newcomer.get_by_role("link", name="J’ai noté mes codes").click()
    signs_in_with_passkey(newcomer, NEWCOMER, STRONG)
    expect(newcomer.locator("h1")).to_have_text("Aujourd’hui")
    assert credentials(device)[0]["signCount"] > made["signCount"]


def test_a_passkey_is_added_confirms_signs_in_and_is_removed(named: Any) -> None:
    page = named.enter("administration")
    device = with_authenticator(page)
    page.goto("/mon-compte")
    assert named.violations(page) == []
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_role("button", name="Créer la clé d’accès").click()
    expect(page.locator(".notice-succes")).to_contain_text("La clé d’accès est enregistrée")
    assert named.violations(page) == []

    page.goto("/membres/inviter")
    page.get_by_label("Prénom").fill("Inès")
    page.get_by_label("Chef de la police municipale").check()
    grow_stale(named)
    page.get_by_role("button", name="Inviter").click()
    expect(page.locator("h1")).to_have_text("Confirmez que c’est bien vous")
    assert named.violations(page) == []
    page.get_by_role("button", name="Confirmer avec ma clé d’accès").click()
    expect(page.get_by_label("Prénom")).to_have_value("Inès")  # the form, with what it lacks
    expect(page.get_by_label("Chef de la police municipale")).to_be_checked()

    other = named.window()
    with_authenticator(other)
    signs_in_with_passkey(other, login("administration"), PASSPHRASE)
    expect(other.locator("[data-passkey-said]")).to_contain_text("n’a pas répondu", timeout=70_000)

    page.get_by_role("button", name="Se déconnecter").click()
    signs_in_with_passkey(page, login("administration"), PASSPHRASE)
    expect(page.locator("h1")).to_have_text("Membres")
    page.goto("/mon-compte")
    page.get_by_role("button", name="Retirer la clé d’accès").click()
    expect(page.locator(".notice-succes")).to_contain_text("ne sert plus")
    page.get_by_role("button", name="Se déconnecter").click()
    assert len(credentials(device)) == 1  # still on the device, and worth nothing here
    signs_in_with_passkey(page, login("administration"), PASSPHRASE)
    expect(page.locator(".notice-refus")).to_contain_text("Connexion refusée")


def test_confirming_works_without_any_script(named: Any) -> None:
    page = named.enter("administration", java_script_enabled=False)
    page.goto("/mon-compte")
    page.get_by_text("Faire dix nouveaux codes…").click()
    page.get_by_role("button", name="Faire dix nouveaux codes").click()
    code = page.locator(".codes code").first.inner_text()
    page.goto("/membres/inviter")
    page.get_by_label("Prénom").fill("Inès")
    grow_stale(named)
    page.get_by_role("button", name="Inviter").click()
    page.get_by_label("Code à usage unique").fill(code)
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_label("Prénom")).to_have_value("Inès")
    page.goto("/connexion")
    expect(page.get_by_role("button", name="clé d’accès")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("Une clé d’accès demande JavaScript")
