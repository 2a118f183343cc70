"""The sheets of signatures: names from the directory, each act proved by the journal."""

import re
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import delete, select, text, update

from audit.query import search
from audit.schema import journal_event
from audit.triggers import drop_statements
from audit.verify import verify
from casework.demo.members import MEMBERS
from casework.vault.models import Grant
from charter.models import Signature
from tests.casework.charters.conftest import CELL, publish

OWN = f"/cellules/{CELL}/charte/ma-feuille.docx"
ALL = f"/cellules/{CELL}/charte/signatures.docx"
SEATED = [who for who in MEMBERS if CELL in who.cells]


def _words(answer) -> str:
    assert answer.mimetype.endswith("wordprocessingml.document"), answer.text
    document = Document(BytesIO(answer.data))
    found = [*document.paragraphs, *document.sections[0].footer.paragraphs]
    for table in document.tables:
        found += [p for row in table.rows for cell in row.cells for p in cell.paragraphs]
    assert "NUMPAGES" in document.sections[0].footer._element.xml
    return "\n".join(paragraph.text for paragraph in found).replace("\xa0", " ")


def _rows(answer, table: int) -> list[list[str]]:
    found = Document(BytesIO(answer.data)).tables[table]
    return [[cell.text.replace("\xa0", " ") for cell in row.cells] for row in found.rows[1:]]


def _named(who) -> str:
    return f"{who.prenom} {who.nom}"


def test_the_cell_s_sheet_names_everyone_and_proves_each_signature(world) -> None:
    maire = world.visitor("maire")
    answer = maire.get(ALL)
    told = _words(answer)
    signed = [who for who in SEATED if who.key != "coordination"]
    assert [row[0] for row in _rows(answer, 1)] == [_named(who) for who in signed]
    assert [row[0] for row in _rows(answer, 2)] == ["Hélène Vidal-Le Guen"]  # signed nothing yet
    with world.database.read() as session:
        digest = session.scalars(select(Signature.digest).filter_by(cell=CELL)).first()
        assert digest in told
        for row in _rows(answer, 1):
            seq, leaf = re.fullmatch(r"n° (\d+)\n([0-9a-f]{64})", row[4]).groups()
            entry = session.execute(
                select(journal_event).where(journal_event.c.seq == int(seq))
            ).one()
            assert (entry.action, entry.cell, entry.leaf.hex()) == ("charter:sign", CELL, leaf)
            assert digest in entry.detail
    # The note printed is believed by the DPO's own page.
    note = re.search(r"casework/\w+\n\d+\n\S+\n\n— \S+ \S+", told)[0] + "\n"
    with world.database.engine.connect() as connection:
        assert verify(connection, world.instance.journal.verifier, note).ok
    for expected in (
        "Charte de déontologie de la cellule",
        "Version 1, publiée le",
        "Charte du type de 2014",
        "Aucun règlement intérieur publié",
        "Chef de la police municipale\nVille de Port-Miran",
        "par Mireille Castellan, maire",
        f"{len(signed)} signatures.",
    ):
        assert expected in told, expected


def test_a_member_s_own_sheet_has_their_versions_and_nobody_else(world) -> None:
    pm = world.visitor("police_municipale")
    publish(world.visitor("maire"), "# Nouvelle charte\n\nUn texte.")
    pm.sign_charter(CELL)
    answer = pm.get(OWN)
    told = _words(answer)
    assert "Fabrice Bérenguier" in told
    assert "je m’engage personnellement" in told
    assert not [who for who in SEATED if who.nom != "Bérenguier" and who.nom in told]
    texts = [row[0].split("\n") for row in _rows(answer, 1)]
    assert texts == [
        ["Nouvelle charte", "Version 2"],
        ["Charte de déontologie de la cellule", "Version 1"],
    ]
    with world.database.read() as session:
        last = search(session.connection(), action="charter:sign")[0]
    assert f"n° {last.seq}\n" in told


def test_who_has_not_signed_the_new_version_is_listed(small_world) -> None:
    maire = small_world.visitor("maire")
    publish(maire)
    maire.sign_charter(CELL)
    answer = maire.get(ALL)
    assert [row[0] for row in _rows(answer, 1)] == ["Mireille Castellan"]
    assert len(_rows(answer, 2)) == len(SEATED) - 1
    first = maire.get(f"{ALL}?version=1")
    assert len(_rows(first, 1)) == len(SEATED) - 1
    assert len(Document(BytesIO(first.data)).tables) == 2  # an old version misses nobody
    assert maire.get(f"{ALL}?version=9").status_code == 404


def test_producing_a_sheet_is_written_down_first(small_world) -> None:
    small_world.visitor("maire").get(ALL)
    small_world.visitor("police_municipale").get(OWN)
    with small_world.database.read() as session:
        entries = [row.action for row in search(session.connection(), limit=9)]
    assert [name for name in entries if "charter:" in name] == ["charter:proof", "charter:sheet"]


@pytest.mark.parametrize(("key", "url"), [("police_municipale", OWN), ("maire", ALL)])
def test_without_the_directory_s_key_it_says_why(small_world, key: str, url: str) -> None:
    visitor = small_world.visitor(key)
    with small_world.database.write() as session:
        session.execute(delete(Grant).where(Grant.compartment == "ANNUAIRE"))
        session.commit()
    answer = visitor.get(url)
    assert answer.status_code == 302
    page = visitor.get(answer.location).text
    assert "annuaire chiffré des membres, et vous n’en détenez pas la clé" in page
    assert "Ma feuille de signature (.docx)" not in page


def test_whoever_signed_nothing_has_nothing_to_prove(small_world) -> None:
    visitor = small_world.visitor("coordination")
    answer = visitor.get(OWN)
    assert answer.status_code == 302
    assert "il n’y a rien à prouver" in visitor.get(answer.location).text


def test_the_proof_outlives_the_content_of_the_entry(small_world) -> None:
    """Expiry erases what an entry says; its rank and its leaf stay, and the sheet with them."""
    pm = small_world.visitor("police_municipale")
    before = _rows(pm.get(OWN), 1)
    with small_world.database.write() as session:
        for statement in drop_statements("sqlite"):
            session.execute(text(statement))
        session.execute(
            update(journal_event)
            .where(journal_event.c.action == "charter:sign")
            .values(actor="systeme", cell="", detail="{}", salt=b"")
        )
        session.commit()
    assert _rows(pm.get(OWN), 1) == before
