"""What a column of a commune's spreadsheet may become, and the headers that announce it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rapidfuzz import fuzz

from casework.names.normal import fold

CLOSE_ENOUGH = 85  # of 100; under it, the proposals on our sample headers were noise


@dataclass(frozen=True)
class Field:
    """A field of the saisine. ``closed``: the closed list its words belong to."""

    name: str
    label: str
    headers: str = ""  # as communes write them, separated by commas
    closed: str = ""
    day: bool = False
    many: bool = False  # several columns, or several words in a cell


NOM, PRENOMS, BOTH = "nom", "prenoms", "nom_prenoms"
REP = "rep_"  # the legal representative's fields
_FIELDS = (
    Field(
        NOM,
        "Nom de naissance",
        "nom, nom de famille, nom du mineur, nom jeune, nom élève",
    ),
    Field(
        PRENOMS,
        "Prénom(s)",
        "prénom, prénoms, prénom du mineur, prénom élève",
    ),
    Field(
        BOTH,
        "Nom et prénom dans la même colonne",
        "nom prénom, nom et prénom, identité, jeune, élève",
    ),
    Field(
        "naissance",
        "Date de naissance",
        "né le, né(e) le, naissance, ddn, date naissance, date de naissance",
        day=True,
    ),
    Field(
        "lieu_naissance",
        "Lieu de naissance",
        "né à, né(e) à, lieu naissance",
    ),
    Field(
        "sexe",
        "Sexe",
        "genre, sexe (M/F)",
        closed="sexe",
    ),
    Field(
        "adresse",
        "Adresse",
        "domicile, adresse postale, adresse famille",
    ),
    Field(
        "quartier",
        "Quartier",
        "secteur, qpv, quartier de résidence",
        closed="quartier",
    ),
    Field(
        "etablissement",
        "Établissement scolaire",
        "établissement, école, collège, lycée, scolarité, établissement fréquenté",
        closed="etablissement",
    ),
    Field(
        "niveau",
        "Niveau scolaire",
        "niveau",
        closed="niveau",
    ),
    Field(
        "classe",
        "Classe",
        "classe fréquentée, division",
    ),
    Field(
        "saisine",
        "Date de la saisine",
        "date de saisine, saisine le, date saisine, date du signalement, signalé le, "
        "date d’entrée, date d’orientation",
        day=True,
    ),
    Field(
        "origine",
        "Origine de la saisine",
        "origine, saisi par, orienté par, signalé par, signaleur, prescripteur, "
        "partenaire à l’origine, provenance",
        closed="origine",
    ),
    Field(
        "typologie",
        "Typologie",
        "motif, motif de la saisine, problématique, nature, type de situation",
        closed="typologie",
    ),
    Field(
        "faits",
        "Faits signalés",
        "faits, nature des faits",
        closed="faits",
        many=True,
    ),
    Field(
        "faits_date",
        "Date des faits",
        "faits du, date du fait",
        day=True,
    ),
    Field(
        "faits_lieu",
        "Lieu des faits",
        "lieu, lieu du fait",
    ),
    Field(
        "recit",
        "Description des faits",
        "observations, commentaires, description, récit, détail, remarques, situation, éléments",
        many=True,
    ),
    Field(
        "implication",
        "Part prise par la personne",
        "implication, rôle",
        many=True,
    ),
    Field(
        "statut",
        "Statut du suivi",
        "statut, état, état du suivi, avancement, en cours ou clos",
        closed="statut",
    ),
    Field(
        "suites",
        "Suites données",
        "suite, suites, orientation, orientations, mesures, actions mises en place, "
        "préconisations, décision, décisions",
        closed="suite",
        many=True,
    ),
    Field(
        "echeance",
        "Prochaine échéance",
        "échéance, à revoir le, prochain point, date de revue",
        day=True,
    ),
    Field(
        "rep_nom",
        "Représentant légal : nom",
        "parent, responsable légal, représentant légal, nom du responsable, "
        "nom des parents, parents",
    ),
    Field(
        "rep_prenoms",
        "Représentant légal : prénom(s)",
        "prénom du responsable, prénom parent",
    ),
    Field(
        "rep_lien",
        "Représentant légal : lien",
        "lien, lien de parenté, qualité",
        closed="lien",
    ),
    Field(
        "rep_telephone",
        "Représentant légal : téléphone",
        "téléphone, tél, portable, tél parents, téléphone des parents, numéro de téléphone",
    ),
    Field(
        "rep_adresse",
        "Représentant légal : adresse",
        "adresse des parents, adresse du responsable",
    ),
)
FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _FIELDS})
# Asked for the whole file when no column, or an empty cell, gives them.
DEFAULTS = ("saisine", "origine", "typologie", "statut")


def _likeness(header: str, field: Field) -> float:
    known = [fold(text) for text in (field.label, *field.headers.split(", "))]
    if header in known:
        return 100.0
    return max(fuzz.token_sort_ratio(header, text) for text in known) - 1


def propose(headers: Sequence[str]) -> dict[int, str]:
    """The field each column seems to be, by its header; a field goes to its best column only."""
    folded = {rank: fold(header) for rank, header in enumerate(headers)}
    pairs = sorted(
        (
            (-_likeness(header, field), rank, name)
            for rank, header in folded.items()
            if header
            for name, field in FIELDS.items()
        ),
    )
    found: dict[int, str] = {}
    for score, rank, name in pairs:
        if -score >= CLOSE_ENOUGH and rank not in found and name not in found.values():
            found[rank] = name
    return found


def recognised(headers: Sequence[str]) -> int:
    """How many of these cells read as headers of ours: the header line is the best of the first."""
    return len(propose(headers))
