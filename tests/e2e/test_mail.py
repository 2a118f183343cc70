"""A séance is prepared, convened by mail and answered, in a browser."""

from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from casework.cli import main
from casework.mail import settings
from tests.casework.mail.server import Postman, post_office, text_of
from tests.casework.people import typed
from tests.e2e.quarter import unticked

pytestmark = pytest.mark.browser


def test_a_seance_is_convened_and_answered(town: Any) -> None:
    page = town.coordinator()
    page.goto("/cellules/CCTP/seances/nouvelle")
    page.locator("#jour").fill(typed(20))
    page.locator("#heure").fill("14:30")
    page.locator("#lieu").fill("Maison du citoyen")
    unticked(page.get_by_role("group", name="Membres convoqués"))
    page.get_by_label("Christophe N’Guessan").check()
    page.locator("form[method=post] button.button-main").click()
    page.get_by_role("button", name="Envoyer les convocations").click()
    expect(page.locator(".notice-succes")).to_contain_text("Convocation envoyée à 1 membre")
    assert town.violations(page) == []
    postman = Postman()
    with post_office(postman) as port:
        known = settings.load(town.data)
        assert known
        settings.save(town.data, replace(known, port=port))
        sent = CliRunner().invoke(main, ["mail", "send", "--data", str(town.data)])
    assert sent.exit_code == 0, sent.output
    link = next(line for line in text_of(postman.mails[0]).split() if "/seances/" in line)
    member = town.enter("commissaire")
    member.goto(link[link.index("/seances/") :])
    member.get_by_role("button", name="Je suis excusé").click()
    expect(member.get_by_text("Vous avez répondu")).to_contain_text("excusé")
    assert town.violations(member) == []
    page.reload()
    expect(page.get_by_role("row", name="Christophe N’Guessan")).to_contain_text("Excusé")
    page.get_by_text("Annoncer que la séance n’aura pas lieu").click()
    assert town.violations(page) == []
    page.get_by_role("button", name="Annoncer l’annulation").click()
    expect(page.get_by_role("row", name="Christophe N’Guessan")).to_contain_text("Annulation")
