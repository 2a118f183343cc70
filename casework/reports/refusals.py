"""Why there is no report, and what to do instead: one sentence for the page and the command."""

from dataclasses import dataclass

from casework.reports.periods import WrongPeriod
from casework.reports.protection import Unprotectable
from casework.reports.service import NothingCounted, NotOver, OtherwiseRounded, TooFew

REFUSALS = (WrongPeriod, NothingCounted, TooFew, Unprotectable, NotOver, OtherwiseRounded)


@dataclass(frozen=True)
class Refusal:
    title: str
    text: str


SENTENCES: dict[type[Exception], Refusal] = {
    WrongPeriod: Refusal(  # the year before it is out of the calendar
        "Cette période ne convient pas",
        "Choisissez une période plus récente.",
    ),
    NothingCounted: Refusal(
        "Aucune saisine dans cette période",
        "Choisissez une autre période.",
    ),
    TooFew: Refusal(
        "Trop peu de situations",
        "Moins de {threshold} saisines dans cette période : un tableau pourrait faire "
        "reconnaître un jeune. Choisissez une période plus longue.",
    ),
    Unprotectable: Refusal(
        "Ce rapport ne peut pas être protégé",
        "Rapproché d’un rapport déjà publié, il ferait connaître de petits nombres par différence. "
        "Choisissez une période qui s’en distingue davantage, ou reprenez le rapport publié.",
    ),
    NotOver: Refusal(
        "La période n’est pas terminée",
        "Un rapport arrête ses chiffres une fois pour toutes : exportez-le à partir du lendemain "
        "de son dernier jour. D’ici là, sa page en est le projet.",
    ),
    OtherwiseRounded: Refusal(
        "Ce rapport est déjà publié sous son autre forme",
        "Ses nombres exacts et ses nombres arrondis, rapprochés, feraient retrouver ceux qui sont "
        "masqués. Exportez-le sous la forme publiée.",
    ),
}


def refusal(error: Exception, threshold: int) -> Refusal:
    said = SENTENCES[type(error)]
    return Refusal(said.title, said.text.format(threshold=threshold))
