"""What a report says of itself: how its numbers are protected, in plain French."""

from casework.cells.models import Cell
from casework.reports.present import Presented
from casework.reports.service import Report


def sentences(report: Report, shown: Presented, cell: Cell) -> list[str]:
    """Paragraphs, with the spaces of French typography."""
    threshold = cell.threshold
    if report.publication.rounded:
        said = [
            f"Chaque nombre est un multiple de {threshold} voisin du nombre exact ; les lignes "
            "d’un tableau s’additionnent encore. Aucun nombre n’est masqué."
        ]
    else:
        said = [
            f"{_masked(shown)} Un nombre est masqué s’il compte moins de {threshold} familles, "
            "si une seule famille ou une seule école en fait plus des trois quarts, ou s’il "
            "permettait de retrouver l’un de ceux-là par soustraction, dans ce rapport ou avec "
            "un rapport déjà publié.",
            "« Masqué » ne dit donc pas que le nombre est petit, ni qu’il y a quelqu’un.",
        ]
    said.append(
        "Les tableaux portent sur les situations dont la saisine tombe dans la période, qu’une "
        "séance les ait déjà examinées ou non."
    )
    silent = "nulles" if report.publication.rounded else "nulles ou masquées"
    compared = ", pour les deux périodes" if report.compared else ""
    said.append(
        "Aucun nom n’est lu pour établir ce rapport. Les lignes qui n’apparaissent pas sont "
        f"{silent}. Le statut et les suites sont ceux du jour où les chiffres sont "
        f"arrêtés{compared}."
    )
    return said


def _masked(shown: Presented) -> str:
    if not shown.masked:
        return "Aucun nombre n’est masqué."
    if shown.masked == 1:
        return f"Un nombre sur {shown.cells} est masqué."
    return f"{shown.masked} nombres sur {shown.cells} sont masqués."
