"""Answering an alert, and setting from when there is one."""

from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from casework.watch.service import Answer
from casework.watch.thresholds import THRESHOLDS
from casework.web.forms import Form, paragraph


class AnswerForm(Form):
    """What the DPO found out."""

    reponse = RadioField(
        "Ce qu’il en est",
        [InputRequired("Choisissez ce qu’il en est.")],
        choices={one.value: one.label for one in Answer},
        validate_choice=False,
    )
    note = paragraph(
        "Note",
        "Écrivez en une phrase ce que vous avez appris, et de qui.",
        longest=600,
        description="Scellée pour le délégué à la protection des données. Aucun nom de personne "
        "suivie.",
    )

    def validate_reponse(self, field: RadioField) -> None:
        if field.data not in set(Answer):
            raise ValidationError("Choisissez ce qu’il en est.")


class ThresholdsForm(Form):
    """One whole number for each threshold."""


for known in THRESHOLDS:
    between = f"Écrivez un nombre entier de {known.low} à {known.high}."
    field = IntegerField(
        known.label,
        [InputRequired(between), NumberRange(known.low, known.high, between)],
        description=f"{known.why} D’usage\u00a0: {known.usual}.",
    )
    setattr(ThresholdsForm, known.key, field)
