"""The closed lists of the procedure, as its forms, pages and papers print them."""

FORMS = {
    "cellule": "Devant la cellule",
    "allegee": "Forme allégée (maire, chef de la police municipale, coordonnateur)",
}
OUTCOMES = {"tenir": "Le rappel à l’ordre a eu lieu", "carence": "La personne n’est pas venue"}

# Whom the letter convenes (001:943-951, 1017-1021).
MINOR, PARENTS, ADULT = "mineur", "parents", "adulte"
AUDIENCES = {
    MINOR: "Le mineur, avec ses parents ou représentants légaux",
    PARENTS: "Les parents d’un élève absent",
    ADULT: "Une personne majeure",
}
BY_HAND, REGISTERED, OTHERWISE = "main_propre", "recommande", "autre"
MODES = {
    BY_HAND: "En main propre, par la police municipale",
    REGISTERED: "Lettre recommandée avec avis de réception",
    OTHERWISE: "Autrement",
}
DELIVERED, ABSENT, DECLINED = "remise", "absent", "refus"
RESULTS = {
    DELIVERED: "Remise",
    ABSENT: "Personne absente",
    DECLINED: "Refus de la recevoir",
}
AFTERMATHS = {
    "rien": "Aucun nouveau fait signalé",
    "nouvelle_saisine": "De nouveaux faits font l’objet d’une autre saisine",
    "orientation": "Une orientation est proposée à la cellule",
}
