"""What a commune's profile says: its cells, its own lists and the options of its protocol."""

from dataclasses import dataclass
from typing import Literal

from casework.cells.lists import Term


@dataclass(frozen=True)
class CellProfile:
    """A nominative cell as a strategy describes it. ``composition`` holds charter role slugs."""

    code: str
    name: str
    kind: str
    cadence: str
    composition: tuple[str, ...]


@dataclass(frozen=True)
class Retention:
    """How long a situation is kept (CNIL AU-038 as doctrine; good practices of January 2020)."""

    active_months_after_end: int = 3
    archive_years_at_most: int = 3
    until_birthday: int = 25


@dataclass(frozen=True)
class School(Term):
    """A school of the commune: a term of its closed list « établissement », and its kind."""

    kind: Literal["ecole", "college", "lycee", "lycee_pro"]


@dataclass(frozen=True)
class Profile:
    """A commune a newcomer can start from."""

    slug: str
    commune: str
    tribunal: str
    service: str
    cells: tuple[CellProfile, ...]
    quartiers: tuple[Term, ...]
    schools: tuple[School, ...]
    retention: Retention
    # For absenteeism, whether the pupil is heard with the parents (Aix) or not (Istres).
    absenteeism_hears_pupil: bool
    # Days without an answer after which the parquet is reminded. Silence never means agreement.
    parquet_reminder_days: int
