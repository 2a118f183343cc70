"""The working numbers of a cell: exact, the coordination's alone."""

from lxml import html

from tests.conftest import World

URL = "/cellules/CCTP/nombres"


def test_the_coordination_reads_exact_numbers_that_are_not_for_publication(world: World) -> None:
    page = world.coordinator().get(URL)
    assert page.status_code == 200
    assert "Ne pas diffuser" in page.text
    charts = html.fromstring(page.text).find_class("chart-table")
    titles = [chart.find("caption").text for chart in charts]
    assert titles == [
        "Situations suivies, par ancienneté",
        "Saisines, par mois",
        "Situations, par suite proposée",
        "Orientations, par réponse reçue",
        "De la saisine à la première séance",
        "Fiches et homologations en attente du parquet",
    ]
    months = charts[1].findall("tbody/tr")
    assert len(months) == 12
    assert "masqué" not in page.text


def test_nobody_else_does(small_world: World) -> None:
    small_world.coordinator()
    for key in ("maire", "education", "dpo"):
        assert small_world.visitor(key).get(URL).status_code == 403


def test_what_one_stepped_aside_from_is_not_counted(small_world: World) -> None:
    coordinator = small_world.coordinator()

    def followed() -> int:
        chart = html.fromstring(coordinator.get(URL).text).find_class("chart-table")[0]
        return sum(int(cell.text) for cell in chart.find_class("chart-value"))

    before = followed()
    listed = html.fromstring(coordinator.get("/cellules/CCTP/situations").text)
    reference = listed.xpath("//tbody//th//a")[0].get("href")
    assert coordinator.post(f"{reference}/deport", {"confirme": "y"}).status_code == 302
    assert followed() == before - 1
