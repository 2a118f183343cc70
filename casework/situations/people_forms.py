"""Someone more in a situation: a person concerned, or a representative and whom they represent."""

from collections.abc import Iterable

from sqlalchemy.orm import Session
from wtforms import IntegerField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from casework.cells.service import terms
from casework.situations.entry import Who
from casework.situations.forms import check_birth
from casework.situations.service import Known
from casework.web.forms import NAME_LENGTH, Form, Pick, PickMany, choices, day, line


class _Someone:
    """What is asked of anyone; not a form by itself."""

    nom = line("Nom de naissance", "Indiquez le nom.", NAME_LENGTH)
    prenoms = line("Prénom(s)", "Indiquez au moins un prénom.", NAME_LENGTH)
    version = IntegerField(widget=HiddenInput(), default=1)


def _fill(form: Form, known: Known) -> None:
    for name in known.texts.keys() & {field.name for field in form}:
        form[name].data = known.texts[name]


class ConcernedForm(_Someone, Form):
    """A brother, a sister, another of the group."""

    naissance = day("Date de naissance", "Indiquez la date de naissance.")
    lieu_naissance = line("Lieu de naissance", longest=NAME_LENGTH)
    adresse = line("Adresse")
    autre_personne = StringField(default="")

    def validate_naissance(self, field: object) -> None:
        check_birth(self.naissance.data)

    def show(self, known: Known) -> None:
        _fill(self, known)
        self.naissance.data = known.birth

    def who(self, known: Known | None = None) -> Who:
        """What the form says; what it does not ask for stays as known."""
        return Who(
            nom=self.nom.data,
            prenoms=self.prenoms.data,
            naissance=self.naissance.data,
            lieu_naissance=self.lieu_naissance.data or "",
            adresse=self.adresse.data or "",
            telephone=known.texts["telephone"] if known else "",
            lien=known.texts["lien"] if known else "",
        )


class RepresentativeForm(_Someone, Form):
    lien = Pick("Lien avec la personne")
    adresse = line("Adresse")
    telephone = line("Téléphone", longest=20)
    represente = PickMany("Représente")

    def offer(self, session: Session, concerned: Iterable[Known]) -> None:
        self.lien.choices = choices(terms(session, "lien"), optional=True)
        self.represente.choices = [
            (known.id, f"{known.texts['prenoms']} {known.texts['nom']}") for known in concerned
        ]

    def show(self, known: Known) -> None:
        _fill(self, known)
        self.lien.data = int(known.texts["lien"] or 0)
        self.represente.data = list(known.represents) or [
            number for number, _ in self.represente.choices or ()
        ]

    def validate_represente(self, field: object) -> None:
        if not self.represente.data:
            raise ValidationError("Cochez au moins une personne concernée.")

    def who(self, known: Known | None = None) -> Who:
        return Who(
            nom=self.nom.data,
            prenoms=self.prenoms.data,
            lien=str(self.lien.data or ""),
            adresse=self.adresse.data or "",
            telephone=self.telephone.data or "",
        )
