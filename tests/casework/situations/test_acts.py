"""A minor in danger, the services already there, the receipt of a saisine."""

from io import BytesIO

import docx

from tests.casework.people import reference_of
from tests.casework.situations.around import numbers, recorded, text, version

NOTICE = {"transmise_le": "20/11/2026", "mode": "1", "elements": "Seule la nuit, le 18."}
SERVICES = {"presents": ["1", "3"], "absents": ["4"], "demarches": "Deux entretiens."}


def _words(answer) -> str:
    assert answer.status_code == 200, answer.text
    return "\n".join(p.text for p in docx.Document(BytesIO(answer.data)).paragraphs)


def test_the_departement_is_told_and_the_page_says_so_first(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    assert "Un récit." in coordinator.get(f"{page}/danger").text
    assert coordinator.post(f"{page}/danger", NOTICE | {"elements": ""}).status_code == 422
    assert coordinator.post(f"{page}/danger", NOTICE).location == page
    shown = text(coordinator, page)
    assert shown.index("président du conseil départemental est informé") < shown.index(
        "La personne"
    )
    assert "Président du conseil départemental informé le 20 novembre 2026" in shown
    (number,) = set(numbers(coordinator, page, "danger"))
    letter = _words(coordinator.get(f"{page}/danger/{number}/information.docx"))
    for expected in ("Younès Benkacem-Fabre", "12 mars 2012", "Claire Fabre", "Seule la nuit"):
        assert expected in letter.replace("\u00a0", " ")
    assert "L. 226-2-1" in letter.replace("\u00a0", " ")


def test_a_member_learns_the_day_and_not_the_words(small_world) -> None:
    coordinator, member = small_world.coordinator(), small_world.visitor("education")
    page = recorded(coordinator)
    coordinator.post(f"{page}/danger", NOTICE)
    coordinator.post(f"{page}/suivi", {"membres": reference_of("education")})
    shown = text(member, page)
    assert "Transmis le 20 novembre 2026" in shown
    assert "Seule la nuit" not in shown
    assert "information.docx" not in member.get(page).text


def test_services_are_yes_no_or_unknown(world) -> None:
    coordinator = world.coordinator()
    page = recorded(coordinator)
    known = {"version": version(coordinator, f"{page}/services")}
    both = SERVICES | known | {"absents": ["1"]}
    assert coordinator.post(f"{page}/services", both).status_code == 422
    assert coordinator.post(f"{page}/services", SERVICES | known).location == page
    shown = text(coordinator, page)
    there, absent = shown.index("Interviennent "), shown.index("N’interviennent pas")
    assert there < shown.index("solidarité (MDS)") < absent < shown.index("Mission locale")
    assert "Deux entretiens." in shown
    stale = SERVICES | known | {"demarches": "Autre chose."}
    conflict = coordinator.post(f"{page}/services", stale)
    assert conflict.status_code == 409
    assert "Deux entretiens." in conflict.text
    assert "Autre chose." in conflict.text


def test_a_receipt_names_nobody(small_world) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator)
    receipt = _words(coordinator.get(f"{page}/accuse.docx"))
    assert page.rpartition("/")[2] in receipt
    assert "cellule de citoyenneté" in receipt
    assert "Benkacem" not in receipt


def test_a_depositor_has_a_receipt_of_their_own_deposits_only(small_world) -> None:
    bailleur = small_world.visitor("bailleur")
    made = bailleur.post(
        "/cellules/CCTP/deposer",
        {"origine": "6", "nom": "Canard", "prenoms": "Zoé", "faits": "Du bruit."},
    ).location
    receipt = _words(bailleur.get(f"{made}/accuse.docx"))
    assert made.rpartition("/")[2] in receipt
    assert "Canard" not in receipt
    assert small_world.visitor("elu").get(f"{made}/accuse.docx").status_code == 404


def test_how_a_saisine_came_is_kept(small_world) -> None:
    coordinator = small_world.coordinator()
    assert "Appel téléphonique" in text(coordinator, recorded(coordinator, canal="3"))


def test_an_adult_is_no_minor_in_danger(small_world) -> None:
    coordinator = small_world.coordinator()
    page = recorded(coordinator, naissance="12/03/2006")
    assert "n’est mineure" in text(coordinator, f"{page}/danger")
    assert coordinator.post(f"{page}/danger", NOTICE).status_code == 409
    assert "est informé" not in text(coordinator, page)
