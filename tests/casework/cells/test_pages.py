"""The cells' pages: who reads and edits what, two editors at once, the lists, a new cell."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from lxml import html
from sqlalchemy import update

from audit.query import search
from casework.cells import service
from casework.cells.options import Information
from casework.signin import service as signin
from casework.signin.models import BrowserSession
from charter import register
from tests.casework.people import reference_of
from tests.conftest import Visitor, World

EDIT = "/cellules/CCTP/reglages/modifier"


def form_of(page: str) -> dict[str, str]:
    """What a browser would send back of the page's main form."""
    found = html.fromstring(page).xpath("//main//form[@method='post']")[-1]
    return dict(found.form_values())


def edit(visitor: Visitor, **changed: str | None):
    typed = form_of(visitor.get(EDIT).text) | changed
    typed = {name: text for name, text in typed.items() if text is not None}
    answer = visitor.post(EDIT, typed)
    if "touchent des situations" not in answer.text:
        return answer
    return visitor.post(EDIT, typed | {"effet": form_of(answer.text)["effet"]})  # agreed to


def test_each_reads_the_settings_by_their_own_door(small_world: World) -> None:
    coordinator = small_world.coordinator()
    page = unescape(coordinator.get("/cellules/CCTP/reglages").text)
    assert "Au trimestre ou au quadrimestre" in page
    assert "Direction de la citoyenneté et de la cohésion sociale" in page
    assert "Invité, en tant que de besoin" in page
    assert EDIT in page
    assert coordinator.get("/cellules/CCTP").status_code == 403
    assert coordinator.get("/cellules/CVES/reglages").status_code == 403
    maire = small_world.visitor("maire").get("/cellules/CCTP/reglages")
    assert maire.status_code == 200
    assert EDIT not in maire.text
    assert small_world.visitor("maire").get(EDIT).status_code == 403
    for key in ("dpo", "administration"):
        outside = small_world.visitor(key)
        assert "/cellules/CMER" in outside.get("/cellules").text
        assert outside.get("/cellules/CMER").status_code == 200
        assert outside.get(EDIT).status_code == 403
    for key in ("commissaire", "parquet", "bailleur"):
        assert small_world.visitor(key).get("/cellules").status_code == 403
        assert small_world.visitor(key).get("/cellules/CCTP/reglages").status_code == 403


def test_whoever_directs_a_cell_lists_their_own_only(small_world: World) -> None:
    page = small_world.coordinator().get("/cellules").text
    assert "/cellules/CCTP/reglages" in page
    assert "CMER" not in page
    assert "radicalisation" not in page


def test_settings_are_edited_and_journaled(world: World) -> None:
    coordinator = world.coordinator()
    answer = edit(
        coordinator,
        information="entretien",
        information_blocks="y",
        transaction_hours="15",
        retention_months="2",
    )
    assert answer.status_code == 302, answer.text
    with world.database.read() as session:
        options = service.options(session, "CCTP")
        found = service.cell(session, "CCTP")
        (entry, *_) = search(session.connection(), action="cell:edit")
    assert (options.information, options.information_blocks) == (Information.INTERVIEW, True)
    assert (options.transaction_hours, options.retention_months) == (15, 2)
    assert (found.version, found.profile) == (2, "")
    assert len(options.seats) == 7
    assert entry.object == "CCTP"
    assert "15" in str(entry.detail)
    assert "Propres à la commune" in unescape(coordinator.get("/cellules/CCTP/reglages").text)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"transaction_hours": "31"}, "art. 44-1 CPP"),
        ({"retention_months": "4"}, "la durée que dit la charte"),
        ({"threshold": "2"}, "pourrait désigner un enfant"),
        ({"name": " "}, "Donnez un nom à la cellule."),
        ({"every": "souvent"}, ""),
        ({"information_blocks": "y"}, "dites comment elle se fait"),
        ({"rappel": None}, "suppose le rappel à l’ordre"),
        ({"seats-5-label": ""}, "sans elle, nul n’admet"),
        ({"seats-6-invited": None}, "Le parquet est invité"),
        ({"seats-0-role": "dpo"}, ""),
        ({"unit": "siècles"}, ""),
    ],
)
def test_what_no_cell_may_be_is_refused_and_kept_on_the_page(
    small_world: World, changed: dict[str, str], sentence: str
) -> None:
    coordinator = small_world.coordinator()
    answer = edit(coordinator, cadence="Selon nos besoins", **changed)
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert sentence in page
    assert "À corriger" in page
    assert 'value="Selon nos besoins"' in page
    assert "field-invalid" in page
    with small_world.database.read() as session:
        assert service.cell(session, "CCTP").version == 1


def test_a_seat_is_added_and_another_taken_away(small_world: World) -> None:
    coordinator = small_world.coordinator()
    new = {"seats-7-label": "La mission locale", "seats-7-role": "membre", "seats-1-label": ""}
    assert edit(coordinator, **new, **{"seats-7-invited": "y"}).status_code == 302
    with small_world.database.read() as session:
        seats = service.options(session, "CCTP").seats
    assert [seat.role.value for seat in seats].count("commissaire") == 0
    assert (seats[-1].label, seats[-1].invited) == ("La mission locale", True)


