"""The saisine form. Closed lists first; free text is short."""

from datetime import date

from sqlalchemy.orm import Session
from wtforms import FieldList, FormField, IntegerField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from casework.cells.lists import ENDED, age
from casework.cells.service import terms
from casework.clock import today
from casework.situations.entry import Entry, Who
from casework.situations.facets import Facets
from casework.situations.models import REPRESENTATIVE
from casework.situations.people import MOST
from casework.web.forms import (
    NAME_LENGTH,
    PAST,
    Form,
    Pick,
    PickMany,
    choices,
    day,
    line,
    paragraph,
)

REPRESENTATIVES = 2  # asked for at first; the page of the situation adds others
OLDEST = 25  # years: no situation is kept past the 25th birthday
WARNING = (
    "Des faits, pas d’appréciation. Jamais de condamnation, de diagnostic, de religion, "
    "d’opinion ni d’origine."
)


def check_birth(born: date | None) -> None:
    """No one is followed before their birth, nor past the 25th birthday."""
    on = today()
    if born and (born > on or age(born, on) >= OLDEST):
        raise ValidationError(
            f"La personne doit être née et avoir moins de {OLDEST} ans : vérifiez la date."
        )


class WhoForm(PlainForm):
    """A legal representative."""

    nom = line("Nom", longest=NAME_LENGTH)
    prenoms = line("Prénom(s)", longest=NAME_LENGTH)
    lien = Pick("Lien avec la personne")
    adresse = line("Adresse")
    telephone = line("Téléphone", longest=20)


