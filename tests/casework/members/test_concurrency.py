"""People search, record and edit while the key is renewed, and someone leaves in the middle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from casework.members import key_views, renewal
from casework.situations.models import Situation
from tests.casework.departed import everyone, unreadable
from tests.casework.members.test_interruption import SAISINE
from tests.casework.people import COOKIE
from tests.casework.renewing import finish, under_way
from tests.conftest import Visitor, World

ROUNDS = 8


def _another(world: World, signed_in: Visitor) -> Visitor:
    """The same person in another window, so that each thread has its own."""
    window = world.visitor()
    assert window.token
    window.client.set_cookie(COOKIE, signed_in.client.get_cookie(COOKIE).value)
    return window


def _repeated(request: Callable[[], TestResponse]) -> TestResponse:
    """What the page asks of whoever began under the old key: send it again."""
    answer = request()
    if answer.status_code == 409 and "Clé renouvelée" in answer.text:
        answer = request()
    return answer


def test_everybody_works_while_the_key_is_renewed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = renewal.advance
    monkeypatch.setattr(
        key_views.renewal, "advance", lambda session, writer, code: plain(session, writer, code, 7)
    )
    coordinator, known = world.coordinator(), everyone(world)
    windows = [_another(world, coordinator) for _ in range(4)]
    with world.database.read() as session:
        query = select(Situation.reference, Situation.version).where(
            Situation.cell == "CCTP", Situation.closed_on.is_(None)
        )
        edited = session.execute(query.order_by(Situation.id)).all()[:ROUNDS]
    coordinator.post("/cellules/CCTP/cle/renouveler")

    def renew(window: Visitor) -> list[int]:
        codes = []
        for number in range(ROUNDS):
            if number == 3:
                leaving = known["commissaire"][0]
                codes.append(window.post(f"/cellules/CCTP/membres/{leaving}/exclure").status_code)
            codes.append(window.post("/cellules/CCTP/cle/continuer").status_code)
        return codes

    def record(window: Visitor) -> list[int]:
        return [
            _repeated(
                lambda: window.post("/cellules/CCTP/saisine", SAISINE | {"nom": "Ollivier"})
            ).status_code
            for _ in range(ROUNDS)
        ]

    def edit(window: Visitor) -> list[int]:
        return [
            _repeated(
                lambda reference=reference, version=version: window.post(  # type: ignore[misc]
                    f"/situations/{reference}/modifier",
                    SAISINE | {"nom": "Kervella", "version": version},
                )
            ).status_code
            for reference, version in edited
        ]

    def search(window: Visitor) -> list[int]:
        return [
            _repeated(
                lambda: window.post("/cellules/CCTP/recherche", {"q": "Ollivier"})
            ).status_code
            for _ in range(ROUNDS)
        ]

    with ThreadPoolExecutor(4) as pool:
        acts = (renew, record, edit, search)
        running = [pool.submit(act, window) for act, window in zip(acts, windows, strict=True)]
        codes = [future.result() for future in running]
    assert [set(found) for found in codes] == [{302}, {302}, {302}, {200}]
    finish(coordinator)
    assert not under_way(coordinator)
    with world.database.read() as session:
        for key in ("coordination", "maire", "education"):
            assert unreadable(session, world, known[key], "CCTP") == []
    found = coordinator.post("/cellules/CCTP/recherche", {"q": "Kervella"}).text
    assert all(reference in found for reference, _ in edited)
    assert coordinator.post("/cellules/CCTP/recherche", {"q": "Ollivier"}).text.count("CCTP-") >= 8
