"""A déport in the browser: stepped aside by a member, seen and lifted by the direction."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SEANCE = "S-CCTP-2026-005"


def test_a_member_steps_aside_and_the_maire_brings_them_back(town: Any) -> None:
    member: Page = town.enter("education")
    other: Page = town.enter("departement")
    member.goto(f"/seances/{SEANCE}")
    situation = member.locator("tbody a.ref").first.inner_text()
    row = member.get_by_role("row").filter(has_text=situation)
    initials = row.get_by_role("cell").first.inner_text()
    opened = member.context.new_page()  # left open on the situation, in another tab
    opened.goto(f"/situations/{situation}")

    row.get_by_role("link", name=f"Me déporter de {situation}").click()
    expect(member.locator("main")).to_contain_text("Vous ne pourrez plus la lire")
    assert town.violations(member) == []
    member.get_by_role("button", name="Me déporter").click()
    expect(member.get_by_role("alert")).to_contain_text("Cochez la phrase")
    assert town.violations(member) == []
    member.get_by_label("Je me déporte de cette situation").check()
    member.get_by_role("button", name="Me déporter").click()
    expect(member.locator(".notice-succes")).to_contain_text(f"déporté de {situation}")

    answer = opened.reload()
    assert answer is not None
    assert answer.status == 403
    expect(opened.locator("main")).to_contain_text("Vous vous êtes déporté de cette situation")
    member.goto(f"/seances/{SEANCE}")
    row = member.get_by_role("row").filter(has_text=situation)
    expect(row).to_contain_text("Vous vous êtes déporté")
    assert initials not in row.inner_text().split()
    expect(row.get_by_role("link")).to_have_count(0)
    assert town.violations(member) == []
    other.goto(f"/situations/{situation}")
    assert "Da Costa" not in other.content()

    maire: Page = town.enter("maire")
    maire.goto(f"/situations/{situation}")
    expect(maire.locator("main")).to_contain_text("Isabelle Da Costa, depuis le")
    maire.get_by_text("Lever ce déport…").click()
    assert town.violations(maire) == []
    maire.get_by_role("button", name=re.compile("^Lever le déport")).click()
    expect(maire.locator(".notice-succes")).to_contain_text("Le déport est levé")
    answer = opened.reload()
    assert answer is not None
    assert answer.status == 200
