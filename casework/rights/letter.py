"""The answer to who exercised a right: one letter for each right and each answer."""

from collections.abc import Mapping
from datetime import date

from casework.documents.sheet import Block, Bullets, Text, draw
from casework.rights.clock import Clock
from casework.rights.kinds import Kind, Outcome
from casework.web.french import NBSP, long_date

DONE: Mapping[Kind, str] = {
    Kind.ACCES: (
        "Vous trouverez ci-joint les données qui vous concernent. Ce qui concerne d’autres "
        "personnes, et ce qui ferait reconnaître qui a signalé, n’en fait pas partie "
        f"(art. 15 §{NBSP}4 du RGPD)."
    ),
    Kind.RECTIFICATION: (
        "Les données inexactes ou incomplètes que vous avez signalées ont été rectifiées. Ceux à "
        "qui elles avaient été communiquées en sont informés (art. 19 du RGPD)."
    ),
    Kind.EFFACEMENT: (
        "Les données en cause ont été effacées. Seule demeure la trace, sans contenu, de leur "
        "effacement."
    ),
    Kind.LIMITATION: (
        "Le traitement des données qui vous concernent est limité : elles sont conservées, et rien "
        "d’autre n’en est fait. Vous serez informé avant que cette limitation soit levée "
        f"(art. 18 §{NBSP}3 du RGPD)."
    ),
    Kind.OPPOSITION: (
        "Il est tenu compte de votre opposition : les données qui vous concernent ne sont plus "
        "examinées par la cellule."
    ),
}
OPENING: Mapping[Outcome, str] = {
    Outcome.SATISFAITE: "Il est fait droit à votre demande.",
    Outcome.PARTIELLE: "Il est fait droit à votre demande en partie.",
    Outcome.REFUSEE: "Il n’est pas fait droit à votre demande.",
    Outcome.RIEN: "Après recherche, aucune donnée vous concernant n’est détenue à ce titre.",
}
REMEDIES = (
    "Vous pouvez écrire au délégué à la protection des données de la commune, à l’adresse de la "
    "mairie.",
    "Vous pouvez introduire une réclamation auprès de la CNIL, 3 place de Fontenoy, TSA 80715, "
    "75334 Paris Cedex 07, ou sur cnil.fr.",
    "Vous pouvez former un recours juridictionnel devant le tribunal administratif dans les deux "
    "mois de la réception de cette lettre.",
)


def answer(
    commune: str,
    reference: str,
    kind: Kind,
    texts: Mapping[str, str],
    outcome: Outcome,
    day: date,
    received: date,
) -> bytes:
    """The letter that closes a request."""
    blocks = _head(commune, reference, texts, day)
    blocks += [
        Text(f"Objet : votre demande ({kind.label.lower()}), {kind.reference}.", bold=True),
        Text(
            f"Vous avez exercé un droit par une demande reçue le {long_date(received)}. "
            f"{OPENING[outcome]}"
        ),
    ]
    if outcome in {Outcome.SATISFAITE, Outcome.PARTIELLE}:
        blocks.append(Text(DONE[kind]))
    if texts.get("motifs"):
        blocks += [Text("Les motifs en sont les suivants :"), Text(texts["motifs"])]
    return draw("Réponse à une demande", commune, day, blocks + _foot())


def prolongation(
    commune: str, reference: str, kind: Kind, texts: Mapping[str, str], clock: Clock, day: date
) -> bytes:
    """The letter by which the person is told, within the month, that two more are needed."""
    blocks = _head(commune, reference, texts, day)
    blocks += [
        Text(f"Objet : prolongation du délai de réponse (art. 12 §{NBSP}3 du RGPD).", bold=True),
        Text(
            f"Votre demande ({kind.label.lower()}) a été reçue le {long_date(clock.received)}. Le "
            f"délai d’un mois ne suffit pas : il est prolongé jusqu’au {long_date(clock.due)} au "
            "plus tard, pour les motifs suivants :"
        ),
        Text(texts.get("motif_prolongation", "")),
    ]
    return draw("Prolongation du délai", commune, day, blocks + _foot())


def _head(commune: str, reference: str, texts: Mapping[str, str], day: date) -> list[Block]:
    return [
        Text(f"{commune}, le {long_date(day)}"),
        Text(f"Référence : {reference}"),
        Text(f"{texts['nom']}\n{texts['coordonnees']}"),
        Text("Madame, Monsieur,"),
    ]


def _foot() -> list[Block]:
    return [
        Text("Si vous n’êtes pas satisfait de cette réponse :"),
        Bullets(REMEDIES),
        Text("Pour le maire, responsable du traitement"),
        Text("Nom, qualité et signature :"),
    ]
