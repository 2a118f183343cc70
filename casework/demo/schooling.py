"""Where a fictional pupil of Port-Miran goes to school, by age."""

from dataclasses import dataclass
from datetime import date
from random import Random

from casework.cells.lists import NIVEAU, term
from casework.demo.town import SCHOOLS

# By age reached in the calendar year the school year begins: slug of the level, class.
PRIMARY = {8: "CE2", 9: "CM1", 10: "CM2"}
COLLEGE = {11: ("sixieme", "6e"), 12: ("cinquieme", "5e"), 13: ("quatrieme", "4e")}
COLLEGE_END = ("troisieme", "3e")
LYCEE = {15: "2de", 16: "1re", 17: "terminale"}
AFTER_SCHOOL = (
    ("lycee_pro", "terminale professionnelle"),
    ("apprentissage", "CAP 2e année"),
    ("non_scolarise", ""),
)
# What kinds of schools bring a situation: slugs of the closed list « origine ».
KINDS = ("ecole", "college", "lycee")


@dataclass(frozen=True)
class Schooling:
    """Codes of the closed lists (0: none), and the class. ``kind`` is an origine slug or empty."""

    niveau: int
    etablissement: int
    classe: str
    kind: str


def schooling(rng: Random, birth: date, on: date) -> Schooling:
    """A plausible school on a day for someone aged 7 to 21."""
    autumn = on.year if on.month >= 9 else on.year - 1
    years = autumn - birth.year
    if years <= 10:
        return _at(rng, "primaire", PRIMARY.get(years, "CE1"), "ecole")
    if years <= 14:
        slug, year = COLLEGE.get(years, COLLEGE_END)
        return _at(rng, slug, f"{year} {rng.choice('ABCDE')}", "college")
    if years in LYCEE and rng.random() < 0.8:
        slug = rng.choice(("lycee", "lycee_pro"))
        suffix = "" if slug == "lycee" else " professionnelle"
        return _at(rng, slug, LYCEE[years] + suffix, slug)
    slug, year = rng.choice(AFTER_SCHOOL if years >= 16 else AFTER_SCHOOL[1:2])
    return _at(rng, slug, year, slug if slug == "lycee_pro" else "")


def _at(rng: Random, level: str, classe: str, kind: str) -> Schooling:
    schools = [school.code for school in SCHOOLS if school.kind == kind]
    return Schooling(
        niveau=term(NIVEAU, level).code,
        etablissement=rng.choice(schools) if schools else 0,
        classe=classe,
        kind="lycee" if kind == "lycee_pro" else kind,
    )
