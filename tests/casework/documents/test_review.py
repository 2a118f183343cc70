"""A model rewritten by a commune: what is refused, and where it says so."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document

from casework.documents.letters import ModelError
from casework.documents.models import MODELS
from casework.documents.review import review

CARENCE = MODELS["constat_carence"]


def rewritten(change: Callable, name: str = "constat_carence") -> bytes:
    document = Document(BytesIO(MODELS[name].original()))
    change(document)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def repacked(**parts: bytes) -> bytes:
    """The original with parts added or replaced, by name."""
    made = BytesIO()
    with ZipFile(BytesIO(CARENCE.original())) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return made.getvalue()


def part(name: str) -> bytes:
    with ZipFile(BytesIO(CARENCE.original())) as archive:
        return archive.read(name)


@pytest.mark.parametrize("name", MODELS)
def test_every_original_is_one_that_would_be_accepted(name: str) -> None:
    assert review(MODELS[name], MODELS[name].original()) == []


def test_other_words_around_the_same_placeholders_are_accepted() -> None:
    content = rewritten(
        lambda d: d.add_paragraph("Ouvert le samedi. {{ commune }}, {{ telephone }}")
    )
    assert review(CARENCE, content) == []


def test_a_placeholder_cut_by_word_is_still_read() -> None:
    def cut(document) -> None:
        paragraph = document.add_paragraph("{{ com")
        paragraph.add_run("mune }}").bold = True

    assert review(CARENCE, rewritten(cut)) == []


def test_an_unknown_placeholder_is_told_with_its_place() -> None:
    def everywhere(document) -> None:
        document.add_paragraph("Condamné pour {{ condamnations }} déjà.")
        document.tables[0].rows[1].cells[1].add_paragraph("{{ religion }}")
        document.sections[0].footer.add_paragraph("{{ groupe }}")

    told = "\n".join(review(CARENCE, rewritten(everywhere)))
    assert "{{ condamnations }}" in told
    assert "paragraphe « Condamné pour {{ condamnations }} déjà. »" in told
    assert "tableau 1 « {{ religion }} »" in told
    assert "pied de page « {{ groupe }} »" in told


def test_a_missing_placeholder_is_told_with_its_label_and_where_the_original_has_it() -> None:
    def without(document) -> None:
        for paragraph in document.paragraphs:
            if "fondement" in paragraph.text:
                paragraph.clear()
        document.tables[0].rows[3].cells[1].paragraphs[0].clear()  # how it was convened

    told = review(CARENCE, rewritten(without))
    assert len(told) == 2
    assert "{{ fondement }} (Textes de loi" in told[0]
    assert "« {{ fondement }} »" in told[0]
    assert "{{ mode }} (Mode de la convocation) manque" in told[1]
    assert "tableau 1 « {{ mode }} »" in told[1]


def test_an_optional_placeholder_may_go() -> None:
    def without(document) -> None:
        for paragraph in document.paragraphs:
            if "telephone" in paragraph.text:
                paragraph._p.getparent().remove(paragraph._p)

    # The condition around it went too.
    def clean(document) -> None:
        without(document)
        ends = [p for p in document.paragraphs if "endif" in p.text]
        ends[-1]._p.getparent().remove(ends[-1]._p)

    assert review(CARENCE, rewritten(clean)) == []


@pytest.mark.parametrize(
    "words",
    [
        "{{ commune.__class__ }}x{{ 7 * 7 }}",
        "{{ commune | upper }}",
        "{% for n in range(9999999) %}x{% endfor %}",
        "{{ commune() }}",
        "{% set a = commune %}",
        "{% include 'x' %}",
        "{{ commune",
        "{% if commune %}",
    ],
)
def test_a_model_neither_computes_nor_breaks(words: str) -> None:
    assert review(CARENCE, rewritten(lambda document: document.add_paragraph(words)))


OLE = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s'
LINK = b'<Relationship Id="rId99" Type="http://x/relationships/%s" Target="%s" %s/></Relationships>'
DOCUMENT = "word/document.xml"


def linked(kind: bytes, target: bytes, mode: bytes = b"") -> bytes:
    rels = part("word/_rels/document.xml.rels")
    link = LINK % (kind, target, mode)
    return repacked(**{"word/_rels/document.xml.rels": rels.replace(b"</Relationships>", link)})


EXTERNAL = b'TargetMode="External"'
FIELD = b'<w:instrText>INCLUDE</w:instrText><w:instrText>TEXT "//srv/x"</w:instrText></w:body>'
HOSTILE = {
    "macros": (lambda: repacked(**{"word/vbaProject.bin": b"x"}), "macros"),
    "a macro type": (
        lambda: repacked(
            **{
                "[Content_Types].xml": part("[Content_Types].xml").replace(
                    b"openxmlformats-officedocument.wordprocessingml.document.main",
                    b"ms-word.document.macroEnabled.main",
                )
            }
        ),
        "macros",
    ),
    "an object": (lambda: repacked(**{"word/embeddings/a.xlsx": b"x"}), "objet incorporé"),
    "an imported part": (lambda: linked(b"aFChunk", b"x.html"), "objet incorporé"),
    "a link": (lambda: linked(b"hyperlink", b"http://x.test", EXTERNAL), "un lien"),
    "a linked image": (lambda: linked(b"image", b"http://x.test/i.png", EXTERNAL), "image liée"),
    "a remote model": (
        lambda: linked(b"attachedTemplate", b"http://x.test/t", EXTERNAL),
        "distant",
    ),
    "a field": (
        lambda: repacked(**{DOCUMENT: part(DOCUMENT).replace(b"</w:body>", FIELD)}),
        "un champ",
    ),
    "an entity": (
        lambda: repacked(**{DOCUMENT: b'<!DOCTYPE a [<!ENTITY b "c">]>' + part(DOCUMENT)}),
        "lisible",
    ),
    "a bomb": (lambda: repacked(**{"word/media/a.png": bytes(40 * 2**20)}), "volumineux"),
    "no document": (lambda: b"%PDF-1.7", "lisible"),
    "nothing": (lambda: b"", "lisible"),
    "an archive": (lambda: repacked(**{"[Content_Types].xml": b"<Types/>"}), "lisible"),
    "too large": (lambda: bytes(2 * 2**20 + 1), "2 Mo"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_before_it_is_opened(kind: str) -> None:
    make, told = HOSTILE[kind]
    with pytest.raises(ModelError, match=told):
        review(CARENCE, make())
