"""Signing in: one answer to every failure, and sessions that end."""

import re
import time
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import delete, select, update

from casework.demo.accounts import PASSPHRASE, TOTP_SECRET
from casework.members.models import Member
from casework.signin.models import BrowserSession, SigninAttempt
from casework.signin.throttle import FREE_FAILURES
from casework.vault import browser
from casework.vault.errors import IntegrityError
from charter.models import MandateRow
from tests.casework.people import COOKIE

LOGIN = "dpo@port-miran.example"
RIGHT = {"identifiant": LOGIN, "phrase": PASSPHRASE}


def _code(steps: int = 0) -> str:
    return pyotp.TOTP(TOTP_SECRET).at(int(time.time()) + 30 * steps)


def _attempt(world, **changed: str):
    return world.visitor().post("/connexion", RIGHT | {"code": _code()} | changed)


def _without_values(page: str) -> str:
    return re.sub(r"\b\d{6}\b", "", re.sub(r'value="[^"]*"', "", page))


def test_the_error_does_not_say_what_was_wrong(small_world) -> None:
    answers = [
        _attempt(small_world, identifiant="personne@port-miran.example"),
        _attempt(small_world, phrase="autre lavande brume oursin"),
        _attempt(small_world, code="000000"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({_without_values(answer.text) for answer in answers}) == 1
    assert all(COOKIE not in str(answer.headers) for answer in answers)


def test_a_passphrase_is_never_written_back(small_world) -> None:
    typed = "autre lavande brume oursin"
    assert typed not in _attempt(small_world, phrase=typed).text


def test_a_code_serves_once(world) -> None:
    code = _code()
    assert _attempt(world, code=code).status_code == 302
    assert _attempt(world, code=code).status_code == 401
    assert _attempt(world, code=_code(-1)).status_code == 401
    assert _attempt(world, code=_code(1)).status_code == 302


def test_guesses_are_slowed_down_and_a_restart_does_not_help(small_world, make_world) -> None:
    for _ in range(FREE_FAILURES):
        assert _attempt(small_world, code="000000").status_code == 401
    assert _attempt(small_world).status_code == 429
    restarted = make_world(small_world.instance.data)
    assert _attempt(restarted).status_code == 429
    with small_world.database.write() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(update(SigninAttempt).values(blocked_until=past))
        session.commit()
    assert _attempt(restarted).status_code == 302
    restarted.close()


def test_waits_grow_with_failures(small_world) -> None:
    waits = []
    for _ in range(FREE_FAILURES + 2):
        with small_world.database.write() as session:
            past = datetime.now(UTC) - timedelta(seconds=1)
            session.execute(update(SigninAttempt).values(blocked_until=past))
            session.commit()
        assert _attempt(small_world, identifiant="x@y.example").status_code == 401
        with small_world.database.read() as session:
            attempt = session.scalars(select(SigninAttempt)).first()
            waits.append(attempt.blocked_until - attempt.updated_at)
    assert all(wait <= timedelta(0) for wait in waits[: FREE_FAILURES - 1])
    assert waits[-3] < waits[-2] < waits[-1]


def _move(world, **columns: datetime) -> None:
    with world.database.write() as session:
        session.execute(update(BrowserSession).values(**columns))
        session.commit()


def _signed_out(answer) -> bool:
    return answer.status_code == 302 and answer.location == "/connexion"


def test_a_session_ends_after_a_quarter_of_an_hour_idle(small_world) -> None:
    visitor, now = small_world.visitor("dpo"), datetime.now(UTC)
    _move(small_world, seen_at=now - timedelta(minutes=14))
    assert visitor.get("/journal").status_code == 200
    with small_world.database.read() as session:
        assert session.scalars(select(BrowserSession.seen_at)).one() >= now
    _move(small_world, seen_at=now - timedelta(minutes=15, seconds=1))
    assert _signed_out(visitor.get("/journal"))


def test_a_session_ends_after_eight_hours_however_busy(small_world) -> None:
    visitor, now = small_world.visitor("dpo"), datetime.now(UTC)
    _move(small_world, created_at=now - timedelta(hours=7, minutes=59))
    assert visitor.get("/journal").status_code == 200
    _move(small_world, created_at=now - timedelta(hours=8, seconds=1))
    assert _signed_out(visitor.get("/journal"))


def test_signing_out_ends_the_session_on_the_server(world) -> None:
    visitor = world.visitor("dpo")
    token = visitor.client.get_cookie(COOKIE).value
    answer = visitor.post("/deconnexion")
    assert answer.status_code == 302
    assert "Clear-Site-Data" in answer.headers
    visitor.client.set_cookie(COOKIE, token)
    assert _signed_out(visitor.get("/journal"))
    with world.database.read() as session:
        assert session.scalars(select(BrowserSession)).all() == []


def test_the_database_alone_opens_no_session(small_world) -> None:
    small_world.visitor("dpo")
    with small_world.database.read() as session:
        row = session.scalars(select(BrowserSession)).one()
    other, _, _ = browser.seal_session(_anyone(small_world))
    with pytest.raises(IntegrityError):
        browser.open_session(other, row.sealed)
    for guess in (row.id, row.sealed.hex()[:43], "", "pas un jeton"):
        visitor = small_world.visitor()
        visitor.client.set_cookie(COOKIE, guess)
        assert _signed_out(visitor.get("/journal"))


def _anyone(world) -> browser.Unlocked:
    token = world.visitor("dpo").client.get_cookie(COOKIE).value
    with world.database.read() as session:
        row = session.get_one(BrowserSession, browser.identifier(token))
    return browser.open_session(token, row.sealed)


def test_someone_elses_blob_under_my_cookie_opens_nothing(small_world) -> None:
    dpo, administrator = small_world.visitor("dpo"), small_world.visitor("administration")
    with small_world.database.write() as session:
        mine, other = (
            session.get_one(BrowserSession, browser.identifier(v.client.get_cookie(COOKIE).value))
            for v in (dpo, administrator)
        )
        mine.sealed = other.sealed
        session.commit()
    assert _signed_out(dpo.get("/membres"))


def test_a_closed_member_is_out_at_once_and_for_good(small_world) -> None:
    visitor = small_world.visitor("dpo")
    with small_world.database.write() as session:
        session.execute(update(Member).values(closed_at=datetime.now(UTC)))
        session.commit()
    assert _signed_out(visitor.get("/journal"))
    refused = _attempt(small_world, code=_code(1))
    unknown = _attempt(small_world, identifiant="personne@port-miran.example")
    assert refused.status_code == unknown.status_code == 401
    assert _without_values(refused.text) == _without_values(unknown.text)


def test_a_member_without_mandate_can_still_leave(small_world) -> None:
    visitor = small_world.visitor("dpo")
    with small_world.database.write() as session:
        session.execute(delete(MandateRow))
        session.commit()
    assert visitor.get("/").status_code == 403
    assert visitor.post("/deconnexion").status_code == 302
