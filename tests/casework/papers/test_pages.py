"""« Modèles de documents » through its doors, on both databases."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from docx import Document
from sqlalchemy import update

from audit.query import search
from casework.documents.models import MODELS
from casework.papers import service
from casework.papers.models import PaperModel
from casework.web.access import today
from tests.casework.test_step_up import grow_stale
from tests.conftest import Visitor, World

PAGE = "/modeles/accuse_saisine"
OURS = "La mairie de Port-Miran vous remercie."


def rewritten(words: str = OURS) -> bytes:
    document = Document(BytesIO(MODELS["accuse_saisine"].original()))
    document.add_paragraph(words)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def send(visitor: Visitor, content: bytes, page: str = PAGE):
    return visitor.post(f"{page}/remplacer", {"fichier": (BytesIO(content), "Notre lettre.docx")})


def words(answer) -> str:
    assert answer.status_code == 200
    return "\n".join(one.text for one in Document(BytesIO(answer.data)).paragraphs)


def test_replaced_then_restored(world: World) -> None:
    coordinator = world.coordinator()
    assert "d’origine" in coordinator.get("/modeles").text
    assert send(coordinator, rewritten()).location == PAGE
    shown = coordinator.get(PAGE).text
    assert "Version 1" in shown
    assert OURS in words(coordinator.get(f"{PAGE}/modele.docx"))
    preview = words(coordinator.get(f"{PAGE}/apercu.docx"))
    assert OURS in preview
    assert "{{" not in preview
    assert "De la commune" in coordinator.get("/modeles").text
    assert coordinator.post(f"{PAGE}/original").location == PAGE
    assert OURS not in words(coordinator.get(f"{PAGE}/apercu.docx"))
    assert OURS in words(coordinator.get(f"{PAGE}/modele.docx?version=1"))
    assert coordinator.get(f"{PAGE}/modele.docx?version=9").status_code == 404
    with world.database.read() as session:
        done = search(session.connection(), action="paper:edit")
        digests = {version.digest for version in service.versions(session, "accuse_saisine")}
    assert "Notre lettre" not in str(done)
    assert len(digests - {""}) == 1
    assert all(digest in str(done) for digest in digests)


def test_a_wrong_model_is_refused_with_its_place(small_world: World) -> None:
    coordinator = small_world.coordinator()
    answer = send(coordinator, rewritten("Condamné {{ condamnations }} fois"))
    assert answer.status_code == 422
    assert "{{ condamnations }} n’existe pas" in answer.text
    assert "paragraphe « Condamné {{ condamnations }} fois »" in answer.text
    assert send(coordinator, b"%PDF").status_code == 422
    assert "jamais remplacé" in coordinator.get(PAGE).text


def test_a_paper_keeps_the_model_of_its_day(small_world: World) -> None:
    administrator = small_world.visitor("administration")
    first, second = rewritten(), rewritten("Autre formule.")
    assert send(administrator, first).status_code == 302
    assert send(administrator, second).status_code == 302
    with small_world.database.write() as session:
        before = datetime.now(UTC) - timedelta(days=3)
        session.execute(update(PaperModel).where(PaperModel.version == 1).values(at=before))
        session.commit()
    with small_world.database.read() as session:

        def on(days_ago: int) -> bytes:
            day = today() - timedelta(days=days_ago)
            return service.in_force(session, "accuse_saisine", day).content

        assert on(0) == second
        assert on(1) == on(2) == first
        assert on(5) == MODELS["accuse_saisine"].original()


def test_replacing_asks_a_fresh_second_factor(small_world: World) -> None:
    coordinator = small_world.coordinator()
    grow_stale(small_world)
    assert coordinator.get(PAGE).status_code == 200
    send(coordinator, rewritten())
    assert coordinator.get(f"{PAGE}/remplacer").status_code != 200
    assert "jamais remplacé" in coordinator.get(PAGE).text


def test_others_have_no_door(small_world: World) -> None:
    for key in ("maire", "education", "parquet", "dpo"):
        visitor = small_world.visitor(key)
        assert visitor.get("/modeles").status_code == 403
        assert send(visitor, rewritten()).status_code == 403
    assert small_world.coordinator().get("/modeles/inconnu").status_code == 404
