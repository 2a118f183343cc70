"""A served commune and a real Chromium to visit it."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

from casework.demo.accounts import PASSPHRASE, TOTP_SECRET
from casework.demo.members import MEMBERS

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
LONGEST_START = 60  # seconds
COMMAND = "from casework.cli import main; main()"


@dataclass
class Town:
    """A running instance and the browser that visits it, one window per member."""

    url: str
    browser: Browser
    data: Path
    server: Any = None
    opened: list[Any] = field(default_factory=list)

    def window(self, **options: Any) -> Page:
        """A fresh window: its own cookies, in French. A script error on the page fails the test."""
        context = self.browser.new_context(
            locale="fr-FR", base_url=self.url, reduced_motion="reduce", **options
        )
        self.opened.append(context)
        page: Page = context.new_page()
        page.on("pageerror", _raise)
        return page

    def enter(self, key: str, **options: Any) -> Page:
        """The window of a demonstration member, signed in with passphrase and one-time code."""
        page = self.window(**options)
        page.goto("/connexion")
        page.get_by_label("Identifiant").fill(login(key))
        page.get_by_label("Phrase de passe").fill(PASSPHRASE)
        page.get_by_label("Code à usage unique").fill(pyotp.TOTP(TOTP_SECRET).now())
        page.get_by_role("button", name="Se connecter", exact=True).click()
        assert "/connexion" not in page.url, page.inner_text("main")
        return page

    def coordinator(self, **options: Any) -> Page:
        """The coordinator, who has signed the charter of both cells."""
        page = self.enter("coordination", **options)
        for cell in ("CCTP", "GSP"):
            page.goto(f"/cellules/{cell}/charte")
            page.get_by_label("J’ai lu la charte").check()
            page.get_by_role("button", name="Je signe").click()
        return page

    def invite(self, login: str) -> Page:
        """The administrator's window, where the link of an invitation to the CCTP shows."""
        page = self.enter("administration")
        page.goto("/membres/inviter")
        page.get_by_label("Prénom").fill("Maëlle")
        page.locator("#nom").fill("Perrin")
        page.get_by_label("Fonction").fill("Éducatrice")
        page.get_by_label("Institution").fill("Association de prévention")
        page.get_by_label("Identifiant").fill(login)
        page.get_by_label("Chef de la police municipale").check()
        page.get_by_label("Cellule de citoyenneté").check()
        page.get_by_role("button", name="Inviter").click()
        return page

    @staticmethod
    def violations(page: Page, *rules: str) -> list[str]:
        """What axe-core finds on the page as it stands; all its rules unless some are named."""
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = {"type": "rule", "values": list(rules)}
        if not page.evaluate("'axe' in window"):  # half a megabyte: once a page
            page.evaluate(AXE_SCRIPT)
        found = page.evaluate("options => axe.run(options)", options)["violations"]
        return [
            f"{page.url}: {problem['id']} {node['target']} {node['html'][:120]}"
            for problem in found
            for node in problem["nodes"]
        ]


def _raise(error: Exception) -> None:
    raise error


def login(key: str) -> str:
    return next(who.login for who in MEMBERS if who.key == key)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "Chromium manque : ces essais demandent un vrai navigateur."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def town(chromium: Browser, seeded_sqlite: Path, tmp_path: Path) -> Iterator[Town]:
    """`casework serve` on a free port, over a fresh copy of the seeded commune."""
    data = tmp_path / "data"
    shutil.copytree(seeded_sqlite, data)
    port = _free_port()
    command = [sys.executable, "-c", COMMAND, "serve", "--data", str(data), "--port", str(port)]
    with (
        (tmp_path / "serve.log").open("w") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as server,  # noqa: S603 - our own
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/sante", server)
            made = Town(f"http://127.0.0.1:{port}", chromium, data, server)
            yield made
            for context in made.opened:
                context.close()
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - http on loopback
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("casework serve n’a pas démarré")
