"""Every route × every role × every state, through HTTP, against the charter's own answer."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from audit.event import Outcome
from audit.query import Row, search
from casework.demo.members import MEMBERS
from casework.deposits.models import Deposit
from casework.rappels.models import Rappel
from casework.rappels.procedure import BY_COMMUNE, BY_PARQUET
from casework.seances.models import AgendaItem, Convocation, Seance
from casework.signin import service as signin
from casework.signin.models import BrowserSession
from casework.situations import service as situations
from casework.situations.models import Situation
from casework.vault import browser
from casework.vault.models import Grant
from casework.web.access import ALWAYS_OPEN, declaration_of
from charter import register
from charter.actions import Action
from charter.decide import decide
from charter.models import MandateRow, Recusal, Signature
from charter.references import REFERENCES
from charter.roles import Role
from charter.subjects import Actor, Mandate, Subject
from tests.casework.hardening import check_page

CELLS = ("CCTP", "GSP")
COOKIE = "casework_local"
# The commissaire lends a seat to the roles the demonstration does not seat.
SEAT = {Role(who.role): who.key for who in MEMBERS}
LENDER = "commissaire"

# What each route is about. A new route must say it here, or the walk fails.
WINDOW, KEY = "a browser session", "a passkey"
NOTHING, CELL, SITUATION, SEANCE, RAPPEL, FICHE, PLACE, LINK, FILE = range(9)
ASIDE, REVEALED, DEPOSIT, MINE, MEMBER, MANDATE, MANDATE_PLACE = range(9, 16)
ABOUT = {
    "static": FILE,
    "pages.health": NOTHING,
    "pages.accessibility": NOTHING,
    "signin.form": NOTHING,
    "signin.sign_in": NOTHING,
    "signin.sign_out": NOTHING,
    "signin.challenge": NOTHING,
    "signin.act": NOTHING,
    "confirm.challenge": NOTHING,
    "confirm.confirm": NOTHING,
    "account.show": NOTHING,
    "account.close_session": WINDOW,
    "account.close_other_sessions": NOTHING,
    "account.passphrase_form": NOTHING,
    "account.change_passphrase": NOTHING,
    "account.application_form": NOTHING,
    "account.set_application": NOTHING,
    "account.remove_application": NOTHING,
    "account.passkey_form": NOTHING,
    "account.passkey_challenge": NOTHING,
    "account.add_passkey": NOTHING,
    "account.remove_passkey": KEY,
    "account.renew_codes": NOTHING,
    "home.show": NOTHING,
    "charters.read": CELL,
    "charters.sign": CELL,
    "charters.regulation": CELL,
    "charters.proof": CELL,
    "charters.signed_by_all": CELL,
    "publishing.write": CELL,
    "publishing.publish": CELL,
    "publishing.write_regulation": CELL,
    "publishing.publish_regulation": CELL,
    "matrix.show": NOTHING,
    "matrix.export": NOTHING,
    "situations.of_cell": CELL,
    "situations.search": CELL,
    "situations.new": CELL,
    "situations.create": CELL,
    "situations.show": SITUATION,
    "situations.edit_form": SITUATION,
    "situations.edit": SITUATION,
    "followers.form": SITUATION,
    "followers.name": SITUATION,
    "recusals.form": SITUATION,
    "recusals.declare": SITUATION,
    "recusals.lift": ASIDE,
    "confidences.show": SITUATION,
    "confidences.form": SITUATION,
    "confidences.record": SITUATION,
    "confidences.erase": REVEALED,
    "deposits.new": CELL,
    "deposits.create": CELL,
    "deposits.of_mine": NOTHING,
    "deposits.sent": MINE,
    "triage.of_cell": CELL,
    "triage.show": DEPOSIT,
    "triage.admit_form": DEPOSIT,
    "triage.admit": DEPOSIT,
    "triage.answer": DEPOSIT,
    "seances.of_cell": CELL,
    "seances.show": SEANCE,
    "seances.new": CELL,
    "seances.create": CELL,
    "rappels.announce_form": SITUATION,
    "rappels.announce": SITUATION,
    "rappels.show": RAPPEL,
    "rappels.hold": RAPPEL,
    "rappels.report_back": RAPPEL,
    "rappels.export": RAPPEL,
    "fiches.of_parquet": NOTHING,
    "fiches.show": FICHE,
    "fiches.confirm": FICHE,
    "fiches.answer": FICHE,
    "fiches.export": FICHE,
    "papier.carry": FICHE,
    "papier.of_fiche": FICHE,
    "papier.of_rappel": RAPPEL,
    "reports.show": CELL,
    "reports.export": CELL,
    "journal.entries": NOTHING,
    "journal.ask": NOTHING,
    "journal.story": NOTHING,
    "journal.day": NOTHING,
    "journal.export": NOTHING,
    "journal.check": NOTHING,
    "journal.compare": NOTHING,
    "journal.checkpoint": NOTHING,
    "journal.countersign": NOTHING,
    "journal.download": NOTHING,
    "members.everyone": NOTHING,
    "invitations.form": NOTHING,
    "invitations.form_in_cell": CELL,
    "invitations.invite": NOTHING,
    "invitations.invite_in_cell": CELL,
    "invitations.renew": MEMBER,
    "invitations.renew_in_cell": PLACE,
    "invitations.withdraw": MEMBER,
    "invitations.withdraw_in_cell": PLACE,
    "invitations.reset_form": MEMBER,
    "invitations.reset": MEMBER,
    "mandates.show": MEMBER,
    "mandates.show_in_cell": PLACE,
    "mandates.grant_form": MEMBER,
    "mandates.grant_form_in_cell": PLACE,
    "mandates.grant": MEMBER,
    "mandates.grant_in_cell": PLACE,
    "mandates.end_form": MANDATE,
    "mandates.end_form_in_cell": MANDATE_PLACE,
    "mandates.end": MANDATE,
    "mandates.end_in_cell": MANDATE_PLACE,
    "mandates.words_form": MANDATE,
    "mandates.words_form_in_cell": MANDATE_PLACE,
    "mandates.words": MANDATE,
    "mandates.words_in_cell": MANDATE_PLACE,
    "peers.show": NOTHING,
    "peers.admit": MEMBER,
    "peers.share_directory": MEMBER,
    "functions.form": NOTHING,
    "functions.add": NOTHING,
    "review.show": NOTHING,
    "review.export": NOTHING,
    "review.certify": NOTHING,
    "members.take_up_form": LINK,
    "members.take_up": LINK,
    "members.take_up_challenge": LINK,
    "members.of_cell": CELL,
    "members.admit": PLACE,
    "members.exclude": PLACE,
    "keys.of_cell": CELL,
    "keys.renew": CELL,
    "keys.go_on": CELL,
}


@dataclass(frozen=True)
class State:
    """How far a member is from the door, put into the database and into the expected actor."""

    apply: Callable[[Session], object]
    signed: bool = True
    admitted: bool = True
    excluded: bool = False
    convened: bool = True
    fresh: bool = True
    recused: bool = False
    ends: date | None = None
    cell: str | None = None  # the cell walked; by default the member's own


def _nothing(_session: Session) -> None:
    """The state of every day: the charter is signed."""


def _everyone_steps_aside(session: Session) -> None:
    """From every situation of their cells."""
    for cell in CELLS:
        references = session.scalars(select(Situation.reference).where(Situation.cell == cell))
        session.add_all(
            Recusal(member=member, cell=cell, object=reference, declared_at=datetime.now(UTC))
            for reference in references
            for member in register.members_of(session, cell)
        )


YESTERDAY = date.today() - timedelta(days=1)  # noqa: DTZ011 - the commune's calendar
STATES = {
    "signed": State(_nothing),
    "signed, in the CCTP": State(_nothing, cell="CCTP"),
    "signed, in the GSP": State(_nothing, cell="GSP"),
    "unsigned": State(lambda s: s.execute(delete(Signature)), signed=False),
    "mandate ended": State(
        lambda s: s.execute(update(MandateRow).values(ends=YESTERDAY)), ends=YESTERDAY
    ),
    "excluded": State(
        lambda s: s.execute(
            update(MandateRow)
            .where(MandateRow.cell.is_not(None))
            .values(excluded_at=datetime.now(UTC))
        ),
        excluded=True,
    ),
    "not admitted": State(
        lambda s: s.execute(delete(Grant).where(Grant.compartment.in_(CELLS))), admitted=False
    ),
    "stale": State(_nothing, fresh=False),
    "not convened": State(lambda s: s.execute(delete(Convocation)), convened=False),
    "recused": State(_everyone_steps_aside, recused=True),
    "recused, in the GSP": State(_everyone_steps_aside, recused=True, cell="GSP"),
}


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


@pytest.fixture(scope="module", params=STATES)
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


@dataclass(frozen=True)
class Sights:
    """Something real of each kind in a cell."""

    situation: str
    seance: str
    rappel: str
    rappel_cell: str
    rappel_waits_for: str
    deposit: str
    deposit_cell: str
    coordinator: str  # who admits and excludes nobody but herself, which changes nothing
    mandate: int  # hers in this cell


def _sights(world, cell: str) -> Sights:
    with world.database.read() as session:
        situation, seance = session.execute(
            select(Situation.reference, Seance.reference)
            .join(AgendaItem, AgendaItem.situation == Situation.id)
            .join(Seance, Seance.id == AgendaItem.seance)
            .where(Situation.cell == cell)
            .limit(1)
        ).one()
        rappel = session.scalars(select(Rappel).order_by(Rappel.id)).first()
        deposit = session.scalars(select(Deposit).order_by(Deposit.id)).first()
        mandate = session.scalars(
            select(MandateRow).where(MandateRow.cell == cell, MandateRow.role == Role.COORDONNATEUR)
        ).one()
    return Sights(
        situation,
        seance,
        *(rappel.reference, rappel.cell, rappel.attend),
        *(deposit.reference, deposit.cell),
        *(mandate.member, mandate.id),
    )


def _target(
    endpoint: str,
    sights: Sights,
    cell: str,
    actor: Actor,
    convened: bool,
    recused: bool = False,
):
    """The arguments of a route's address, and what the charter is asked about."""
    kind = ABOUT.get(endpoint)
    if kind is None:
        pytest.fail(f"{endpoint} is not in ABOUT: say what it is about, so that it is walked")
    belongs = any(mandate.cell == cell for mandate in actor.mandates)
    situation = Subject(cell, convened and belongs, recused=recused and belongs)
    return {
        NOTHING: ({}, Subject()),
        CELL: ({"cell": cell}, Subject(cell)),
        PLACE: (
            {"cell": cell, "reference": sights.coordinator},
            Subject(cell, person=sights.coordinator),
        ),
        MEMBER: ({"reference": sights.coordinator}, Subject(person=sights.coordinator)),
        MANDATE: (
            {"reference": sights.coordinator, "number": str(sights.mandate)},
            Subject(person=sights.coordinator),
        ),
        MANDATE_PLACE: (
            {"cell": cell, "reference": sights.coordinator, "number": str(sights.mandate)},
            Subject(cell, person=sights.coordinator),
        ),
        SITUATION: ({"reference": sights.situation}, situation),
        ASIDE: (
            {"reference": sights.situation, "member": sights.coordinator},
            replace(situation, person=sights.coordinator),
        ),
        REVEALED: ({"reference": sights.situation, "number": "1"}, situation),
        SEANCE: ({"reference": sights.seance}, Subject(cell, convened and belongs)),
        RAPPEL: (
            {"reference": sights.rappel},
            Subject(
                sights.rappel_cell,
                recused=recused and any(m.cell == sights.rappel_cell for m in actor.mandates),
                turn=sights.rappel_waits_for == BY_COMMUNE,
            ),
        ),
        WINDOW: ({"identifier": "0" * 32}, Subject()),
        KEY: ({"number": 1}, Subject()),
        FICHE: ({"reference": sights.rappel}, Subject(turn=sights.rappel_waits_for == BY_PARQUET)),
        DEPOSIT: ({"reference": sights.deposit}, Subject(sights.deposit_cell)),
        MINE: ({"reference": sights.deposit}, Subject()),
        LINK: ({"token": "jamais-donne"}, Subject()),
        FILE: ({"filename": "casework.css"}, Subject()),
    }[kind]


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


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_every_route_answers_as_the_charter_decides(walked, entered: Entered, role: Role) -> None:
    world, state = walked
    actor, unlocked, cell = _walker(world, entered, role, state)
    sights = _sights(world, cell)
    visitor = _arrive(world, unlocked, state.fresh)
    wrong, asked = [], 0
    for rule in _rules(world.app):
        what = declaration_of(world.app, rule.endpoint).action
        arguments, subject = _target(
            rule.endpoint, sights, cell, actor, state.convened, state.recused
        )
        expected = decide(actor, what, subject, date.today())  # noqa: DTZ011
        browsing = (
            _arrive(world, unlocked, state.fresh) if what is Action.SESSION_CLOSE else visitor
        )
        last = _newest(world)
        answer = _request(browsing, rule, _address(world.app, rule, arguments))
        asked += expected.stale
        refusal = 401 if expected.stale else 403
        if (answer.status_code == refusal) is expected.allowed or answer.status_code >= 500:
            wrong.append(f"{rule.endpoint}: {answer.status_code}, expected {expected.sentence}")
        if what is Action.PUBLIC_PAGE or (what.writes and expected.allowed):
            continue
        if expected.stale:  # asking for a second factor refuses nothing
            if "Confirmez que c’est bien vous" not in answer.text or _entries(world, last):
                wrong.append(f"{rule.endpoint}: does not ask for the second factor")
            continue
        outcome = Outcome.AUTORISE if expected.allowed else Outcome.REFUSE
        written = [(row.action, row.outcome, row.article) for row in _entries(world, last)]
        if (what.value, outcome, expected.article.value) not in written:
            wrong.append(f"{rule.endpoint}: not journaled as {outcome}, but {written}")
        if not expected.allowed and REFERENCES[expected.article].label not in answer.text:
            wrong.append(f"{rule.endpoint}: the refusal does not say its article")
    assert not wrong, "\n".join(wrong)
    assert bool(asked) is not state.fresh


