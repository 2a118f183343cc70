"""How script/draw_docx_models draws: page, styles, tables and fields of a Word model.

- A4, Arial and Courier New, which Word has and LibreOffice replaces by Liberation, same widths;
- grey and black only: the colours and the Marianne of the State are not a commune's to use;
- accessibility (RGAA 4.1, office documents): true heading styles, every table a real one with its
  header row marked and its purpose described, language declared, no empty paragraph as spacing.

In the texts, « ~ » is a no-break space.
"""

from datetime import UTC, datetime

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Cm, Length, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

INK, GREY = RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x40, 0x40, 0x40)
LINE, SHADE = "595959", "EDEDED"

MARGIN = Cm(1.7)
WIDTHS = Cm(4.2), Cm(13.4)  # label, value: the 17.6 cm between the margins

BUILT_IN = {"Normal", "Heading 1", "Heading 2", "Footer", "Table Grid"}
UNUSED_PARTS = {
    "thumbnail",
    "customXml",
    "stylesWithEffects",
    "numbering",
    "extended-properties",  # they claim that Word for Macintosh made the file
}
NEEDED = BUILT_IN | {"Default Paragraph Font", "Normal Table", "No List"}


def blank(name: str) -> DocumentObject:
    """A4, French, sober styles, and nothing of python-docx's own sample document."""
    document = Document()
    for owner in (document.part.package, document.part):
        for key, rel in list(owner.rels.items()):
            if rel.reltype.rpartition("/")[2] in UNUSED_PARTS:
                del owner.rels[key]
    for style in list(document.styles):
        if style.name not in NEEDED:
            style.delete()
    for link in document.styles.element.xpath("./w:style/w:link"):
        link.getparent().remove(link)  # to the character styles just deleted
    _first(document.styles.element, "w:docDefaults//w:lang").set(qn("w:val"), "fr-FR")
    settings = document.settings.element
    _first(settings, "w:themeFontLang").set(qn("w:val"), "fr-FR")
    # As Word since 2013: no « mode de compatibilité », and a table's outline on the margin.
    _first(settings, "*/w:compatSetting[@w:name='compatibilityMode']").set(qn("w:val"), "15")

    set_style(document, "Normal", size=9.5, after=3)
    set_style(document, "Heading 1", size=13, bold=True, before=12, after=4)
    set_style(document, "Heading 2", size=10.5, bold=True, before=7, after=2)
    set_style(document, "Footer", size=7.5, color=GREY)
    set_style(document, "Rubrique", size=8.5, bold=True)
    set_style(document, "Texte de rubrique", size=9.3)
    set_style(document, "Mention", size=8.5, before=6, color=GREY)
    set_style(document, "Point de contrôle", size=6.5, font="Courier New", color=GREY)

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin, section.bottom_margin = Cm(1.3), Cm(1.5)
    section.footer_distance = Cm(0.7)

    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = name, "Modèle", "", ""
    core.language, core.revision = "fr-FR", 1
    core.created = core.modified = datetime(2026, 1, 1, tzinfo=UTC)
    return document


def set_style(
    document: DocumentObject,
    name: str,
    *,
    size: float,
    font: str = "Arial",
    bold: bool = False,
    before: float = 0,
    after: float = 0,
    color: RGBColor = INK,
) -> None:
    """Set a paragraph style, made if need be. Sizes and spacings are in points."""
    styles = document.styles
    if name in BUILT_IN or name in {known.name for known in styles}:
        style = styles[name]
    else:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = styles["Normal"], True
    style.font.name, style.font.size, style.font.bold = font, Pt(size), bold
    style.font.color.rgb = color
    fonts = style.element.rPr.rFonts
    fonts.attrib.clear()  # the theme's fonts would win over this one
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(before), Pt(after), 1.0


def say(document: DocumentObject, text: str, style: str | None = None) -> Paragraph:
    """One paragraph; what comes before « ** » is in bold."""
    paragraph = document.add_paragraph(style=style)
    _write(paragraph, text)
    return paragraph


