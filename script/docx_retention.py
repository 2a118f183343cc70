"""What the model of the bordereau d’élimination says."""

from docx.document import Document
from docx.shared import Cm
from docx_drawing import grid, say
from docx_papers import end, letter, say_all


def bordereau_elimination() -> Document:
    document = letter("Bordereau d’élimination d’archives publiques")
    say_all(
        document,
        "Les dossiers décrits ci-dessous, arrivés au terme de leur durée d’utilité, ont été "
        "détruits le {{ elimine_le }}, sous l’accord {{ accord }} des archives départementales.",
        "Service versant~: {{ commune }}{% if service %}, {{ service }}{% endif %}.",
    )
    grid(
        document,
        "Une ligne par lot éliminé : sa nature, la cellule, le nombre de dossiers, les années.",
        (Cm(5.4), Cm(6.6), Cm(2.4), Cm(3.2)),
        ("Nature", "Cellule", "Dossiers", "Ouverts en"),
        "ligne in lots",
        (
            ["{{ ligne.nature }}**"],
            ["{{ ligne.cellule }}"],
            ["{{ ligne.nombre }}"],
            ["{{ ligne.annees }}"],
        ),
    )
    say(document, "Comment ils ont été détruits", "Heading 2")
    say_all(
        document,
        "Total~: {{ total }}~dossier(s). Les clés de chaque dossier ont été détruites, puis ses "
        "lignes, puis les pages de la base qui les portaient ont été réécrites.",
        "Chaque effacement est inscrit au journal (entrées {{ ecritures }}). Le certificat "
        "{{ reference }} le prouve dossier par dossier, et se vérifie avec la clé publique du "
        "journal.",
    )
    return end(document, "Le maire", "Le directeur des archives départementales", wording=True)
