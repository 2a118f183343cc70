"""A text that changes next year applies to the acts of next year, on paper as on screen."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document

from casework.charters import table
from casework.transactions import papers, views
from casework.web.access import today
from charter import references
from charter.decide import decide
from charter.references import Article, Reference
from charter.roles import Role
from charter.subjects import Actor, Mandate, Subject
from tests.casework.transactions.conftest import Way, french

NEXT_YEAR = date(today().year + 1, 1, 1)
NEW = "Art. L. 4212-9 du nouveau code de procédure pénale"
OLD = "Art. 44-1 du code de procédure pénale"


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    edition = Reference(NEW, "Les mêmes règles, autrement numérotées.", today(), NEXT_YEAR)
    monkeypatch.setattr(references, "CHANGES", {Article.CPP_44_1: (edition,)})
    return monkeypatch


def _read(paper: bytes) -> str:
    """Everything a paper prints."""
    document = Document(BytesIO(paper))
    return " ".join(
        text.text for text in document.element.body.iter() if text.tag.endswith("}t") and text.text
    ).replace("\N{NO-BREAK SPACE}", " ")


def test_an_older_paper_reprints_as_it_was(way: Way, changed: pytest.MonkeyPatch) -> None:
    url = way.prepare().location
    first = way.coordinator.get(f"{url}/proposition.docx").data
    refused = way.prepare(bien_communal="non").text
    later = NEXT_YEAR + timedelta(days=12)
    for module in (views, papers, table):
        changed.setattr(module, "today", lambda: later)

    again = way.coordinator.get(f"{url}/proposition.docx").data
    assert OLD in _read(first)
    assert OLD in _read(again)
    assert NEW not in _read(again)

    way.situation = ""
    way.saisine()
    days = {
        "pv_date": french(later - timedelta(days=2)),
        "reponse_avant": french(later + timedelta(30)),
    }
    made = way.prepare(**days)
    assert made.status_code == 302, made.text
    fresh = _read(way.coordinator.get(f"{made.location}/proposition.docx").data)
    assert NEW in fresh
    assert OLD not in fresh
    assert NEW in way.coordinator.get("/qui-voit-quoi").text
    assert OLD not in way.coordinator.get("/qui-voit-quoi").text

    way.situation = ""
    way.saisine()
    told = way.prepare(**days | {"bien_communal": "non"}).text
    assert OLD[1:] in refused
    assert NEW[1:] in told


def test_a_decision_cites_the_text_of_its_day(changed: pytest.MonkeyPatch) -> None:
    mandate = Mandate(Role.PARQUET, None, date(2025, 1, 1))
    actor = Actor("M-1", (mandate,), fresh=True)
    rule = Subject(turn=True, archived=False)
    from charter.actions import Action

    def said(day: date) -> str:
        return decide(actor, Action.HOMOLOGATION_ANSWER, rule, day).sentence

    edition = Reference(NEW, "Autrement.", today(), NEXT_YEAR)
    changed.setattr(references, "CHANGES", dict.fromkeys(Article, (edition,)))
    assert NEW in said(NEXT_YEAR)
    assert NEW not in said(NEXT_YEAR - timedelta(days=1))
