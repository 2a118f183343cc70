"""A new cell, its settings, the terms it offers, and the commune's own terms."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from casework.cells.kinds import KINDS
from casework.cells.options import MOST_HOURS, SEATED, Information, Options, Seat, Unit
from casework.cells.profiles import every as every_profile
from casework.cells.settings import SettingsError
from casework.web.forms import Form, line
from charter.labels import Labelled
from charter.roles import Role

NAME_LENGTH, CADENCE_LENGTH, LABEL_LENGTH = 120, 200, 120
SPARE_SEATS = 3  # empty lines to add a seat with, without a script
KIND, PROFILE = "type", "profil"
NO_PERSON = "Jamais le nom d’une personne suivie : un réglage se lit sans clé."
CHOOSE = "Choisissez parmi les réponses proposées."
ORDER = "Écrivez un nombre, ou laissez vide pour ne pas proposer ce terme."


def _number(label: str, **options: Any) -> IntegerField:
    return IntegerField(label, [InputRequired("Écrivez un nombre.")], **options)


def _labelled(terms: Iterable[Labelled]) -> list[SelectChoice]:
    return [SelectChoice(term.value, term.label) for term in terms]


class NewCellForm(Form):
    """A cell begins as a kind, or as a cell of a ready profile."""

    code = line(
        "Code",
        "Donnez un code à la cellule.",
        12,
        description="De 2 à 12 capitales ou chiffres, par exemple CVES. Il figure dans les "
        "références et ne change plus.",
    )
    nom = line("Nom", longest=NAME_LENGTH, description="Vide : celui du modèle.")
    modele = RadioField("Commencer avec", [InputRequired("Choisissez un modèle.")])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.modele.choices = [
            *((f"{KIND}:{kind.slug}", f"{kind.label}, réglages nus") for kind in KINDS.values()),
            *(
                (f"{PROFILE}:{profile.name}:{cell.code}", f"{cell.name}, comme {_place(profile)}")
                for profile in every_profile().values()
                for cell in profile.cells
            ),
        ]

    def model(self) -> tuple[str, str, Options, dict[str, tuple[int, ...]], str]:
        """Kind, name, settings, terms offered and profile of what was chosen."""
        of, _, rest = self.modele.data.partition(":")
        if of == KIND:
            kind = KINDS[rest]
            return kind.slug, kind.label, kind.start, {}, ""
        name, _, code = rest.partition(":")
        cell = next(cell for cell in every_profile()[name].cells if cell.code == code)
        return cell.kind, cell.name, cell.options, cell.offered, name


def _place(profile: Any) -> str:
    return profile.document.partition(",")[0]


class SeatForm(PlainForm):
    """A seat of the composition; a line without a label is no seat."""

    label = line("Siège", longest=LABEL_LENGTH)
    role = SelectField("Rôle dans la charte", choices=_labelled(SEATED))
    invited = BooleanField("Invité en tant que de besoin")


class SettingsForm(Form):
    """The settings of a cell; fields bear the names of the options."""

    name = line("Nom", "Donnez un nom à la cellule.", NAME_LENGTH)
    cadence = line("Cadence, en toutes lettres", longest=CADENCE_LENGTH)
    every = _number("Délai le plus long entre deux séances", description="0 si rien ne le fixe.")
    unit = RadioField("En", choices=_labelled(Unit))
    urgent = BooleanField("Séance en urgence possible, à la demande d’un seul membre")
    information = RadioField(
        "Information des personnes avant l’examen",
        choices=_labelled(Information),
    )
    information_blocks = BooleanField("Pas d’examen sans cette information")
    rappel = BooleanField("La cellule procède à des rappels à l’ordre")
    rappel_light = BooleanField("Sous une forme allégée aussi (maire, police municipale, CLSPD)")
    pupil_heard = BooleanField("Absentéisme : l’élève est convoqué avec ses parents")
    transaction = BooleanField("La cellule propose des transactions")
    transaction_hours = _number(
        "Travail non rémunéré, au plus",
        description=f"{MOST_HOURS} heures au maximum (art. 44-1 du code de procédure pénale).",
    )
    parenting = BooleanField("La cellule propose une aide à l’exercice de la fonction parentale")
    reminder_days = _number(
        "Relancer le parquet après", description="Un silence n’est jamais un accord."
    )
    threshold = _number("Plus petit nombre publié dans un rapport")
    retention_months = _number("Durée en base active après la fin du suivi")
    archive_months = _number(
        "Puis archive intermédiaire",
        description="0 : aucune, l’effacement suit. L’archive ne s’ouvre que sur demande motivée.",
    )
    review_months = _number(
        "Revue d’un suivi sans activité après",
        description="Trois mois plus tard, un suivi que personne n’a renouvelé prend fin.",
    )
    # What the new rules of retention would touch, once shown: agreed to by saving again.
    effet = HiddenField()
    seats = FieldList(FormField(SeatForm), "Composition", min_entries=SPARE_SEATS)
    version = IntegerField(widget=HiddenInput(), default=1)

    def show(self, name: str, options: Options, version: int) -> None:
        """Fill the form from the settings in force."""
        self.name.data, self.version.data = name, version
        for field in SETTINGS:
            value = getattr(options, field)
            self[field].data = str(value) if isinstance(value, str) else value
        while self.seats.entries:
            self.seats.pop_entry()
        for seat in options.seats:
            self.seats.append_entry(
                {"label": seat.label, "role": seat.role.value, "invited": seat.invited}
            )
        for _ in range(SPARE_SEATS):
            self.seats.append_entry()

    def options(self) -> Options:
        """What the form says, once valid; the bounds are those of the options."""
        values = {field: self[field].data for field in SETTINGS}
        values |= {
            "cadence": self.cadence.data or "",
            "unit": Unit(self.unit.data),
            "information": Information(self.information.data),
            "seats": tuple(
                Seat(Role(line.form.role.data), line.form.label.data, line.form.invited.data)
                for line in self.seats
                if line.form.label.data
            ),
        }
        return Options(**values)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        for field, sentence in self.options().problems():
            self.refuse(SettingsError(field, sentence))
        return not self.errors

    def refuse(self, error: SettingsError) -> None:
        """Say the rule at its field; of the composition, at its first line."""
        field = self[error.field]
        target = field[0].form.label if field is self.seats else field
        target.errors = [*target.errors, error.sentence]
        if field is self.seats:
            field.errors = [{"label": [error.sentence]}]


SETTINGS = tuple(
    name
    for name in SettingsForm.__dict__
    if name in Options.__dataclass_fields__ and name != "seats"
)


class OrderForm(Form):
    """A rank for each term offered; an empty one is not offered."""

    rangs = FieldList(IntegerField("Rang", [Optional()]))
    version = IntegerField(widget=HiddenInput(), default=1)

    def codes(self, codes: Sequence[int]) -> list[int]:
        """The codes offered, in the order of their ranks."""
        ranked = [
            (field.data, at, code)
            for at, (field, code) in enumerate(zip(self.rangs, codes, strict=False))
            if field.data is not None
        ]
        return [code for _, _, code in sorted(ranked)]


class TermForm(Form):
    """A term of the commune's own, of one of its lists."""

    liste = RadioField(
        "Liste",
        [InputRequired("Choisissez la liste.")],
        choices=[
            SelectChoice("suite", "Orientations et suites"),
            SelectChoice("quartier", "Quartiers"),
            SelectChoice("etablissement", "Établissements scolaires"),
        ],
    )
    label = line("Terme", "Écrivez le terme.", LABEL_LENGTH, description=NO_PERSON)
