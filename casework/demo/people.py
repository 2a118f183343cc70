"""Fictional situations of Port-Miran over two school years, the same at every run.

``demo_situations`` gives the sixty of the demonstration, ``situations`` as many as a load test
needs (pools of names are drawn once, then combined).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from casework.cells.lists import FAITS, LIEN, ORIGINE, STATUT, SUITE, TYPOLOGIE, Term, age
from casework.demo import names, stories_school, stories_town
from casework.demo.schooling import KINDS, Schooling, schooling
from casework.demo.story import Story, told
from casework.demo.town import COMMUNE, QUARTIERS
from casework.situations.entry import Entry, Who

FIRST_DAY, LAST_DAY = date(2025, 9, 8), date(2026, 11, 20)
MAJORITY = 18
STORIES = (*stories_school.STORIES, *stories_town.STORIES)

# When the two cells meet: the last séance of each is still to come.
SEANCES: dict[str, tuple[date, ...]] = {
    "CCTP": (
        date(2025, 10, 16),
        date(2026, 1, 22),
        date(2026, 4, 9),
        date(2026, 6, 25),
        date(2026, 10, 8),
        date(2026, 12, 10),
    ),
    "GSP": (
        date(2025, 11, 13),
        date(2026, 2, 12),
        date(2026, 5, 21),
        date(2026, 9, 24),
        date(2026, 12, 3),
    ),
}

STREETS = (
    "rue des Cigaliers",
    "rue du Vieux-Lavoir",
    "avenue des Flamants",
    "allée des Genêts",
    "chemin des Restanques",
    "boulevard du Grand-Mistral",
    "impasse de la Calade",
    "traverse des Salins",
    "place du Moulin-Blanc",
    "quai des Pointus",
    "rue de l’Ancienne-Poste",
    "montée de la Pinède",
)
BIRTHPLACES = (
    "Aix-en-Provence",
    "Alger",
    "Arles",
    "Avignon",
    "Dakar",
    "Lisbonne",
    "Marseille",
    "Martigues",
    "Montpellier",
    "Nice",
    "Oran",
    "Saint-Denis",
    "Salon-de-Provence",
    "Toulon",
)


@dataclass(frozen=True)
class DemoSituation:
    """A situation to record, the cell it goes to, and the séances it is or will be examined at."""

    cell: str
    entry: Entry
    seances: tuple[date, ...]


def demo_situations() -> list[DemoSituation]:
    """The sixty situations of the demonstration, in the order of their saisines."""
    rng = Random(20261121)  # noqa: S311 fictional people, nothing secret
    drawn = [
        _situation(rng, STORIES[number % len(STORIES)], nom, prenoms, sexe)
        for number, (nom, prenoms, sexe) in enumerate(names.SIXTY)
    ]
    return sorted(drawn, key=lambda situation: situation.entry.saisine)


def situations(count: int, seed: int = 1) -> Iterator[DemoSituation]:
    """``count`` fictional situations, one after the other; the same for the same seed."""
    rng = Random(seed)  # noqa: S311 fictional people, nothing secret
    for _ in range(count):
        sexe = rng.choice((names.FEMININ, names.MASCULIN))
        nom, prenoms = names.surname(rng), names.prenoms(rng, sexe)
        yield _situation(rng, rng.choice(STORIES), nom, prenoms, sexe)


def _situation(rng: Random, story: Story, nom: str, prenoms: str, sexe: int) -> DemoSituation:
    cell = rng.choice(story.cells)
    saisine = _saisine_day(rng)
    birth = _birth(rng, story.ages, saisine)
    years = age(birth, saisine)
    school = schooling(rng, birth, saisine)
    past, coming = _seances(cell, saisine)
    statut, suites, followed = _outcome(rng, story, birth, past)
    open_ = statut in ("nouvelle", "en_cours")
    address = f"{rng.randint(1, 98)}, {rng.choice(STREETS)}, {COMMUNE}"
    scene, words = rng.choice(story.scenes), _words(rng, sexe)
    entry = Entry(
        interesse=Who(
            nom=nom,
            prenoms=prenoms,
            naissance=birth,
            lieu_naissance=rng.choice(BIRTHPLACES),
            adresse=address,
            telephone=_mobile(rng) if years >= MAJORITY else "",
        ),
        representants=() if years >= MAJORITY else _representatives(rng, nom, address),
        saisine=saisine,
        origine=CODE_ORIGINE[_origine(rng, story, school)],
        typologie=CODE_TYPOLOGIE[story.typologie],
        statut=CODE_STATUT[statut],
        sexe=sexe,
        niveau=school.niveau,
        quartier=rng.choice(QUARTIERS).code,
        etablissement=school.etablissement,
        faits=frozenset({CODE_FAITS[scene.fait]}),
        suites=frozenset(CODE_SUITE[slug] for slug in suites),
        classe=school.classe,
        faits_date=(saisine - timedelta(days=rng.randint(1, 18))).isoformat(),
        faits_lieu=scene.lieu,
        recit=told(scene.recit, words),
        implication=told(scene.implication, words),
        examinee=followed[-1] if followed else None,
        echeance=_deadline(rng, saisine, coming) if open_ else None,
    )
    return DemoSituation(cell, entry, followed + (coming if open_ else ()))


def _codes(terms: tuple[Term, ...]) -> dict[str, int]:
    return {term.slug: term.code for term in terms}


CODE_ORIGINE, CODE_TYPOLOGIE, CODE_STATUT = _codes(ORIGINE), _codes(TYPOLOGIE), _codes(STATUT)
CODE_FAITS, CODE_SUITE, CODE_LIEN = _codes(FAITS), _codes(SUITE), _codes(LIEN)


def _saisine_day(rng: Random) -> date:
    """A working day of the two school years, not in July or August."""
    span = (LAST_DAY - FIRST_DAY).days
    while True:
        day = FIRST_DAY + timedelta(days=rng.randint(0, span))
        if day.weekday() < 5 and day.month not in (7, 8):
            return day


def _birth(rng: Random, ages: tuple[int, int], on: date) -> date:
    """A birth that gives one of these ages on that day."""
    days = rng.randint(int(ages[0] * 365.25) + 2, int((ages[1] + 1) * 365.25) - 2)
    return on - timedelta(days=days)


def _seances(cell: str, saisine: date) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The séances after a saisine: those held, those to come."""
    after = [day for day in SEANCES[cell] if day > saisine]
    held = tuple(day for day in after if day <= LAST_DAY)
    return held, tuple(after[len(held) :])


