"""The figures the territorial strategies print, counted and protected by the product."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from sqlalchemy import select

from casework.demo.accounts import PASSPHRASE
from casework.demo.members import MEMBERS
from casework.members.models import Member
from casework.members.service import login_digest
from casework.reports.joint import Publication, decide
from casework.reports.periods import Period
from casework.situations import service as situations
from casework.situations.entry import Entry, Who
from casework.vault import store
from casework.vault.passphrase import unlock
from tests.casework.reports.adversary import narrowed
from tests.conftest import World

# 001:477-481, cellules de veille éducative of the secondary, September 2015 to March 2016: 46
# situations (18 the year before). 4 AEMO, 11 médiations scolaires, 9 informations préoccupantes,
# the MDS on 29 situations, 13 children with a medico-psychological follow-up. The document gives
# no number by typologie, only the three most frequent: absentéisme, difficultés scolaires, troubles
# du comportement; ours are invented.
SITUATIONS, YEAR_BEFORE = 46, 18
AEMO, MEDIATION, INFORMATION, PSYCHOLOGIQUE, SERVICE_SOCIAL = 1, 2, 3, 7, 15
MEASURES = {AEMO: 4, MEDIATION: 11, INFORMATION: 9, PSYCHOLOGIQUE: 13, SERVICE_SOCIAL: 29}
TYPOLOGIES = [1] * 18 + [3] * 14 + [4] * 11 + [14] * 3
BEGINNINGS = ("Aba", "Bos", "Car", "Dal", "Esco", "Fab", "Gra", "Hon", "Imb", "Jour", "Lau", "Mau")
ENDINGS = ("die", "quet", "melin", "fournel")
PERIOD = {"du": "01/09/2015", "au": "31/03/2016", "sortie": "csv"}


def entry(number: int, first: date) -> Entry:
    family = BEGINNINGS[number % 12] + ENDINGS[number // 12]
    suites = [code for code, many in MEASURES.items() if (number * 7) % SITUATIONS < many]
    return Entry(
        interesse=Who(family, f"Prénom{number}", date(2002, 1, 1) + timedelta(days=9 * number)),
        representants=(),
        saisine=first + timedelta(days=4 * number % 200),
        origine=2 if number % 5 else 3,
        typologie=TYPOLOGIES[number],
        statut=3 if number % 3 == 0 else 2,
        sexe=1 + number % 2,
        niveau=2 + number % 4,
        quartier=1 + number % 3,
        etablissement=1 + number % 5,
        suites=frozenset(suites),
    )


@pytest.fixture
def istres(small_world: World) -> World:
    """The CCTP of the demonstration, with the CVE's school year in it."""
    coordinator = MEMBERS[0]
    with small_world.database.write() as session:
        login = login_digest(small_world.instance, coordinator.login)
        member = session.scalars(select(Member).where(Member.login == login)).one()
        key = unlock(member.locked_key or b"", PASSPHRASE, member.reference)
        writer = store.keyring_of(session, key, member.reference).writer()
        entries = [entry(number, date(2015, 9, 1)) for number in range(SITUATIONS)]
        entries += [entry(number, date(2014, 9, 1)) for number in range(YEAR_BEFORE)]
        situations.create_many(session, writer, member.reference, "CCTP", entries)
        session.commit()
    return small_world


def test_the_istres_school_year(istres: World) -> None:
    coordinator = istres.coordinator()
    answer = coordinator.post("/cellules/CCTP/rapport", PERIOD)
    lines = list(csv.reader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    now = "Du 1er septembre 2015 au 31 mars 2016"
    said = {(line[0], line[1]): line[4] for line in lines if line[3] == now}
    assert said["Chiffres clés", "situations dont la cellule a été saisie"] == "46"
    assert lines[1][2] == "18 un an avant"
    measures = {label: n for (table, label), n in said.items() if table == "Suites données"}
    assert measures["Médiation scolaire"] == "11"
    assert measures["Information préoccupante"] == "9"
    assert measures["Accompagnement médico-psychologique (existence seule)"] == "13"
    assert measures["Orientation vers un service social"] == "29"
    # Hidden, and not of this cell: naming the line would say that somebody is behind it.
    assert "Action éducative en milieu ouvert (AEMO)" not in measures
    types = [label for table, label in said if table == "Répartition par typologie"]
    assert types[0] == "Absentéisme scolaire"
    assert ("Répartition par typologie", "Exclusions scolaires répétées") not in said


# 001:580-593, Allô Quiétude, calls by type and year (2016: until 13 October). The printed total of
# 2014 is 307; its lines add up to 295.
ALLO_QUIETUDE = {
    2012: [30, 25, 65, 3, 97, 40],
    2013: [33, 25, 60, 6, 90, 39],
    2014: [20, 40, 105, 7, 84, 39],
    2015: [30, 21, 119, 1, 104, 47],
    2016: [26, 10, 78, 4, 95, 32],
}
VERBAL = 4  # violences verbales, the fourth line


def test_the_shape_of_allo_quietude() -> None:
    past: list[Publication] = []
    for year, numbers in ALLO_QUIETUDE.items():
        period = Period(date(year, 1, 1), date(year, 12, 31))
        held = {block: {} for block in period.blocks()}
        held[period.blocks()[0]] = {
            "total": {0: sum(numbers)},
            "typologie": dict(enumerate(numbers, 1)),
        }
        new = Publication([period], held)
        shown = decide(new, past, 5)
        small = numbers[VERBAL - 1] < 5
        assert ((period, "typologie", VERBAL) in shown) is not small
        # One line is hidden with it, the smallest: none more.
        assert len(shown) == 1 + len(numbers) - 2 * small
        past.append(Publication([period], held, shown=shown))
    assert narrowed(past, 5) == []
