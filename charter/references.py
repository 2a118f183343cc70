"""The texts the rules rest on, as one dated table.

The law moves: when a text changes, its line changes here, with its date, and nowhere else.
The wordings sum up; the official text prevails.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Article(StrEnum):
    """The code is what the journal keeps beside each decision."""

    CHARTE = "charte"
    PROTOCOLE = "protocole"
    CSI_L132_5 = "CSI L.132-5"
    CSI_L132_7 = "CSI L.132-7"
    CASF_L121_6_2 = "CASF L.121-6-2"
    CPP_44_1 = "CPP 44-1"
    CNIL_2021_122 = "CNIL 2021-122"
    RGPD_32 = "RGPD 32"
    RGPD_38 = "RGPD 38"
    RGPD_39 = "RGPD 39"


@dataclass(frozen=True, slots=True)
class Reference:
    label: str
    wording: str
    as_of: date  # the day this line was last compared with its source


_FIRST_EDITION = date(2026, 11, 21)

REFERENCES: Mapping[Article, Reference] = {
    Article.CHARTE: Reference(
        "Charte de déontologie de la cellule",
        "Déclinaison locale de la charte type de la stratégie nationale de prévention de la "
        "délinquance : chaque membre la signe en son nom ; seules s’échangent les informations "
        "utiles, dans l’intérêt de la personne ; nul n’est tenu de dire ni de faire.",
        _FIRST_EDITION,
    ),
    Article.PROTOCOLE: Reference(
        "Protocole procureur-maire",
        "Le maire annonce au procureur son intention de procéder au rappel à l’ordre ; le "
        "procureur répond sur la même fiche-navette ; le maire l’informe ensuite du rappel tenu.",
        _FIRST_EDITION,
    ),
    Article.CSI_L132_5: Reference(
        "Art. L. 132-5 du code de la sécurité intérieure",
        "Le conseil local de sécurité et de prévention de la délinquance peut constituer en son "
        "sein des groupes de travail et d’échange d’informations ; les informations "
        "confidentielles qui s’y échangent ne peuvent être communiquées à des tiers.",
        _FIRST_EDITION,
    ),
    Article.CSI_L132_7: Reference(
        "Art. L. 132-7 du code de la sécurité intérieure",
        "Le maire ou son représentant désigné peut rappeler verbalement à l’auteur de faits "
        "portant atteinte au bon ordre les dispositions qui s’imposent à lui ; un mineur est "
        "entendu, sauf impossibilité, en présence de ses parents ou représentants légaux.",
        _FIRST_EDITION,
    ),
    Article.CASF_L121_6_2: Reference(
        "Art. L. 121-6-2 du code de l’action sociale et des familles",
        "Le professionnel de l’action sociale ou le coordonnateur qu’il désigne peut révéler au "
        "maire et au président du conseil départemental les informations strictement nécessaires "
        "à l’exercice de leurs compétences ; elles ne peuvent être communiquées à des tiers.",
        _FIRST_EDITION,
    ),
    Article.CPP_44_1: Reference(
        "Art. 44-1 du code de procédure pénale",
        "Pour certaines contraventions commises au préjudice d’un bien de la commune, le maire "
        "peut proposer une transaction, homologuée par le procureur ou, pour un travail non "
        "rémunéré, par le juge du tribunal de police.",
        _FIRST_EDITION,
    ),
    Article.CNIL_2021_122: Reference(
        "Délibération CNIL n° 2021-122 du 14 octobre 2021",
        "Les consultations, modifications et refus sont journalisés, et ces traces protégées "
        "contre toute altération.",
        _FIRST_EDITION,
    ),
    Article.RGPD_32: Reference(
        "Art. 32 du RGPD",
        "Le responsable du traitement met en œuvre des mesures de sécurité adaptées au risque ; "
        "chacun n’accède aux données que pour sa mission.",
        _FIRST_EDITION,
    ),
    Article.RGPD_38: Reference(
        "Art. 38 du RGPD",
        "Le délégué à la protection des données n’exerce aucune autre mission qui l’expose à un "
        "conflit d’intérêts.",
        _FIRST_EDITION,
    ),
    Article.RGPD_39: Reference(
        "Art. 39 du RGPD",
        "Le délégué à la protection des données contrôle le respect du règlement.",
        _FIRST_EDITION,
    ),
}