def _outcome(
    rng: Random, story: Story, birth: date, past: tuple[date, ...]
) -> tuple[str, tuple[str, ...], tuple[date, ...]]:
    """Where the follow-up stands: statut, suites, and the séances it was examined at."""
    if not past:
        return "nouvelle", (), ()
    suites = _some(rng, story.suites)
    adult_during = any(
        age(birth, one) < MAJORITY <= age(birth, other) for one, other in pairwise(past)
    )
    if adult_during and rng.random() < 0.5:
        return "majorite", suites, past
    draw = rng.random()
    if draw < 0.45:
        return "en_cours", suites, past
    examined = past[: rng.randint(1, len(past))]
    if draw < 0.75:
        return "solutionnee", suites, examined
    if draw < 0.87:
        return "orientee", ("autre_cellule", *suites[:1]), examined
    if draw < 0.93:
        return "demenagement", suites[:1], examined
    return "classee", ("sans_suite",), examined


def _origine(rng: Random, story: Story, school: Schooling) -> str:
    """Who brings the situation: of the schools, only the kind the pupil attends."""
    possible = [slug for slug in story.origines if slug not in KINDS or slug == school.kind]
    return rng.choice(possible or ["service_municipal"])


def _deadline(rng: Random, saisine: date, coming: tuple[date, ...]) -> date:
    """A day for what is expected: some are late, most come before the next séance."""
    if rng.random() < 0.25 and saisine < LAST_DAY - timedelta(days=40):
        return LAST_DAY - timedelta(days=rng.randint(1, 20))
    return coming[0] - timedelta(days=rng.randint(0, 10))


def _representatives(rng: Random, nom: str, address: str) -> tuple[Who, ...]:
    """One or two, with the name and address of the child or their own."""
    slugs = rng.choices(
        (("mere",), ("pere",), ("mere", "pere"), ("mere", "beau_parent"), ("tuteur",)),
        (30, 8, 50, 8, 4),
    )[0]
    return tuple(_representative(rng, slug, nom, address) for slug in slugs)


def _representative(rng: Random, slug: str, nom: str, address: str) -> Who:
    sexe = names.FEMININ if slug == "mere" else names.MASCULIN
    own_name = slug in ("tuteur", "beau_parent") or rng.random() < 0.2
    elsewhere = slug == "pere" and rng.random() < 0.3
    return Who(
        nom=names.surname(rng) if own_name else nom,
        prenoms=rng.choice(names.PRENOMS_ADULTES[sexe]),
        lien=str(CODE_LIEN[slug]),
        adresse=f"{rng.randint(1, 98)}, {rng.choice(STREETS)}, {COMMUNE}" if elsewhere else address,
        telephone=_mobile(rng) if rng.random() < 0.8 else _landline(rng),
    )


def _mobile(rng: Random) -> str:
    """Numbers ARCEP keeps for works of fiction: 06 39 98."""
    return f"06 39 98 {rng.randint(0, 99):02} {rng.randint(0, 99):02}"


def _landline(rng: Random) -> str:
    """The same, for the south-east: 04 65 71."""
    return f"04 65 71 {rng.randint(0, 99):02} {rng.randint(0, 99):02}"


def _some(rng: Random, slugs: tuple[str, ...]) -> tuple[str, ...]:
    """One or two of these."""
    return tuple(rng.sample(slugs, min(len(slugs), rng.choice((1, 1, 2)))))


def _words(rng: Random, sexe: int) -> dict[str, str]:
    """What a text needs to agree with the person, and its figures."""
    girl = sexe == names.FEMININ
    jeune, il = ("la jeune", "elle") if girl else ("le jeune", "il")
    return {
        "jeune": jeune,
        "Jeune": jeune.capitalize(),
        "il": il,
        "Il": il.capitalize(),
        "le": "la" if girl else "le",
        "e": "e" if girl else "",
        "n": str(rng.randint(9, 34)),
        "h": str(rng.choice((17, 18, 20, 21, 22))),
        "m": rng.choice(("10", "15", "20", "30", "40", "45")),
    }
