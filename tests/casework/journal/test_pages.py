"""The DPO's questions: answered by reference, and never carrying a name into an address."""

import csv
import re
from html import unescape
from io import BytesIO, StringIO

import pytest
from docx import Document
from sqlalchemy import select, text

from audit.journal import Reason
from audit.notes import open_note
from audit.query import search
from audit.triggers import drop_statements
from casework.journal.questions import NAMES
from casework.rappels.models import Rappel
from casework.situations.models import Situation
from tests.casework.people import reference_of

FILE = "CCTP-2026-001"


@pytest.fixture
def consulted(small_world):
    """The coordinator has opened a file, someone was refused."""
    small_world.coordinator().get(f"/situations/{FILE}")
    assert small_world.visitor("coordination").get("/journal").status_code == 403
    return small_world


def newest(world, action):
    with world.database.read() as session:
        return search(session.connection(), action=action, limit=1)[0]


def test_a_name_typed_as_a_reference_goes_nowhere(small_world) -> None:
    dpo = small_world.visitor("dpo")
    for field in NAMES:
        answer = dpo.post("/journal", {field: "Esposito"})
        assert answer.status_code == 302
        assert "esposito" not in answer.location.lower()


def test_a_reference_filters_the_journal(consulted) -> None:
    dpo = consulted.visitor("dpo")
    answer = dpo.post("/journal", {"object": FILE.lower(), "action": "situation:read"})
    page = dpo.get(answer.location).text
    assert page.count('<td data-label="Dossier"') == 1
    assert FILE in page


def test_a_file_is_read_under_its_procedures_too(world) -> None:
    """The fiche-navette holds the civil status and the facts: who reads it reads the file."""
    with world.database.read() as session:
        rappel, file = session.execute(
            select(Rappel.reference, Situation.reference)
            .join(Situation, Situation.id == Rappel.situation)
            .where(Rappel.attend == "parquet")
        ).first()
    assert world.visitor("parquet").get(f"/fiches/{rappel}").status_code == 200
    dpo = world.visitor("dpo")
    story = dpo.get(f"/journal/dossier?object={file}").text
    assert f'<a class="ref" href="/journal/dossier?object={rappel}">' in story
    assert 'data-label="Sous quel mandat">Parquet' in story
    assert rappel in dpo.get(f"/journal?object={file}").text
    assert rappel in dpo.get(f"/journal/export?object={file}&format=csv").text
    alone = dpo.get(f"/journal/dossier?object={rappel}").text
    assert f"object={file}" not in alone


def test_a_file_alone_gives_all_its_story(consulted) -> None:
    """Not its last thirty days, which would hide who opened it before."""
    dpo = consulted.visitor("dpo")
    asked = dpo.post("/journal", {"object": FILE.lower(), "actor": "", "since": "", "until": ""})
    assert asked.location == f"/journal/dossier?object={FILE}"
    longer = dpo.post("/journal", {"object": FILE, "since": "01/01/2020"})
    assert longer.location.startswith("/journal?")


@pytest.mark.parametrize(
    ("asked", "present", "absent"),
    [
        ("outcome=refuse", "Refusé", FILE),
        ("kind=connexions", "se connecter", FILE),
        ("kind=sorties", "Aucun accès", FILE),
        ("cell=CCTP", FILE, "se connecter"),
        ("actor=M-0666", "Aucun accès", FILE),
        ("since=01/01/2020&until=02/01/2020", "Aucun accès", FILE),
    ],
)
def test_each_question_has_its_answer(consulted, asked, present, absent) -> None:
    page = consulted.visitor("dpo").get(f"/journal?{asked}").text
    assert present in page
    assert f'object={absent}">' not in page
    assert f">{absent}<" not in re.sub(r"<option.*?</option>", "", page)


def test_the_story_of_one_file(consulted) -> None:
    dpo = consulted.visitor("dpo")
    page = dpo.get(f"/journal/dossier?object={FILE}").text
    assert "Qui, et combien de fois" in page
    assert "lire une situation" in page
    assert "Aucune entrée" in dpo.get("/journal/dossier?object=CCTP-2026-999").text
    assert "Aucune entrée" in dpo.get("/journal/dossier?object=Esposito").text
    assert "Esposito" not in dpo.get("/journal/dossier?object=Esposito").text


def test_the_day_of_one_member(consulted) -> None:
    dpo = consulted.visitor("dpo")
    read = newest(consulted, "situation:read")
    page = dpo.get(f"/journal/journee?actor={read.actor}").text
    assert "se connecter" in page
    assert FILE in page
    far = dpo.get(f"/journal/journee?actor={read.actor}&jour=2020-01-01").text
    assert "Rien ce jour-là" in far
    for strange in ("jour=9999-12-31", "jour=0001-01-01", "jour=hier", "actor=Esposito"):
        answer = dpo.get(f"/journal/journee?{strange}")
        assert answer.status_code < 500
        assert "Esposito" not in answer.text


