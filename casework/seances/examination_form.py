"""What a table says of one situation: chips first, closed lists, then a few short words."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session
from wtforms import Field, FieldList, FormField, HiddenField, IntegerField, RadioField, SelectField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from casework.cells.lists import ENDED
from casework.cells.service import terms
from casework.seances.content import Answer, Content, Proposal, Said
from casework.seances.contributions import Contributed
from casework.seances.table import Seated
from casework.web.forms import LINE_LENGTH, Form, Pick, choices, day, line, paragraph

MOST_ORIENTATIONS = 5
ANSWERS = {answer.value: answer.label for answer in Answer}
# Only a mark of this shape is kept in clear.
MARK = re.compile(r"[0-9a-f]{32}")
WHICH = "Choisissez l’orientation, ou videz la ligne."
TOO_EARLY = "Cette date précède la séance : vérifiez l’année."
NOT_CARE = "Son nom seul. D’un soin, rien d’autre que son existence."


def _not_before(since: date | None, field: Field) -> None:
    if since and field.data and field.data < since:
        raise ValidationError(TOO_EARLY)


class ServiceForm(PlainForm):
    """One service around the table."""

    membre = HiddenField()
    # As the directory named it when the page was made: saving opens no directory.
    service = HiddenField()
    reponse = RadioField("Réponse", choices=ANSWERS, default=Answer.NE_SE_PRONONCE_PAS.value)
    dispositif = line("Dispositif activé")


class ProposalForm(PlainForm):
    """One orientation."""

    suite = Pick("Orientation")
    membre = SelectField("Par", validate_choice=False, default="")
    echeance = day("Pour le")
    precision = line("Précision")
    since: date | None = None

    def validate_suite(self, field: Field) -> None:
        """What is typed beside it is not dropped in silence."""
        if not field.data and (self.echeance.data or self.precision.data):
            raise ValidationError(WHICH)

    def validate_echeance(self, field: Field) -> None:
        _not_before(self.since, field)


class ExaminationForm(Form):
    """One situation; ``rang`` is the save it starts from."""

    services = FieldList(FormField(ServiceForm), min_entries=1, max_entries=60)
    chainage = paragraph("Chaînage : qui passe le relais à qui", longest=600)
    orientations = FieldList(
        FormField(ProposalForm), min_entries=MOST_ORIENTATIONS, max_entries=MOST_ORIENTATIONS
    )
    revoir = day("À revoir le")
    statut = Pick("Statut proposé")
    notes = paragraph("Notes brèves", longest=1000)
    correction = line("Raison de la correction", longest=300)
    rang = IntegerField(widget=HiddenInput(), default=0)
    envoi = HiddenField()
    since: date | None = None

    def validate_revoir(self, field: Field) -> None:
        _not_before(self.since, field)

    def meets(self, on: date) -> None:
        """The day of the séance: nothing is due before it."""
        self.since = on
        for one in self.orientations:
            one.form.since = on

    def fill_choices(
        self,
        session: Session,
        seated: Mapping[str, Seated],
        cell: str,
        kept: Collection[int] = (),
    ) -> None:
        """Put in the closed lists, as the cell offers them, and those around the table.

        ``kept``: suites recorded before the cell withdrew them. A table proposes to end a
        follow-up; its own page ends it, with a date and a result.
        """
        followed = [term for term in terms(session, "statut") if term.code not in ENDED]
        self.statut.choices = [(0, "Inchangé"), *choices(followed)]
        offered = [(0, "Choisissez…"), *choices(terms(session, "suite", cell, kept))]
        whom = [("", "Non précisé"), *((who.member, _short(who)) for who in seated.values())]
        for one in self.orientations:
            one.form.suite.choices, one.form.membre.choices = offered, whom

    def named(self, seated: Mapping[str, Seated]) -> dict[str, Seated]:
        """Those around the table, their services called as on the page."""
        called = {one.form.membre.data: one.form.service.data or "" for one in self.services}
        return {
            member: replace(who, institution=called.get(member, "")[:LINE_LENGTH])
            for member, who in seated.items()
        }

    def mark(self) -> str:
        """The random mark of this save, or nothing when it has another shape."""
        return self.envoi.data if MARK.fullmatch(self.envoi.data or "") else ""

    def content(self, seated: Mapping[str, Seated]) -> Content:
        """What the form says, once valid."""
        return Content(
            services=tuple(
                Said(
                    one.form.membre.data,
                    seated[one.form.membre.data].service,
                    one.form.reponse.data or Answer.NE_SE_PRONONCE_PAS.value,
                    one.form.dispositif.data or "",
                )
                for one in self.services
                if one.form.membre.data in seated
            ),
            chainage=self.chainage.data or "",
            orientations=tuple(
                _proposal(one.form, seated) for one in self.orientations if one.form.suite.data
            ),
            notes=self.notes.data or "",
            revoir=self.revoir.data,
            statut=self.statut.data or 0,
            correction=self.correction.data or "",
        )


def _short(who: Seated) -> str:
    return f"{who.service} ({who.name})" if who.name != who.member else who.title


def _proposal(form: ProposalForm, seated: Mapping[str, Seated]) -> Proposal:
    who = seated.get(form.membre.data or "")
    return Proposal(
        form.suite.data,
        who.member if who else "",
        who.service if who else "",
        form.precision.data or "",
        form.echeance.data,
    )


def filled(
    content: Content | None,
    rank: int,
    speaking: Sequence[Seated],
    contributed: Mapping[str, Contributed],
) -> ExaminationForm:
    """The form as it stands. A service that was not heard yet starts from its own contribution,
    and otherwise from « ne se prononce pas »: nobody has to say."""
    said = {one.member: one for one in content.services} if content else {}
    services = []
    for who in speaking:
        known, own = said.get(who.member), contributed.get(who.member)
        services.append(
            {
                "membre": who.member,
                "service": who.service,
                "reponse": known.answer if known else own.reponse if own else None,
                "dispositif": known.dispositif if known else own.dispositif if own else "",
            }
        )
        services[-1]["reponse"] = services[-1]["reponse"] or Answer.NE_SE_PRONONCE_PAS.value
    data: dict[str, object] = {"services": services, "rang": rank}
    if content:
        data |= {
            "chainage": content.chainage,
            "notes": content.notes,
            "revoir": content.revoir,
            "statut": 0 if content.statut in ENDED else content.statut,
            "orientations": [
                {
                    "suite": one.suite,
                    "membre": one.member,
                    "echeance": one.echeance,
                    "precision": one.precision,
                }
                for one in content.orientations
            ],
        }
    return ExaminationForm(formdata=None, data=data)


class ContributionForm(Form):
    """A member's own service, and what they judge useful."""

    reponse = RadioField("Votre service", choices=ANSWERS, default=Answer.NE_SE_PRONONCE_PAS.value)
    dispositif = line("Dispositif activé", description=NOT_CARE)
    texte = paragraph("Ce que vous jugez utile de dire", longest=1000)
