"""The texts the rules rest on, as one dated table.

The law moves: a text that changes keeps its line here, and gets another in CHANGES with the day
from which it is in force. An act keeps the words of its own day. The wordings sum up; the official
text prevails.
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
    CASF_L141_1 = "CASF L.141-1"
    CASF_L141_2 = "CASF L.141-2"
    CASF_L222_2 = "CASF L.222-2"
    CASF_L222_3 = "CASF L.222-3"
    CASF_L226_2_1 = "CASF L.226-2-1"
    CPP_44_1 = "CPP 44-1"
    CPP_R15_33_61 = "CPP R15-33-61"
    CPP_R15_33_63 = "CPP R15-33-63"
    CPP_R15_33_66 = "CPP R15-33-66"
    CPP_801 = "CPP 801"
    CNIL_2021_122 = "CNIL 2021-122"
    PATRIMOINE_L212_2 = "Patrimoine L.212-2"
    RGPD_5 = "RGPD 5"
    RGPD_12 = "RGPD 12"
    RGPD_14 = "RGPD 14"
    RGPD_15 = "RGPD 15"
    RGPD_18 = "RGPD 18"
    RGPD_30 = "RGPD 30"
    RGPD_32 = "RGPD 32"
    RGPD_33 = "RGPD 33"
    RGPD_35 = "RGPD 35"
    RGPD_38 = "RGPD 38"
    RGPD_39 = "RGPD 39"


@dataclass(frozen=True, slots=True)
class Reference:
    label: str
    wording: str
    as_of: date  # the day this line was last compared with its source
    since: date = date.min  # the first day it is in force


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
    Article.CASF_L141_1: Reference(
        "Art. L. 141-1 du code de l’action sociale et des familles",
        "Le conseil pour les droits et devoirs des familles, s’il existe, examine avec la famille "
        "les aides à l’exercice de la fonction parentale ; il peut proposer au maire de saisir le "
        "président du conseil départemental d’un accompagnement en économie sociale et familiale.",
        _FIRST_EDITION,
    ),
    Article.CASF_L141_2: Reference(
        "Art. L. 141-2 du code de l’action sociale et des familles",
        "Quand l’ordre, la sécurité ou la tranquillité publics sont menacés à raison du défaut de "
        "surveillance ou d’assiduité scolaire d’un mineur, le maire peut proposer aux parents un "
        "accompagnement parental, s’il n’y a pas de mesure d’assistance éducative ; les parents "
        "peuvent aussi le demander. Il sollicite l’avis du président du conseil départemental et "
        "informe l’inspecteur d’académie, le chef d’établissement, l’organisme débiteur des "
        "prestations familiales et le préfet. Lors de la mise en place et à son terme, les parents "
        "reçoivent une attestation comportant leur engagement.",
        _FIRST_EDITION,
    ),
    Article.CASF_L222_2: Reference(
        "Art. L. 222-2 du code de l’action sociale et des familles",
        "L’aide à domicile est attribuée à la demande, ou avec l’accord, de la mère, du père ou de "
        "qui assume la charge effective de l’enfant.",
        _FIRST_EDITION,
    ),
    Article.CASF_L222_3: Reference(
        "Art. L. 222-3 du code de l’action sociale et des familles",
        "L’aide à domicile comporte notamment un accompagnement en économie sociale et familiale.",
        _FIRST_EDITION,
    ),
    Article.CASF_L226_2_1: Reference(
        "Art. L. 226-2-1 du code de l’action sociale et des familles",
        "Qui met en œuvre la protection de l’enfance ou lui apporte son concours transmet sans "
        "délai au président du conseil départemental toute information préoccupante sur un mineur "
        "en danger ou risquant de l’être ; les parents en sont informés, sauf intérêt contraire de "
        "l’enfant.",
        _FIRST_EDITION,
    ),
    Article.CPP_44_1: Reference(
        "Art. 44-1 du code de procédure pénale",
        "Pour certaines contraventions commises au préjudice d’un bien de la commune, le maire "
        "peut proposer une transaction, homologuée par le procureur ou, pour un travail non "
        "rémunéré, par le juge du tribunal de police.",
        _FIRST_EDITION,
    ),
    Article.CPP_R15_33_61: Reference(
        "Art. R. 15-33-61 du code de procédure pénale",
        "La proposition est adressée par lettre recommandée ou remise contre récépissé, en double "
        "exemplaire, dans le mois du procès-verbal ; elle dit les faits, leur qualification, les "
        "peines encourues, ce qui est proposé et dans quel délai, le droit à un avocat, "
        "l’homologation à venir et que le silence vaut refus.",
        _FIRST_EDITION,
    ),
    Article.CPP_R15_33_63: Reference(
        "Art. R. 15-33-63 du code de procédure pénale",
        "La proposition acceptée est transmise avec les procès-verbaux au procureur de la "
        "République ; pour un travail non rémunéré, il la transmet au juge du tribunal de police "
        "avec ses réquisitions. L’autorité judiciaire adresse sa décision au maire.",
        _FIRST_EDITION,
    ),
    Article.CPP_R15_33_66: Reference(
        "Art. R. 15-33-66 du code de procédure pénale",
        "Le maire informe le procureur de la République du refus, du silence, de l’inexécution "
        "dans les délais, ou de l’exécution intégrale, qui éteint l’action publique.",
        _FIRST_EDITION,
    ),
    Article.CPP_801: Reference(
        "Art. 801 du code de procédure pénale",
        "Un délai expire le dernier jour à vingt-quatre heures ; s’il expirerait un samedi, un "
        "dimanche ou un jour férié ou chômé, il court jusqu’au premier jour ouvrable suivant.",
        _FIRST_EDITION,
    ),
    Article.CNIL_2021_122: Reference(
        "Délibération CNIL n° 2021-122 du 14 octobre 2021",
        "Les consultations, modifications et refus sont journalisés, et ces traces protégées "
        "contre toute altération.",
        _FIRST_EDITION,
    ),
    Article.PATRIMOINE_L212_2: Reference(
        "Art. L. 212-2 et L. 212-3 du code du patrimoine",
        "À l’expiration de leur durée d’utilité, les archives publiques qui contiennent des "
        "données personnelles sont sélectionnées ; celles qui ne se conservent pas sont éliminées "
        "avec l’accord de l’administration des archives.",
        _FIRST_EDITION,
    ),
    Article.RGPD_5: Reference(
        "Art. 5 du RGPD",
        "Les données sont exactes, limitées au nécessaire, et conservées le temps qu’exige leur "
        "finalité ; au-delà, elles s’effacent.",
        _FIRST_EDITION,
    ),
    Article.RGPD_12: Reference(
        "Art. 12 du RGPD",
        "Le responsable du traitement répond à qui exerce ses droits dans un délai d’un mois, "
        "prolongeable de deux mois si la complexité ou le nombre des demandes le justifie ; la "
        "personne en est informée, avec les motifs, dans le premier mois.",
        _FIRST_EDITION,
    ),
    Article.RGPD_14: Reference(
        "Art. 13 et 14 du RGPD",
        "La personne est informée du traitement de ses données, de ses raisons et de ses droits ; "
        "quand elles viennent d’autrui, au plus tard lors de leur première communication.",
        _FIRST_EDITION,
    ),
    Article.RGPD_15: Reference(
        "Art. 15 du RGPD",
        "Toute personne obtient l’accès aux données qui la concernent et leur copie, sans porter "
        "atteinte aux droits et libertés d’autrui (art. 49 de la loi du 6 janvier 1978).",
        _FIRST_EDITION,
    ),
    Article.RGPD_18: Reference(
        "Art. 18 du RGPD",
        "Les données dont le traitement est limité ne peuvent, leur conservation exceptée, être "
        "traitées qu’avec le consentement de la personne ou pour des droits en justice ; elle est "
        "informée avant que la limitation soit levée (art. 53 de la loi du 6 janvier 1978).",
        _FIRST_EDITION,
    ),
    Article.RGPD_30: Reference(
        "Art. 30 du RGPD",
        "Le responsable du traitement tient un registre de ses traitements : finalités, "
        "catégories de personnes, de données et de destinataires, durées, mesures de sécurité.",
        _FIRST_EDITION,
    ),
    Article.RGPD_32: Reference(
        "Art. 32 du RGPD",
        "Le responsable du traitement met en œuvre des mesures de sécurité adaptées au risque ; "
        "chacun n’accède aux données que pour sa mission.",
        _FIRST_EDITION,
    ),
    Article.RGPD_33: Reference(
        "Art. 33 du RGPD",
        "Une violation de données est notifiée à la CNIL dans les meilleurs délais et, si "
        "possible, 72 heures au plus tard après en avoir pris connaissance, à moins d’un risque "
        "improbable ; toute violation est documentée.",
        _FIRST_EDITION,
    ),
    Article.RGPD_35: Reference(
        "Art. 35 du RGPD",
        "Un traitement susceptible d’engendrer un risque élevé fait d’abord l’objet d’une analyse "
        "d’impact ; le responsable du traitement demande conseil à son délégué.",
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

# Later editions, by article, oldest first: known ahead, in force from their day on.
CHANGES: Mapping[Article, tuple[Reference, ...]] = {}


def cited(article: Article, day: date) -> str:
    """How a sentence names the text as it stood that day: « art. 44-1 du code… »."""
    label = reference_on(article, day).label
    return label[0].lower() + label[1:]


def reference_on(article: Article, day: date) -> Reference:
    """The text as it stood on ``day``: an act is judged, and reprinted, by that one."""
    editions = (REFERENCES[article], *CHANGES.get(article, ()))
    return max((one for one in editions if one.since <= day), key=lambda one: one.since)
