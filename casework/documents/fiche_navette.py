"""The fiche-navette of a rappel à l'ordre, in its three times (art. L. 132-7 CSI).

Temps 1, the maire informs the procureur; temps 2, the procureur answers; temps 3, the maire
reports back. One fiche carries the three, and what is not known yet is left blank on it.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import Enum

from casework.documents.letters import NBSP, Properties, Source, french_date
from casework.documents.papers import draw

MODEL = "fiche_navette"

CHECKED, UNCHECKED = "☒", "☐"  # BALLOT BOX WITH X, BALLOT BOX: spoken as such by screen readers


class IncompleteFiche(ValueError):
    """The fiche lacks, or contradicts, what the law or the protocol asks. Message in French."""


class Reply(Enum):
    """The two answers of the procureur; there is no third, and silence is none of them."""

    POSSIBLE = "possible"
    JUDICIAIRE = "judiciaire"


class Form(Enum):
    """Before the cell, or light: maire, chef de la police municipale, coordonnateur."""

    CELLULE = "cellule"
    ALLEGEE = "allegee"


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Who writes: the commune, its service, and who follows the matter there."""

    commune: str
    address: str
    service: str
    place: str
    followed_by: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """The parquet. ``title`` opens the letter; ``court`` carries its name, elision included."""

    court: str  # « tribunal judiciaire d’Aix-en-Provence »
    address: str = ""
    title: str = "Madame, Monsieur le procureur de la République"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Exact état civil: the parquet searches its procedures with it. Written as given."""

    birth_name: str
    given_names: str
    born_on: date
    born_at: str

    def minor_on(self, day: date) -> bool:
        had_birthday = (day.month, day.day) >= (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - (not had_birthday) < 18


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Precise facts, and the part the person took in them. ``hour`` is the local time."""

    day: date
    place: str
    description: str
    part: str
    hour: time | None = None


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Temps 1. ``by`` is a name and a quality: « Mme Claire Vasseur, maire »."""

    day: date
    by: str
    exclusions_checked_on: date


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Temps 2. Written by the parquet, or carried from its paper answer."""

    day: date
    reply: Reply
    by: str
    observation: str = ""


@dataclass(frozen=True, kw_only=True)
class Held:
    """Temps 3. ``by`` names the delegate's arrêté where the maire did not hold it."""

    day: date
    form: Form
    by: str
    reported_on: date
    reported_by: str
    carence: bool = False
    present: str = ""
    impossibility: str = ""


@dataclass(frozen=True, kw_only=True)
class FicheNavette:
    """Everything one fiche prints. Raises IncompleteFiche rather than print a wrong one."""

    reference: str
    dated: date  # of this sending: temps 1, or temps 3
    letterhead: Letterhead
    addressee: Addressee
    person: Person
    facts: Facts
    notice: Notice
    checkpoint: str  # one line of the journal, C2SP
    cell: str
    made: str = ""  # who produced it, and when
    answer: Answer | None = None
    held: Held | None = None

    def __post_init__(self) -> None:
        """Check what makes the fiche valid.

        The procureur cannot look a person up, nor the facts, from a blank. The reasons of a
        judicial answer are not recorded. There is no tacit agreement: only a favourable answer
        opens temps 3. A minor is heard with an adult responsible for them, sauf impossibilité.
        """
        person, facts, answer, held = self.person, self.facts, self.answer, self.held
        required = {
            "la référence": self.reference,
            "le nom de naissance": person.birth_name,
            "les prénoms": person.given_names,
            "le lieu de naissance": person.born_at,
            "le lieu des faits": facts.place,
            "la description des faits": facts.description,
            "la part prise par la personne": facts.part,
        }
        for what, text in required.items():
            _refuse(not text.strip(), f"Il manque {what}.")
        if answer:
            _refuse(answer.day < self.notice.day, "La réponse est datée d’avant l’information.")
            _refuse(
                answer.reply is Reply.JUDICIAIRE and bool(answer.observation.strip()),
                "Les motifs d’une réponse judiciaire ne sont pas enregistrés.",
            )
        if held:
            _refuse(
                answer is None or answer.reply is not Reply.POSSIBLE or held.day < answer.day,
                "Le rappel à l’ordre ne peut avoir lieu qu’après l’accord du procureur.",
            )
            accounted_for = held.present.strip() or held.impossibility.strip()
            _refuse(
                person.minor_on(held.day) and not held.carence and not accounted_for,
                "Pour un mineur, indiquez les adultes présents ou le motif de l’impossibilité.",
            )


