"""The report as a Word document, ready for the Conseil: title page, figures, charts, method."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from docx import Document
from docx.document import Document as Drawn
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as DrawnTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from casework.cells.models import Cell
from casework.documents.letters import UNPRINTABLE, repack
from casework.reports import bars
from casework.reports.method import sentences
from casework.reports.present import Grid, Line, Presented, Table, word
from casework.reports.service import Report
from casework.web.french import local, long_date

FONT = "Arial"
ACCENT = RGBColor(31, 78, 74)
SOFT = RGBColor(90, 100, 97)
RULE = "C9D1CE"
BAR = Cm(4.8)
ACROSS, LABELS = Cm(16.4), Cm(5)  # of a table: all of it, and its first column
NARROW, WORDS, NUMBERS = Cm(3.6), Cm(2.3), Cm(1.7)  # the least of a column, by what it holds
UPRIGHT, TALL = 5, Cm(3)  # columns past which their heads are written upwards, uncut
FIGURE, LONG = 22, 9  # points of a key figure; a longer one is in words
SHORT = 15  # rows that fit on a page with their title
BESIDE = 4  # key figures to a line


def document(report: Report, shown: Presented, cell: Cell, commune: str, checkpoint: str) -> bytes:
    """The .docx, made in memory; no name is in it, nor in its properties."""
    drawn = Document()
    settled = local(report.published.published_at).date() if report.published else None
    _styles(drawn)
    _describe(drawn, report, cell, commune)
    _title_page(drawn, report, cell, commune, settled)
    drawn.add_heading("L’essentiel", 1)
    _figures(drawn, shown)
    for table in shown.tables:
        _chart(drawn, table, shown.before)
    for grid in shown.grids:
        _grid(drawn, grid)
    if shown.left_out:
        drawn.add_heading("Tableaux non publiés", 1)
        drawn.add_paragraph(
            "Aucun nombre de ces tableaux ne peut être dit sans risque\u00a0: "
            f"{', '.join(shown.left_out)}."
        )
    for title, text in (
        ("Difficultés rencontrées", report.difficultes),
        ("Points positifs", report.points_positifs),
    ):
        if text:
            drawn.add_heading(title, 1)
            for paragraph in UNPRINTABLE.sub("", text.replace("\r\n", "\n")).split("\n"):
                drawn.add_paragraph(paragraph)
    drawn.add_heading("Note de méthode", 1)
    for sentence in sentences(report, shown, cell):  # with the checkpoint, never alone on a page
        drawn.add_paragraph(sentence).paragraph_format.keep_with_next = True
    _small(drawn.add_paragraph(f"Point de contrôle du journal des accès\u00a0: {checkpoint}"))
    _page_numbers(drawn, f"{cell.name} · {report.period.label}")
    packed = BytesIO()
    drawn.save(packed)
    return repack(packed.getvalue())


def _styles(drawn: Drawn) -> None:
    section = drawn.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(2.2)
    section.different_first_page_header_footer = True
    normal = drawn.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (("Heading 1", 15), ("Heading 2", 13)):
        style = drawn.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), ACCENT
        style.font.bold = True
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(18), Pt(6)
        style.paragraph_format.keep_with_next = True
        fonts = style.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    drawn.styles["Footer"].font.size = Pt(9)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(language)


def _describe(drawn: Drawn, report: Report, cell: Cell, commune: str) -> None:
    core = drawn.core_properties
    core.title = f"Rapport typologique, {cell.name}, {report.period.label}"
    core.author = core.last_modified_by = commune or "casework"
    core.comments = core.subject = core.keywords = ""
    core.language = "fr-FR"
    if report.published is not None:
        moment = local(report.published.published_at).replace(tzinfo=None)
        core.created = core.modified = moment


def _title_page(
    drawn: Drawn, report: Report, cell: Cell, commune: str, settled: date | None
) -> None:
    for text, size, before in (
        (commune, 14, 0),
        ("Conseil local de sécurité et de prévention de la délinquance", 12, 0),
        ("Rapport typologique", 30, 150),
        (cell.name, 18, 6),
        (report.period.label, 18, 6),
    ):
        paragraph = drawn.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(before)
        run = paragraph.add_run(text)
        run.font.size, run.font.bold = Pt(size), size in (14, 30)
        run.font.color.rgb = ACCENT if size in (14, 30) else SOFT
    period = report.period
    lines = [f"Saisines du {long_date(period.since)} au {long_date(period.until)}."]
    if settled is not None:
        lines.append(f"Chiffres arrêtés le {long_date(settled)}.")
    lines.append("Ce rapport ne porte sur aucune situation individuelle.")
    for number, line in enumerate(lines):
        paragraph = drawn.add_paragraph(line)
        paragraph.paragraph_format.space_before = Pt(40 if not number else 0)
    drawn.add_page_break()


def _figures(drawn: Drawn, shown: Presented) -> None:
    for first in range(0, len(shown.figures), BESIDE):
        figures = shown.figures[first : first + BESIDE]
        table = drawn.add_table(rows=1, cols=BESIDE)
        for cell, figure in zip(table.rows[0].cells, figures, strict=False):
            _border(cell, "top")
            run = cell.paragraphs[0].add_run(figure.value)
            size = FIGURE if len(figure.value) < LONG else FIGURE / 2
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), True, ACCENT
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            cell.add_paragraph(figure.label).paragraph_format.space_after = Pt(0)
            if figure.note:
                _small(cell.add_paragraph(figure.note))
        drawn.add_paragraph().paragraph_format.space_after = Pt(0)


def _chart(drawn: Drawn, table: Table, before: str) -> None:
    drawn.add_heading(table.title, 2)
    largest = max((line.value or 0 for line in table.lines), default=0) or 1
    heads = ["", "", "Période", before] if before else ["", "", ""]
    widths = [Cm(6.2), Cm(5.4), Cm(2.4), Cm(2.4)][: len(heads)]
    made = drawn.add_table(rows=1, cols=len(heads))
    _columns(made, widths)
    for cell, head in zip(made.rows[0].cells, heads, strict=True):
        _small(cell.paragraphs[0], head)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _repeat(made.rows[0])
    if not before:  # one column of numbers needs no head
        made._tbl.remove(made.rows[0]._tr)
    for line in table.lines:
        row = made.add_row()
        _unbroken(row)
        _line(row.cells, line, largest, with_before=bool(before))
    _together(made)
    notes = []
    if table.hidden:
        notes.append(f"Masqué, y compris s’il n’y a personne\u00a0: {', '.join(table.hidden)}.")
    for note in [*notes, *([table.note] if table.note else [])]:
        paragraph = drawn.add_paragraph(note)
        paragraph.paragraph_format.space_before = Pt(4)
        _small(paragraph)


def _line(cells: Sequence[_Cell], line: Line, largest: int, *, with_before: bool) -> None:
    cells[0].paragraphs[0].add_run(line.label)
    image = bars.masked() if line.value is None else bars.bar(line.value / largest)
    if line.value != 0:
        picture = cells[1].paragraphs[0].add_run().add_picture(BytesIO(image), width=BAR)
        picture._inline.docPr.set("descr", f"{line.label} : {word(line.value)}")
    texts = [word(line.value), *([word(line.before)] if with_before else [])]
    for cell, text in zip(cells[2:], texts, strict=True):
        run = cell.paragraphs[0].add_run(text)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run.font.bold = cell is cells[2]
    for cell in cells:
        cell.paragraphs[0].paragraph_format.space_after = Pt(2)
        _border(cell, "bottom")


def _grid(drawn: Drawn, grid: Grid) -> None:
    drawn.add_heading(grid.title, 2)
    made = drawn.add_table(rows=1, cols=len(grid.columns) + 1)
    many = len(grid.columns)
    least = NUMBERS if many > UPRIGHT else WORDS
    labels = max(NARROW, min(LABELS, ACROSS - many * least))
    across = (ACROSS - labels) // many
    for cell, head in zip(made.rows[0].cells, ["Typologie", *grid.columns], strict=True):
        _small(cell.paragraphs[0], head)
        _border(cell, "bottom")
        if head in grid.columns:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    if many > UPRIGHT:
        _upright(made.rows[0])
    _repeat(made.rows[0])
    for label, values in grid.rows:
        row = made.add_row()
        _unbroken(row)
        for cell, text in zip(row.cells, [label, *map(word, values)], strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.font.size = Pt(10)
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
            if text is not label:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            _border(cell, "bottom")
    _columns(made, [labels, *[across] * len(grid.columns)])
    _together(made)
    _small(drawn.add_paragraph(grid.note))


def _small(paragraph: Paragraph, text: str = "") -> None:
    if text:
        paragraph.add_run(text)
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(9), SOFT


def _columns(made: DrawnTable, widths: Sequence[int]) -> None:
    made.autofit = False
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _border(cell: _Cell, side: str) -> None:
    properties = cell._tc.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        properties.append(borders)
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", RULE)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)


def _together(made: DrawnTable) -> None:
    """A short table is not cut by the foot of a page."""
    if len(made.rows) <= SHORT:
        for row in made.rows[:-1]:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True


def _repeat(row: _Row) -> None:
    """The head of a table comes again on the next page, and is read as a head."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _upright(row: _Row) -> None:
    row.height = TALL
    for cell in row.cells[1:]:
        direction = OxmlElement("w:textDirection")
        direction.set(qn("w:val"), "btLr")
        cell._tc.get_or_add_tcPr().append(direction)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT


def _unbroken(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _page_numbers(drawn: Drawn, text: str) -> None:
    paragraph = drawn.sections[0].footer.paragraphs[0]
    _small(paragraph, f"{text} · page ")
    run = paragraph.add_run()
    for kind in ("begin", None, "end"):
        if kind is None:
            code = OxmlElement("w:instrText")
            code.text = "PAGE"
            run._r.append(code)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
    run.font.size, run.font.color.rgb = Pt(9), SOFT
