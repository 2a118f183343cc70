"""What became of a proposal."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from casework.orientations.service import Reply
from casework.situations.forms import WARNING
from casework.web.forms import Form, paragraph


class ReplyForm(Form):
    reponse = RadioField(
        "Votre réponse",
        [InputRequired("Choisissez une réponse, ou revenez plus tard : rien ne presse.")],
        choices={one.value: one.label for one in Reply},
    )
    mot = paragraph(
        "Un mot, si vous le jugez utile",
        longest=300,
        description=f"Scellé : la coordination et la table le liront. {WARNING}",
    )
