"""Which reader a file asks for, by its content: its name is neither trusted nor kept."""

from casework.imports import delimited, ods, xlsx
from casework.imports.sheet import LARGEST_BYTES, Sheet, Unreadable, unzip

OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # an .xls, or a workbook under a password
ODS_MEDIA = b"application/vnd.oasis.opendocument.spreadsheet"


def read(content: bytes) -> Sheet:
    """The table of a file. Unreadable."""
    if not content:
        raise Unreadable("Ce fichier est vide.")
    if len(content) > LARGEST_BYTES:
        raise Unreadable("Ce fichier pèse plus de 5 Mo : n’y gardez que le tableau à importer.")
    if content.startswith(OLD_OFFICE):
        raise Unreadable(
            "Ce classeur est protégé par un mot de passe, ou d’un ancien format : enregistrez-le "
            "en .xlsx, sans mot de passe."
        )
    if not content.startswith(b"PK"):
        return delimited.read(content)
    with unzip(content) as packed:
        names = set(packed.namelist())
        if "xl/workbook.xml" in names:
            return xlsx.read(content, packed)
        if "mimetype" in names and packed.read("mimetype").strip() == ODS_MEDIA:
            return ods.read(packed)
    raise Unreadable("Ce fichier n’est pas un tableur : donnez un .xlsx, un .ods ou un .csv.")
