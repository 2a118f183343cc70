"""A spreadsheet of 500 lines and 40 faults, from the upload to the last situation."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, update

from audit.query import search
from casework.imports.models import Import
from casework.imports.service import BATCH
from casework.situations.models import Situation
from casework.vault.models import RecordWrap
from casework.web.access import today
from charter.models import Recusal
from tests.casework.imports import workbook
from tests.casework.imports.conftest import KNOWN
from tests.casework.imports.desk import URL, Desk, count
from tests.conftest import World


def parked(world: World) -> list[Import]:
    with world.database.read() as session:
        return list(session.scalars(select(Import)))


@pytest.mark.parametrize("kind", workbook.WRITERS)
def test_forty_faults_are_forty_lines_and_the_rest_is_imported(
    small_world: World, small_desk: Desk, follow: Any, kind: str
) -> None:
    _play(small_world, small_desk, follow, kind)


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
def test_the_same_on_the_other_database(world: World, desk: Desk, follow: Any) -> None:
    _play(world, desk, follow, "xlsx")


def _play(world: World, desk: Desk, follow: Any, kind: str) -> None:
    follow(desk)
    before = count(world)
    rows, merged, expected = workbook.faulty(today(), KNOWN, kind != "csv")
    page = desk.check(workbook.WRITERS[kind](rows, merged))
    told = desk.report()
    assert len(told) == 40
    for line, words in expected.items():
        (said,) = [text for number, text in told if number == line]
        assert words in said, (line, said)
    assert count(world) == before, "a dry run records nothing"

    left = 40 + len(merged)  # two lines are merged into one
    assert f"Importer les {500 - left} lignes valables" in page
    assert desk.start().status_code == 302
    assert desk.run() == -(-(500 - left) // BATCH)
    assert count(world) == before + 500 - left
    assert f"{500 - left} situations enregistrées, sur 500 lignes" in desk.page
    assert "Détruisez maintenant votre propre fichier" in desk.page
    (batch,) = parked(world)
    assert batch.content is None
    assert batch.choices is None
    with world.database.read() as session:
        assert session.scalar(select(func.count()).where(RecordWrap.record == batch.id)) == 0


def test_each_creation_is_journaled_and_the_import_too(
    small_world: World, small_desk: Desk
) -> None:
    small_desk.check(workbook.xlsx(workbook.valid(today(), 45)))
    small_desk.start()
    small_desk.run()
    (batch,) = parked(small_world)
    with small_world.database.read() as session:
        rows = search(session.connection(), limit=200)
    made = {row.object for row in rows if row.action == "situation:create"}
    assert len(made) == 45
    steps = [
        (row.detail["etape"], row.detail.get("lignes"))
        for row in reversed(rows)
        if row.action == "situation:import" and row.object == batch.reference
        if row.detail["etape"] != "relecture"
    ]
    assert steps == [
        *(("depot", 45), ("termes", None), ("controle", 45)),
        *(("debut", 45), ("lot", BATCH), ("termine", 45)),
    ]


def test_what_is_imported_reads_as_it_was_written(small_world: World, small_desk: Desk) -> None:
    rows = workbook.valid(today(), 5)
    small_desk.check(workbook.xlsx(rows))
    small_desk.start()
    small_desk.run()
    found = small_desk.visitor.post("/cellules/CCTP/recherche", {"q": rows[3][0]}).text
    page = small_desk.visitor.get(re.search(r"/situations/[\w-]+", found)[0]).text
    for text in (rows[3][0], rows[3][1], "20 janvier 2009", "Observation 3.", "Rappel à l’ordre"):
        assert text in page
    assert "non dite" not in page, "the column of religion was never taken"


def test_nothing_is_imported_unless_asked_for_as_shown(
    small_world: World, small_desk: Desk
) -> None:
    rows = workbook.valid(today(), 6)
    rows[2][workbook.BORN] = None
    before = count(small_world)
    assert "Importer les 5 lignes valables" in small_desk.check(workbook.xlsx(rows))
    small_desk.start(compte="6")
    assert "Rien n’est encore importé" in small_desk.page
    small_desk.visitor.post(f"{URL}/continuer")
    assert count(small_world) == before


def test_decisions_are_kept_and_followed(small_world: World, small_desk: Desk) -> None:
    rows = workbook.valid(today(), 20)
    rows[4][:2] = rows[4][1::-1]  # swapped
    rows[9][:3] = rows[1][:3]  # a double
    rows[12][workbook.NOTES] = "Sa mère dit qu’il est autiste."
    small_desk.check(workbook.xlsx(rows))
    assert len(small_desk.report()) == 3
    line = workbook.FIRST_LINE
    decided = {
        f"decision-{line + 4}-inversion": "inverser",
        f"decision-{line + 9}-doublon": "importer",
        f"decision-{line + 12}-relecture-recit": "retirer",
    }
    small_desk.visitor.post(f"{URL}/importer", small_desk.answers() | decided | {"recompter": "1"})
    page = small_desk.page
    assert "Importer les 20 lignes" in page
    before = count(small_world)
    assert small_desk.start().status_code == 302
    small_desk.run()
    assert count(small_world) == before + 20
    swapped = small_desk.visitor.post("/cellules/CCTP/recherche", {"q": rows[4][1]}).text
    # The box shows again what was searched: only the columns say that it was found.
    assert f'data-label="Nom">{rows[4][1]}</td>' in swapped
    assert f'data-label="Prénom(s)">{rows[4][0]}</td>' in swapped
    found = small_desk.visitor.post("/cellules/CCTP/recherche", {"q": rows[12][0]}).text
    page = small_desk.visitor.get(re.search(r"/situations/[\w-]+", found)[0]).text
    assert "autiste" not in page


def _search(desk: Desk, nom: str) -> list[str]:
    found = desk.visitor.post("/cellules/CCTP/recherche", {"q": nom}).text
    return sorted(set(re.findall(r"/situations/[\w-]+", found)))


def test_a_line_joins_the_situation_followed_or_the_line_before_it(
    small_world: World, small_desk: Desk, follow: Any
) -> None:
    follow(small_desk)
    rows = workbook.valid(today(), 60)
    nom, prenoms, born = KNOWN[0]
    rows[3][:3] = [nom.upper(), prenoms, f"{born:%d/%m/%Y}"]
    rows[50][:3] = rows[5][:3]  # one line an incident, in another batch
    rows[51][:3] = rows[6][:3]
    small_desk.check(workbook.xlsx(rows))
    (page,) = _search(small_desk, nom)
    line, known = workbook.FIRST_LINE, page.rpartition("/")[2]
    told = dict(small_desk.report())
    assert f"Ressemble à une personne que la cellule connaît ({known})" in told[line + 3]
    assert f"Rattacher à la ligne {line + 5}" in told[line + 50]
    decided = {
        f"decision-{line + 3}-doublon": f"rattacher {known}",
        f"decision-{line + 50}-doublon": f"rattacher ligne {line + 5}",
        f"decision-{line + 51}-doublon": f"rattacher ligne {line + 51}",  # not offered
    }
    before = count(small_world)
    small_desk.visitor.post(f"{URL}/importer", small_desk.answers() | decided | {"recompter": "1"})
    assert "Importer les 59 lignes valables" in small_desk.page
    small_desk.start()
    assert small_desk.run() == 2
    assert "57 situations enregistrées, 2 lignes rattachées" in small_desk.page
    assert count(small_world) == before + 57
    assert "Observation 3." in small_desk.visitor.get(page).text
    (own,) = _search(small_desk, rows[5][0])
    shown = small_desk.visitor.get(own).text
    assert "Observation 5." in shown
    assert "Observation 50." in shown


def test_an_import_whose_target_closes_meanwhile_is_checked_again_from_where_it_was(
    small_world: World, small_desk: Desk, follow: Any
) -> None:
    follow(small_desk)
    rows = workbook.valid(today(), 50)
    nom, prenoms, born = KNOWN[0]
    rows[45][:3] = [nom.upper(), prenoms, f"{born:%d/%m/%Y}"]
    small_desk.check(workbook.xlsx(rows))
    (page,) = _search(small_desk, nom)
    key = f"decision-{workbook.FIRST_LINE + 45}-doublon"
    small_desk.visitor.post(
        f"{URL}/importer",
        small_desk.answers() | {key: f"rattacher {page.rpartition('/')[2]}", "recompter": "1"},
    )
    before = count(small_world)
    small_desk.start()
    small_desk.visitor.post(f"{URL}/continuer")
    assert count(small_world) == before + BATCH
    with small_world.database.write() as session:
        reference = page.rpartition("/")[2]
        session.execute(
            update(Situation).where(Situation.reference == reference).values(closed_on=today())
        )
        session.commit()
    small_desk.visitor.post(f"{URL}/continuer")
    shown = small_desk.page
    assert "Une ligne n’est plus valable" in shown
    assert "suivi terminé" in shown
    assert len(small_desk.report()) == 1, "what is recorded is not told again"
    small_desk.start()
    small_desk.run()
    assert count(small_world) == before + 49
    assert "49 situations enregistrées, sur 50 lignes" in small_desk.page


def test_the_model_is_read_and_its_example_refused(small_desk: Desk) -> None:
    for kind in ("xlsx", "ods"):
        answer = small_desk.visitor.get(f"{URL}/modele?format={kind}")
        assert answer.status_code == 200
        small_desk.check(answer.data)
        assert [said for _, said in small_desk.report() if "ligne d’exemple" in said], kind
        assert len(small_desk.report()) == 1


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8-sig", ","), ("utf-8", "\t"), ("utf-16", ";")]
)
def test_csv_in_every_dress(small_desk: Desk, encoding: str, mark: str) -> None:
    rows = workbook.valid(date(2026, 11, 21), 3)
    page = small_desk.check(workbook.delimited(rows, encoding=encoding, mark=mark))
    assert "Importer les 3 lignes" in page


def test_of_a_situation_one_stepped_aside_from_only_that_it_is_there(
    small_world: World, small_desk: Desk, follow: Any
) -> None:
    follow(small_desk)
    with small_world.database.write() as session:
        newest = select(Situation).order_by(Situation.id.desc()).limit(3)
        mine = [(row.created_by, row.reference) for row in session.scalars(newest)]
        session.add_all(
            Recusal(member=who, cell="CCTP", object=what, declared_at=datetime.now(UTC))
            for who, what in mine
        )
        session.commit()
    nom, prenoms, born = KNOWN[0]
    rows = workbook.valid(today(), 3)
    rows[1][:3] = [nom.upper(), prenoms, f"{born:%d/%m/%Y}"]
    small_desk.check(workbook.xlsx(rows))
    ((_, said),) = small_desk.report()
    assert "une situation dont vous vous êtes déporté" in said
    assert not any(reference in small_desk.page for _, reference in mine)
