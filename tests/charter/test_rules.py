"""The table, pinned: a change of rule must be wanted, and shows here."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from charter import matrix
from charter.actions import Action
from charter.categories import AROUND_THE_TABLE, EVERYTHING, NOMINATIVE, WITHHELD, Category
from charter.decide import decide
from charter.references import REFERENCES, Article
from charter.roles import CELL_MEMBERS, WITHOUT_CELL, Role
from charter.rules import RULES, RULES_FOR, Audience, Condition
from charter.subjects import Actor, Mandate, Subject

# In the nominal state: mandate valid and designated, current text signed, key held, second factor
# fresh, convened, about someone else, when the procedure waits for it.
DAY = date(2026, 11, 21)
COLUMNS = {
    "maire": (Role.MAIRE,),
    "elu": (Role.ELU_DELEGUE,),
    "coord": (Role.COORDONNATEUR,),
    "membre": tuple(CELL_MEMBERS),
    "signal": (Role.SIGNALEUR,),
    "cjv": (Role.CORRESPONDANT_JUSTICE_VILLE,),
    "parquet": (Role.PARQUET,),
    "dpo": (Role.DPO,),
    "admin": (Role.ADMINISTRATEUR,),
}
EXPECTED = """
                      maire elu coord membre signal cjv parquet dpo admin