def render(fiche: FicheNavette, source: Source | None = None) -> bytes:
    """Return the fiche as a .docx, drawn in memory from ``source`` or from the packaged one.

    Raises ModelError when the model cannot be used.
    """
    about = Properties(title=fiche.reference, author=fiche.letterhead.commune, dated=fiche.dated)
    return draw(MODEL, [_values(fiche)], fiche.dated, about, source)


def _values(fiche: FicheNavette) -> dict[str, str | bool]:
    """Return what a model may print, by the French names its editor reads."""
    head, to, who, facts = fiche.letterhead, fiche.addressee, fiche.person, fiche.facts
    return {
        "commune": head.commune,
        "adresse_mairie": head.address,
        "coordonnees": " — ".join(filter(None, (head.phone, head.email))),
        "service": head.service,
        "affaire_suivie_par": head.followed_by,
        "lieu": head.place,
        "date_lettre": french_date(fiche.dated),
        "reference": fiche.reference,
        "procureur": to.title,
        "juridiction": to.court,
        "adresse_parquet": to.address,
        "cellule": fiche.cell,
        "point_de_controle": fiche.checkpoint,
        "produit": fiche.made,
        "nom_de_naissance": who.birth_name,
        "prenoms": who.given_names,
        "date_de_naissance": french_date(who.born_on),
        "lieu_de_naissance": who.born_at,
        "faits_date": french_date(facts.day) + _hour(facts.hour),
        "faits_lieu": facts.place,
        "faits_description": facts.description,
        "faits_part": facts.part,
        "exclusions_verifiees_le": french_date(fiche.notice.exclusions_checked_on),
        "informe_le": french_date(fiche.notice.day),
        "informe_par": fiche.notice.by,
        **_answer_values(fiche.answer),
        **_held_values(fiche.held),
    }


def _answer_values(answer: Answer | None) -> dict[str, str | bool]:
    reply = answer.reply if answer else None
    return {
        "case_possible": _box(reply is Reply.POSSIBLE),
        "case_judiciaire": _box(reply is Reply.JUDICIAIRE),
        "reponse_observation": answer.observation if answer else "",
        "reponse_signature": _signature(answer.day, answer.by) if answer else "",
    }


def _held_values(held: Held | None) -> dict[str, str | bool]:
    form = held.form if held else None
    return {
        "compte_rendu_fait": held is not None,
        "case_tenu": _box(held is not None and not held.carence),
        "case_carence": _box(held is not None and held.carence),
        "rappel_le": french_date(held.day) if held else "",
        "case_cellule": _box(form is Form.CELLULE),
        "case_allegee": _box(form is Form.ALLEGEE),
        "rappel_par": held.by if held else "",
        "personnes_presentes": held.present if held else "",
        "motif_impossibilite": held.impossibility if held else "",
        "compte_rendu_signature": _signature(held.reported_on, held.reported_by) if held else "",
    }


def _box(checked: bool) -> str:
    return CHECKED if checked else UNCHECKED


def _signature(day: date, by: str) -> str:
    return f"Le{NBSP}{french_date(day)}, {by}"


def _hour(hour: time | None) -> str:
    return f" à {hour.hour}{NBSP}h{NBSP}{hour.minute:02}" if hour else ""


def _refuse(wrong: bool, message: str) -> None:
    if wrong:
        raise IncompleteFiche(message)
