"""What a model may print: a placeholder, its label, a fictional example; and those they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.resources import folder
from charter.references import Article

NBSP = "\N{NO-BREAK SPACE}"
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``{{ name }}``. A model may leave it out when ``optional``; its value may then be empty too.

    An example that is a list is told line by line, by « for »; true or false is a condition.
    """

    name: str
    label: str
    example: str | bool | Rows
    optional: bool = False

    @property
    def tag(self) -> str:
        if isinstance(self.example, bool):
            return f"{{%p if {self.name} %}}"
        if isinstance(self.example, str):
            return f"{{{{ {self.name} }}}}"
        return f"{{%p for ligne in {self.name} %}}"

    @property
    def parts(self) -> tuple[str, ...]:
        """What each line of a list holds."""
        return () if isinstance(self.example, str | bool) else tuple(self.example[0])


@dataclass(frozen=True, slots=True)
class Model:
    """A paper. ``articles`` are its legal basis, in the wording of the day of the act."""

    name: str
    title: str
    domain: str
    placeholders: tuple[Placeholder, ...]
    articles: tuple[Article, ...] = ()

    @property
    def file(self) -> str:
        return f"{self.name}.docx"

    @property
    def mandatory(self) -> frozenset[str]:
        return frozenset(one.name for one in self.placeholders if not one.optional)

    def examples(self) -> dict[str, Any]:
        return {one.name: one.example for one in self.placeholders}

    def original(self) -> bytes:
        """The model that travels with the application."""
        return (folder("templates") / "docx" / self.file).read_bytes()


P = Placeholder
COMMUNE = P("commune", "Nom de la commune", "Commune de Valmarin")
SERVICE = P("service", "Service qui écrit", "Service de prévention de la délinquance", True)
HALL = P("adresse_mairie", "Adresse de la mairie", "1 place de la Mairie, 13999 Valmarin", True)
PHONE = P("telephone", "Téléphone du service", "04 00 00 00 00", True)
REFERENCE = P("reference", "Référence du dossier", "CCTP-2026-0042")
DATE = P("date", "Date du document", f"21{NBSP}novembre{NBSP}2026")
BASIS = P(
    "fondement",
    "Textes de loi, dans leur rédaction du jour de l’acte",
    "Art. L. 132-7 du code de la sécurité intérieure.",
)
WORDING = P(
    "teneur",
    "Ce que disent ces textes",
    "Le maire peut rappeler verbalement les dispositions qui s’imposent pour le bon ordre.",
    True,
)
MADE = P(
    "produit",
    "Qui a produit le document, quand, et à quel point du journal",
    f"Produit le 21{NBSP}novembre{NBSP}2026 à 10{NBSP}h{NBSP}12 par Mme Inès Carvalho, "
    "coordonnatrice.",
)
CELL = P("cellule", "Nom de la cellule", "cellule de coordination")
HEAD = (COMMUNE, SERVICE, HALL, PHONE, REFERENCE, DATE, BASIS, WORDING, MADE)

TO = (
    P("destinataire", "Nom de la personne à qui l’on écrit", "Mme Léa d’Almeida"),
    P("adresse_destinataire", "Son adresse", "3 rue de l’Église, 13999 Valmarin", True),
)
PERSON = P("personne", "Prénoms et nom de la personne", "Zoë d’Almeida")
BIRTH = P("naissance", "Date de naissance", "1er février 2010")
FACTS = (
    P("faits_date", "Date des faits", "3 novembre 2026"),
    P("faits_lieu", "Lieu des faits", "square de l’Olivier"),
)
MEETING = (
    P("jour", "Jour de la convocation", "12 décembre 2026"),
    P("heure", "Heure de la convocation", f"17{NBSP}h{NBSP}30"),
    P("lieu", "Lieu de la convocation", "hôtel de ville, salle de l’Étang"),
)
AGAIN = P("seconde", "Vrai pour une seconde convocation", False, True)
CONVOCATION = (*HEAD, *TO, *FACTS, *MEETING, AGAIN)
COURT = P("juridiction", "Tribunal judiciaire", "tribunal judiciaire de Port-Lumière")

SITUATIONS, RAPPEL, TRANSACTION = "Situations", "Rappel à l’ordre", "Transaction"
SEANCES, CHARTER, ARCHIVES = "Séances", "Charte", "Conservation"
PARENTING = "Aide parentale"
L132_7 = (Article.CSI_L132_7,)

