"""Mandates and signatures by version, on a real database in memory."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, event, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from charter import recusals, register
from charter.actions import Action
from charter.decide import decide
from charter.models import Base, CharterText, MandateRow, Signature
from charter.roles import WITHOUT_CELL, Role
from charter.subjects import Actor, Subject
from charter.wording import CharterType, digest_of

SINCE = date(2026, 1, 1)
TODAY = date(2026, 11, 21)
KEYS = frozenset({"CCTP"})


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=ON"))
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def member(session: Session) -> str:
    register.publish(session, "CCTP", "Texte un.")
    register.grant_mandate(session, "M-0003", Role.COORDONNATEUR, "CCTP", SINCE)
    return "M-0003"


def text_of(cell: str, published_at: datetime) -> CharterText:
    return CharterText(
        cell=cell,
        version=1,
        body="",
        digest="",
        published_at=published_at,
        kind=CharterType.FOLLOW_UP,
    )


def sees(session: Session, member: str) -> Actor:
    return register.actor_for(session, member, KEYS)


def reads(session: Session, member: str) -> bool:
    actor = sees(session, member)
    return decide(
        actor, Action.SITUATION_READ, Subject("CCTP", recused=False, archived=False), TODAY
    ).allowed


def test_reading_opens_by_signing_and_closes_by_a_new_version(session, member):
    assert not reads(session, member)
    register.sign(session, member, "CCTP", digest_of("Texte un."))
    assert reads(session, member)

    register.publish(session, "CCTP", "Texte deux.")
    assert sees(session, member).outdated == {"CCTP"}
    assert not reads(session, member)

    register.sign(session, member, "CCTP", digest_of("Texte deux."))
    assert reads(session, member)
    assert sees(session, member).outdated == frozenset()


def test_a_charter_of_the_2010_type_closes_every_file(session, member):
    register.sign(session, member, "CCTP", digest_of("Texte un."))
    register.publish(session, "CCTP", "Texte un.", CharterType.NO_FILE)
    register.sign(session, member, "CCTP", digest_of("Texte un."))
    assert sees(session, member).forbidden == {"CCTP"}
    assert not reads(session, member)
    register.publish(session, "CCTP", "Texte deux.", CharterType.FOLLOW_UP)
    register.sign(session, member, "CCTP", digest_of("Texte deux."))
    assert reads(session, member)


@pytest.mark.parametrize("role", sorted(WITHOUT_CELL))
def test_a_mandate_outside_the_cells_is_held_alone(session, member, role):
    with pytest.raises(register.IncompatibleMandateError):
        register.grant_mandate(session, member, role, None, SINCE)
    register.grant_mandate(session, "M-0009", role, None, SINCE, TODAY)
    with pytest.raises(register.IncompatibleMandateError):
        register.grant_mandate(session, "M-0009", Role.MAIRE, "CCTP", TODAY)
    register.grant_mandate(session, "M-0009", Role.MAIRE, "CCTP", TODAY + timedelta(days=1))


def test_a_deport_holds_until_someone_lifts_it(session, member):
    recusals.declare(session, member, "CCTP", "CCTP-2026-001")
    recusals.declare(session, member, "CCTP", "CCTP-2026-001")
    assert recusals.recused_from(session, member) == {"CCTP-2026-001"}
    assert list(recusals.recused_members(session, "CCTP-2026-001")) == [member]
    assert not recusals.is_recused(session, "M-0004", "CCTP-2026-001")
    recusals.lift(session, member, "CCTP-2026-001")
    assert not recusals.is_recused(session, member, "CCTP-2026-001")
    recusals.declare(session, member, "CCTP", "CCTP-2026-001")
    assert recusals.is_recused(session, member, "CCTP-2026-001")


def test_only_the_text_in_force_is_signed(session, member):
    register.publish(session, "CCTP", "Texte deux.")
    with pytest.raises(register.NotTheCurrentTextError):
        register.sign(session, member, "CCTP", digest_of("Texte un."))
    with pytest.raises(register.NoPublishedTextError):
        register.sign(session, member, "GSP", digest_of("Texte un."))
    assert session.scalars(select(Signature)).all() == []


def test_signing_twice_keeps_the_first_signature(session, member):
    first = register.sign(session, member, "CCTP", digest_of("Texte un."))
    assert register.sign(session, member, "CCTP", digest_of("Texte un.")) is first


def test_a_signature_holds_for_one_person_and_one_cell(session, member):
    register.publish(session, "GSP", "Texte un.")
    register.grant_mandate(session, "M-0004", Role.PJJ, "CCTP", SINCE)
    register.grant_mandate(session, member, Role.COORDONNATEUR, "GSP", SINCE)
    register.sign(session, member, "CCTP", digest_of("Texte un."))
    assert sees(session, "M-0004").signed == frozenset()
    assert sees(session, member).signed == {"CCTP"}


def test_publishing_the_same_words_asks_nobody_to_sign_again(session, member):
    assert register.publish(session, "CCTP", "Texte un.").version == 1
    assert register.publish(session, "CCTP", "Texte deux.").version == 2
    assert register.publish(session, "CCTP", "Texte un.").version == 3
    assert register.current_text(session, "CCTP").version == 3
    assert register.current_text(session, "GSP") is None


def test_a_version_exists_once(session, member):
    known = register.current_text(session, "CCTP")
    session.add(text_of("CCTP", known.published_at))
    with pytest.raises(IntegrityError):
        session.flush()


def test_exclusion_closes_at_once_and_for_good(session, member):
    register.sign(session, member, "CCTP", digest_of("Texte un."))
    register.grant_mandate(session, member, Role.ELU_DELEGUE, "CCTP", SINCE)
    register.exclude(session, member, "CCTP")
    assert sees(session, member).excluded == {"CCTP"}
    assert not reads(session, member)
    with pytest.raises(register.ExcludedMemberError):
        register.grant_mandate(session, member, Role.MAIRE, "CCTP", SINCE)
    register.grant_mandate(session, member, Role.MAIRE, "GSP", SINCE)
    with pytest.raises(register.NoSuchMandateError):
        register.exclude(session, member, "CVE")


def test_an_ended_mandate_stays_ended(session, member):
    register.sign(session, member, "CCTP", digest_of("Texte un."))
    row = session.scalars(select(MandateRow)).one()
    register.end_mandate(session, row.id, TODAY - timedelta(days=1))
    register.end_mandate(session, row.id, TODAY + timedelta(days=30))
    assert not reads(session, member)
    with pytest.raises(register.NoSuchMandateError):
        register.end_mandate(session, 999, TODAY)


@pytest.mark.parametrize(
    ("role", "cell", "ends"),
    [
        (Role.COORDONNATEUR, None, None),
        (Role.DPO, "CCTP", None),
        (Role.MAIRE, "CCTP", SINCE - timedelta(days=1)),
    ],
)
def test_a_mandate_makes_sense(session, role, cell, ends):
    with pytest.raises(register.InvalidMandateError):
        register.grant_mandate(session, "M-0005", role, cell, SINCE, ends)


def test_an_unknown_reference_has_no_mandate(session):
    assert sees(session, "M-9999") == Actor("M-9999", admitted=KEYS)


def test_the_actor_costs_one_query(session, member):
    statements: list[str] = []
    event.listen(
        session.get_bind(),
        "before_cursor_execute",
        lambda _c, _cur, statement, *_rest: statements.append(statement),
    )
    register.grant_mandate(session, member, Role.COORDONNATEUR, "GSP", SINCE)
    statements.clear()
    assert len(sees(session, member).mandates) == 2
    assert len(statements) == 1


def test_moments_come_back_in_utc(session):
    paris = timezone(timedelta(hours=1))
    signed_at = datetime(2026, 11, 21, 15, 32, tzinfo=paris)
    session.add(text_of("CVE", signed_at))
    session.commit()
    kept = session.scalars(select(CharterText.published_at)).one()
    assert kept == signed_at
    assert kept.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(session):
    naive = datetime(2026, 11, 21, 15, 32, tzinfo=UTC).replace(tzinfo=None)
    session.add(text_of("CVE", naive))
    with pytest.raises(StatementError):
        session.flush()


def test_every_column_says_why_it_is_in_clear():
    columns = [c for table in Base.metadata.tables.values() for c in table.columns]
    assert columns
    assert all(column.info.get("public") for column in columns)