class SaisineForm(Form):
    """A new situation, or an edit of one (``version`` is then the edition it started from)."""

    saisine = day("Date de la saisine", "Indiquez la date de la saisine.", PAST)
    origine = Pick("Origine de la saisine", "Choisissez qui saisit la cellule.")
    canal = Pick("Reçue par")
    nom = line("Nom de naissance", "Indiquez le nom de naissance.", NAME_LENGTH)
    prenoms = line("Prénom(s)", "Indiquez au moins un prénom.", NAME_LENGTH)
    naissance = day("Date de naissance", "Indiquez la date de naissance.")
    lieu_naissance = line("Lieu de naissance", longest=NAME_LENGTH)
    sexe = Pick("Sexe")
    adresse = line("Adresse")
    quartier = Pick("Quartier")
    etablissement = Pick("Établissement scolaire")
    niveau = Pick("Niveau scolaire")
    classe = line("Classe", longest=40)
    representants = FieldList(
        FormField(WhoForm), min_entries=REPRESENTATIVES, max_entries=MOST[REPRESENTATIVE]
    )
    typologie = Pick("Typologie", "Choisissez la typologie principale.")
    faits = PickMany("Faits signalés")
    faits_date = day("Date des faits")
    faits_lieu = line("Lieu des faits")
    recit = paragraph("Description des faits", description=WARNING)
    implication = paragraph("Part prise par la personne", longest=600)
    statut = Pick("Statut du suivi", "Choisissez le statut du suivi.")
    suites = PickMany("Suites données")
    echeance = day("Prochaine échéance")
    version = IntegerField(widget=HiddenInput(), default=1)
    # The value of a button: a hidden field of the same name would be sent first and win.
    autre_personne = StringField(default="")

    def fill_choices(
        self, session: Session, cell: str | None = None, kept: Facets | None = None
    ) -> None:
        """Put the closed lists in: those the cell offers; the commune's own are in the database.

        ``kept``: what is recorded already, which stays offered. A follow-up ends on its own page,
        with its date: a statut that ends it is offered to the situation that ended with it alone.
        """
        for name in ("origine", "typologie"):
            known = {getattr(kept, name)} if kept else ()
            self[name].choices = choices(terms(session, name, cell, known))
        statut = kept.statut if kept else 0
        followed = [
            term
            for term in terms(session, "statut")
            if (term.code == statut if statut in ENDED else term.code not in ENDED)
        ]
        self.statut.choices = choices(followed)
        for name in ("canal", "sexe", "quartier", "etablissement", "niveau"):
            self[name].choices = choices(terms(session, name), optional=True)
        self.faits.choices = choices(terms(session, "faits"))
        self.suites.choices = choices(terms(session, "suite", cell, kept.suites if kept else ()))
        for who in self.representants:
            who.lien.choices = choices(terms(session, "lien"), optional=True)

    def validate_naissance(self, field: object) -> None:
        check_birth(self.naissance.data)

    def validate_saisine(self, field: object) -> None:
        born = self.naissance.data
        if self.saisine.data and born and self.saisine.data < born:
            raise ValidationError("La saisine précède la naissance : vérifiez les deux dates.")

    def entry(self) -> Entry:
        """What the form says, once valid."""
        return Entry(
            interesse=Who(
                nom=self.nom.data,
                prenoms=self.prenoms.data,
                naissance=self.naissance.data,
                lieu_naissance=self.lieu_naissance.data or "",
                adresse=self.adresse.data or "",
            ),
            representants=tuple(
                Who(
                    nom=who.nom.data or "",
                    prenoms=who.prenoms.data or "",
                    lien=str(who.lien.data or ""),
                    adresse=who.adresse.data or "",
                    telephone=who.telephone.data or "",
                )
                for who in self.representants
            ),
            saisine=self.saisine.data,
            faits=frozenset(self.faits.data or ()),
            suites=frozenset(self.suites.data or ()),
            faits_date=self.faits_date.data.isoformat() if self.faits_date.data else "",
            echeance=self.echeance.data,
            **{name: self[name].data for name in CODES},
            **{name: self[name].data or "" for name in TEXTS},
        )

    def show(self, entry: Entry) -> None:
        """Fill the form from a recorded entry."""
        for name in (*CODES, *TEXTS, "saisine", "echeance"):
            self[name].data = getattr(entry, name)
        for name in ("nom", "prenoms", "naissance", "lieu_naissance", "adresse"):
            self[name].data = getattr(entry.interesse, name)
        self.faits.data, self.suites.data = sorted(entry.faits), sorted(entry.suites)
        self.faits_date.data = date.fromisoformat(entry.faits_date) if entry.faits_date else None
        for _ in entry.representants[len(self.representants) :]:
            self.representants.append_entry().lien.choices = self.representants[0].lien.choices
        for field, who in zip(self.representants, entry.representants, strict=False):
            for name in ("nom", "prenoms", "adresse", "telephone"):
                field.form[name].data = getattr(who, name)
            field.form.lien.data = int(who.lien or 0)


class FurtherForm(Form):
    """One more saisine about the same person: its own fields among those of a saisine, so that the
    page of a saisine may send what was typed there."""

    saisine = SaisineForm.saisine
    origine = SaisineForm.origine
    canal = SaisineForm.canal
    typologie = SaisineForm.typologie
    faits = SaisineForm.faits
    faits_date = SaisineForm.faits_date
    faits_lieu = SaisineForm.faits_lieu
    recit = SaisineForm.recit
    implication = SaisineForm.implication

    def fill_choices(self, session: Session, cell: str) -> None:
        for name in ("origine", "typologie"):
            self[name].choices = choices(terms(session, name, cell))
        self.canal.choices = choices(terms(session, "canal"), optional=True)
        self.faits.choices = choices(terms(session, "faits"))

    def entry(self) -> Entry:
        """The same as a saisine's, about nobody: who they are is in the situation."""
        return Entry(
            interesse=Who("", ""),
            representants=(),
            saisine=self.saisine.data,
            faits=frozenset(self.faits.data or ()),
            faits_date=self.faits_date.data.isoformat() if self.faits_date.data else "",
            **{name: self[name].data for name in ("origine", "canal", "typologie")},
            **{name: self[name].data or "" for name in ("faits_lieu", "recit", "implication")},
        )


CODES = ("origine", "canal", "typologie", "statut", "sexe", "niveau", "quartier", "etablissement")
TEXTS = ("classe", "faits_lieu", "recit", "implication")
