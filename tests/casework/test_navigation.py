"""The menu: one group of entries per cell, and the entry of the page one is on."""

from lxml import html

from tests.conftest import World


def marked(page: str) -> list[tuple[str, str]]:
    found = html.fromstring(page).xpath("//nav[@class='mainnav']//a[@aria-current]")
    return [(link.get("href"), link.get("aria-current")) for link in found]


def _menu(page: str) -> list[str]:
    return html.fromstring(page).xpath("//nav[@class='mainnav']//a/@href")


def test_inside_a_cell_its_own_entries_follow(small_world: World) -> None:
    coordinator = small_world.coordinator()
    assert "/cellules/CCTP/situations" in _menu(coordinator.get("/").text)
    assert "/cellules/CCTP/membres" not in _menu(coordinator.get("/").text)
    page = html.fromstring(coordinator.get("/cellules/GSP/seances").text)
    (inside,) = page.xpath("//nav[@class='mainnav']//ul[@aria-labelledby]")
    assert page.get_element_by_id(inside.get("aria-labelledby")).text == "GSP"
    entries = {"Situations", "Dépôts", "Séances", "Rapport", "Demandes", "Membres", "Réglages"}
    assert entries <= set(inside.xpath(".//a/text()"))
    alone = html.fromstring(small_world.visitor("maire").get("/").text)
    assert not alone.xpath("//nav[@class='mainnav']//*[@aria-labelledby]")
    assert "Situations" in alone.xpath("//nav[@class='mainnav']//a/text()")


def test_a_sub_page_marks_the_entry_it_belongs_to(small_world: World) -> None:
    visitor = small_world.coordinator()
    members = "/cellules/GSP/membres"
    gsp, cctp = [("/cellules/GSP/situations", "true")], [("/cellules/CCTP/situations", "true")]
    assert marked(visitor.get(members).text) == [*gsp, (members, "page")]
    assert marked(visitor.get(f"{members}/inviter").text) == [*gsp, (members, "true")]
    seances = "/cellules/CCTP/seances"
    assert marked(visitor.get(f"{seances}/nouvelle").text) == [*cctp, (seances, "true")]


def test_a_refusal_marks_nothing_and_says_it_was_recorded_as_one(small_world: World) -> None:
    answer = small_world.visitor("maire").get("/cellules/CCTP/membres")
    assert answer.status_code == 403
    assert marked(answer.text) == []
    assert "Refus enregistré" in answer.text
    assert "Consultation enregistrée" not in answer.text
