"""The one clock of a situation: its dates in, what happens when and by which rule out. Pure.

    follow-up ──review──▶ end ──months──▶ archive, if the cell keeps one ──months──▶ erasure

Nothing stays open by forgetfulness: a follow-up that nobody renews ends by itself. Nothing goes
past the 25th birthday of anyone concerned, followed or not (CNIL, AU-038 kept as doctrine).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casework.legal_days import months_after
from charter.labels import Labelled

LEAST_AFTER_END, MOST_AFTER_END = 1, 3  # months in use after the end
MOST_ARCHIVE = 36  # months of intermediate archive
LEAST_REVIEW, MOST_REVIEW = 3, 12  # months without an act
GRACE = 3  # months to renew a follow-up once its review is due
LAST_BIRTHDAY = 25
# Between two acts on a situation and its erasure, no rule lets more time pass.
LONGEST_LIFE = MOST_REVIEW + GRACE + MOST_AFTER_END + MOST_ARCHIVE


class Stage(Labelled):
    FOLLOWED = "suivi", "Suivi en cours"
    REVIEW = "revue", "Suivi à renouveler"
    ENDED = "fin", "Suivi terminé"
    ARCHIVED = "archive", "Archive intermédiaire"
    DUE = "terme", "À effacer"


class Why(Labelled):
    """The rule that fixes the last day."""

    END = "fin", "durée de la cellule après la fin du suivi"
    IDLE = "oubli", "suivi que personne n’a renouvelé, puis durée de la cellule"
    BIRTHDAY = "anniversaire", f"{LAST_BIRTHDAY}e anniversaire d’une personne concernée"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a cell settles, in months."""

    after_end: int = MOST_AFTER_END
    archive: int = 0
    review: int = MOST_REVIEW


@dataclass(frozen=True, slots=True)
class Dates:
    """``active``: the last act on it; ``ended``: the end of the follow-up; ``limit``: the last day
    its births allow, as :func:`limit_of` gives it."""

    active: date
    ended: date | None = None
    limit: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """Each day is the first of its stage; ``archived`` is None when nothing is archived."""

    review: date | None
    end: date
    archived: date | None
    erased: date
    why: Why

    def stage(self, on: date) -> Stage:
        if on >= self.erased:
            return Stage.DUE
        if self.archived is not None and on >= self.archived:
            return Stage.ARCHIVED
        if on >= self.end:
            return Stage.ENDED
        if self.review is not None and on >= self.review:
            return Stage.REVIEW
        return Stage.FOLLOWED


def clock(dates: Dates, rules: Rules) -> Clock:
    """What happens to a situation, and when, if nobody acts on it any more."""
    review = None if dates.ended else months_after(dates.active, rules.review)
    end = dates.ended or months_after(dates.active, rules.review + GRACE)
    left = months_after(end, rules.after_end)
    erased = months_after(end, rules.after_end + rules.archive)
    why = Why.END if dates.ended else Why.IDLE
    if dates.limit is not None and dates.limit < erased:
        erased, why = dates.limit, Why.BIRTHDAY
    return Clock(review, end, left if left < erased else None, erased, why)


def limit_of(births: Iterable[date], opened: date, active: date) -> date | None:
    """The last day that these births allow: the first of the month of the earliest 25th birthday
    after the situation was ``opened``. Whoever was older by then is under the other rules alone.

    It is written in clear, since the clock runs without anybody's key; so the day of birth is not
    in it, and there is none as long as another rule comes first anyway.
    """
    birthdays = (months_after(born, 12 * LAST_BIRTHDAY) for born in births)
    birthday = min((day for day in birthdays if day > opened), default=None)
    if birthday is None:
        return None
    month = birthday.replace(day=1)
    limit = month if month > opened else birthday
    return None if limit > months_after(active, LONGEST_LIFE) else limit
