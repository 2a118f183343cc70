"""Every paper a procedure offers can be printed, whoever is convened."""

import re
from io import BytesIO

import pytest
from docx import Document

from casework.rappels import acts
from casework.rappels.words import ADULT, AUDIENCES
from tests.casework.rappels.walk import Walk, typed
from tests.conftest import World

LETTER = re.compile(r"/rappels/[^\"/]+/courriers/[a-z-]+\.docx")


def printed(walk: Walk, url: str) -> str:
    answer = walk.coordinator.get(url)
    assert answer.status_code == 200, url
    paper = Document(BytesIO(answer.data))
    cells = [cell.text for table in paper.tables for cell in table._cells]
    return " ".join(cells + [one.text for one in paper.paragraphs])


def test_whoever_is_convened_every_paper_offered_is_printed(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(small_world)
    assert walk.waive().status_code == 302
    for public in AUDIENCES:
        monkeypatch.setattr(acts, "is_minor", lambda *_, public=public: public != ADULT)
        assert walk.convene(public=public, jour=typed()).status_code == 302
        offered = set(LETTER.findall(walk.page))
        assert f"{walk.url}/courriers/convocation.docx" in offered
        for url in offered:
            assert walk.reference in printed(walk, url), (public, url)
        batch = f"/cellules/CCTP/convocations.docx?jour={typed()}"
        assert walk.reference in printed(walk, batch), public
    assert walk.deliver().status_code == 302
    for issue in ("carence", "tenir"):
        assert walk.hold(issue=issue).status_code == 302
        offered = set(LETTER.findall(walk.page))
        assert offered, issue
        for url in offered:
            assert walk.reference in printed(walk, url), (issue, url)
        if issue == "carence":
            assert walk.post("rectifier", motif="Erreur").status_code == 302
    assert walk.post("informer").status_code == 302
    assert walk.reference in printed(walk, f"{walk.url}/courriers/cloture.docx")
