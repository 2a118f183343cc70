"""A breach in the order of the CNIL's own form, to copy there or keep as the documentation that
art. 33 §5 RGPD asks for."""

from collections.abc import Mapping
from datetime import date

from casework.breaches.models import BreachStep
from casework.breaches.service import Kind, Line, Nature
from casework.documents.sheet import Block, Heading, Table, Text, draw
from casework.web.french import moment

NOT_SAID = "Non renseigné à ce jour : à compléter par une notification complémentaire."


def natures(line: Line) -> str:
    return " ; ".join(it.label for it in Nature if it.value in line.row.nature)


def sheet(
    line: Line,
    texts: Mapping[str, str],
    steps: list[tuple[BreachStep, str]],
    commune: str,
    day: date,
) -> bytes:
    told = {kind: next((step for step, _ in steps if step.kind == kind), None) for kind in Kind}
    late = "oui, les motifs du retard sont à joindre" if line.clock.late else "non"
    notified = told[Kind.NOTIFIEE]
    refused = told[Kind.NON_NOTIFIEE]
    to_cnil = (
        f"oui, le {moment(notified.at)}"
        if notified
        else f"non, décidé le {moment(refused.at)}"
        if refused
        else "pas encore décidé"
    )
    blocks: list[Block] = [
        Text(f"{commune}. Violation {line.row.reference}, fiche au {moment(line.clock.now)}."),
        Heading("1. Délais"),
        Table(
            ("Rubrique", "Réponse"),
            (
                ("Connaissance de la violation", moment(line.row.known_at)),
                ("Terme des 72 heures", moment(line.clock.due)),
                ("Notifiée à la CNIL", to_cnil),
                ("Délai dépassé", late),
            ),
            (6, 10.5),
        ),
        Heading("2. La violation"),
        Table(
            ("Rubrique", "Réponse"),
            (
                ("Nature", natures(line)),
                ("Circonstances", texts["faits"]),
                ("Catégories de personnes et de données", texts["categories"] or NOT_SAID),
                ("Nombre approximatif de personnes", texts["personnes"] or NOT_SAID),
                ("Nombre approximatif d’enregistrements", texts["enregistrements"] or NOT_SAID),
                ("Conséquences probables", texts["consequences"] or NOT_SAID),
                ("Mesures prises ou proposées", texts["mesures"] or NOT_SAID),
            ),
            (6, 10.5),
        ),
        Heading("3. Ce qui a été fait depuis"),
    ]
    if steps:
        rows = tuple((moment(step.at), Kind(step.kind).label, words) for step, words in steps)
        blocks.append(Table(("Moment", "Acte", "Précisions"), rows, (4, 4.5, 8)))
    else:
        blocks.append(Text("Rien encore."))
    blocks.append(Text("Aucun nom ne figure dans cette fiche ni dans le registre."))
    return draw("Violation de données", commune, day, blocks)