def test_the_second_editor_is_told_and_loses_nothing(world: World) -> None:
    coordinator = world.coordinator()
    opened = form_of(coordinator.get(EDIT).text)
    assert edit(coordinator, cadence="Tous les mois").status_code == 302
    late = coordinator.post(EDIT, opened | {"cadence": "Tous les deux mois"})
    assert late.status_code == 409
    page = unescape(late.text)
    assert "Tous les mois" in page
    assert 'value="Tous les deux mois"' in page
    kept = form_of(late.text)
    assert kept["version"] == "2"
    assert coordinator.post(EDIT, kept).status_code == 302
    with world.database.read() as session:
        assert service.options(session, "CCTP").cadence == "Tous les deux mois"


def test_a_cell_chooses_and_orders_what_it_offers(world: World) -> None:
    coordinator, url = world.coordinator(), "/cellules/GSP/listes/origine"
    assert coordinator.get("/cellules/GSP/listes/sexe").status_code == 404
    typed = form_of(coordinator.get(url).text)
    ranks = {name: "" for name in typed if name.startswith("rangs-")}
    assert len(ranks) == 19  # the whole list: the profile restricts none of it
    assert coordinator.post(url, typed | ranks).status_code == 422
    wrong = coordinator.post(url, typed | {"rangs-0": "premier"})
    assert wrong.status_code == 422
    assert "Écrivez un nombre" in unescape(wrong.text)
    chosen = {"rangs-3": "1", "rangs-0": "2", "rangs-1": "2"}
    assert coordinator.post(url, typed | ranks | chosen).status_code == 302
    stale = coordinator.post(url, typed | ranks | chosen)
    assert stale.status_code == 409
    with world.database.read() as session:
        offered = [term.slug for term in service.terms(session, "origine", "GSP")]
        assert offered == ["police_municipale", "ecole", "college"]
        assert len(service.terms(session, "origine")) == 19
        kept = service.terms(session, "origine", "GSP", keep=(6, 1))
        assert [term.code for term in kept] == [4, 1, 2, 6]


def test_a_suite_of_the_communes_own_is_offered_at_once(world: World) -> None:
    coordinator, url = world.coordinator(), "/cellules/CCTP/termes"
    term = {"liste": "suite", "label": "Atelier vélo de la ville"}
    assert coordinator.post(url, term).status_code == 302
    again = coordinator.post(url, term | {"label": "  atelier VÉLO de la ville "})
    assert again.status_code == 422
    assert "déjà dans la liste" in unescape(again.text)
    assert coordinator.post(url, {"liste": "quartier", "label": "Les Cades"}).status_code == 302
    with world.database.read() as session:
        assert service.terms(session, "suite")[-1].code == 40
        assert service.terms(session, "suite", "CCTP")[-1].label == "Atelier vélo de la ville"
        assert service.terms(session, "quartier")[-1].code == 11
        assert service.labels(session, "suite")[40] == "Atelier vélo de la ville"
    assert "Atelier vélo de la ville" in coordinator.get("/cellules/CCTP/saisine").text


def test_the_communes_suites_stop_where_their_mask_does(small_world: World) -> None:
    coordinator, url = small_world.coordinator(), "/cellules/GSP/termes"
    for number in range(40, 64):
        made = coordinator.post(url, {"liste": "suite", "label": f"Atelier {number}"})
        assert made.status_code == 302, number
    full = coordinator.post(url, {"liste": "suite", "label": "Un de trop"})
    assert full.status_code == 422
    assert "La liste est pleine" in unescape(full.text)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("CCTP", "existe déjà"),
        ("DPO", "désigne déjà autre chose"),
        ("MAIRE", "désigne déjà autre chose"),
        ("A", "De 2 à 12 capitales"),
        ("CVE-1", "De 2 à 12 capitales"),
    ],
)
def test_a_code_is_checked(small_world: World, code: str, sentence: str) -> None:
    administrator = small_world.visitor("administration")
    answer = administrator.post("/cellules/nouvelle", {"code": code, "modele": "type:gsn"})
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)


def test_a_new_cell_asks_for_a_fresh_second_factor(small_world: World) -> None:
    administrator = small_world.visitor("administration")
    with small_world.database.write() as session:
        given = datetime.now(UTC) - signin.FRESH_FOR * 2
        session.execute(update(BrowserSession).values(confirmed_at=given))
        session.commit()
    answer = administrator.post("/cellules/nouvelle", {"code": "GSN", "modele": "type:gsn"})
    assert answer.status_code == 401
    with small_world.database.read() as session:
        assert service.cell(session, "GSN") is None


def test_a_cmer_made_from_the_pages_stays_closed(small_world: World) -> None:
    administrator = small_world.visitor("administration")
    made = administrator.post("/cellules/nouvelle", {"code": "CMER2", "modele": "type:cmer"})
    assert made.status_code == 302
    with small_world.database.read() as session:
        assert register.current_text(session, "CMER2") is None
    page = f"/membres/{reference_of('coordination')}/mandats/nouveau"
    seat = {"role": "coordonnateur", "cellule": "CMER2", "institution": "Ville"}
    assert administrator.post(page, seat | {"debut": "01/09/2026"}).status_code == 302
    coordinator = small_world.visitor("coordination")
    assert not re.search("Je signe", coordinator.get("/cellules/CMER2/charte").text)
    assert (
        coordinator.post(
            "/cellules/CMER2/charte", {"digest": "0" * 64, "engagement": "y"}
        ).status_code
        == 302
    )
    assert coordinator.get("/cellules/CMER2/situations").status_code == 403
    assert coordinator.get("/cellules/CMER2/reglages").status_code == 403
    listed = unescape(coordinator.get("/cellules").text)
    assert "Préalables à consigner" in listed
