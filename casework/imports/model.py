"""The spreadsheet to fill: our headers, and the line of someone who does not exist."""

from io import BytesIO

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook
from openpyxl.styles import Font

from casework.imports.fields import BOTH, FIELDS
from casework.imports.lines import EXAMPLE

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
TITLE = "Saisines"
_EXAMPLE = {
    "nom": EXAMPLE,
    "prenoms": "Camille",
    "naissance": "14/03/2012",
    "lieu_naissance": "Port-Miran",
    "sexe": "Féminin",
    "adresse": "1 rue de l’Exemple",
    "niveau": "5e",
    "classe": "5e B",
    "saisine": "02/11/2026",
    "origine": "Collège",
    "typologie": "Absentéisme scolaire",
    "faits": "Absentéisme scolaire",
    "recit": "Ligne d’exemple, à supprimer avant l’import.",
    "statut": "En cours",
    "suites": "Médiation scolaire",
    "rep_nom": EXAMPLE,
    "rep_prenoms": "Dominique",
    "rep_lien": "Mère",
}


def _rows() -> tuple[list[str], list[str]]:
    asked = [field for name, field in FIELDS.items() if name != BOTH]
    return [field.label for field in asked], [_EXAMPLE.get(field.name, "") for field in asked]


def xlsx() -> BytesIO:
    book = Workbook()
    sheet = book.active
    sheet.title = TITLE
    for row in _rows():
        sheet.append(row)
    for column in sheet.iter_cols(max_row=1):
        column[0].font = Font(bold=True)
        sheet.column_dimensions[column[0].column_letter].width = 24
    sheet.freeze_panes = "A2"
    return _packed(book.save)


def ods() -> BytesIO:
    book = OpenDocumentSpreadsheet()
    sheet = Table(name=TITLE)
    for values in _rows():
        row = TableRow()
        for value in values:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            row.addElement(cell)
        sheet.addElement(row)
    book.spreadsheet.addElement(sheet)
    return _packed(book.write)


def _packed(write: object) -> BytesIO:
    packed = BytesIO()
    write(packed)  # type: ignore[operator]
    packed.seek(0)
    return packed
