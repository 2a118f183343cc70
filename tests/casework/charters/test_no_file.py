"""Under a charter of the 2010 type: nothing nominative, nothing offered, and it is said kindly."""

import pytest
from lxml import html

from tests.casework.charters.conftest import CELL, publish

WHY = "exclut tout fichier"


NOMINATIVE = {
    "coordination": ("situations", "saisine", "seances/nouvelle"),
    "maire": ("situations",),
    "police_municipale": (),
}
STILL_OPEN = ("/", f"/cellules/{CELL}/charte", f"/cellules/{CELL}/seances")


@pytest.fixture
def closed(small_world):
    """The cell's charter is of the 2010 type, and everyone signed it."""
    publish(small_world.visitor("maire"), "# Charte de 2010\n\nAucun fichier.", type="2010")
    for key in NOMINATIVE:
        small_world.visitor(key).sign_charter(CELL)
    return small_world


def _offered(visitor, url: str) -> set[str]:
    page = html.fromstring(visitor.get(url).text)
    found = {str(link) for link in page.xpath("//a/@href")} - {url}
    return {link for link in found if not link.startswith("#")}


def test_every_nominative_page_is_refused_and_says_why(closed) -> None:
    for key, pages in NOMINATIVE.items():
        visitor = closed.visitor(key)
        for page in pages:
            answer = visitor.get(f"/cellules/{CELL}/{page}")
            assert answer.status_code == 403, (key, page)
            assert WHY in answer.text, (key, page)
            assert f'"/cellules/{CELL}/charte"' in answer.text, (key, page)
        assert visitor.post(f"/cellules/{CELL}/recherche", {"q": "Nadir"}).status_code == 403


def test_pages_that_stay_open_say_why_and_lead_nowhere_closed(closed) -> None:
    for key in NOMINATIVE:
        visitor = closed.visitor(key)
        for url in STILL_OPEN:
            page = visitor.get(url)
            assert page.status_code == 200
            assert WHY in page.text, (key, url)
            for link in _offered(visitor, url):
                assert visitor.get(link).status_code in (200, 302), (key, url, link)


def test_nothing_is_destroyed_a_2014_charter_opens_it_again(closed) -> None:
    maire = closed.visitor("maire")
    publish(maire, "# Charte de 2014\n\nUn fichier.", type="2014")
    maire.sign_charter(CELL)
    assert "CCTP-2026-" in maire.get(f"/cellules/{CELL}/situations").text
