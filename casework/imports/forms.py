"""The file to import."""

from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import InputRequired, ValidationError

from casework.imports.reading import read
from casework.imports.sheet import Unreadable
from casework.web.forms import Form


class UploadForm(Form):
    """Read once, in memory; ``sheet`` is what it holds."""

    fichier = FileField(
        "Tableau à importer",
        [InputRequired("Choisissez le fichier à importer.")],
        description="Un fichier .xlsx, .ods ou .csv de 5 Mo et 1 000 lignes au plus. Seule la "
        "première feuille est lue ; le nom du fichier n’est pas conservé.",
    )

    def validate_fichier(self, field: object) -> None:
        given = self.fichier.data
        content = given.read() if isinstance(given, FileStorage) else b""
        try:
            self.sheet = read(content)
        except Unreadable as error:
            raise ValidationError(str(error)) from None
