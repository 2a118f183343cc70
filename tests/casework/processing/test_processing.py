"""The record of processing follows the installation; the assessment points at what exists."""

import re
from pathlib import Path

from sqlalchemy import update

from casework.aipd import service as aipd
from casework.aipd.checklist import MEASURES
from casework.cells.models import Cell
from casework.web.access import today

ROOT = Path(__file__).parents[3]


def test_the_record_is_settled_then_tells_what_changed(world):
    dpo = world.visitor("dpo")
    page = dpo.get("/registre").text
    assert "jamais été arrêté" in page
    assert "Port-Miran" in page
    assert "L. 132-5" in page.replace("\N{NO-BREAK SPACE}", " ")
    dpo.post("/registre/arreter")
    dpo.post("/registre/arreter")  # unchanged: no second version
    assert "Conforme à la version 1" in dpo.get("/registre").text
    with world.database.write() as session:
        session.execute(update(Cell).where(Cell.code == "CCTP").values(cadence="Chaque semaine"))
        session.commit()
    page = dpo.get("/registre").text
    assert "a changé depuis la version 1" in page
    assert "Chaque semaine" in page
    assert page.count("ajouté") == 1
    assert page.count("retiré") == 1
    dpo.post("/registre/arreter")
    assert "Conforme à la version 2" in dpo.get("/registre").text
    assert dpo.get("/registre/registre.docx").status_code == 200


def test_every_measure_of_the_assessment_is_told_where_it_says():
    for measure in MEASURES:
        file, _, heading = measure.where.partition("#")
        told = (ROOT / file).read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")
        assert re.search(rf"^#+ {re.escape(heading)}$", told, re.MULTILINE), measure.where


def test_a_cell_is_cleared_by_an_assessment_and_an_opinion(world):
    dpo, day = world.visitor("dpo"), f"{today():%d/%m/%Y}"
    told = {"cellule": "GSP", "reference": "AIPD 2026-03", "datee": day, "avis_le": day}

    def cleared() -> bool:
        with world.database.read() as session:
            return aipd.cleared(session, "GSP")

    assert not cleared()
    assert dpo.post("/analyse-impact", told).status_code == 422
    dpo.post("/analyse-impact", told | {"avis": "reserves"})
    assert cleared()
    dpo.post("/analyse-impact", told | {"avis": "defavorable"})
    assert not cleared()  # the newest counts
    assert "AIPD 2026-03" in dpo.get("/analyse-impact").text
    assert dpo.get("/analyse-impact/liste.docx").status_code == 200
