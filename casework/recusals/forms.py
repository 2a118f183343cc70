"""Stepping aside: one sentence to tick, and no motive to give."""

from wtforms import BooleanField
from wtforms.validators import InputRequired

from casework.web.forms import Form


class RecuseForm(Form):
    confirme = BooleanField(
        "Je me déporte de cette situation",
        [InputRequired("Cochez la phrase pour vous déporter.")],
    )
