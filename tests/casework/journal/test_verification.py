"""The journal's check, from its page, on both databases."""


def test_the_page_reads_the_whole_journal(world) -> None:
    world.coordinator().get("/cellules/CCTP/situations")
    page = world.visitor("dpo").get("/journal/verification").text
    assert "Le journal est intact" in page
    assert "sans trou" in page
