"""Every route × every role × every state, through HTTP, against the charter's own answer."""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from audit.event import Outcome
from audit.query import Row, search
from casework.clock import today
from casework.demo.members import MEMBERS
from casework.signin import service as signin
from casework.signin.models import BrowserSession
from casework.situations import service as situations
from casework.vault import browser
from casework.web.access import ALWAYS_OPEN, declaration_of
from charter import register
from charter.actions import Action
from charter.categories import Category
from charter.decide import decide
from charter.models import MandateRow
from charter.references import REFERENCES
from charter.roles import Role
from charter.rules import RULES, Condition
from charter.subjects import Actor, Mandate
from tests.casework.about import ABOUT
from tests.casework.hardening import check_page
from tests.casework.people import COOKIE
from tests.casework.routes import target_of
from tests.casework.sights import sights_of
from tests.casework.states import CELLS, STATES, State

# The commissaire lends a seat to the roles the demonstration does not seat.
SEAT = {Role(who.role): who.key for who in MEMBERS}
LENDER = "commissaire"
Rights = tuple[Action, frozenset[Condition], frozenset[Category]]


@dataclass(frozen=True)
class Entered:
    """A commune where everyone has a browser session, and what their cookies hold."""

    data: Path
    unlocked: dict[str, browser.Unlocked]


@pytest.fixture(scope="module")
def entered(seeded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, make_world) -> Entered:
    """Everyone signs in once: opening a key costs half a second of Argon2id."""
    data = tmp_path_factory.mktemp("entered") / "data"
    shutil.copytree(seeded_sqlite, data)
    world = make_world(data)
    unlocked = {}
    for who in MEMBERS:
        token = world.visitor(who.key).client.get_cookie(COOKIE).value
        with world.database.write() as session:
            row = session.get_one(BrowserSession, browser.identifier(token))
            unlocked[who.key] = browser.open_session(token, row.sealed)
            for cell in who.cells:
                signed = register.current_text(session, cell)
                register.sign(session, row.member, cell, signed.digest)
            session.commit()
    world.close()
    return Entered(data, unlocked)


@pytest.fixture(scope="module")
def walked(request, entered: Entered, tmp_path_factory: pytest.TempPathFactory, make_world):
    """The commune in one of the states."""
    data = tmp_path_factory.mktemp("walked") / "data"
    shutil.copytree(entered.data, data)
    world = make_world(data)
    state = STATES[request.param]
    with world.database.write() as session:
        state.apply(session)
        session.commit()
    yield world, state
    world.close()


def _walker(world, entered: Entered, role: Role, state: State):
    """A member in this role, their browser, and the actor the charter should see."""
    key = SEAT.get(role, LENDER)
    who = next(member for member in MEMBERS if member.key == key)
    unlocked = entered.unlocked[key]
    with world.database.write() as session:
        seat = update(MandateRow).where(MandateRow.member == unlocked.member)
        session.execute(seat.values(role=role, designated=True))
        session.commit()
    cells = frozenset(who.cells)
    none: frozenset[str] = frozenset()
    actor = Actor(
        unlocked.member,
        tuple(
            Mandate(role, cell, date(2025, 9, 1), state.ends, designated=True)
            for cell in who.cells or (None,)
        ),
        signed=cells if state.signed else none,
        admitted=cells if state.admitted else none,
        excluded=cells if state.excluded else none,
        fresh=state.fresh,
    )
    return actor, unlocked, state.cell or (who.cells or CELLS)[0]


def _arrive(world, unlocked: browser.Unlocked, fresh: bool = True):
    visitor = world.visitor()
    token = signin.open_browser_session(world.database, unlocked)
    if not fresh:
        with world.database.write() as session:
            given = datetime.now(UTC) - signin.FRESH_FOR - timedelta(seconds=1)
            session.execute(update(BrowserSession).values(confirmed_at=given))
            session.commit()
    assert visitor.token
    visitor.client.set_cookie(COOKIE, token)
    return visitor


def _address(app: Flask, rule: Rule, arguments: dict[str, str]) -> str:
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, arguments)


def _request(visitor, rule: Rule, address: str) -> TestResponse:
    return visitor.get(address) if "GET" in rule.methods else visitor.post(address)


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in ALWAYS_OPEN]


def _newest(world) -> int:
    rows = _entries(world, 0)
    return rows[0].seq if rows else -1


def _entries(world, after: int, limit: int = 12) -> list[Row]:
    with world.database.read() as session:
        found = search(session.connection(), limit=limit)
    return [row for row in found if row.seq > after]


def _rights(role: Role) -> frozenset[Rights]:
    return frozenset(
        (rule.action, rule.conditions, rule.categories)
        for rule in RULES
        if isinstance(rule.roles, frozenset) and role in rule.roles
    )


# Roles the charter gives the same rights: all of them walk on an ordinary day, one of each kind in
# the other states, since nothing else of a role is looked at (tests/charter compare them all).
KINDS = list({_rights(role): role for role in reversed(Role)}.values())


@pytest.mark.parametrize("walked", ["signed"], indirect=True)
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_every_route_answers_as_the_charter_decides(walked, entered: Entered, role: Role) -> None:
    _walk(*walked, entered, role)


@pytest.mark.parametrize("walked", [name for name in STATES if name != "signed"], indirect=True)
@pytest.mark.parametrize("role", KINDS, ids=lambda role: role.value)
def test_every_route_answers_in_every_state(walked, entered: Entered, role: Role) -> None:
    _walk(*walked, entered, role)


