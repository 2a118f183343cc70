"""A file of a situation, and what it is called there."""

from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import InputRequired, ValidationError

from casework.attachments.service import NotAScan, TooLarge, media_of
from casework.web.forms import Form, line


class AttachmentForm(Form):
    titre = line(
        "Titre",
        "Donnez un titre à la pièce.",
        80,
        description="Par exemple « certificat de scolarité ». Scellé comme la pièce.",
    )
    piece = FileField(
        "Fichier",
        [InputRequired("Choisissez un fichier.")],
        description="Un PDF, un JPEG ou un PNG de 5 Mo au plus. Son nom n’est pas conservé.",
    )

    def validate_piece(self, field: object) -> None:
        """The file is read here once; :attr:`content` keeps it in memory."""
        self.content = self.piece.data.read() if isinstance(self.piece.data, FileStorage) else b""
        try:
            media_of(self.content)
        except NotAScan:
            raise ValidationError(
                "Ce fichier n’est ni un PDF, ni un JPEG, ni un PNG entier : enregistrez-le dans "
                "l’un de ces formats."
            ) from None
        except TooLarge:
            raise ValidationError("Ce fichier dépasse 5 Mo : réduisez-le d’abord.") from None
