"""An extract of the journal on paper or in a table: members, actions, references, no one else."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from audit.query import Row
from casework.documents.letters import UNPRINTABLE, repack
from casework.journal.questions import ACTIONS, OUTCOMES, ROLES
from casework.web.french import NBSP, local

HEADERS = ("N°", "Quand", "Référence", "Membre", "Mandat", "Cellule", "Action", "Dossier", "Issue")
HEADERS += ("Fondement",)
_WIDTHS = (13, 32, 19, 34, 38, 16, 46, 29, 19, 30)  # millimetres, on a landscape A4 sheet
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, kw_only=True)
class Extract:
    """What was asked, by whom, and what the journal answered. ``cut`` when there was more."""

    commune: str
    question: str
    asked_by: str
    asked_at: str
    checkpoint: str
    rows: list[Row]
    names: Mapping[str, str]
    cut: bool


def as_csv(extract: Extract) -> bytes:
    """Semicolons and a byte order mark, as French spreadsheets read them."""
    written = StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\r\n")
    table.writerow(HEADERS)
    table.writerows([_inert(cell) for cell in line] for line in _lines(extract))
    return written.getvalue().encode("utf-8-sig")


def as_docx(extract: Extract) -> bytes:
    """A landscape sheet: what was asked, the table, and the checkpoint that proves it."""
    paper = Document()
    _describe(paper, extract)
    paper.add_heading("Extrait du journal des accès", 1)
    paper.add_paragraph(f"{extract.commune}. Question posée{NBSP}: {extract.question}.")
    count = len(extract.rows)
    said = f"{count}{NBSP}entrée{'s' if count > 1 else ''}"
    if extract.cut:
        said += ", les plus récentes seulement ; l’export CSV les donne toutes"
    paper.add_paragraph(f"{said}. Établi le {extract.asked_at} par {extract.asked_by}.")
    _table(paper, extract)
    paper.add_paragraph("")
    proof = paper.add_paragraph(f"Point de contrôle du journal{NBSP}: {extract.checkpoint}")
    proof.runs[0].font.size = Pt(8)
    paper.add_paragraph(
        "Aucune personne suivie n’est nommée dans ce document. Il désigne des membres par leur "
        "fonction dans le dispositif : conservez-le comme le journal lui-même."
    )
    written = BytesIO()
    paper.save(written)
    return repack(written.getvalue())


def _lines(extract: Extract) -> Iterable[list[str]]:
    for row in extract.rows:
        yield [
            str(row.seq),
            f"{local(row.time):%d/%m/%Y %H:%M:%S}",
            row.actor,
            extract.names.get(row.actor, ""),
            ROLES.get(row.role, row.role),
            row.cell,
            ACTIONS.get(row.action, row.action),
            row.object,
            OUTCOMES[row.outcome],
            row.article,
        ]


def _inert(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _describe(paper: Document, extract: Extract) -> None:
    core = paper.core_properties
    core.title, core.author, core.language = (
        "Extrait du journal des accès",
        extract.commune,
        "fr-FR",
    )
    core.last_modified_by, core.comments = extract.commune, ""
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(10)
    section.top_margin = section.bottom_margin = Mm(12)
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = "Liberation Sans", Pt(9)
    title = paper.styles["Heading 1"].font
    title.name, title.size, title.color.rgb = "Liberation Serif", Pt(18), RGBColor(0, 0, 0)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(language)


def _table(paper: Document, extract: Extract) -> None:
    table = paper.add_table(1, len(HEADERS), "Table Grid")
    table.autofit = False
    repeated = OxmlElement("w:tblHeader")  # on each page, and read as headers by a screen reader
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for cell, header in zip(table.rows[0].cells, HEADERS, strict=True):
        cell.text = header
        cell.paragraphs[0].runs[0].bold = True
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Mm(width)
    for line in _lines(extract):
        for cell, content in zip(table.add_row().cells, line, strict=True):
            cell.text = UNPRINTABLE.sub("", content)
    for row in table.rows:
        for cell, width in zip(row.cells, _WIDTHS, strict=True):
            cell.width = Mm(width)
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.font.size = Pt(8)