def test_the_walk_knows_every_route_and_no_other(small_world) -> None:
    assert {rule.endpoint for rule in small_world.app.url_map.iter_rules()} == ABOUT.keys()


def test_anonymous_visitors_are_sent_to_sign_in(small_world) -> None:
    sights = _sights(small_world, "CCTP")
    visitor = small_world.visitor()
    for rule in _rules(small_world.app):
        public = declaration_of(small_world.app, rule.endpoint).action is Action.PUBLIC_PAGE
        arguments, _ = _target(rule.endpoint, sights, "CCTP", Actor("M-0001"), False)
        answer = _request(visitor, rule, _address(small_world.app, rule, arguments))
        assert (answer.status_code == 302 and answer.location == "/connexion") is not public, rule


def test_no_form_is_accepted_without_its_token(small_world) -> None:
    sights = _sights(small_world, "CCTP")
    visitor = small_world.visitor("coordination")
    for rule in _rules(small_world.app):
        if "POST" in rule.methods and rule.endpoint != "signin.sign_in":
            arguments, _ = _target(rule.endpoint, sights, "CCTP", Actor("M-0001"), False)
            answer = visitor.client.post(_address(small_world.app, rule, arguments))
            assert answer.status_code == 400, rule


def test_the_entry_of_a_read_is_there_before_the_page_is_made(
    small_world, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator = small_world.coordinator()
    reference = _sights(small_world, "CCTP").situation
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
    sights = _sights(small_world, "CCTP")
    for rule in _rules(small_world.app):
        if "GET" in rule.methods:
            arguments, _ = _target(rule.endpoint, sights, "CCTP", Actor("M-0001"), False)
            address = _address(small_world.app, rule, arguments)
            check_page(visitor.get(address), address)
    check_page(visitor.get("/nulle-part"), "/nulle-part")
