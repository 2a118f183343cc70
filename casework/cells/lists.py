"""The closed lists shared by every commune, as data.

Codes are stored in sealed blobs and printed in reports: they are stable for ever. Never renumber,
never reuse; a term that no longer serves keeps its code. 0 means « not given » and is never a term.
``FAITS`` and ``SUITE`` are stored as bit masks of 32 and 64 bits: their codes stay under these.

Sources are quoted as file:line, the file being one of the territorial strategies (« stratégies
territoriales ») these terms come from: 000 Aix-en-Provence 2020-2025, 001 Istres 2017-2020,
002 Miramas 2015-2018.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

HIGHEST_CODE = 254


@dataclass(frozen=True)
class Term:
    """One term of a closed list: a stable code, a stable slug, and the label people read."""

    code: int
    slug: str
    label: str

    def __post_init__(self) -> None:
        if not 1 <= self.code <= HIGHEST_CODE:
            raise ValueError(f"{self.slug}: code {self.code} is outside 1..{HIGHEST_CODE}")


# Why a situation is examined: 001:479 (the three most frequent), 001:756 (constat), 001:939-944,
# 002:654 (fugueurs, auteurs d’incivilités, élèves en rupture scolaire).
TYPOLOGIE = (
    Term(1, "absenteisme", "Absentéisme scolaire"),
    Term(2, "decrochage", "Décrochage scolaire"),
    Term(3, "difficultes_scolaires", "Difficultés scolaires"),
    Term(4, "troubles_comportement", "Troubles du comportement"),
    Term(5, "incivilites", "Incivilités sur l’espace public"),
    Term(6, "conflits_voisinage", "Conflits de voisinage"),
    Term(7, "degradations_legeres", "Dégradations légères"),
    Term(8, "presence_tardive", "Présence tardive de mineurs non accompagnés"),
    Term(9, "abords_etablissement", "Incidents aux abords d’un établissement scolaire"),
    Term(10, "arrete_maire", "Contravention à un arrêté du maire"),
    Term(11, "fugue", "Fugue"),
    Term(12, "conduites_a_risque", "Conduites à risque"),
    Term(13, "groupe_perturbateur", "Participation à un groupe perturbateur"),
    Term(14, "exclusions_repetees", "Exclusions scolaires répétées"),
    Term(15, "conflits_eleves", "Conflits entre élèves"),
    Term(16, "usage_numerique", "Usage problématique du numérique"),
    Term(17, "difficultes_educatives", "Difficultés éducatives des parents"),
    Term(18, "autre", "Autre"),
)

# Who brings a situation: 001:465 and 001:828-833 (partners), 001:972 (whoever saw the facts),
# 000:2254-2257 (bailleur, habitant, association).
ORIGINE = (
    Term(1, "ecole", "École"),
    Term(2, "college", "Collège"),
    Term(3, "lycee", "Lycée"),
    Term(4, "police_municipale", "Police municipale"),
    Term(5, "police_nationale", "Police nationale"),
    Term(6, "bailleur", "Bailleur"),
    Term(7, "conseil_departemental", "Conseil départemental (MDS)"),
    Term(8, "pjj", "Protection judiciaire de la jeunesse"),
    Term(9, "prevention_specialisee", "Prévention spécialisée"),
    Term(10, "habitant", "Habitant"),
    Term(11, "famille", "Famille"),
    Term(12, "elu", "Élu"),
    Term(13, "service_municipal", "Service municipal"),
    Term(14, "autre_cellule", "Autre cellule"),
    Term(15, "gendarmerie", "Gendarmerie nationale"),
    Term(16, "parquet", "Parquet"),
    Term(17, "transporteur", "Transporteur"),
    Term(18, "association", "Association"),
    Term(19, "autre", "Autre"),
)

# What follows an examination: 001:481 (AEMO, médiation scolaire, information préoccupante,
# accompagnement médico-psychologique), 001:860-875 and 001:1033-1046 (rappel à l’ordre,
# transaction, aide parentale), 000:1712-1722 (élèves exclus, mesures de responsabilisation),
# 000:1742-1753 (réparation).
SUITE = (
    Term(1, "aemo", "Action éducative en milieu ouvert (AEMO)"),
    Term(2, "mediation_scolaire", "Médiation scolaire"),
    Term(3, "information_preoccupante", "Information préoccupante"),
    Term(4, "mesure_responsabilisation", "Mesure de responsabilisation"),
    Term(5, "reparation_penale", "Réparation pénale"),
    Term(6, "accueil_exclu", "Accueil d’un élève exclu"),
    # That it exists, never its content: no care nor diagnosis is recorded.
    Term(7, "medico_psychologique", "Accompagnement médico-psychologique (existence seule)"),
    Term(8, "rappel_ordre", "Rappel à l’ordre"),
    Term(9, "transaction", "Transaction"),
    Term(10, "aide_parentale", "Aide à l’exercice de la fonction parentale"),
    Term(11, "autre_cellule", "Orientation vers une autre cellule"),
    Term(12, "sans_suite", "Sans suite"),
    Term(13, "prevention_specialisee", "Accompagnement par la prévention spécialisée"),
    Term(14, "aesf", "Accompagnement en économie sociale et familiale"),
    Term(15, "service_social", "Orientation vers un service social"),
    Term(16, "mission_locale", "Orientation vers la mission locale"),
    Term(17, "chantier_educatif", "Chantier éducatif"),
    Term(18, "activites", "Activités sportives, culturelles ou de loisirs"),
    Term(19, "mediation_voisinage", "Médiation de voisinage"),
    Term(20, "reussite_educative", "Programme de réussite éducative"),
    Term(21, "entretien_famille", "Entretien avec la famille"),
    Term(22, "amenagement_scolarite", "Aménagement de la scolarité"),
    Term(23, "poursuite_suivi", "Poursuite du suivi"),
    Term(24, "autre", "Autre"),
    # A CMER's own (001:1998-2010, 000:1869-1884): see ``kinds``.
    Term(25, "cpraf", "Transmission à la préfecture (CPRAF)"),
    Term(26, "conseil", "Conseil aux professionnels ou au signaleur"),
    Term(27, "formation", "Formation des professionnels"),
)

# « Nombre de situations solutionnées » (001:785, 001:840) is counted on this list.
STATUT = (
    Term(1, "nouvelle", "Nouvelle"),
    Term(2, "en_cours", "En cours"),
    Term(3, "solutionnee", "Solutionnée"),
    Term(4, "orientee", "Orientée"),
    Term(5, "demenagement", "Déménagement"),
    Term(6, "majorite", "Majorité"),
    Term(7, "classee", "Classée"),
)

# A follow-up ends with one of these (001:785: « solutionnées »).
ENDED = frozenset({3, 4, 5, 6, 7})

# How a saisine reaches the coordination.
CANAL = (
    Term(1, "depot", "Dépôt scellé"),
    Term(2, "lettre", "Lettre"),
    Term(3, "appel", "Appel téléphonique"),
    Term(4, "seance", "En séance"),
    Term(5, "autre", "Autre"),
)

# How the persons are told before their situation is examined (001:465: « par courrier »).
MODE_INFORMATION = (
    Term(1, "courrier", "Courrier"),
    Term(2, "main_propre", "Remise en main propre"),
    Term(3, "entretien", "Entretien"),
    Term(4, "telephone", "Téléphone"),
    Term(5, "autre", "Autre"),
)

# Who may be there already: the members of the cells (001:822-891), and those of the strategies.
# Yes, no, unknown; never what they do.
SERVICE = (
    Term(1, "mds", "Maison départementale de la solidarité (MDS)"),
    Term(2, "pjj", "Protection judiciaire de la jeunesse (PJJ)"),
    Term(3, "prevention_specialisee", "Prévention spécialisée"),
    Term(4, "mission_locale", "Mission locale"),
    Term(5, "reussite_educative", "Programme de réussite éducative (PRE)"),
    Term(6, "service_social_scolaire", "Service social en faveur des élèves"),
    Term(7, "ase", "Aide sociale à l’enfance (ASE)"),
    Term(8, "medico_psychologique", "Suivi médico-psychologique (existence seule)"),
    Term(9, "mediation", "Médiation sociale ou scolaire"),
    Term(10, "ccas", "Centre communal d’action sociale (CCAS)"),
    Term(11, "centre_social", "Centre social ou association de quartier"),
    Term(12, "autre", "Autre service"),
)

SEXE = (
    Term(1, "feminin", "Féminin"),
    Term(2, "masculin", "Masculin"),
    Term(3, "non_renseigne", "Non renseigné"),
)

NIVEAU = (
    Term(1, "primaire", "Primaire"),
    Term(2, "sixieme", "6e"),
    Term(3, "cinquieme", "5e"),
    Term(4, "quatrieme", "4e"),
    Term(5, "troisieme", "3e"),
    Term(6, "lycee", "Lycée général ou technologique"),
    Term(7, "lycee_pro", "Lycée professionnel"),
    Term(8, "apprentissage", "Apprentissage"),
    Term(9, "non_scolarise", "Non scolarisé"),
    Term(10, "dispositif_relais", "Dispositif relais"),
    Term(11, "superieur", "Enseignement supérieur"),
)

TRANCHE_AGE = (
    Term(1, "moins_de_11", "Moins de 11 ans"),
    Term(2, "11_12", "11-12 ans"),
    Term(3, "13_15", "13-15 ans"),
    Term(4, "16_17", "16-17 ans"),
    Term(5, "18_20", "18-20 ans"),
    Term(6, "21_25", "21-25 ans"),
    # The parents of an absentee pupil are the ones called to order (001:944).
    Term(7, "plus_de_25", "Plus de 25 ans"),
)

LIEN = (
    Term(1, "mere", "Mère"),
    Term(2, "pere", "Père"),
    Term(3, "tuteur", "Tuteur ou tutrice"),
    Term(4, "grand_parent", "Grand-parent"),
    Term(5, "beau_parent", "Beau-parent"),
    Term(6, "famille_accueil", "Famille d’accueil"),
    # Art. L.132-7 CSI: « une personne exerçant une responsabilité éducative ».
    Term(7, "responsabilite_educative", "Personne exerçant une responsabilité éducative"),
    Term(8, "ase", "Service de l’aide sociale à l’enfance"),
    Term(9, "frere_soeur", "Frère ou sœur majeur"),
    Term(10, "autre", "Autre"),
)

# Facts that may lead to a rappel à l’ordre, in the order and nearly the words of 001:939-944, then
# those of the fiche de signalement (000:2261-2273) and of day-to-day saisines. A crime or délit, a
# complaint or an investigation excludes the procedure whatever the term (001:931-935).
FAITS = (
    Term(1, "conflit_voisinage", "Conflit de voisinage (nuisances sonores, écarts de langage)"),
    Term(2, "presence_tardive", "Mineur non accompagné dans un lieu public à une heure tardive"),
    Term(3, "atteinte_legere", "Dégradation ou atteinte légère à la propriété publique"),
    Term(4, "abords_etablissement", "Incident aux abords d’un établissement scolaire"),
    Term(5, "arrete_maire", "Contravention à un arrêté du maire"),
    Term(6, "absenteisme", "Absentéisme scolaire"),
    Term(7, "depot_ordures", "Dépôt d’ordures ou de déchets"),
    Term(8, "mecanique_sauvage", "Mécanique sauvage"),
    Term(9, "parties_communes", "Regroupement gênant dans des parties communes"),
    Term(10, "occupation_bruyante", "Occupation bruyante de l’espace public"),
    Term(11, "transports", "Incident dans les transports"),
    Term(12, "equipement_municipal", "Perturbation d’un équipement municipal"),
    Term(13, "petards", "Usage de pétards ou d’artifices"),
    Term(14, "jeux_dangereux", "Jeux dangereux sur l’espace public"),
    Term(15, "exclusions", "Exclusions scolaires répétées"),
    Term(16, "autre", "Autre fait"),
)

BY_NAME: Mapping[str, tuple[Term, ...]] = MappingProxyType(
    {
        "typologie": TYPOLOGIE,
        "origine": ORIGINE,
        "suite": SUITE,
        "statut": STATUT,
        "sexe": SEXE,
        "niveau": NIVEAU,
        "tranche_age": TRANCHE_AGE,
        "lien": LIEN,
        "faits": FAITS,
        "canal": CANAL,
        "mode_information": MODE_INFORMATION,
        "service": SERVICE,
    }
)

# First age of each bracket after the first.
_BRACKETS = (11, 13, 16, 18, 21, 26)


def age(birth: date, on: date) -> int:
    """Completed years on a day; ValueError if the person is not born yet."""
    if on < birth:
        raise ValueError(f"born after {on.isoformat()}")
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def tranche_age(birth: date, on: date) -> Term:
    """The age bracket of a person on a day; ValueError if the person is not born yet."""
    years = age(birth, on)
    return TRANCHE_AGE[sum(first <= years for first in _BRACKETS)]


def term(terms: tuple[Term, ...], slug: str) -> Term:
    """The term of a list by its slug; KeyError when there is none."""
    for candidate in terms:
        if candidate.slug == slug:
            return candidate
    raise KeyError(slug)