ADDRESS = P("adresse", "Adresse de la personne", "3 rue de l’Église, 13999 Valmarin", True)
OFFENDER = (
    P("nom", "Nom", "d’Almeida"),
    P("prenoms", "Prénoms", "Zoë"),
    P("naissance", "Date et lieu de naissance", "1er février 2008, Saint-Étienne-du-Val"),
    ADDRESS,
    P("representants", "Représentants légaux d’un mineur", "Mme Léa d’Almeida, mère", True),
    P("accord_parquet", "Accord écrit du parquet pour un mineur", "accord du 2 mars 2026", True),
)
SHORT_TERMS = (
    P("travail", "Vrai pour un travail, faux pour une réparation en argent", True),
    P("quantite", "Montant, ou durée du travail", f"10{NBSP}heures"),
)
TERMS = (
    *SHORT_TERMS,
    P("nature", "Préjudice réparé, ou nature du travail", "nettoyage du mur de l’école"),
    P("lieu_execution", "Où payer, ou travailler", "centre technique de l’Avenir"),
    P("delai", "Délai d’exécution", "6 mois à compter de l’avis d’homologation"),
)
OFFENCE = (
    P("faits", "Faits reprochés", "Inscription à la peinture sur le mur de l’école."),
    P(
        "qualification",
        "Qualification et article",
        "Dégradation légère (art. R. 635-1 du code pénal)",
    ),
    P("constates", "Procès-verbal", "procès-verbal n° 2026-117 du 3 novembre 2026"),
    P("bien", "Bien de la commune", "école de l’Abbaye"),
    P("amende", "Amende encourue", "1 500 € au plus (5ᵉ classe)"),
    P("peines", "Peines complémentaires", "aucune"),
)
SIGNED = (
    P("signataire", "Qui signe pour la commune", "Mme Claire Vasseur, maire"),
    P("delegation", "Arrêté de délégation", "arrêté n° 2026-118", True),
)
FAMILY = (
    P("personne", "Prénoms et nom du mineur", "Zoë d’Almeida"),
    P("naissance", "Date de naissance", "1er février 2012"),
    P("representants", "Parents ou représentants légaux", "Mme Léa d’Almeida, mère"),
    P("adresse", "Adresse de la famille", "3 rue de l’Église, 13999 Valmarin", True),
    P("cellule", "Nom de la cellule", "cellule de coordination", True),
)
BY = P("signataire", "Qui signe pour la commune", "Mme Inès Carvalho, coordonnatrice")
BEFORE = P("repondre_avant", "Dernier jour pour répondre", "21 décembre 2026")
PROPOSED = (Article.CPP_44_1, Article.CPP_R15_33_61)
ENDED = (Article.CPP_44_1, Article.CPP_R15_33_66)
OUTCOME = P("suite", "Comment la transaction s’est terminée", "La transaction a été exécutée.")
CHECKPOINT = P("point_de_controle", "Ligne signée du journal", "journal.example/1 · 1042 · CsUY=")
PROVED = (
    COMMUNE,
    P("cellule", "Nom de la cellule", "Cellule de coordination"),
    P("etablie_le", "Quand la feuille est établie", "21 novembre 2026 à 10 h 12"),
    P("etablie_par", "Qui l’établit", "Mme Inès Carvalho, coordonnatrice"),
    CHECKPOINT,
    P("note_signee", "Point de contrôle signé, en entier", "journal.example/1\n1042\nCsUY="),
)
IN_PLACE = P("en_place_le", "Depuis quand l’accompagnement est en place", "20 novembre 2026")
MEMBER = {"nom": "Zoë d’Almeida", "fonction": "éducatrice", "institution": "l’Étape"}
SIGNATURE = MEMBER | {
    "role": "Éducation",
    "titre": "Charte de déontologie",
    "version": "Version 2",
    "empreinte": "3f" * 32,
    "le": "20 novembre 2026 à 9 h 05",
    "ecriture": "n° 1041",
    "feuille": "a7" * 32,
}
SIGNATURES = P("signatures", "Les signatures, ligne par ligne", (SIGNATURE,))
ROOMS = (
    P("affaire_suivie_par", "Qui suit l’affaire", "Mme Inès Carvalho, coordonnatrice", True),
    P("coordonnees", "Téléphone et courriel", "04 00 00 00 00", True),
    P("lieu", "Commune d’où l’on écrit", "Valmarin", True),
    P("date_lettre", "Date de l’envoi", f"17{NBSP}novembre{NBSP}2026"),
    P("procureur", "Titre du procureur", "Madame la procureure de la République"),
    P("adresse_parquet", "Adresse du parquet", "12 quai du Palais, 13998 Port-Lumière", True),
)
