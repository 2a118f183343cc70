"""The functions under which a person may hold a mandate."""

from charter.labels import Labelled


class Role(Labelled):
    MAIRE = "maire", "Maire"
    ELU_DELEGUE = "elu_delegue", "Élu délégué"
    # Not the coordinator of art. L.121-6-2 CASF, who is a social worker: never merge the two.
    COORDONNATEUR = "coordonnateur", "Coordonnateur du CLSPD"
    CORRESPONDANT_JUSTICE_VILLE = "correspondant_justice_ville", "Correspondant Justice-Ville"
    COMMISSAIRE = "commissaire", "Commissaire de police"
    CHEF_PM = "chef_pm", "Chef de la police municipale"
    EDUCATION_NATIONALE = "education_nationale", "Éducation nationale"
    CONSEIL_DEPARTEMENTAL = "conseil_departemental", "Conseil départemental"
    PJJ = "pjj", "Protection judiciaire de la jeunesse"
    PREVENTION_SPECIALISEE = "prevention_specialisee", "Prévention spécialisée"
    VEILLE_EDUCATIVE = "veille_educative", "Coordination de la veille éducative"
    RENSEIGNEMENT_TERRITORIAL = "renseignement_territorial", "Renseignement territorial"
    # The seat of every function a commune adds as data: a bailleur, a mission locale…
    MEMBRE = "membre", "Autre membre de la cellule"
    PARQUET = "parquet", "Parquet"
    SIGNALEUR = "signaleur", "Signaleur"
    DPO = "dpo", "Délégué à la protection des données"
    ADMINISTRATEUR = "administrateur", "Administrateur technique"


# Those who sit at the table of a cell without belonging to its coordination.
CELL_MEMBERS = frozenset(
    {
        Role.COMMISSAIRE,
        Role.CHEF_PM,
        Role.EDUCATION_NATIONALE,
        Role.CONSEIL_DEPARTEMENTAL,
        Role.PJJ,
        Role.PREVENTION_SPECIALISEE,
        Role.VEILLE_EDUCATIVE,
        Role.RENSEIGNEMENT_TERRITORIAL,
        Role.MEMBRE,
    }
)

# Those whose mandate names no cell: they stand outside all of them. Such a mandate is held alone:
# whoever answers for the parquet, carries its fiches, controls (art. 38 §6 RGPD) or runs the
# installation must never also sit where names are exchanged.
WITHOUT_CELL = frozenset(
    {Role.PARQUET, Role.CORRESPONDANT_JUSTICE_VILLE, Role.DPO, Role.ADMINISTRATEUR}
)

WITHIN_A_CELL = frozenset(Role) - WITHOUT_CELL
# Those who write to a cell and read nothing of it: its key is never theirs.
WITHOUT_KEY = frozenset({Role.SIGNALEUR})

# What a commune adds as data sits at the table of a cell, or deposits.
ADDED_SEATS = CELL_MEMBERS | {Role.SIGNALEUR}

# Mandates that exist only by the act that gives them: art. L. 2122-18 CGCT, and the parquet's word.
DESIGNATED_BY = {
    Role.ELU_DELEGUE: "l’arrêté de délégation",
    Role.CORRESPONDANT_JUSTICE_VILLE: "l’agrément du parquet",
}
