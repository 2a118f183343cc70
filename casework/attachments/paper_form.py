"""A magistrate's answer that came on paper: its day, who signed it, and the scan that proves it."""

from datetime import date

from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, IntegerField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from casework.attachments.service import NotAScan, TooLarge, media_of
from casework.web.forms import PAST, day, line
from casework.web.french import long_date


class OnPaper:
    """What any form asks of it, filled by the correspondant Justice-Ville. ``sent_on``: the day the
    justice was asked; ``too_early``: what to say of an answer older than that."""

    sent_on: date | None = None
    too_early: str

    repondu_le = day("Date que porte la réponse", "Indiquez la date de la réponse.", PAST)
    magistrat = line(
        "Magistrat signataire",
        "Indiquez le nom et la qualité du magistrat qui a signé.",
        description="Nom et qualité, tels qu’ils figurent sur la réponse.",
    )
    scan = FileField(
        "Réponse numérisée",
        [InputRequired("Joignez la réponse numérisée.")],
        description="Un fichier PDF, JPEG ou PNG de 5 Mo au plus. Son nom n’est pas conservé.",
    )
    relu = BooleanField(
        "J’ai relu : la réponse choisie est celle que porte le papier.",
        [InputRequired("Relisez le papier, puis cochez cette phrase : la réponse est définitive.")],
    )
    version = IntegerField(widget=HiddenInput())

    def validate_repondu_le(self, field: object) -> None:
        if self.repondu_le.data and self.sent_on and self.repondu_le.data < self.sent_on:
            raise ValidationError(self.too_early)

    def validate_scan(self, field: object) -> None:
        """The file is read here once; :attr:`content` keeps it in memory."""
        self.content = self.scan.data.read() if isinstance(self.scan.data, FileStorage) else b""
        try:
            media_of(self.content)
        except NotAScan:
            raise ValidationError(
                "Ce fichier n’est ni un PDF, ni un JPEG, ni un PNG entier : numérisez de nouveau "
                "la réponse dans l’un de ces formats."
            ) from None
        except TooLarge:
            raise ValidationError(
                "Ce fichier dépasse 5 Mo : numérisez la réponse en qualité moindre."
            ) from None

    def by(self, carrier: str) -> str:
        """Who answered, and by whom the paper came."""
        on = long_date(self.repondu_le.data)
        return f"{self.magistrat.data} (réponse sur papier du {on}, portée par {carrier})"