page:public           x     x   x     x      x      x   x       x   x
home:read             x     x   x     x      x      x   x       x   x
session:close         x     x   x     x      x      x   x       x   x
session:confirm       x     x   x     x      x      x   x       x   x
session:act           x     x   x     x      x      x   x       x   x
account:read          x     x   x     x      x      x   x       x   x
account:sessions      x     x   x     x      x      x   x       x   x
account:factors       x     x   x     x      x      x   x       x   x
account:mail          x     x   x     x      x      x   x       x   x
charter:read          x     x   x     x      x      .   .       .   .
charter:sign          x     x   x     x      x      .   .       .   .
charter:proof         x     x   x     x      x      .   .       .   .
charter:sheet         x     x   x     .      .      .   .       .   .
charter:publish       x     x   x     .      .      .   .       .   .
matrix:read           x     x   x     x      x      x   x       x   x
situation:list        x     x   x     .      .      .   .       .   .
situation:search      x     x   x     .      .      .   .       .   .
situation:read        x     x   x     x      .      .   .       .   .
situation:create      .     .   x     .      .      .   .       .   .
situation:import      .     .   x     .      .      .   .       .   .
situation:edit        .     .   x     .      .      .   .       .   .
situation:follow      .     .   x     .      .      .   .       .   .
situation:recuse      x     x   x     x      .      .   .       .   .
situation:restore     x     x   x     .      .      .   .       .   .
situation:close       .     .   x     .      .      .   .       .   .
situation:reopen      .     .   x     .      .      .   .       .   .
situation:receipt     x     x   x     .      .      .   .       .   .
information:record    .     .   x     .      .      .   .       .   .
information:except    x     x   x     .      .      .   .       .   .
information:export    x     x   x     .      .      .   .       .   .
danger:record         x     x   x     .      .      .   .       .   .
danger:export         x     x   x     .      .      .   .       .   .
attachment:read       x     x   x     .      .      .   .       .   .
attachment:add        x     x   x     .      .      .   .       .   .
attachment:remove     x     x   x     .      .      .   .       .   .
confidence:read       x     .   .     .      .      .   .       .   .
confidence:write      x     .   .     .      .      .   .       .   .
confidence:erase      x     .   .     .      .      .   .       .   .
deposit:create        x     x   x     x      x      .   .       .   .
deposit:track         x     x   x     x      x      .   .       .   .
deposit:list          .     .   x     .      .      .   .       .   .
deposit:read          .     .   x     .      .      .   .       .   .
deposit:answer        .     .   x     .      .      .   .       .   .
seance:list           x     x   x     x      .      .   .       .   .
seance:read           x     x   x     x      .      .   .       .   .
seance:create         .     .   x     .      .      .   .       .   .
seance:edit           .     .   x     .      .      .   .       .   .
seance:request        x     x   x     x      .      .   .       .   .
seance:answer         .     .   x     .      .      .   .       .   .
seance:hold           .     .   x     .      .      .   .       .   .
seance:record         .     .   x     .      .      .   .       .   .
seance:contribute     .     .   .     x      .      .   .       .   .
seance:close          .     .   x     .      .      .   .       .   .
seance:minutes        x     x   x     x      .      .   .       .   .
seance:export         x     x   x     x      .      .   .       .   .
seance:convoke        .     .   x     .      .      .   .       .   .
seance:reply          x     x   x     x      .      .   .       .   .
seance:calendar       x     x   x     x      .      .   .       .   .
orientation:list      x     x   x     x      .      .   .       .   .
orientation:answer    x     x   x     x      .      .   .       .   .
figures:read          .     .   x     .      .      .   .       .   .
rappel:announce       .     .   x     .      .      .   .       .   .
rappel:read           x     x   x     .      .      .   .       .   .
rappel:list           x     x   x     .      .      .   .       .   .
rappel:sheet          x     x   x     .      .      .   .       .   .
rappel:remind         x     x   x     .      .      .   .       .   .
rappel:consult        .     .   x     .      .      .   .       .   .
rappel:convene        x     x   x     .      .      .   .       .   .
rappel:record         x     x   x     .      .      .   .       .   .
rappel:report         x     x   x     .      .      .   .       .   .
rappel:export         x     x   x     .      .      .   .       .   .
fiche:list            .     .   .     .      .      x   x       .   .
fiche:read            .     .   .     .      .      x   x       .   .
fiche:answer          .     .   .     .      .      .   x       .   .
fiche:export          .     .   .     .      .      x   x       .   .
fiche:carry           .     .   .     .      .      x   .       .   .
fiche:scan            x     x   x     .      .      x   x       .   .
fiche:absence         .     .   .     .      .      .   x       .   .
consultation:list     x     x   x     x      .      .   .       .   .
consultation:read     x     x   x     x      .      .   .       .   .
consultation:answer   x     x   x     x      .      .   .       .   .
activity:read         .     .   .     .      .      .   x       .   .
activity:export       .     .   .     .      .      .   x       .   .
transaction:prepare   .     .   x     .      .      .   .       .   .
transaction:read      x     x   x     .      .      .   .       .   .
transaction:act       x     x   x     .      .      .   .       .   .
transaction:export    x     x   x     .      .      .   .       .   .
homologation:list     .     .   .     .      .      x   x       .   .
homologation:read     .     .   .     .      .      x   x       .   .
parenting:open        .     .   x     .      .      .   .       .   .
parenting:read        x     x   x     .      .      .   .       .   .
parenting:act         x     x   x     .      .      .   .       .   .
parenting:export      x     x   x     .      .      .   .       .   .
cmer:read             x     x   x     .      .      .   .       .   .
cmer:record           .     .   x     .      .      .   .       .   .
homologation:answer   .     .   .     .      .      .   x       .   .
homologation:carry    .     .   .     .      .      x   .       .   .
homologation:scan     x     x   x     .      .      x   x       .   .
contravention:read    x     x   x     .      .      .   .       .   .
contravention:edit    .     .   x     .      .      .   .       .   .
deadline:list         x     x   x     .      .      .   .       .   .
report:read           x     x   x     .      .      .   .       .   .
report:export         x     x   x     .      .      .   .       .   .
report:model          x     x   x     .      .      .   .       .   .
right:list            .     .   x     .      .      .   .       x   .
right:read            .     .   x     .      .      .   .       x   .
right:record          .     .   x     .      .      .   .       x   .
right:decide          .     .   .     .      .      .   .       x   .
right:execute         .     .   x     .      .      .   .       .   .
right:freeze          .     .   x     .      .      .   .       x   .
right:export          .     .   x     .      .      .   .       .   .
right:letter          .     .   x     .      .      .   .       x   .
retention:read        x     x   x     .      .      .   .       x   .
retention:keep        .     .   x     .      .      .   .       .   .
retention:set         .     .   .     .      .      .   .       x   .
retention:export      .     .   .     .      .      .   .       x   .
archive:list          x     x   x     .      .      .   .       .   .
archive:request       x     x   x     .      .      .   .       .   .
archive:decide        x     x   x     .      .      .   .       .   .
breach:declare        .     .   .     .      .      .   .       x   x
breach:read           .     .   .     .      .      .   .       x   .
breach:record         .     .   .     .      .      .   .       x   .
breach:export         .     .   .     .      .      .   .       x   .
processing:read       .     .   .     .      .      .   .       x   .
processing:publish    .     .   .     .      .      .   .       x   .
processing:assess     .     .   .     .      .      .   .       x   .
processing:export     .     .   .     .      .      .   .       x   .
journal:read          .     .   .     .      .      .   .       x   .
journal:export        .     .   .     .      .      .   .       x   .
journal:verify        .     .   .     .      .      .   .       x   .
journal:checkpoint    .     .   .     .      .      .   .       x   .
journal:witness       .     .   .     .      .      .   x       x   .
watch:read            .     .   .     .      .      .   .       x   .
watch:run             .     .   .     .      .      .   .       x   .
watch:answer          .     .   .     .      .      .   .       x   .
watch:set             .     .   .     .      .      .   .       x   .
member:list           .     .   x     .      .      .   .       .   x
member:invite         .     .   x     .      .      .   .       .   x
member:admit          .     .   x     .      .      .   x       x   .
member:peers          .     .   .     .      .      .   x       x   .
directory:share       .     .   .     .      .      .   .       .   x
member:exclude        .     .   x     .      .      .   .       .   .
member:reset          .     .   .     .      .      .   .       .   x
mandate:read          .     .   x     .      .      .   .       .   x
mandate:grant         .     .   x     .      .      .   .       .   x
mandate:end           x     x   x     .      .      .   .       .   x
function:add          .     .   .     .      .      .   .       .   x
access:review         x     .   .     .      .      .   .       x   .
access:export         x     .   .     .      .      .   .       x   .
key:read              .     .   x     .      .      .   .       .   .
key:renew             .     .   x     .      .      .   .       .   .
access:certify        x     .   .     .      .      .   .       x   .
cell:list             x     x   x     .      .      .   .       x   x
cell:read             x     x   x     .      .      .   .       x   x
cell:edit             .     .   x     .      .      .   .       .   .
cell:open             .     .   x     .      .      .   .       .   .
cell:create           .     .   x     .      .      .   .       .   x
paper:read            .     .   x     .      .      .   .       .   x
paper:edit            .     .   x     .      .      .   .       .   x
health:read           .     .   .     .      .      .   .       .   x
mail:settings         .     .   .     .      .      .   .       .   x
"""


def nominal(role: Role, action: Action):
    cell = None if role in WITHOUT_CELL else "CCTP"
    return decide(seated(role, cell), action, open_subject(cell), date(2026, 11, 21))


def seated(role: Role, cell: str | None = "CCTP") -> Actor:
    here = frozenset({"CCTP"})
    mandate = Mandate(role, cell, date(2026, 1, 1), designated=True)
    return Actor("M-1", (mandate,), signed=here, admitted=here, fresh=True)


def open_subject(cell: str | None = "CCTP") -> Subject:
    return Subject(
        cell, convened=True, recused=False, turn=True, person="M-2", frozen=False, archived=False
    )


def test_the_matrix_is_the_one_agreed():
    header, *lines = EXPECTED.strip("\n").splitlines()
    assert header.split() == list(COLUMNS)
    expected = {
        action: dict(zip(COLUMNS, marks, strict=True)) for action, *marks in map(str.split, lines)
    }
    built = {
        action.value: {
            name: "".join({".x"[nominal(role, action).allowed] for role in roles})
            for name, roles in COLUMNS.items()
        }
        for action in Action
    }
    assert built == expected
    assert {role for roles in COLUMNS.values() for role in roles} == set(Role)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.conditions])
def test_each_condition_of_each_rule_is_necessary(rule):
    nowhere = frozenset[str]()
    for role in Role if rule.roles is Audience.ACCOUNT else rule.roles:
        cell = "CCTP" if Condition.CELL in rule.conditions else None
        actor, subject = seated(role, cell), open_subject(cell)
        undesignated = tuple(replace(m, designated=False) for m in actor.mandates)
        lacking = {
            Condition.CELL: (actor, replace(subject, cell=None)),
            Condition.SIGNED: (replace(actor, signed=nowhere), subject),
            Condition.LAWFUL_FILE: (replace(actor, forbidden=frozenset({"CCTP"})), subject),
            Condition.ADMITTED: (replace(actor, admitted=nowhere), subject),
            Condition.CONVENED: (actor, replace(subject, convened=False)),
            Condition.CONCERNED: (actor, replace(subject, convened=False)),
            Condition.UNRECUSED: (actor, replace(subject, recused=True)),
            Condition.UNFROZEN: (actor, replace(subject, frozen=True)),
            Condition.PRESENT: (actor, replace(subject, archived=True)),
            Condition.TURN: (actor, replace(subject, turn=False)),
            Condition.DESIGNATED: (replace(actor, mandates=undesignated), subject),
            Condition.OTHER_PERSON: (actor, replace(subject, person="M-1")),
            Condition.FRESH: (replace(actor, fresh=False), subject),
        }
        assert decide(actor, rule.action, subject, date(2026, 11, 21)).allowed
        for condition in rule.conditions:
            who, what = lacking[condition]
            assert not decide(who, rule.action, what, date(2026, 11, 21)).allowed


@pytest.mark.parametrize("action", Action)
def test_every_action_has_a_rule(action):
    assert RULES_FOR[action]


@pytest.mark.parametrize("role", sorted(CELL_MEMBERS))
def test_members_never_see_the_answer_of_the_parquet_nor_the_family(role):
    seen = nominal(role, Action.SITUATION_READ).categories
    assert seen == AROUND_THE_TABLE
    assert not seen & {Category.REPONSE_PARQUET, Category.COORDONNEES, Category.FAMILLE}


@pytest.mark.parametrize("role", [Role.DPO, Role.ADMINISTRATEUR])
def test_the_dpo_and_the_administrator_read_nothing_nominative(role):
    seen = frozenset().union(*(nominal(role, action).categories for action in Action))
    assert not seen & NOMINATIVE
    assert seen <= ({Category.DEMANDE, Category.VIOLATION} if role is Role.DPO else set())


def test_the_parquet_sees_no_exchange_of_the_cells():
    seen = frozenset().union(*(nominal(Role.PARQUET, action).categories for action in Action))
    assert not seen & {Category.SCOLARITE, Category.FAMILLE, Category.ORIENTATION}


def test_a_report_shows_codes_only():
    assert nominal(Role.MAIRE, Action.REPORT_READ).categories == {Category.STATISTIQUE}


def test_what_members_do_not_see_has_its_reason():
    assert frozenset(WITHHELD) == EVERYTHING - AROUND_THE_TABLE


def test_what_is_revealed_to_the_maire_is_seen_by_no_other():
    for role in Role:
        seen = frozenset().union(*(nominal(role, action).categories for action in Action))
        assert (Category.CONFIDENCE_MAIRE in seen) == (role is Role.MAIRE)


def test_every_article_has_its_line_in_the_table():
    assert set(REFERENCES) == set(Article)


@pytest.mark.parametrize("closed_list", [Role, Action, Category, Condition])
def test_every_word_of_the_charter_has_its_label(closed_list):
    assert all(word.label for word in closed_list)
    assert len({word.label for word in closed_list}) == len(closed_list)


def test_writing_is_declared():
    assert Action.FICHE_ANSWER.writes
    assert not Action.SITUATION_READ.writes
    assert Action.SITUATION_READ.scope == "situation"


def test_the_printed_table_has_one_line_a_rule():
    rows = matrix.rows(DAY)
    assert [row["action"] for row in json.loads(matrix.as_json(DAY))] == [r.action for r in RULES]
    markdown = matrix.as_markdown(DAY).splitlines()
    table = [line for line in markdown if line.startswith("|")]
    assert len(table) == len(rows) + 2
    assert {line.count("|") for line in table} == {6}
    assert sum(line.startswith("- **") for line in markdown) == len(WITHHELD)


def test_french_typography_of_what_is_printed():
    printed = matrix.as_markdown(DAY) + "".join(r.wording + r.label for r in REFERENCES.values())
    assert not re.search(r" [:;?!»]|« |'", printed)