def _walk(world, state: State, entered: Entered, role: Role) -> None:
    actor, unlocked, cell = _walker(world, entered, role, state)
    sights = sights_of(world, cell)
    visitor = _arrive(world, unlocked, state.fresh)
    wrong, asked, last = [], 0, _newest(world)
    for rule in _rules(world.app):
        what = declaration_of(world.app, rule.endpoint).action
        arguments, subject = target_of(
            rule.endpoint, sights, cell, actor, state.convened, state.recused, state.frozen
        )
        expected = decide(actor, what, subject, today())
        browsing = visitor
        if what is Action.SESSION_CLOSE:
            browsing, last = _arrive(world, unlocked, state.fresh), _newest(world)
        answer = _request(browsing, rule, _address(world.app, rule, arguments))
        entries = _entries(world, last)
        last = entries[0].seq if entries else last
        asked += expected.stale
        refusal = 401 if expected.stale else 403
        if (answer.status_code == refusal) is expected.allowed or answer.status_code >= 500:
            wrong.append(f"{rule.endpoint}: {answer.status_code}, expected {expected.sentence}")
        if what is Action.PUBLIC_PAGE or (what.writes and expected.allowed):
            continue
        if expected.stale:  # asking for a second factor refuses nothing
            if "Confirmez que c’est bien vous" not in answer.text or entries:
                wrong.append(f"{rule.endpoint}: does not ask for the second factor")
            continue
        outcome = Outcome.AUTORISE if expected.allowed else Outcome.REFUSE
        written = [(row.action, row.outcome, row.article) for row in entries]
        if (what.value, outcome, expected.article.value) not in written:
            wrong.append(f"{rule.endpoint}: not journaled as {outcome}, but {written}")
        if not expected.allowed and REFERENCES[expected.article].label not in answer.text:
            wrong.append(f"{rule.endpoint}: the refusal does not say its article")
    assert not wrong, "\n".join(wrong)
    assert bool(asked) is not state.fresh


def test_the_walk_knows_every_route_and_no_other(small_world) -> None:
    assert {rule.endpoint for rule in small_world.app.url_map.iter_rules()} == ABOUT.keys()


def test_anonymous_visitors_are_sent_to_sign_in(small_world) -> None:
    sights = sights_of(small_world, "CCTP")
    visitor = small_world.visitor()
    for rule in _rules(small_world.app):
        public = declaration_of(small_world.app, rule.endpoint).action is Action.PUBLIC_PAGE
        arguments, _ = target_of(rule.endpoint, sights, "CCTP", Actor("M-0001"), False)
        answer = _request(visitor, rule, _address(small_world.app, rule, arguments))
        assert (answer.status_code == 302 and answer.location == "/connexion") is not public, rule


def test_no_form_is_accepted_without_its_token(small_world) -> None:
    sights = sights_of(small_world, "CCTP")
    visitor = small_world.visitor("coordination")
    for rule in _rules(small_world.app):
        if "POST" in rule.methods and rule.endpoint != "signin.sign_in":
            arguments, _ = target_of(rule.endpoint, sights, "CCTP", Actor("M-0001"), False)
            answer = visitor.client.post(_address(small_world.app, rule, arguments))
            assert answer.status_code == 400, rule


def test_the_entry_of_a_read_is_there_before_the_page_is_made(
    small_world, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator = small_world.coordinator()
    reference = sights_of(small_world, "CCTP").situation
    last, seen = _newest(small_world), []

    def opening(*_arguments: object) -> None:
        seen.extend(_entries(small_world, last))
        raise LookupError

    monkeypatch.setattr(situations, "open_situation", opening)
    assert coordinator.get(f"/situations/{reference}").status_code == 500
    assert [(row.action, row.object, row.outcome) for row in seen] == [
        ("situation:read", reference, Outcome.AUTORISE)
    ]


def test_a_write_that_fails_leaves_neither_change_nor_entry(
    small_world, monkeypatch: pytest.MonkeyPatch
) -> None:
    administrator = small_world.visitor("administration")
    last = _newest(small_world)

    def failing(*_arguments: object) -> None:
        raise LookupError

    monkeypatch.setattr("audit.journal.Journal.append", failing)
    answer = administrator.post(
        "/membres/inviter",
        {
            "prenom": "Inès",
            "nom": "Caradec",
            "fonction": "Directrice",
            "institution": "Bailleur",
            "identifiant": "ines@port-miran.example",
            "role": "signaleur",
            "cellule": "CCTP",
            "debut": "01/09/2026",
        },
    )
    assert answer.status_code == 500
    assert _entries(small_world, last) == []
    with small_world.database.read() as session:
        assert register.mandates_of(session, f"M-{len(MEMBERS) + 1:04d}") == []


@pytest.mark.parametrize("key", ["coordination", "parquet", "dpo", "administration", "pjj", None])
def test_pages_carry_the_headers_and_nothing_inline(small_world, key: str | None) -> None:
    visitor = small_world.coordinator() if key == "coordination" else small_world.visitor(key)
    sights = sights_of(small_world, "CCTP")
    for rule in _rules(small_world.app):
        if "GET" in rule.methods:
            arguments, _ = target_of(rule.endpoint, sights, "CCTP", Actor("M-0001"), False)
            address = _address(small_world.app, rule, arguments)
            check_page(visitor.get(address), address)
    check_page(visitor.get("/nulle-part"), "/nulle-part")
