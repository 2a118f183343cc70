"""What a cell settles for itself, with the bounds the law sets. Pages, profiles and other domains
read these here and nowhere else."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from casework.retention.clock import (
    LEAST_AFTER_END,
    LEAST_REVIEW,
    MOST_AFTER_END,
    MOST_ARCHIVE,
    MOST_REVIEW,
)
from charter.labels import Labelled
from charter.roles import WITHIN_A_CELL, WITHOUT_KEY, Role

SMALLEST_COUNT = 5  # under it, a number in a report could point at a child
LARGEST_THRESHOLD = 20  # beyond, a small town publishes nothing
MOST_HOURS = 30  # art. 44-1 CPP
MOST_REMINDER_DAYS = 90
LONGEST_INTERVAL = 52
# The parquet holds a mandate in no cell: a seat only says that it may be represented.
SEATED = (*(role for role in Role if role in WITHIN_A_CELL - WITHOUT_KEY), Role.PARQUET)


class Information(Labelled):
    """How the persons concerned are told before their situation is examined."""

    NONE = "aucune", "Aucune information préalable"
    LETTER = "courrier", "Par courrier à la famille"
    INTERVIEW = "entretien", "En entretien"


class Unit(Labelled):
    WEEKS = "semaines", "semaines"
    MONTHS = "mois", "mois"


@dataclass(frozen=True)
class Seat:
    """A seat expected at the table: a role of the charter, in the words of the strategy.

    ``invited``: « en tant que de besoin », where the others are permanent.
    """

    role: Role
    label: str
    invited: bool = False


@dataclass(frozen=True, kw_only=True)
class Options:
    """The settings of a cell. ``every`` and ``unit``: the longest time between two séances, 0 when
    the strategy sets none; ``cadence`` says it in words."""

    cadence: str = ""
    every: int = 0
    unit: Unit = Unit.MONTHS
    urgent: bool = True
    information: Information = Information.NONE
    information_blocks: bool = False
    rappel: bool = False
    rappel_light: bool = False
    # For absenteeism, whether the pupil is heard with the parents (Aix) or not (Istres).
    pupil_heard: bool = False
    transaction: bool = False
    transaction_hours: int = MOST_HOURS
    parenting: bool = False
    reminder_days: int = 15
    threshold: int = SMALLEST_COUNT
    retention_months: int = MOST_AFTER_END
    archive_months: int = 0
    review_months: int = MOST_REVIEW
    seats: tuple[Seat, ...] = ()

    def due_after(self, last: date) -> date | None:
        """The day by which the next séance is due; None when nothing sets it."""
        if not self.every:
            return None
        if self.unit is Unit.WEEKS:
            return last + timedelta(weeks=self.every)
        month = last.month - 1 + self.every
        year, month = last.year + month // 12, month % 12 + 1
        return date(year, month, min(last.day, monthrange(year, month)[1]))

    def problems(self) -> Iterator[tuple[str, str]]:
        """The settings no cell may have: field, and the sentence that says the rule."""
        for name, least, most, sentence in BOUNDS:
            if not least <= getattr(self, name) <= most:
                yield name, sentence
        if self.information_blocks and self.information is Information.NONE:
            yield "information_blocks", "Pour la rendre obligatoire, dites comment elle se fait."
        if self.rappel_light and not self.rappel:
            yield "rappel_light", "La forme allégée suppose le rappel à l’ordre : cochez-le aussi."
        yield from self._seat_problems()

    def _seat_problems(self) -> Iterator[tuple[str, str]]:
        if not any(seat.role is Role.COORDONNATEUR for seat in self.seats):
            yield "seats", "Prévoyez la coordination : sans elle, nul n’admet les autres membres."
        for seat in self.seats:
            if seat.role not in SEATED:
                yield "seats", f"{seat.role.label} : ce rôle ne siège dans aucune cellule."
            if seat.role is Role.PARQUET and not seat.invited:
                yield "seats", "Le parquet est invité : il ne siège en permanence nulle part."


BOUNDS = (
    ("every", 0, LONGEST_INTERVAL, f"De 0 (non fixé) à {LONGEST_INTERVAL}."),
    ("transaction_hours", 1, MOST_HOURS, f"De 1 à {MOST_HOURS} heures (art. 44-1 CPP)."),
    ("reminder_days", 1, MOST_REMINDER_DAYS, f"De 1 à {MOST_REMINDER_DAYS} jours."),
    (
        "threshold",
        SMALLEST_COUNT,
        LARGEST_THRESHOLD,
        f"De {SMALLEST_COUNT} à {LARGEST_THRESHOLD} : au-dessous, un nombre pourrait désigner un "
        "enfant.",
    ),
    (
        "retention_months",
        LEAST_AFTER_END,
        MOST_AFTER_END,
        f"De {LEAST_AFTER_END} à {MOST_AFTER_END} mois : la durée que dit la charte (article 9).",
    ),
    (
        "archive_months",
        0,
        MOST_ARCHIVE,
        f"De 0 (aucune archive) à {MOST_ARCHIVE} mois : trois ans au plus.",
    ),
    (
        "review_months",
        LEAST_REVIEW,
        MOST_REVIEW,
        f"De {LEAST_REVIEW} à {MOST_REVIEW} mois : rien ne reste ouvert par oubli.",
    ),
)
