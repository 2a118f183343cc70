"""A plain document made of headings, paragraphs, lists and tables: letters and registers that
have no model. Drawn in memory; same content, same bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from casework.documents.letters import Properties, describe, printable, repack

INK = RGBColor(0x1A, 0x1A, 0x1A)  # dark: the paper is photocopied


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    text: str
    bold: bool = False


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """``widths`` in centimetres, one a column."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


Block = Heading | Text | Bullets | Table


def draw(
    title: str, commune: str, dated: date, blocks: Iterable[Block], *, landscape: bool = False
) -> bytes:
    """The document as a .docx. ``title`` is what its file says of itself: never a name."""
    document = Document()
    _page(document, landscape)
    document.add_heading(title, level=1)
    for block in blocks:
        _add(document, block)
    _footer(document, f"{commune} · {title} · page ")
    describe(document, Properties(title=title, author=commune, dated=dated))
    drawn = BytesIO()
    document.save(drawn)
    return repack(drawn.getvalue())


def _page(document: Any, landscape: bool) -> None:
    section = document.sections[0]
    sides = (Cm(21), Cm(29.7))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = reversed(sides) if landscape else sides
    section.left_margin = section.right_margin = section.top_margin = Cm(2.2)
    section.bottom_margin = Cm(1.8)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Liberation Sans", Pt(10.5)
    for level in ("Heading 1", "Heading 2", "Heading 3"):
        document.styles[level].font.color.rgb = INK
        document.styles[level].font.name = "Liberation Sans"


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(printable(text), level=level)
        case Text(text, bold):
            document.add_paragraph().add_run(printable(text)).bold = bold
        case Bullets(items):
            for item in items:
                document.add_paragraph(printable(item), style="List Bullet")
        case Table():
            _table(document, block)


def _table(document: Any, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.headers))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = Cm(width)
    _fill(table.rows[0], block.headers, block.widths, bold=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in block.rows:
        _fill(table.add_row(), row, block.widths)
    document.add_paragraph()


def _fill(row: Any, texts: Iterable[str], widths: Iterable[float], *, bold: bool = False) -> None:
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = Cm(width)
        run = cell.paragraphs[0].add_run(printable(text))
        run.bold, run.font.size = bold, Pt(9.5)
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _footer(document: Any, text: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.add_run(text).font.size = Pt(8)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number = paragraph.add_run("1")
    number.font.size = Pt(8)
    field.append(number._r)
    paragraph._p.append(field)
