"""The review of access as a .docx: drawn in memory, signed by who produced it, dated by a
checkpoint of the journal."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from casework.documents.letters import UNPRINTABLE, Properties, describe, french_date, repack
from casework.review.service import ASLEEP_AFTER, Line, Review
from casework.web.french import day_of

TITLE = "Revue des accès"
HEADERS = (
    ("Membre", 4.2),
    ("Mandats en cours", 7.0),
    ("Dernière connexion", 2.9),
    ("Dernière lecture nominative", 2.9),
    ("Clés détenues", 3.1),
    ("À voir", 5.6),
)
NEVER = "aucune au journal"


def draw(review: Review, *, commune: str, day: date, by: str, checkpoint: str) -> bytes:
    """The review as it stands on ``day``; same arguments, same bytes."""
    document = Document()
    _page(document)
    document.add_heading(f"{TITLE} au {french_date(day)}", level=1)
    document.add_paragraph(f"{commune}. Produite par {by}.")
    last = french_date(review.last) if review.last else "aucune"
    document.add_paragraph(f"Dernière revue consignée : {last}.")
    document.add_paragraph(
        " · ".join(f"{name} : {number}" for name, number in review.counts.items())
    )
    document.add_heading("Qui accède, et à quel titre", level=2)
    _table(document, review.lines)
    document.add_heading("À voir", level=2)
    seen = [line for line in review.lines if line.findings]
    for line in seen:
        document.add_paragraph(
            UNPRINTABLE.sub("", f"{_who(line)} : {' ; '.join(line.findings)}."),
            style="List Bullet",
        )
    if not seen:
        document.add_paragraph("Rien à signaler.")
    document.add_paragraph(
        f"Un compte est dit endormi après {ASLEEP_AFTER.days} jours sans connexion. Les "
        "dates de connexion et de lecture viennent du journal des accès. Cette revue ne lit aucun "
        "dossier."
    )
    document.add_paragraph(f"Décision prise : {'.' * 60}   Date et signature : {'.' * 40}")
    _footer(document, checkpoint)
    describe(document, Properties(title=TITLE, author=commune, dated=day))
    drawn = BytesIO()
    document.save(drawn)
    return repack(drawn.getvalue())


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = Cm(2)
    section.bottom_margin = Cm(1.8)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Liberation Sans", Pt(10)
    for level in ("Heading 1", "Heading 2"):  # dark ink: the paper is photocopied
        document.styles[level].font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)


def _who(line: Line) -> str:
    return f"{line.name} ({line.reference})" if line.name else line.reference


def _mandate(held: Any) -> str:
    row = held.row
    where = f", {row.cell}" if row.cell else ""
    until = f"jusqu’au {french_date(row.ends)}" if row.ends else "sans terme"
    act = f" ; {held.acte}" if held.acte else ""
    return f"{held.title}{where}, {until}{act}"


def _table(document: Any, lines: Iterable[Line]) -> None:
    table = document.add_table(rows=1, cols=len(HEADERS))
    table.style = "Table Grid"
    table.autofit = False
    for column, (_, width) in zip(table.columns, HEADERS, strict=True):
        column.width = Cm(width)
    _fill(table.rows[0], [title for title, _ in HEADERS], bold=True)
    _repeat(table.rows[0])
    for line in lines:
        _fill(
            table.add_row(),
            [
                _who(line) + ("" if line.state == "Ouvert" else f", {line.state.lower()}"),
                "\n".join(_mandate(held) for held in line.held) or "aucun",
                day_of(line.signed_in) if line.signed_in else NEVER,
                day_of(line.read) if line.read else NEVER,
                ", ".join(line.keys) or "aucune",
                "\n".join(line.findings) or "rien",
            ],
        )


def _fill(row: Any, texts: list[str], *, bold: bool = False) -> None:
    for cell, text, (_, width) in zip(row.cells, texts, HEADERS, strict=True):
        cell.width = Cm(width)
        run = cell.paragraphs[0].add_run(UNPRINTABLE.sub("", text))
        run.bold, run.font.size = bold, Pt(9)
    _whole(row)


def _repeat(row: Any) -> None:
    """The headings come back on each page, and are read as headings."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    """A member is not cut between two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _footer(document: Any, checkpoint: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    run = paragraph.add_run(f"Point de contrôle du journal : {checkpoint} · page ")
    run.font.size = Pt(8)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number = paragraph.add_run("1")
    number.font.size = Pt(8)
    field.append(number._r)
    paragraph._p.append(field)
