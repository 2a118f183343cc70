"""The file that replaces a model."""

from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import InputRequired, ValidationError

from casework.documents.letters import ModelError
from casework.documents.placeholders import Model
from casework.documents.review import review
from casework.web.forms import Form


class ReplaceForm(Form):
    """Read once, in memory; ``content`` is what may be used."""

    model: Model
    findings: list[str]

    fichier = FileField(
        "Votre modèle",
        [InputRequired("Choisissez le fichier .docx à mettre en place.")],
        description="Un fichier .docx de 2 Mo au plus, sans macro, objet incorporé ni lien. Le nom "
        "du fichier n’est pas conservé.",
    )

    def validate_fichier(self, field: object) -> None:
        given = self.fichier.data
        self.content = given.read() if isinstance(given, FileStorage) else b""
        self.findings = []
        try:
            self.findings = review(self.model, self.content)
        except ModelError as error:
            raise ValidationError(str(error)) from None
        if self.findings:
            raise ValidationError("Ce modèle ne peut pas servir : voyez ce qui est à corriger.")
