"""Files made to exhaust, to run, to hide: each is refused with its reason, and nothing is kept."""

import zipfile
from io import BytesIO

import pytest

from casework.imports.reading import read
from casework.imports.sheet import LARGEST_BYTES, MOST_LINES, Sheet, Unreadable
from casework.web.access import today
from tests.casework.imports import workbook
from tests.casework.imports.desk import URL, Desk

XLSX = workbook.xlsx(workbook.valid(today(), 3))
ODS = workbook.ods(workbook.valid(today(), 3))


def altered(content: bytes, part: str, data: bytes) -> bytes:
    """The same workbook with one part replaced, or added."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(packed, "w", 8) as new:
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info, old.read(info))
        new.writestr(part, data)
    return packed.getvalue()


BOOK = zipfile.ZipFile(BytesIO(XLSX)).read("xl/workbook.xml")
SINCE_1904 = b'<workbookPr date1904="1"/>'
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<sst>&b;</sst>"
)
SHEET = "xl/worksheets/sheet1.xml"
HOSTILE = {
    "nothing": (b"", "vide"),
    "too heavy": (b"PK" + b"\0" * LARGEST_BYTES, "plus de 5 Mo"),
    "a program": (b"\x7fELF\0\0\x01\x8f", "ni un texte .csv"),
    "an old or locked workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "mot de passe"),
    "cut short": (XLSX[:-300], "abîmé"),
    "a bomb": (altered(XLSX, "xl/media/x.xml", b" " * 50_000_000), "démesuré"),
    "a heavier one": (altered(XLSX, "xl/x.bin", b"ab" * 35_000_000), "démesuré"),
    "entities in .xlsx": (altered(XLSX, "xl/sharedStrings.xml", ENTITIES), "définitions XML"),
    "entities in .ods": (altered(ODS, "content.xml", ENTITIES), "définitions XML"),
    "entities in UTF-16": (
        altered(ODS, "content.xml", ENTITIES.decode().encode("utf-16")),
        "définitions XML",
    ),
    "macros": (altered(XLSX, "xl/vbaProject.bin", b"x"), "macros"),
    "days since 1904": (
        altered(XLSX, "xl/workbook.xml", BOOK.replace(b"<workbookPr/>", SINCE_1904)),
        "1904",
    ),
    "broken XML": (altered(XLSX, SHEET, b"<worksheet><sheetData><row>"), "n’a pas pu être lu"),
    "a document": (XLSX.replace(b"xl/workbook", b"xx/workbook"), "tableur"),
    "too wide": (b";".join([b"Nom", b"Prenom", *[b"x"] * 80]) + b"\na;b\n", "60 colonnes"),
    "too long": (b"Nom;Prenom\n" + b"a;b\n" * (MOST_LINES + 50), "lignes"),
    "a long cell": (b"Nom;Prenom\n" + b"a" * 6000 + b";b\n", "caractères"),
    "no headers": (b"a;b\nc;d\n", "en-têtes"),
    "headers alone": (b"Nom;Pr\xe9nom;Motif\n", "rien à importer"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_their_reason(name: str) -> None:
    content, words = HOSTILE[name]
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_a_refused_file_is_said_at_the_field_and_leaves_nothing(small_desk: Desk) -> None:
    answer = small_desk.upload(HOSTILE["a bomb"][0])
    assert answer.status_code == 422
    assert "Ce classeur se déplie en un contenu démesuré" in answer.text
    assert "Lire le tableau" in small_desk.page
    assert small_desk.visitor.post("/cellules/CCTP/import/colonnes").status_code == 404


def test_a_huge_request_is_not_even_read(small_desk: Desk) -> None:
    # As raw bytes: the test client spools a large form to a file of its own.
    answer = small_desk.visitor.client.post(
        URL,
        data=b"x" * (2 * LARGEST_BYTES + 1),
        content_type="multipart/form-data; boundary=limite",
    )
    assert answer.status_code == 413


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for cell in cells] for _, cells in sheet.rows]


def test_the_three_formats_read_alike() -> None:
    rows = workbook.valid(today(), 12)
    rows[5][0] = workbook.FORMULA
    read_as = [read(write(rows)) for write in workbook.WRITERS.values()]
    assert texts(read_as[0]) == texts(read_as[1]) == texts(read_as[2])
    assert {number for number, _ in read_as[0].rows} == {number for number, _ in read_as[1].rows}
    assert all(sheet.left_out[0][0] == "Religion" for sheet in read_as)
    assert "non dite" not in str(read_as[0].rows)


def test_a_formula_is_neither_followed_nor_shown(small_desk: Desk) -> None:
    rows = workbook.valid(today(), 3)
    rows[1][workbook.NOTES] = '=HYPERLINK("http://ailleurs.example")'
    small_desk.check(workbook.delimited(rows))
    ((line, said),) = small_desk.report()
    assert line == workbook.FIRST_LINE + 1
    assert "(formule)" in said
    assert "ailleurs" not in small_desk.page
