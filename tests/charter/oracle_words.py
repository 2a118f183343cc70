"""The second opinion: who sits where, and the words each thing shows (DOMAIN §2)."""

OUTSIDE = {"parquet", "correspondant_justice_ville", "dpo", "administrateur"}
CHIEFS = {"maire", "elu_delegue", "coordonnateur"}
TABLE = {
    "commissaire",
    "chef_pm",
    "education_nationale",
    "conseil_departemental",
    "pjj",
    "prevention_specialisee",
    "veille_educative",
    "renseignement_territorial",
    "membre",
}

ALL_FILE = {
    "etat_civil",
    "coordonnees",
    "famille",
    "scolarite",
    "faits",
    "orientation",
    "reponse_parquet",
    "procedure",
    "statistique",
    "piece",
}
AROUND = {"etat_civil", "scolarite", "faits", "orientation", "procedure", "statistique"}
LINE = {"etat_civil", "procedure", "statistique"}
FICHE = {"etat_civil", "faits", "procedure", "reponse_parquet"}
CONSULTED = {"etat_civil", "procedure"}
RAPPEL = FICHE | {"coordonnees", "famille"}
SIGNAL = {"orientation", "procedure"}
PARENTING = {"etat_civil", "coordonnees", "famille", "procedure"}
HOMOLOGATION = FICHE | {"coordonnees"}

READINGS = {
    "situation:read",
    "situation:receipt",
    "attachment:read",
    "confidence:read",
    "consultation:read",
    "danger:export",
    "cmer:read",
    "fiche:export",
    "fiche:read",
    "fiche:scan",
    "homologation:read",
    "homologation:scan",
    "parenting:export",
    "parenting:read",
    "information:export",
    "rappel:export",
    "rappel:read",
    "right:export",
    "right:letter",
    "right:read",
    "transaction:export",
    "transaction:read",
}
