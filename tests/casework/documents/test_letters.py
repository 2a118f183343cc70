"""Models a commune edits: which one wins, what it may do, what it is told when it is wrong."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from casework import resources
from casework.documents.fiche_navette import FicheNavette, render
from casework.documents.letters import (
    ModelError,
    Properties,
    Source,
    fill,
    french_date,
)
from casework.documents.models import MODELS
from casework.documents.papers import packaged

ROOT = Path(__file__).parents[3]
ABOUT = Properties(title="REF", author="Commune", dated=date(2026, 11, 21))

Write = Callable[..., Source]


@pytest.fixture
def write() -> Write:
    """A model of the given paragraphs, as Word would save it."""

    def write(*paragraphs: str) -> Source:
        document = Document()
        document.core_properties.author = "Agent Modeste"
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
        saved = BytesIO()
        document.save(saved)
        return Source("essai", saved.getvalue())

    return write


def test_the_committed_models_are_what_the_script_draws(tmp_path: Path) -> None:
    script = ROOT / "script" / "draw_docx_models"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)  # noqa: S603
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {p.name: p.read_bytes() for p in (ROOT / "templates" / "docx").glob("*.docx")}
    assert drawn == committed
    assert set(drawn) == {model.file for model in MODELS.values()}


def test_the_documentation_lists_every_placeholder() -> None:
    script = ROOT / "script" / "list_placeholders"
    listed = subprocess.run(  # noqa: S603
        [sys.executable, str(script)], check=True, capture_output=True, text=True
    )
    assert (ROOT / "docs" / "documents.md").read_text().endswith(listed.stdout)


def test_a_commune_can_rewrite_the_packaged_model(announced: FicheNavette) -> None:
    document = Document(BytesIO(packaged("fiche_navette").content))
    document.add_paragraph("Mairie ouverte le samedi, réf. {{ reference }}")
    own = BytesIO()
    document.save(own)
    drawn = Document(BytesIO(render(announced, Source("fiche", own.getvalue()))))
    assert drawn.paragraphs[-1].text == "Mairie ouverte le samedi, réf. RO-2026-0042"


def test_a_model_without_a_mandatory_variable_is_refused(
    write: Write, announced: FicheNavette
) -> None:
    with pytest.raises(ModelError, match=r"oublie .*\{\{ case_judiciaire \}\}.*point_de_controle"):
        render(announced, write("{{ reference }}"))


def test_a_name_from_elsewhere_is_refused(write: Write) -> None:
    with pytest.raises(ModelError, match=r"inconnues.*\{\{ condamnations \}\}"):
        fill(write("{{ condamnations }}"), {"nom": "Zoë"}, [], ABOUT)


@pytest.mark.parametrize("broken", ["Bonjour {{ nom", "Bonjour {% if nom %}", "{{ nom | }} fin"])
def test_a_broken_tag_is_shown_to_its_author(write: Write, broken: str) -> None:
    with pytest.raises(ModelError, match=r"mal écrite, près de .*nom"):
        fill(write("Mairie", broken), {"nom": "Zoë"}, [], ABOUT)


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ nom.__class__.__mro__ }}",
        "{{ nom | safe }}",
        "{{ nom + 1 }}",
        "{{ nom.prenom }}",
        "{% autoescape false %}{{ nom }}{% endautoescape %}",
    ],
)
def test_a_model_cannot_compute_nor_break_the_document(write: Write, hostile: str) -> None:
    with pytest.raises(ModelError) as refusal:
        fill(write(hostile), {"nom": "Zoë <secret"}, [], ABOUT)
    assert "secret" not in str(refusal.value)
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_word_document_is_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match="n’est pas un document Word"):
        fill(Source("essai", content), {}, [], ABOUT)


def test_the_editor_of_the_model_leaves_no_name(write: Write) -> None:
    drawn = fill(write("{{ nom }}"), {"nom": "Zoë"}, ["nom"], ABOUT)
    assert Document(BytesIO(drawn)).core_properties.author == "Commune"


def test_dates_are_french() -> None:
    assert french_date(date(2026, 11, 21)) == "21\xa0novembre\xa02026"
    assert french_date(date(2026, 12, 1)) == "1er\xa0décembre\xa02026"
    assert french_date(date(2026, 8, 11)) == "11\xa0août\xa02026"


def test_missing_resources_are_named() -> None:
    assert (resources.folder("templates") / "docx").is_dir()
    with pytest.raises(FileNotFoundError, match=r"nulle_part.* are missing"):
        resources.folder("nulle_part")
