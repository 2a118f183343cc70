"""Categories of fields: what a decision opens, block by block."""

from collections.abc import Mapping

from charter.labels import Labelled


class Category(Labelled):
    ETAT_CIVIL = "etat_civil", "état civil"
    COORDONNEES = "coordonnees", "coordonnées"
    FAMILLE = "famille", "famille et représentants légaux"
    SCOLARITE = "scolarite", "scolarité"
    FAITS = "faits", "faits"
    ORIENTATION = "orientation", "orientations et suites"
    REPONSE_PARQUET = "reponse_parquet", "réponse du parquet"
    CONFIDENCE_MAIRE = "confidence_maire", "information révélée au maire"
    PIECE = "piece", "pièces jointes"
    PROCEDURE = "procedure", "étapes et échéances de la procédure"
    STATISTIQUE = "statistique", "codes des listes fermées"
    CONTROLE = "controle", "notes du délégué à la protection des données"
    DEMANDE = "demande", "demande d’une personne qui exerce ses droits"
    VIOLATION = "violation", "registre des violations de données (sans nom)"
    ANNUAIRE = "annuaire", "annuaire des membres (jamais une personne suivie)"


NOTHING: frozenset[Category] = frozenset()
# What art. L.121-6-2 CASF lets a social worker reveal to the maire is for the maire alone.
CONFIDENCE = frozenset({Category.CONFIDENCE_MAIRE})
# The DPO's registers. Whoever exercises a right writes to the commune, not to the cell: who they
# are and what they ask is no part of a situation.
REQUEST = frozenset({Category.DEMANDE})
BREACH = frozenset({Category.VIOLATION})
REGISTERS = REQUEST | BREACH | {Category.CONTROLE}
# Everything the coordination holds about a situation: neither the directory nor what the DPO keeps.
EVERYTHING = frozenset(Category) - {Category.ANNUAIRE} - CONFIDENCE - REGISTERS
NOMINATIVE = EVERYTHING - {Category.STATISTIQUE} | CONFIDENCE

# A line of a list: initials, codes, next date.
LISTED = frozenset({Category.ETAT_CIVIL, Category.PROCEDURE, Category.STATISTIQUE})

# What the fiche-navette carries: exact civil status and precise facts, so that the procureur
# can check that the person is not already before a court, then the answer and the report.
FICHE = frozenset(
    {Category.ETAT_CIVIL, Category.FAITS, Category.PROCEDURE, Category.REPONSE_PARQUET}
)

# A rappel à l'ordre is convened by letter and, for a minor, held with the parents
# (art. L.132-7 CSI): the address and the family are needed there.
RAPPEL = FICHE | {Category.COORDONNEES, Category.FAMILLE}

# What a partner needs to say whether they follow someone: who it is, and nothing of the facts.
CONSULTED = frozenset({Category.ETAT_CIVIL, Category.PROCEDURE})
# A transaction is addressed to the person, and to the representatives of a minor; whoever
# homologates it reads what is proposed, to whom and for which facts (art. R. 15-33-63 CPP).
TRANSACTION = RAPPEL
HOMOLOGATION = FICHE | {Category.COORDONNEES}

# An aide parentale is the family's: who the minor is, who answers for them, where to write. The
# facts stay where they are: what is proposed to parents is no sanction.
PARENTING = frozenset(
    {Category.ETAT_CIVIL, Category.COORDONNEES, Category.FAMILLE, Category.PROCEDURE}
)

# What a CMER keeps beside an examination: dates and closed answers, nobody's name.
SIGNAL = frozenset({Category.ORIENTATION, Category.PROCEDURE})

# What a cell shares around its table. Written out, not subtracted: a category added
# tomorrow stays closed to the members until someone decides otherwise.
AROUND_THE_TABLE = frozenset(
    {
        Category.ETAT_CIVIL,
        Category.SCOLARITE,
        Category.FAITS,
        Category.ORIENTATION,
        Category.PROCEDURE,
        Category.STATISTIQUE,
    }
)

# Why the rest stays with the coordination: only useful information is exchanged,
# in the interest of the person concerned.
WITHHELD: Mapping[Category, str] = {
    Category.COORDONNEES: (
        "Une adresse ou un téléphone ne sert qu’à convoquer, ce que fait la coordination ; "
        "en connaître n’aide pas à choisir une orientation."
    ),
    Category.FAMILLE: (
        "Les parents, frères et sœurs ne sont pas la personne concernée ; le service qui connaît "
        "la famille en dit, en conscience, ce qu’il juge utile."
    ),
    Category.REPONSE_PARQUET: (
        "La réponse du procureur s’adresse au maire ; la cellule apprend seulement "
        "que la procédure avance ou s’arrête."
    ),
    Category.PIECE: (
        "Une pièce porte bien plus que l’utile : la coordination en dit l’essentiel à la cellule, "
        "et la pièce ne circule pas."
    ),
}
