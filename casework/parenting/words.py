"""How an aide parentale is told: its acts, its answers, who is waited for."""

from datetime import date

from casework.parenting.procedure import POINTS, Event, Followed, Opinion, Step, Waits
from casework.web.french import long_date

GROUNDS = {
    "assiduite": "Défaut d’assiduité scolaire",
    "surveillance": "Défaut de surveillance",
    "parents": "Demande des parents",
}
STEPS: dict[Step, str] = {
    Step.OUVRIR: "Aide ouverte, conditions de la loi vérifiées",
    Step.DEMANDER: "Avis du conseil départemental sollicité",
    Step.RECEVOIR: "Avis du conseil départemental reçu",
    Step.CONSEILLER: "Conseils donnés aux parents",
    Step.PREPARER: "Engagement de la famille préparé",
    Step.SIGNER: "Engagement signé par la famille",
    Step.REFUSER: "Engagement refusé par la famille",
    Step.INFORMER: "Autorités informées de l’accompagnement",
    Step.SUIVRE: "Point de l’engagement suivi",
    Step.SAISIR: "Conseil départemental saisi (AESF)",
    Step.REPONDRE: "Réponse du conseil départemental (AESF)",
    Step.CLORE: "Aide close",
}
OPINIONS = {
    Opinion.FAVORABLE: "Favorable",
    Opinion.RESERVE: "Favorable avec réserves",
    Opinion.DEFAVORABLE: "Défavorable",
    Opinion.MESURE: "Une mesure d’assistance éducative est ordonnée",
    Opinion.SANS: "Ne se prononce pas",
}
FOLLOWED = {
    Followed.EN_COURS: "En cours",
    Followed.TENU: "Tenu",
    Followed.NON_TENU: "Non tenu",
}
# By whom the opinion was asked for: « dans le cadre même de la CCTP » when he sits there (001:874).
WAYS = {"courrier": "Par courrier", "seance": "En séance, auprès de son représentant"}
ANSWERS = {
    "accordee": "Mesure accordée",
    "refusee": "Mesure refusée",
    "autre": "Une autre aide est proposée",
}
RESULTS = {
    "atteint": "Objectifs atteints",
    "partiel": "Objectifs atteints en partie",
    "echec": "Sans effet",
    "refus": "La famille ne souhaite pas d’aide",
    "mesure": "Une mesure d’assistance éducative est ordonnée",
    "depart": "Départ de la famille",
}
WAITS = {
    Waits.COMMUNE: "Aide parentale : acte de la commune",
    Waits.AVIS: "Aide parentale : avis du conseil départemental, à relancer",
    Waits.FAMILLE: "Aide parentale : engagement de la famille, à suivre",
    Waits.AUTORITES: "Aide parentale : autorités à informer",
    Waits.DEPARTEMENT: "Aide parentale : réponse du conseil départemental, à relancer",
}
# What an act recorded, by the name of its field, and how a closed answer reads.
DETAILS = {
    "motif": "Motif",
    "mode": "Sollicité",
    "avis": "Avis",
    "presents": "Présents",
    "conseils": "Conseils",
    "signataires": "Signé par",
    "point": "Point",
    "constat": "Constat",
    "note": "Précision",
    "accord_le": "Accord des parents",
    "elements": "Éléments transmis",
    "reponse": "Réponse",
    "resultat": "Résultat",
}
CLOSED: dict[str, dict[str, str]] = {
    "motif": GROUNDS,
    "mode": WAYS,
    "avis": {key.value: label for key, label in OPINIONS.items()},
    "constat": {key.value: label for key, label in FOLLOWED.items()},
    "reponse": ANSWERS,
    "resultat": RESULTS,
}


def told(event: Event) -> str:
    """One line of the story: the act and its day, and nothing of what was said."""
    title = f"{STEPS[event.step]} le {long_date(event.on)}"
    if event.step is Step.SUIVRE:
        return f"{title} ({CLOSED['constat'][event.content['constat']].lower()})"
    return title


def details(event: Event) -> list[tuple[str, str]]:
    """What was recorded with an act, as the page of the aide says it."""
    found = []
    for name, label in DETAILS.items():
        if value := event.content.get(name, ""):
            found.append((label, CLOSED.get(name, {}).get(value, value)))
    for number in range(1, POINTS + 1):
        if text := event.content.get(f"point_{number}", ""):
            before = long_date(date.fromisoformat(event.content[f"avant_{number}"]))
            found.append((f"Point {number}", f"{text} (avant le {before})"))
    return found
