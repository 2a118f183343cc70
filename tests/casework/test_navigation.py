"""The menu: one group of entries per cell, and the entry of the page one is on."""

from lxml import html

from tests.conftest import World


def marked(page: str) -> list[tuple[str, str]]:
    found = html.fromstring(page).xpath("//nav[@class='mainnav']//a[@aria-current]")
    return [(link.get("href"), link.get("aria-current")) for link in found]


def test_each_cell_is_named_once_above_its_entries(small_world: World) -> None:
    page = html.fromstring(small_world.coordinator().get("/").text)
    named = page.xpath("//nav[@class='mainnav']//ul[@aria-labelledby]")
    assert [page.get_element_by_id(group.get("aria-labelledby")).text for group in named] == [
        "CCTP",
        "GSP",
    ]
    entries = ["Situations", "Dépôts", "Séances", "Rapport", "Membres"]
    assert [group.xpath(".//a/text()") for group in named] == [entries, entries]
    alone = html.fromstring(small_world.visitor("maire").get("/").text)
    assert not alone.xpath("//nav[@class='mainnav']//*[@aria-labelledby]")
    assert "Situations" in alone.xpath("//nav[@class='mainnav']//a/text()")


def test_a_sub_page_marks_the_entry_it_belongs_to(small_world: World) -> None:
    visitor = small_world.coordinator()
    members = "/cellules/GSP/membres"
    assert marked(visitor.get(members).text) == [(members, "page")]
    assert marked(visitor.get(f"{members}/inviter").text) == [(members, "true")]
    seances = "/cellules/CCTP/seances"
    assert marked(visitor.get(f"{seances}/nouvelle").text) == [(seances, "true")]


def test_a_refusal_marks_nothing_and_says_it_was_recorded_as_one(small_world: World) -> None:
    answer = small_world.visitor("maire").get("/cellules/CCTP/membres")
    assert answer.status_code == 403
    assert marked(answer.text) == []
    assert "Refus enregistré" in answer.text
    assert "Consultation enregistrée" not in answer.text
