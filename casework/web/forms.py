"""The fields pages are made of: French messages that say what to do, bounded lengths."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import Choice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from casework.cells.lists import Term
from casework.clock import today

NAME_LENGTH = 80
LINE_LENGTH = 200
TEXT_LENGTH = 2000
DATE_FORMATS = ["%d/%m/%Y", "%d%m%Y", "%Y-%m-%d"]
READ_BY_DPO = (
    "Le délégué à la protection des données le lit aussi, scellé dans le journal\u00a0: ne nommez "
    "personne."
)
NOT_GIVEN = (0, "Non renseigné")
NOT_CHOSEN = Choice(0, "Choisissez…", selected=True, render_kw={})


# What WTForms says by itself, under its own English sentence: the sentence a user reads instead.
SENTENCES = {
    "This field is required.": "Remplissez ce champ.",
    "Invalid input.": "Corrigez cette réponse.",
    "Not a valid choice.": "Choisissez une des réponses proposées.",
    "Invalid Choice: could not coerce.": "Choisissez une des réponses proposées.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Choisissez parmi les "
    "réponses proposées.",
    "'%(value)s' is not a valid choice for this field.": "Choisissez parmi les réponses proposées.",
    "Not a valid integer value.": "Écrivez un nombre entier.",
    "Not a valid decimal value.": "Écrivez un nombre, par exemple 12,5.",
    "Not a valid float value.": "Écrivez un nombre, par exemple 12,5.",
    "Not a valid date value.": "Écrivez la date sous la forme 21/11/2026.",
    "Not a valid time value.": "Écrivez l’heure sous la forme 17:30.",
    "Not a valid datetime value.": "Écrivez la date et l’heure.",
    "Not a valid week value.": "Choisissez une semaine.",
    **dict.fromkeys(
        ("Invalid CSRF Token.", "CSRF token missing.", "CSRF failed.", "CSRF token expired."),
        "Cette page n’est plus à jour\u00a0: rechargez-la, puis recommencez.",
    ),
}


class Wording:
    """Our sentences, or the French ones that WTForms ships."""

    def __init__(self, shipped: Any) -> None:
        self.shipped = shipped

    def gettext(self, sentence: str) -> str:
        return SENTENCES.get(sentence) or self.shipped.gettext(sentence)

    def ngettext(self, one: str, several: str, number: int) -> str:
        return SENTENCES.get(one) or self.shipped.ngettext(one, several, number)


class Form(FlaskForm):
    """A form in French, protected against forged requests."""

    #: The field that says why an exceptional act is done, of which :data:`READ_BY_DPO` warns.
    exceptional: ClassVar[str] = ""

    @property
    def motive(self) -> str:
        """What the entry of the act says to the DPO alone; empty for an ordinary act."""
        return (self[self.exceptional].data or "") if self.exceptional else ""

    class Meta(FlaskForm.Meta):
        locales = ("fr_FR", "fr")

        def get_translations(self, form: Any) -> Wording:
            return Wording(super().get_translations(form))


def _strip(value: str | None) -> str | None:
    return value.strip() if value else value


def line(label: str, needed: str = "", longest: int = LINE_LENGTH, **options: Any) -> StringField:
    """One line of text; ``needed`` is the sentence shown when it is left empty."""
    return StringField(label, _rules(needed, longest), filters=[_strip], **options)


def paragraph(label: str, needed: str = "", longest: int = TEXT_LENGTH, **options: Any) -> Any:
    """A short text."""
    return TextAreaField(label, _rules(needed, longest), filters=[_strip], **options)


def _rules(needed: str, longest: int) -> list[Any]:
    length = Length(max=longest, message=f"Écrivez au plus {longest} caractères.")
    return [DataRequired(needed) if needed else Optional(), length]  # spaces are no answer


def row_number(typed: str | None) -> int | None:
    """A row's number from an address, or None: absent, not a number, or beyond 63 bits."""
    number = int(typed) if typed and re.fullmatch(r"[0-9]{1,19}", typed) else None
    return number if number is not None and number < 2**63 else None


def read_day(typed: str) -> date | None:
    """A date typed in one of our formats, or None."""
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(typed.strip(), pattern).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    return None


class FrenchDateField(DateField):
    """A date typed as 21/11/2026."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError("Écrivez la date sous la forme 21/11/2026.") from None


YEAR = 366
FUTURE = "La date ne peut pas être dans l’avenir\u00a0: vérifiez-la."
PASSED = "Cette date est passée\u00a0: choisissez un jour à venir."
FAR = "Cette date est à plus d’un an d’ici\u00a0: vérifiez l’année."
IMPLAUSIBLE = "Cette date n’est pas plausible\u00a0: vérifiez l’année."


@dataclass(frozen=True)
class When:
    """Between which days, counted from today in Paris, an answer makes sense: every date that is
    typed has its bounds, and what is out of them is said at the field."""

    first: int = -120 * YEAR  # a life
    last: int = 20 * YEAR
    early: str = IMPLAUSIBLE
    late: str = IMPLAUSIBLE

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is None:
            return
        if field.data < today() + timedelta(days=self.first):
            raise ValidationError(self.early)
        if field.data > today() + timedelta(days=self.last):
            raise ValidationError(self.late)


EVER = When()
PAST = When(last=0, late=FUTURE)  # what was done
COMING = When(first=0, last=YEAR, early=PASSED, late=FAR)  # what is set for others
AROUND = When(first=-YEAR, last=YEAR, early=FAR, late=FAR)


def day(label: str, needed: str = "", when: When = EVER, **options: Any) -> FrenchDateField:
    rule = InputRequired(needed) if needed else Optional()
    return FrenchDateField(label, [rule, when], format=DATE_FORMATS, **options)


def choices(terms: Iterable[Term], *, optional: bool = False) -> list[tuple[int, str]]:
    """The choices of a closed list."""
    return [*([NOT_GIVEN] if optional else []), *((term.code, term.label) for term in terms)]


class Pick(SelectField):
    """One term of a closed list; anything else is refused in French."""

    def __init__(self, label: str, needed: str = "", **options: Any) -> None:
        self.needed = needed
        super().__init__(label, coerce=int, validate_choice=False, **options)
        if needed:
            self.flags.required = True

    def iter_choices(self) -> list[Choice]:
        """A list that must be answered starts on nothing: no answer is given by default."""
        offered: list[Choice] = super().iter_choices()
        return offered if self.data or not self.needed else [NOT_CHOSEN, *offered]

    def pre_validate(self, form: Any) -> None:
        known = {value for value, _ in self.choices or ()}
        if self.data not in known or (self.needed and not self.data):
            raise ValidationError(self.needed or "Choisissez un terme de la liste.")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = int(valuelist[0]) if valuelist and valuelist[0].isdigit() else 0


class PickMany(SelectMultipleField):
    """Several terms of a closed list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, coerce=int, validate_choice=False, **options)

    def pre_validate(self, form: Any) -> None:
        known = {value for value, _ in self.choices or ()}
        if set(self.data or ()) - known:
            raise ValidationError("Choisissez parmi les termes proposés.")


class Members(SelectMultipleField):
    """Members of a cell by reference, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
