"""A second factor given long ago is asked for again, and nothing typed is lost."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pyotp
import pytest
from sqlalchemy import update

from audit.event import Outcome
from audit.query import search
from casework.demo.accounts import TOTP_SECRET
from casework.members.models import Member
from casework.signin.models import BrowserSession
from casework.signin.service import FRESH_FOR
from tests.conftest import Visitor, World

INVITED = {
    "prenom": "Inès",
    "nom": "Caradec",
    "fonction": "Directrice",
    "institution": "Bailleur & Cie",
    "identifiant": "ines@port-miran.example",
    "role": "signaleur",
    "cellule": "CCTP",
    "debut": "01/09/2026",
    "fin": "",
}


def grow_stale(world: World) -> None:
    with world.database.write() as session:
        given = datetime.now(UTC) - FRESH_FOR - timedelta(seconds=1)
        session.execute(update(BrowserSession).values(confirmed_at=given))
        session.execute(update(Member).values(totp_counter=0))
        session.commit()


def stale(world: World, key: str = "administration") -> Visitor:
    visitor = world.visitor(key)
    grow_stale(world)
    return visitor


def hidden(page: str) -> dict[str, str]:
    """What the page would send again, the forgery token and the confirmation aside."""
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.partition("<main")[2])
    pairs = (
        (re.search(r'name="([^"]*)"', one)[1], re.search(r'value="([^"]*)"', one)) for one in found
    )
    sent = {name: unescape(value[1]) if value else "" for name, value in pairs}
    del sent["csrf_token"]
    return sent


def confirm(visitor: Visitor, page: str, code: str):
    return visitor.post("/confirmer", hidden(page) | {"confirmer_code": code})


def newest(world: World):
    with world.database.read() as session:
        return search(session.connection(), limit=1)[0]


def test_a_post_resumes_with_what_was_typed(world: World) -> None:
    visitor = stale(world)
    asked = visitor.post("/membres/inviter", INVITED)
    assert asked.status_code == 401
    assert "Pour inviter un membre, la charte demande" in asked.text
    assert INVITED.items() <= hidden(asked.text).items()
    wrong = confirm(visitor, asked.text, "000000")
    assert wrong.status_code == 422
    assert "Recopiez celui qui s’affiche" in wrong.text
    assert INVITED.items() <= hidden(wrong.text).items()
    right = confirm(visitor, wrong.text, pyotp.TOTP(TOTP_SECRET).now())
    assert (right.status_code, right.location) == (307, "/membres/inviter")
    assert newest(world).action == "session:confirm"
    assert newest(world).detail["facteur"] == "code"
    # A browser answers 307 by sending the same body to the new address.
    done = visitor.post(right.location, hidden(wrong.text) | {"confirmer_code": "000000"})
    assert done.status_code == 200
    assert "Invitation prête" in done.text


def test_a_document_resumes_by_its_address(world: World) -> None:
    coordinator = world.coordinator()
    page = coordinator.get("/").text
    rappel = re.search(r"/rappels/RO-[\w-]+", page)[0]
    assert coordinator.get(f"{rappel}/fiche.docx").status_code == 200
    grow_stale(world)
    asked = coordinator.get(f"{rappel}/fiche.docx")
    assert asked.status_code == 401
    assert asked.mimetype == "text/html"
    right = confirm(coordinator, asked.text, pyotp.TOTP(TOTP_SECRET).now())
    assert right.status_code == 200
    assert right.headers["Refresh"] == f"0; url={rappel}/fiche.docx"
    assert f'href="{rappel}/fiche.docx"' in right.text
    assert coordinator.get(f"{rappel}/fiche.docx").mimetype.startswith("application/vnd.openxml")


def test_asking_again_is_not_a_refusal_but_failing_is(small_world: World) -> None:
    visitor = stale(small_world)
    before = newest(small_world).seq
    asked = visitor.get("/membres/inviter")
    assert newest(small_world).seq == before
    confirm(visitor, asked.text, "000000")
    failed = newest(small_world)
    assert (failed.seq, failed.action) == (before + 1, "session:confirm")
    assert failed.outcome is Outcome.REFUSE


def test_a_code_already_used_says_to_wait_for_the_next(small_world: World) -> None:
    visitor = stale(small_world)
    asked = visitor.get("/membres/inviter")
    code = pyotp.TOTP(TOTP_SECRET).now()
    assert confirm(visitor, asked.text, code).status_code == 303
    with small_world.database.write() as session:
        session.execute(
            update(BrowserSession).values(confirmed_at=datetime(2026, 1, 1, tzinfo=UTC))
        )
        session.commit()
    for _ in range(6):  # it opens nothing, so it closes nothing either
        again = confirm(visitor, visitor.get("/membres/inviter").text, code)
        assert again.status_code == 422
        assert "attendez le suivant" in again.text


def test_five_failures_close_the_session(world: World) -> None:
    visitor = stale(world)
    asked = visitor.get("/membres/inviter").text
    answers = [confirm(visitor, asked, "000000") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [303]
    assert answers[-1].location == "/connexion"
    assert "fermée après plusieurs échecs" in visitor.get("/connexion").text
    assert visitor.get("/membres").location == "/connexion"
    with world.database.read() as session:
        failures = search(
            session.connection(), action="session:confirm", outcome=Outcome.REFUSE, limit=20
        )
    assert len(failures) == 5


def test_a_wait_in_another_session_holds_here_too(small_world: World) -> None:
    visitor = stale(small_world)
    asked = visitor.get("/membres/inviter").text
    other = Visitor(small_world.app.test_client())
    assert other.sign_in("administration").status_code == 302
    grow_stale(small_world)
    for _ in range(5):
        confirm(other, asked, "000000")
    waiting = confirm(visitor, asked, pyotp.TOTP(TOTP_SECRET).now())
    assert waiting.status_code == 429
    assert "Patientez" in waiting.text


@pytest.mark.parametrize(
    "target",
    [
        "https://casework.example/",
        "//casework.example/",
        "/\\casework.example/",
        "javascript:alert(1)",
        "membres",
        "",
        "/nulle-part",
        "/confirmer",
        "/deconnexion",
    ],
)
def test_only_a_page_of_ours_may_follow(small_world: World, target: str) -> None:
    visitor = small_world.visitor("administration")
    act = {"confirmer_cible": target, "confirmer_methode": "GET"}
    answer = visitor.post("/confirmer", act | {"confirmer_code": "000000"})
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_a_recovery_code_confirms_too(small_world: World) -> None:
    visitor = small_world.visitor("administration")
    page = visitor.post("/mon-compte/codes").text
    code = re.search(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", page)[1]
    grow_stale(small_world)
    asked = visitor.get("/membres/inviter").text
    assert confirm(visitor, asked, code).status_code == 303
    assert "Il vous en reste 9" in visitor.get("/membres/inviter").text
    grow_stale(small_world)
    assert confirm(visitor, asked, code).status_code == 422


def test_freshness_is_one_sessions_own(small_world: World) -> None:
    visitor = stale(small_world)
    other = Visitor(small_world.app.test_client())
    assert other.sign_in("administration").status_code == 302
    assert other.get("/membres/inviter").status_code == 200
    assert visitor.get("/membres/inviter").status_code == 401