def test_an_export_has_its_own_entry(consulted) -> None:
    dpo = consulted.visitor("dpo")
    for extension in ("csv", "docx"):
        answer = dpo.get(f"/journal/export?format={extension}&object={FILE}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].endswith(f".{extension}")
        assert FILE not in answer.headers["Content-Disposition"]
        entry = newest(consulted, "journal:export")
        assert (entry.object, entry.role) == (FILE, "dpo")
    assert "exporter le journal" in dpo.get("/journal?kind=sorties").text


@pytest.mark.parametrize("page", ["", "/dossier", "/journee", "/export"])
@pytest.mark.parametrize(
    "days", ["since=0001-01-01&until=9999-12-31", "since=hier&until=31/02/2026"]
)
def test_absurd_days_are_answered(small_world, page, days) -> None:
    assert small_world.visitor("dpo").get(f"/journal{page}?{days}").status_code == 200


def test_the_table_says_what_the_page_says(consulted) -> None:
    answer = consulted.visitor("dpo").get("/journal/export?format=csv&action=situation:read")
    (header, row) = csv.reader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    said = dict(zip(header, row, strict=True))
    assert (said["Dossier"], said["Cellule"], said["Issue"]) == (FILE, "CCTP", "Autorisé")
    assert said["Référence"] == newest(consulted, "situation:read").actor


def test_the_paper_says_what_was_asked_and_its_proof(consulted) -> None:
    answer = consulted.visitor("dpo").get(f"/journal/export?format=docx&object={FILE}")
    paper = Document(BytesIO(answer.data))
    words = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert f"dossier {FILE}" in words
    assert consulted.instance.origin in words
    (table,) = paper.tables
    assert "lire une situation" in [cell.text for row in table.rows for cell in row.cells]
    assert paper.core_properties.title == "Extrait du journal des accès"


def test_a_note_that_is_not_ours_is_refused_at_its_field(small_world) -> None:
    answer = small_world.visitor("dpo").post("/journal/verification", {"note": "bonjour"})
    assert answer.status_code == 422
    assert "n’est pas un point de contrôle signé par ce journal" in answer.text
    assert "Le journal est intact" in answer.text


def test_a_kept_note_proves_what_came_before_it(small_world) -> None:
    journal = small_world.instance.journal
    with small_world.database.write() as session:
        note = journal.checkpoint(session.connection(), Reason.DEMANDE)
        session.commit()
    answer = small_world.visitor("dpo").post("/journal/verification", {"note": note})
    assert "le point de contrôle conservé atteste" in answer.text


def test_the_dpo_countersigns_keeps_and_compares(small_world) -> None:
    dpo = small_world.visitor("dpo")
    assert dpo.post("/journal/contresigner").status_code == 302
    page = dpo.get("/journal/verification").text
    address = re.search(r'href="(/journal/point-de-controle\?entrees=\d+)"', page)[1]
    kept = dpo.get(address)
    assert kept.mimetype == "text/plain"
    assert len(kept.text.rpartition("\n\n")[2].splitlines()) == 2
    assert open_note(kept.text, small_world.instance.journal.verifier)
    compared = dpo.post("/journal/verification", {"note": kept.text.replace("\n", "\r\n")})
    assert "Vous aviez contresigné ce point de contrôle le" in compared.text
    assert dpo.get("/journal/point-de-controle?entrees=999999").status_code == 404
    assert dpo.get("/journal/point-de-controle?entrees=rien").status_code == 404


def test_the_parquet_may_countersign_without_reading_the_journal(small_world) -> None:
    parquet, dpo = small_world.visitor("parquet"), small_world.visitor("dpo")
    assert "Contresigner le journal" in parquet.get("/fiches").text
    assert "encore contresigné aucun" in parquet.get("/journal/contresigner").text
    assert parquet.post("/journal/contresigner").status_code == 302
    assert dpo.post("/journal/contresigner").status_code == 302
    page, console = parquet.get("/journal/contresigner"), dpo.get("/journal/verification")
    note = unescape(re.search(r"<code data-copy>(.*?)</code>", page.text, re.DOTALL)[1])
    assert open_note(note, small_world.instance.journal.verifier)
    keys = [re.search(r"contresignature.*?<code>(.*?)<", one.text)[1] for one in (page, console)]
    assert len(set(keys)) == 2, "each has a key of their own"
    compared = dpo.post("/journal/verification", {"note": note})
    assert "le point de contrôle conservé atteste" in compared.text
    assert reference_of("parquet") in compared.text
    for closed in ("/journal", "/journal/verification", "/journal/alertes"):
        assert parquet.get(closed).status_code == 403


def test_a_journal_that_was_changed_is_not_countersigned(small_world) -> None:
    dpo = small_world.visitor("dpo")
    with small_world.database.write() as session:
        for statement in drop_statements("sqlite"):
            session.execute(text(statement))
        session.execute(text("UPDATE journal_event SET actor = 'M-0099' WHERE seq = 3"))
        session.commit()
    assert dpo.post("/journal/contresigner").status_code == 302
    page = dpo.get("/journal/verification").text
    assert "rien n’a été contresigné" in page
    assert "Le journal n’est pas intact" in page
    with small_world.database.read() as session:
        count = session.execute(text("SELECT count(*) FROM journal_countersignature"))
        assert count.scalar() == 0


def test_every_reading_of_a_day_has_its_entry(consulted) -> None:
    page = consulted.visitor("dpo").get("/journal/verification").text
    assert re.search(r"chacune des \d+\u00a0lectures relevées a son entrée", page)


def test_a_reading_that_lost_its_entry_is_said(consulted) -> None:
    dpo = consulted.visitor("dpo")
    register = consulted.instance.journal.register
    register.note(newest(consulted, "situation:read").seq, bytes(32))
    page = dpo.get("/journal/verification").text
    assert "Le journal n’est pas intact" in page
    assert "une lecture s’est faite sous l’entrée" in page
