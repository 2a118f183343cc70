"""The fictional members of Port-Miran: one for each seat."""

from dataclasses import dataclass

CCTP, GSP = "CCTP", "GSP"
DOMAIN = "port-miran.example"
MAIRIE = "Ville de Port-Miran"


@dataclass(frozen=True)
class DemoMember:
    """Someone who signs in. ``role`` is a charter slug; no cell for those who stand outside."""

    key: str
    role: str
    nom: str
    prenom: str
    fonction: str
    institution: str
    cells: tuple[str, ...] = ()
    acte: str = ""

    @property
    def login(self) -> str:
        return f"{self.key.replace('_', '-')}@{DOMAIN}"


MEMBERS = (
    DemoMember(
        "coordination",
        "coordonnateur",
        "Vidal-Le Guen",
        "Hélène",
        "Coordonnatrice du CLSPD",
        MAIRIE,
        (CCTP, GSP),
        "Arrêté n° 2025-087 du 25 août 2025",
    ),
    DemoMember("maire", "maire", "Castellan", "Mireille", "Maire", MAIRIE, (CCTP,)),
    DemoMember(
        "elu",
        "elu_delegue",
        "Haddouche",
        "Samir",
        "Adjoint délégué à la tranquillité publique",
        MAIRIE,
        (CCTP,),
        "Arrêté n° 2025-114 du 2 septembre 2025 portant délégation",
    ),
    DemoMember(
        "justice_ville",
        "correspondant_justice_ville",
        "Orsini",
        "Lætitia",
        "Correspondante Justice-Ville",
        MAIRIE,
        acte="Agrément du procureur de la République du 3 mars 2025",
    ),
    DemoMember(
        "police_municipale",
        "chef_pm",
        "Bérenguier",
        "Fabrice",
        "Chef de la police municipale",
        MAIRIE,
        (CCTP,),
        "Lettre du maire du 1er septembre 2025",
    ),
    DemoMember(
        "commissaire",
        "commissaire",
        "N’Guessan",
        "Christophe",
        "Commissaire, chef de la circonscription",
        "Police nationale",
        (CCTP, GSP),
        "Lettre du directeur interdépartemental du 28 août 2025",
    ),
    DemoMember(
        "education",
        "education_nationale",
        "Da Costa",
        "Isabelle",
        "Principale de collège",
        "Éducation nationale",
        (CCTP, GSP),
        "Lettre du directeur académique du 29 août 2025",
    ),
    DemoMember(
        "departement",
        "conseil_departemental",
        "Meziane",
        "Nadia",
        "Responsable territoriale à la maison départementale de la solidarité",
        "Conseil départemental",
        (CCTP, GSP),
        "Lettre du président du conseil départemental du 29 août 2025",
    ),
    DemoMember(
        "pjj",
        "pjj",
        "Lefèvre",
        "Arnaud",
        "Responsable d’unité éducative",
        "Protection judiciaire de la jeunesse",
        (GSP,),
        "Lettre de la directrice territoriale du 28 août 2025",
    ),
    DemoMember(
        "prevention",
        "prevention_specialisee",
        "Diarra",
        "Fanta",
        "Cheffe de service éducatif",
        "Association de prévention spécialisée",
        (GSP,),
    ),
    DemoMember(
        "veille_educative",
        "veille_educative",
        "Müller",
        "Sandrine",
        "Coordinatrice de la veille éducative",
        MAIRIE,
        (GSP,),
        "Arrêté n° 2025-088 du 25 août 2025",
    ),
    DemoMember(
        "parquet",
        "parquet",
        "De Rochebrune",
        "Étienne",
        "Substitut du procureur de la République",
        "Parquet d’Aigues-Hautes",
    ),
    DemoMember(
        "dpo",
        "dpo",
        "Tran",
        "Marianne",
        "Déléguée à la protection des données",
        MAIRIE,
        acte="Désignation n° DPO-2025-031 du 1er septembre 2025",
    ),
    DemoMember(
        "administration",
        "administrateur",
        "Gomes",
        "Julien",
        "Administrateur des systèmes d’information",
        MAIRIE,
    ),
    # Deposits, and holds no key.
    DemoMember(
        "bailleur",
        "signaleur",
        "Caillol",
        "Yannick",
        "Responsable de secteur",
        "Office de l’habitat de Port-Miran",
        (CCTP,),
    ),
)
