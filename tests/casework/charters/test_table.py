"""« Qui voit quoi, et pourquoi » says the same on screen, on the wall and in the terminal."""

import json
import re
from io import BytesIO

import pytest
from click.testing import CliRunner
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from lxml import html

from casework.cli import main
from casework.web.access import ALWAYS_OPEN, declaration_of, today
from charter import matrix
from charter.actions import Action
from charter.categories import WITHHELD
from charter.roles import Role
from charter.rules import RULES_FOR, Audience
from charter.themes import THEMES

ROWS = [row.cells for row in matrix.rows(today())]


def _read(page: str, section: str) -> list[tuple[str, ...]]:
    """The rows of the tables under a section, as read aloud."""
    found = html.fromstring(page).xpath(f"//section[{section}]//tbody/tr")
    return [tuple(cell.text_content().strip() for cell in row) for row in found]


def _chapters(page: str) -> list[tuple[str, ...]]:
    return [row for row in _read(page, "@id!='textes' and @id!='reserve'") if len(row) == 5]


def _drawn(docx: bytes) -> list[tuple[str, ...]]:
    tables = Document(BytesIO(docx)).tables
    return [
        tuple(cell.text for cell in row.cells)
        for table in tables
        for row in table.rows[1:]
        if len(row.cells) == 5
    ]


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_page_docx_json_and_markdown_tell_the_same(small_world) -> None:
    page = small_world.visitor("pjj").get("/qui-voit-quoi")
    docx = small_world.visitor("pjj").get("/qui-voit-quoi.docx")
    assert _chapters(page.text) == ROWS
    assert _drawn(docx.data) == ROWS
    assert len(ROWS) > 50
    told = [
        (
            row["label"][0].upper() + row["label"][1:],
            ", ".join(row["who"]),
            ", ".join(row["under"]) or "aucune",
            ", ".join(row["sees"]) or "rien de nominatif",
            row["article"],
        )
        for row in json.loads(_run("charter", "matrix", "--format", "json"))
    ]
    assert told == ROWS
    lines = [li for li in _run("charter", "matrix", "--format", "md").splitlines() if li[:1] == "|"]
    assert [tuple(li.strip("| ").split(" | ")) for li in lines[2:]] == ROWS


def test_why_not_and_by_which_text(small_world) -> None:
    page = small_world.visitor("dpo").get("/qui-voit-quoi").text
    assert [reason for _, reason in _read(page, "@id='reserve'")] == list(WITHHELD.values())
    assert [row[:2] for row in _read(page, "@id='textes'")] == [
        (found.label, found.wording) for found in matrix.articles(today())
    ]
    assert all("2026" in row[2] for row in _read(page, "@id='textes'"))


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_role_reads_its_own_rules(role: Role) -> None:
    mine = [r.action for r in matrix.rows(today(), role)]
    expected = [
        rule.action.value
        for action in Action
        for rule in RULES_FOR[action]
        if isinstance(rule.roles, Audience) or role in rule.roles
    ]
    assert sorted(mine) == sorted(expected)
    assert [row for chapter in matrix.chapters(today(), role) for row in chapter.rows] == list(
        matrix.rows(today(), role)
    )


def test_the_page_and_the_docx_follow_the_role_asked(small_world) -> None:
    visitor = small_world.visitor("dpo")
    mine = [row.cells for row in matrix.rows(today(), Role.PARQUET)]
    page = visitor.get("/qui-voit-quoi?role=parquet").text
    assert _chapters(page) == mine
    assert len(mine) < len(ROWS)
    current = html.fromstring(page).xpath("//nav[@class='filters']//a[@aria-current]")
    assert [link.text_content() for link in current] == ["Parquet"]
    answer = visitor.get("/qui-voit-quoi.docx?role=parquet")
    assert _drawn(answer.data) == mine
    assert "qui-voit-quoi-parquet.docx" in answer.headers["Content-Disposition"]
    assert _chapters(visitor.get("/qui-voit-quoi?role=zz").text) == ROWS


def test_every_scope_has_its_theme() -> None:
    scopes = [scope for theme in THEMES for scope in theme.scopes]
    assert len(scopes) == len(set(scopes))
    assert {action.scope for action in Action} == set(scopes), "place the new scope in a theme"


def test_the_docx_is_for_a_wall(small_world) -> None:
    document = Document(BytesIO(small_world.visitor("dpo").get("/qui-voit-quoi.docx").data))
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert section.page_width > section.page_height
    for table in document.tables:
        assert table._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None
    assert "NUMPAGES" in section.footer._element.xml
    assert "Port-Miran" in section.footer.paragraphs[0].text


def test_routes_are_listed_with_their_action(small_world) -> None:
    lines = _run("charter", "routes").splitlines()
    told = {tuple(re.split(r"\s{2,}", line.strip())[:3]) for line in lines}
    expected = {
        (method, rule.rule, declaration_of(small_world.app, rule.endpoint).action.value)
        for rule in small_world.app.url_map.iter_rules()
        if rule.endpoint not in ALWAYS_OPEN
        for method in rule.methods & {"GET", "POST"}
    }
    assert told == expected
    by_route = {line.split()[1]: line for line in lines}
    assert by_route["/sante"].endswith("Tout le monde")
    assert by_route["/journal/verification"].endswith("Délégué à la protection des données")


def test_a_rule_that_has_no_theme_yet_is_told_all_the_same(monkeypatch) -> None:
    monkeypatch.setattr(matrix, "THEME_OF", {})
    (others,) = matrix.chapters(today())
    assert [row.cells for row in others.rows] == ROWS
