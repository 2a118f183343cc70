"""What is typed about a breach: never a name, the register has no use for one."""

from datetime import UTC, datetime
from typing import Any

from wtforms import IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from casework.breaches.service import Kind, Nature
from casework.clock import PARIS
from casework.web.forms import Form, day, paragraph

LONGEST = 2000
NO_NAME = "Sans aucun nom : des catégories et des nombres."
HOUR = r"(?:[01]?\d|2[0-3])(?:[:hH ]{1,3}[0-5]\d)"


class Moment(Form):
    """A day and an hour, on the commune's clock."""

    def moment_of(self, day_field: Any, hour_field: Any) -> datetime:
        hour, minute = (int(part) for part in _digits(hour_field.data))
        typed = datetime(*day_field.data.timetuple()[:3], hour, minute, tzinfo=PARIS)
        return typed.astimezone(UTC)


def _digits(text: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in text).split()


def hour(label: str) -> StringField:
    message = "Écrivez l’heure sous la forme 14:30."
    rules = [InputRequired(message), Regexp(f"^{HOUR}$", message=message)]
    return StringField(label, rules, description="Par exemple 14:30")


class DeclareForm(Moment):
    connue_le = day(
        "Jour où la commune en a eu connaissance",
        "Indiquez le jour.",
        description="Les 72 heures courent de ce moment (art. 33 §\u00a01 du RGPD).",
    )
    connue_a = hour("Heure")
    nature = SelectMultipleField(
        "Nature de la violation",
        [InputRequired("Choisissez au moins une nature.")],
        choices=[SelectChoice(it.value, it.label) for it in Nature],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    faits = paragraph(
        "Ce qui s’est passé", "Dites ce qui s’est passé.", LONGEST, description=NO_NAME
    )
    categories = paragraph(
        "Catégories de personnes et de données", longest=LONGEST, description=NO_NAME
    )
    personnes = paragraph("Nombre approximatif de personnes", longest=200)
    enregistrements = paragraph("Nombre approximatif d’enregistrements", longest=200)
    consequences = paragraph("Conséquences probables", longest=LONGEST)
    mesures = paragraph("Mesures prises ou proposées", longest=LONGEST)

    def known_at(self) -> datetime:
        return self.moment_of(self.connue_le, self.connue_a)

    def validate_connue_a(self, field: Any) -> None:
        if self.connue_le.data and _digits(field.data or "")[1:] and self.known_at() > _now():
            raise ValidationError("Ce moment est dans l’avenir : vérifiez le jour et l’heure.")

    def texts(self) -> dict[str, str]:
        names = ("faits", "categories", "personnes", "enregistrements", "consequences", "mesures")
        return {name: self[name].data or "" for name in names}


class StepForm(Moment):
    version = IntegerField(widget=HiddenInput())
    etape = RadioField(
        "Ce qui a été fait",
        [InputRequired("Dites ce qui a été fait.")],
        choices=[SelectChoice(it.value, it.label) for it in Kind],
    )
    fait_le = day("Jour", "Indiquez le jour.")
    fait_a = hour("Heure")
    texte = paragraph(
        "Précisions",
        "Dites ce qui a été fait, ou pourquoi cela ne l’est pas.",
        LONGEST,
        description=f"{NO_NAME} Une notification tardive dit les motifs du retard.",
    )

    def at(self) -> datetime:
        return self.moment_of(self.fait_le, self.fait_a)

    def validate_fait_a(self, field: Any) -> None:
        if self.fait_le.data and _digits(field.data or "")[1:] and self.at() > _now():
            raise ValidationError("Ce moment est dans l’avenir : vérifiez le jour et l’heure.")


def _now() -> datetime:
    return datetime.now(UTC)