def form(
    document: DocumentObject,
    purpose: str,
    header: tuple[str, str],
    rows: list[tuple[str, list[str]]],
    *,
    splits: bool = False,
    stamped: bool = True,
    room: Length | None = None,
) -> None:
    """A table of labels and values; ``stamped``: its last row is tall enough for a stamp and a
    signature.

    ``room``: the least height of a row, for a hand to write in. A row whose label is « {%tr … %} »
    holds that alone. ``splits`` lets a long text run over the page, the signature never alone;
    else it is whole.
    """
    table = document.add_table(0, 2, "Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    _frame(table, purpose)
    lines = [(header[0], [header[1]]), *rows]
    last = len(lines) - 1
    for index, (label, texts) in enumerate(lines):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        if not splits or index in (0, last):
            properties.append(_xml("<w:cantSplit {}/>"))
        if index == 0:
            properties.append(_xml("<w:tblHeader {}/>"))
        if index == last and stamped:
            row.height = Cm(1.25)
        elif index and room is not None:
            row.height = room
        _fill(row.cells[0], [label], "Rubrique", shaded=True)
        _fill(row.cells[1], texts, "Texte de rubrique" if index else "Rubrique", shaded=not index)
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = width
            for paragraph in cell.paragraphs:
                held = index in (0, last - 1) if splits else index != last
                paragraph.paragraph_format.keep_with_next = held


def grid(
    document: DocumentObject,
    purpose: str,
    widths: tuple[Length, ...],
    headers: tuple[str, ...],
    loop: str,
    cells: tuple[list[str], ...],
) -> None:
    """A table of one row for each turn of ``loop``, its header repeated on every page.

    A cell is its paragraphs; one that begins with « § » is set as the journal's own lines are.
    """
    table = document.add_table(0, len(widths), "Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _frame(table, purpose)
    rows = (
        [[header] for header in headers],
        [[f"{{%tr for {loop} %}}"], *[[""]] * (len(widths) - 1)],
        list(cells),
        [["{%tr endfor %}"], *[[""]] * (len(widths) - 1)],
    )
    for index, texts in enumerate(rows):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(_xml("<w:cantSplit {}/>"))
        if index == 0:
            properties.append(_xml("<w:tblHeader {}/>"))
        for cell, width, text in zip(row.cells, widths, texts, strict=True):
            _fill(cell, text, "Texte de rubrique" if index else "Rubrique", shaded=not index)
            cell.width = width


def empty_grid(document: DocumentObject, purpose: str, headers: tuple[str, ...], rows: int) -> None:
    """A table to fill by hand."""
    table = document.add_table(1 + rows, len(headers), "Table Grid")
    table.autofit = False
    _frame(table, purpose)
    table.rows[0]._tr.get_or_add_trPr().append(_xml("<w:tblHeader {}/>"))
    for cell, header in zip(table.rows[0].cells, headers, strict=True):
        _fill(cell, [header], "Rubrique", shaded=True)
    for row in table.rows[1:]:
        row._tr.get_or_add_trPr().append(_xml("<w:cantSplit {}/>"))
        row.height = Cm(0.8)


def signatures(document: DocumentObject, who: tuple[str, ...]) -> None:
    """Boxes to sign in, whole on one page and never without their heads."""
    table = document.add_table(2, len(who), "Table Grid")
    table.autofit = False
    _frame(table, "Signatures")
    width = Cm(17.6 if len(who) > 1 else 8.8) // len(who)
    for column in table.columns:
        column.width = width
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_xml("<w:cantSplit {}/>"))
        for cell in row.cells:
            cell.width = width
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    for cell, label in zip(table.rows[0].cells, who, strict=True):
        _fill(cell, [label], "Rubrique", shaded=True)
    table.rows[1].height = Cm(2)


def landscape(section: Section) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)


def end_section(document: DocumentObject) -> Section:
    """End a section at the last paragraph, without the empty one python-docx adds for it."""
    ended = document.paragraphs[-1]
    document.add_section(WD_SECTION.CONTINUOUS)
    carrier = document.paragraphs[-1]._p
    ended._p.get_or_add_pPr().append(carrier.pPr.sectPr)
    carrier.getparent().remove(carrier)
    return document.sections[-2]


def columns(section: Section, *widths: Length, gap: Length) -> None:
    """Set the text of a section in unequal columns."""
    cols = _first(section._sectPr, "w:cols")
    cols.set(qn("w:num"), str(len(widths)))
    cols.set(qn("w:equalWidth"), "0")
    for number, width in enumerate(widths, 1):
        space = gap.twips if number < len(widths) else 0
        cols.append(_xml(f'<w:col {{}} w:w="{width.twips}" w:space="{space}"/>'))


def footer(section: Section, text: str, small: str = "") -> None:
    """``text`` and « Page X/Y » on every page, then ``small``, monospaced."""
    line = section.footer.paragraphs[0]
    tabs = line.style.paragraph_format.tab_stops
    tabs.clear_all()  # set for another paper
    width = section.page_width - section.left_margin - section.right_margin
    tabs.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    _write(line, f"{text}\tPage~")
    _field(line, "PAGE")
    line.add_run("/")
    _field(line, "NUMPAGES")
    if small:
        _write(section.footer.add_paragraph(style="Point de contrôle"), small)


def _write(paragraph: Paragraph, text: str) -> None:
    bold, mark, plain = text.replace("~", "\N{NO-BREAK SPACE}").rpartition("**")
    if mark:
        paragraph.add_run(bold).bold = True
    if plain:
        paragraph.add_run(plain)


def _fill(cell: _Cell, texts: list[str], style: str, *, shaded: bool) -> None:
    for index, text in enumerate(texts):
        paragraph = cell.add_paragraph() if index else cell.paragraphs[0]
        paragraph.style = "Point de contrôle" if text.startswith("§") else style
        _write(paragraph, text.removeprefix("§"))
    if shaded:
        shade = _xml(f'<w:shd {{}} w:val="clear" w:color="auto" w:fill="{SHADE}"/>')
        cell._tc.get_or_add_tcPr().append(shade)


def _frame(table: Table, purpose: str) -> None:
    """A firm outline, light inner lines, and the description that screen readers announce."""
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="{4 if edge.startswith("inside") else 12}" '
        f'w:space="0" w:color="{LINE}"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 34), ("left", 85), ("bottom", 34), ("right", 85))
    )
    look = _first(table._tbl.tblPr, "w:tblLook")
    layout = _first(table._tbl.tblPr, "w:tblLayout")
    layout.addprevious(_xml('<w:tblInd {} w:w="0" w:type="dxa"/>'))
    layout.addprevious(_xml(f"<w:tblBorders {{}}>{edges}</w:tblBorders>"))
    look.addprevious(_xml(f"<w:tblCellMar {{}}>{margins}</w:tblCellMar>"))
    look.addnext(_xml(f'<w:tblDescription {{}} w:val="{purpose}"/>'))


def _field(paragraph: Paragraph, code: str) -> None:
    shown = "<w:r><w:t>1</w:t></w:r>"  # until the reader's own software counts
    paragraph._p.append(_xml(f'<w:fldSimple {{}} w:instr="{code}">{shown}</w:fldSimple>'))


def _first(element: BaseOxmlElement, path: str) -> BaseOxmlElement:
    return element.xpath(f"./{path}")[0]


def _xml(template: str) -> BaseOxmlElement:
    return parse_xml(template.format(nsdecls("w")))
