"""From when an access is out of the ordinary: each threshold, its bounds, and why it stands there.

Calm by default. An alert that is always there is no longer read, and the watch is for the DPO, not
for the hierarchy: none of these figures measures anybody's work.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework.cells.service import put_setting, setting


@dataclass(frozen=True)
class Threshold:
    """``low`` and ``high`` are the values a DPO may set, both included."""

    key: str
    label: str
    usual: int
    low: int
    high: int
    why: str


THRESHOLDS = (
    Threshold(
        "volume",
        "Dossiers différents ouverts en un jour",
        40,
        5,
        500,
        "Une séance chargée examine une vingtaine de situations ; la coordination en rouvre "
        "autant en la préparant.",
    ),
    Threshold(
        "facteur",
        "… et tant de fois plus que les jours ordinaires de la même personne",
        3,
        2,
        20,
        "Une coordination de grande ville ouvre plus de dossiers qu’une petite : on compare "
        "chacun à lui-même.",
    ),
    Threshold(
        "hors_heures",
        "Dossiers ouverts la nuit, un dimanche ou un jour férié, en un jour",
        3,
        1,
        100,
        "Un dossier ouvert tard s’explique ; plusieurs, de nuit, demandent une question.",
    ),
    Threshold(
        "debut_nuit", "La nuit commence à (heure)", 21, 18, 23, "Les séances finissent avant."
    ),
    Threshold("fin_nuit", "La nuit finit à (heure)", 6, 4, 9, "Nul service n’ouvre avant."),
    Threshold(
        "hors_agenda",
        "Situations jamais inscrites à une séance, ouvertes en sept jours",
        8,
        2,
        200,
        "Un dossier récent attend sa première séance : ceux de moins de trente jours, et ceux "
        "que la personne a enregistrés elle-même, ne comptent pas.",
    ),
    Threshold(
        "refus",
        "Refus opposés à une personne en un jour",
        6,
        2,
        100,
        "On se trompe de page une fois ou deux ; on insiste rarement sans raison.",
    ),
    Threshold(
        "connexions",
        "Connexions refusées en un jour, toutes adresses confondues",
        30,
        5,
        1000,
        "Une phrase mal tapée un lundi matin est ordinaire ; une série en vise une autre chose.",
    ),
    Threshold(
        "insistance",
        "Recherches du même nom par une personne en trente jours",
        8,
        3,
        100,
        "Un nom se cherche à la saisine puis à la séance. Le journal ne garde pas le nom, "
        "seulement une empreinte que beaucoup de noms partagent.",
    ),
    Threshold(
        "sorties",
        "Documents produits par une personne en un jour",
        30,
        3,
        500,
        "Les convocations d’une séance se produisent en un après-midi.",
    ),
)
BY_KEY: Mapping[str, Threshold] = {known.key: known for known in THRESHOLDS}


def values(session: Session) -> dict[str, int]:
    """The thresholds in force."""
    return {known.key: _value(session, known) for known in THRESHOLDS}


def _value(session: Session, known: Threshold) -> int:
    kept = setting(session, f"veille_{known.key}")
    return int(kept) if kept else known.usual


def put(session: Session, chosen: Mapping[str, int]) -> None:
    """Keep what the DPO chose. ValueError outside the bounds."""
    for key, value in chosen.items():
        known = BY_KEY[key]
        if not known.low <= value <= known.high:
            raise ValueError(f"{key}: {value} is outside {known.low}..{known.high}")
        put_setting(session, f"veille_{key}", str(value))
