"""Papers of a séance as .docx: the agenda in initials, the presence sheet, the compte rendu."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from casework.documents.letters import NBSP, UNPRINTABLE, Properties, describe, repack
from casework.seances.minutes import NOT_FOR_FORMATIONS, Item, Minutes
from casework.seances.models import Seance
from casework.seances.sitting import STATEMENT, Sheet
from casework.seances.table import Seated
from casework.situations.service import Line
from casework.web.french import long_date, moment

FONT, INK = "Liberation Sans", RGBColor(0x1A, 0x1A, 0x1A)
EMPTY_LINES = 4  # for whoever comes without having been convened, or as a guest


@dataclass(frozen=True)
class Frame:
    """What every paper says of itself."""

    commune: str
    cell: str
    day: date
    by: str
    checkpoint: str


def draw_agenda(
    seance: Seance,
    place: str,
    lines: Sequence[Line],
    limited: Collection[str],
    labels: Mapping[str, Mapping[int, str]],
    frame: Frame,
) -> bytes:
    """Initials only: it lies on a table, and travels in bags."""
    document = _page("Ordre du jour", seance, place, frame)
    rows = [
        (
            str(rank),
            line.reference,
            _initials(line, limited),
            labels["tranche_age"].get(line.facets.tranche_age, "") if line.facets else "",
            labels["typologie"].get(line.facets.typologie, "") if line.facets else "",
        )
        for rank, line in enumerate(lines, start=1)
    ]
    _table(
        document,
        (("N°", 1.2), ("Référence", 4), ("Initiales", 2), ("Âge", 3), ("Typologie", 6.4)),
        rows or [("", "Aucune situation inscrite", "", "", "")],
    )
    return _saved(document, "Ordre du jour", seance, frame)


def _initials(line: Line, limited: Collection[str]) -> str:
    if line.facets:
        return line.facets.initiales
    return "limitée" if line.reference in limited else "déport"


def draw_presence(
    seance: Seance, place: str, around: Sequence[Seated], sheet: Sheet, frame: Frame
) -> bytes:
    """To sign: members by name, and nobody who is followed."""
    document = _page("Feuille de présence", seance, place, frame)
    document.add_paragraph("Déclaration lue à l’ouverture").runs[0].bold = True
    for sentence in STATEMENT:
        document.add_paragraph(sentence, style="List Bullet")
    document.add_paragraph(
        "En signant, chacun atteste avoir entendu cette déclaration. Un remplaçant signe en son "
        "nom."
    )
    rows = [(who.name, who.title, who.institution, "") for who in around]
    rows += [(guest, "Invité", "", "") for guest in sheet.guests]
    rows += [("", "", "", "")] * EMPTY_LINES
    headers = (("Nom", 4.6), ("Mandat", 3.8), ("Institution", 4), ("Signature", 4.2))
    _table(document, headers, rows, height=1.1)
    return _saved(document, "Feuille de présence", seance, frame)


def draw_minutes(minutes: Minutes, frame: Frame) -> bytes:
    """The compte rendu, as one reader may have it."""
    seance = minutes.seance
    document = _page("Compte rendu", seance, minutes.place, frame)
    warned = document.add_paragraph(NOT_FOR_FORMATIONS)
    warned.runs[0].bold = True
    document.add_paragraph(f"Établi pour {frame.by}, selon ses droits. Ne se transmet pas.")
    if minutes.opened_at:
        ended = f", close le {moment(seance.closed_at)}" if seance.closed_at else ""
        document.add_paragraph(
            f"Séance ouverte le {moment(minutes.opened_at)}{ended}. La déclaration de "
            f"confidentialité a été lue par {minutes.opened_by}."
        )
    document.add_heading("Présents", level=2)
    _table(document, (("Membre", 11), ("Présence", 5.6)), minutes.attendance)
    if minutes.guests:
        document.add_paragraph(f"Invités{NBSP}: {' ; '.join(minutes.guests)}.")
    for rank, item in enumerate(minutes.items, start=1):
        _item(document, rank, item, minutes)
    document.add_heading("Ce qui n’a pas été examiné", level=2)
    left = ", ".join(minutes.not_examined)
    document.add_paragraph(
        f"{left}. Ces situations sont à nouveau à examiner."
        if left
        else "Toutes les situations inscrites ont été examinées."
    )
    if minutes.limited:
        document.add_paragraph(
            f"Traitement limité à la demande de la personne{NBSP}: {', '.join(minutes.limited)}."
        )
    if minutes.left_out:
        document.add_paragraph(
            "Sans les situations dont le destinataire s’est déporté, ou qui ne lui sont pas "
            f"ouvertes{NBSP}: {minutes.left_out}."
        )
    return _saved(document, "Compte rendu", seance, frame)


def _item(document: Any, rank: int, item: Item, minutes: Minutes) -> None:
    labels, content = minutes.labels, item.content
    document.add_heading(f"{rank}. {item.situation.reference}, {_clean(item.name)}", level=2)
    document.add_paragraph(
        f"{labels['typologie'].get(item.facets.typologie, '')} · "
        f"{labels['tranche_age'].get(item.facets.tranche_age, '')}"
    )
    for name in item.absent:
        document.add_paragraph(f"{_clean(name)} a quitté la pièce (déport).")
    rows = [
        (_clean(said.service), minutes.answers[said.answer], _clean(said.dispositif))
        for said in content.services
    ]
    if rows:
        _table(document, (("Service", 6), ("Réponse", 4.4), ("Dispositif activé", 6.2)), rows)
    for title, text in (("Chaînage", content.chainage), ("Notes", content.notes)):
        if text:
            document.add_paragraph(f"{title}{NBSP}: {_clean(text)}")
    if content.orientations:
        document.add_paragraph("Orientations proposées (la cellule ne donne aucun mandat)")
        _table(
            document,
            (("Orientation", 6), ("Par", 4.4), ("Pour le", 3), ("Précision", 3.2)),
            [
                (
                    labels["suite"].get(one.suite, ""),
                    _clean(one.institution),
                    long_date(one.echeance),
                    _clean(one.precision),
                )
                for one in content.orientations
            ],
        )
    ends = []
    if content.statut:
        ends.append(f"Statut{NBSP}: {labels['statut'].get(content.statut, '')}")
    if content.revoir:
        ends.append(f"À revoir le {long_date(content.revoir)}")
    if ends:
        document.add_paragraph(" · ".join(ends))
    for one in item.corrections:
        document.add_paragraph(
            f"Corrigé le {moment(one.at)}{NBSP}: {_clean(one.content.correction)}"
        )


def _page(title: str, seance: Seance, place: str, frame: Frame) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10.5)
    style.paragraph_format.space_after = Pt(5)
    for level in ("Heading 1", "Heading 2"):  # dark ink: the paper is photocopied
        heading = document.styles[level]
        heading.font.color.rgb, heading.font.name = INK, FONT
        fonts = heading.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    document.add_heading(f"{title}{NBSP}: {seance.reference}", level=1)
    document.add_paragraph(f"{frame.commune}, {frame.cell}")
    document.add_paragraph(_clean(f"Séance du {moment(seance.held_at)}, {place}."))
    return document


def _table(
    document: Any,
    headers: Sequence[tuple[str, float]],
    rows: Sequence[Sequence[str]],
    height: float = 0,
) -> None:
    table = document.add_table(rows=1, cols=len(headers))
    table.style, table.autofit = "Table Grid", False
    for column, (_, width) in zip(table.columns, headers, strict=True):
        column.width = Cm(width)
    _fill(table.rows[0], [title for title, _ in headers], headers, bold=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for texts in rows:
        row = table.add_row()
        if height:
            row.height = Cm(height)
        _fill(row, texts, headers)
    document.add_paragraph()


def _fill(
    row: Any, texts: Sequence[str], headers: Sequence[tuple[str, float]], *, bold: bool = False
) -> None:
    for cell, text, (_, width) in zip(row.cells, texts, headers, strict=True):
        cell.width = Cm(width)
        run = cell.paragraphs[0].add_run(_clean(text))
        run.bold, run.font.size = bold, Pt(9.5)
        cell.paragraphs[0].paragraph_format.space_after = Pt(1)
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n"))


def _saved(document: Any, title: str, seance: Seance, frame: Frame) -> bytes:
    footer = document.sections[0].footer.paragraphs[0]
    run = footer.add_run(f"Point de contrôle du journal{NBSP}: {frame.checkpoint} · page ")
    run.font.size = Pt(8)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number = footer.add_run("1")
    number.font.size = Pt(8)
    field.append(number._r)
    footer._p.append(field)
    about = Properties(title=f"{title} {seance.reference}", author=frame.commune, dated=frame.day)
    describe(document, about)
    drawn = BytesIO()
    document.save(drawn)
    return repack(drawn.getvalue())
