"""The deposit, and the answers a coordination may give it."""

from typing import Any

from sqlalchemy.orm import Session
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from casework.cells.service import terms
from casework.deposits.words import Words
from casework.situations.forms import WARNING, check_birth
from casework.web.forms import NAME_LENGTH, Form, Pick, choices, day, line, paragraph

FACTS_LENGTH, TRIED_LENGTH = 1200, 600
LINK, REDIRECT, ADVISE, REFUSE = "rattacher", "reorienter", "conseiller", "refuser"
ANSWERS = {
    LINK: "Rattacher à une situation que la cellule suit déjà",
    REDIRECT: "Réorienter vers une autre cellule",
    ADVISE: "Répondre par un conseil",
    REFUSE: "Ne pas donner suite",
}


class DepositForm(Form):
    """One page, sealed on sending."""

    origine = Pick("Vous écrivez au titre de", "Choisissez au titre de quoi vous écrivez.")
    nom = line("Nom de naissance", "Indiquez le nom de la personne.", NAME_LENGTH)
    prenoms = line("Prénom(s)", "Indiquez au moins un prénom.", NAME_LENGTH)
    naissance = day("Date de naissance", description="Si vous la connaissez : 21/11/2026.")
    etablissement = Pick("Établissement scolaire")
    quartier = Pick("Quartier")
    faits = paragraph(
        "Les faits",
        "Décrivez les faits en quelques lignes.",
        FACTS_LENGTH,
        description=f"Ce que vous avez constaté : où, quand. {WARNING}",
    )
    demarches = paragraph("Ce qui a déjà été tenté", longest=TRIED_LENGTH)
    joindre = line(
        "Comment vous joindre",
        description="Vos propres coordonnées professionnelles, et les heures qui vous conviennent.",
    )

    def fill_choices(self, session: Session, cell: str, own: int | None = None) -> None:
        """The cell's lists; ``own``: the origin the depositor's role is, always offered."""
        self.origine.choices = choices(terms(session, "origine", cell, {own} if own else ()))
        for name in ("etablissement", "quartier"):
            self[name].choices = choices(terms(session, name), optional=True)

    def validate_naissance(self, field: object) -> None:
        check_birth(self.naissance.data)

    def words(self) -> Words:
        """What the form says, once valid."""
        codes = {name: self[name].data for name in ("origine", "etablissement", "quartier")}
        texts = ("nom", "prenoms", "faits", "demarches", "joindre")
        return Words(
            naissance=self.naissance.data,
            **codes,
            **{name: self[name].data or "" for name in texts},
        )


class TriageForm(Form):
    """Any answer but the admission, which is a saisine."""

    reponse = RadioField("Réponse", [InputRequired("Choisissez une réponse.")])
    situation = line(
        "Si vous rattachez : référence de la situation",
        longest=48,
        description="Par exemple CCTP-2026-012. Les faits du dépôt y sont joints, comme une "
        "nouvelle saisine.",
    )
    cellule = RadioField("Si vous réorientez : vers la cellule", [Optional()])
    motif = paragraph(
        "Si vous ne donnez pas suite : motif",
        longest=TRIED_LENGTH,
        description="Scellé pour la seule coordination et effacé au bout de trois mois. "
        "Qui a déposé ne le lit pas.",
    )

    def offer(self, others: list[tuple[str, str]]) -> None:
        """``others``: the cells a new deposit may go to, code and name."""
        self.cellule.choices = others
        kept = {key: text for key, text in ANSWERS.items() if others or key != REDIRECT}
        self.reponse.choices = list(kept.items())
        for field in (self.situation, self.cellule, self.motif):
            field.flags.optional = False  # one of them may be needed: the label says when

    def validate(self, extra_validators: Any = None) -> bool:
        """Only what the chosen answer asks for is required."""
        if not super().validate(extra_validators):
            return False
        field, sentence = {
            LINK: (self.situation, "Indiquez la référence de la situation."),
            REDIRECT: (self.cellule, "Choisissez la cellule."),
            REFUSE: (self.motif, "Indiquez le motif : la coordination doit pouvoir en répondre."),
        }.get(self.reponse.data, (None, ""))
        if field is not None and not field.data:
            field.errors = [sentence]
            return False
        return True
