"""« Mon compte »: means of signing in, open sessions, history, and the role under which to act."""

import re
from datetime import UTC, date, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import delete, select, update

from audit.event import Outcome
from audit.query import search
from casework.demo.accounts import PASSPHRASE, TOTP_SECRET
from casework.members.models import Member
from casework.signin import recovery_codes
from casework.signin.models import BrowserSession, RecoveryCode
from casework.vault import browser
from casework.vault.keypair import KeyPair
from charter import register
from charter.models import MandateRow
from charter.roles import Role
from tests.casework.people import COOKIE
from tests.conftest import Visitor, World

OTHER = "fougère tabouret nuage escalier piment"
SECRET = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"


def again(world: World, key: str, code: str = "", passphrase: str = PASSPHRASE):
    """The same member, in another browser; a code of the next half-minute if none is given."""
    visitor = Visitor(world.app.test_client())
    later = pyotp.TOTP(TOTP_SECRET).at(datetime.now(UTC) + timedelta(seconds=30))
    return visitor, visitor.sign_in(key, passphrase, code or later)


def signed_out(answer) -> bool:
    return answer.status_code == 302 and answer.location == "/connexion"


def entries(world: World, action: str) -> list:
    with world.database.read() as session:
        return search(session.connection(), action=action, limit=20)


def new_codes(visitor: Visitor) -> list[str]:
    page = visitor.post("/mon-compte/codes").text
    return re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", page)


def test_a_recovery_code_serves_once_however_it_was_copied(world: World) -> None:
    codes = new_codes(world.visitor("dpo"))
    assert len(set(codes)) == recovery_codes.HOW_MANY
    typed = codes[0].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    visitor, answer = again(world, "dpo", typed)
    assert answer.status_code == 302
    assert "Il vous en reste 9" in visitor.get("/journal").text
    assert again(world, "dpo", codes[0])[1].status_code == 401
    assert entries(world, "session:open")[1].detail["facteur"] == "code-de-secours"


def test_new_codes_end_the_old_ones(small_world: World) -> None:
    visitor = small_world.visitor("dpo")
    old, new = new_codes(visitor), new_codes(visitor)
    assert again(small_world, "dpo", old[3])[1].status_code == 401
    assert again(small_world, "dpo", new[3])[1].status_code == 302


def test_someone_elses_code_opens_nothing(small_world: World) -> None:
    codes = new_codes(small_world.visitor("pjj"))
    assert again(small_world, "dpo", codes[0])[1].status_code == 401


def test_the_disk_and_the_instance_key_cannot_try_codes(small_world: World) -> None:
    """The digest needs the member's private key: another key gives another digest."""
    codes = new_codes(small_world.visitor("dpo"))
    with small_world.database.read() as session:
        kept = set(session.scalars(select(RecoveryCode.digest)))
    assert not kept & {recovery_codes.digest(KeyPair.generate(), code) for code in codes}
    assert not any(code[:5].lower() in digest for code in codes for digest in kept)


def test_few_codes_left_are_said(small_world: World) -> None:
    visitor = small_world.visitor("dpo")
    assert "Il ne vous reste aucun code de secours" in visitor.get("/mon-compte").text
    new_codes(visitor)
    assert "Il ne vous reste" not in visitor.get("/mon-compte").text
    with small_world.database.write() as session:
        kept = select(RecoveryCode.id).limit(recovery_codes.FEW)
        gone = update(RecoveryCode).where(RecoveryCode.id.not_in(session.scalars(kept).all()))
        session.execute(gone.values(used_at=datetime.now(UTC)))
        session.commit()
    assert "Il ne vous reste que 3 codes de secours" in visitor.get("/mon-compte").text


def test_a_closed_session_is_out_at_its_next_click(world: World) -> None:
    mine = world.visitor("dpo")
    other, _ = again(world, "dpo")
    identifier = browser.identifier(other.client.get_cookie(COOKIE).value)
    page = mine.get("/mon-compte").text
    assert identifier in page
    assert "Celle-ci" in page
    stranger = world.visitor("pjj")
    assert stranger.post(f"/mon-compte/sessions/{identifier}/fermer").status_code == 404
    assert other.get("/journal").status_code == 200
    assert mine.post(f"/mon-compte/sessions/{identifier}/fermer").status_code == 303
    assert signed_out(other.get("/journal"))
    assert mine.get("/journal").status_code == 200
    assert entries(world, "account:sessions")[0].outcome is Outcome.AUTORISE


def test_closing_the_others_keeps_this_one_and_everyone_elses(small_world: World) -> None:
    mine, stranger = small_world.visitor("dpo"), small_world.visitor("pjj")
    other, _ = again(small_world, "dpo")
    assert mine.post("/mon-compte/sessions/fermer-les-autres").status_code == 303
    assert signed_out(other.get("/journal"))
    assert mine.get("/journal").status_code == 200
    assert stranger.get("/mon-compte").status_code == 200


def test_the_passphrase_changes_and_everything_stays_open(world: World) -> None:
    coordinator = world.coordinator()
    situation = re.search(
        r"/situations/CCTP-\d+-\d+", coordinator.get("/cellules/CCTP/situations").text
    )[0]
    before = coordinator.get(situation).text
    other, _ = again(world, "coordination")
    typed = {"actuelle": PASSPHRASE, "phrase": OTHER, "encore": OTHER}
    assert coordinator.post("/mon-compte/phrase", typed).status_code == 303
    assert signed_out(other.get("/"))
    with world.database.write() as session:
        session.execute(update(Member).values(totp_counter=0))
        session.commit()
    assert again(world, "coordination")[1].status_code == 401  # the former passphrase
    visitor, answer = again(world, "coordination", passphrase=OTHER)
    assert answer.status_code == 302
    name = re.search(r"<h1>[^<]*</h1>", before)[0]
    assert name in visitor.get(situation).text
    changed = entries(world, "account:factors")[0]
    assert (changed.detail["moyen"], changed.detail["fermees"]) == ("phrase", 1)


def test_the_present_passphrase_is_needed_to_change_it(small_world: World) -> None:
    visitor = small_world.visitor("dpo")
    typed = {"actuelle": "autre lavande brume oursin", "phrase": OTHER, "encore": OTHER}
    answers = [visitor.post("/mon-compte/phrase", typed) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [303]
    assert answers[-1].location == "/connexion"
    assert signed_out(visitor.get("/journal"))
    assert OTHER not in answers[0].text


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("azerty azerty azerty", "une répétition"),
        ("chat 12/05/1987", "une date"),
        ("qsdfghjklm wxcvbn", "se devinerait trop vite"),
    ],
)
def test_a_weak_passphrase_is_told_why(small_world: World, phrase: str, why: str) -> None:
    typed = {"actuelle": PASSPHRASE, "phrase": phrase, "encore": phrase}
    answer = small_world.visitor("dpo").post("/mon-compte/phrase", typed)
    assert answer.status_code == 422
    assert why in answer.text
    assert "Ajoutez-lui au moins" in answer.text
    assert phrase not in answer.text


def test_the_application_is_replaced(small_world: World) -> None:
    visitor = small_world.visitor("dpo")
    typed = {"secret": SECRET, "code": "000000"}
    assert visitor.post("/mon-compte/application", typed).status_code == 422
    typed["code"] = pyotp.TOTP(SECRET).now()
    assert visitor.post("/mon-compte/application", typed).status_code == 303
    assert again(small_world, "dpo")[1].status_code == 401
    new = pyotp.TOTP(SECRET).at(datetime.now(UTC) + timedelta(seconds=30))
    assert again(small_world, "dpo", new)[1].status_code == 302


def test_the_history_shows_what_was_refused_too(small_world: World) -> None:
    visitor = small_world.visitor("dpo")
    again(small_world, "dpo", "000000")
    small_world.visitor("pjj")
    history = visitor.get("/mon-compte").text.partition("Mes dernières connexions")[2]
    assert history.count("Refusée") == 1
    assert history.count("Ouverte") == 1
    assert "Code d’application" in history


def test_the_account_is_open_to_who_has_no_mandate_left(small_world: World) -> None:
    visitor = small_world.visitor("dpo")
    with small_world.database.write() as session:
        session.execute(delete(MandateRow))
        session.commit()
    assert visitor.get("/mon-compte").status_code == 200
    assert "Aucun mandat" in visitor.get("/mon-compte").text


def several(world: World) -> Visitor:
    """The maire is also this cell's coordinator for a while, and has signed its charter."""
    visitor = world.visitor("maire")
    with world.database.write() as session:
        mine = session.scalars(select(MandateRow.member).filter_by(role=Role.MAIRE)).one()
        register.grant_mandate(session, mine, Role.COORDONNATEUR, "CCTP", date(2026, 1, 1))
        session.commit()
    return visitor


def test_who_holds_several_roles_chooses_one(world: World) -> None:
    visitor = several(world)
    page = visitor.get("/").text
    assert "Vous agissez comme" in page
    assert "/cellules/CCTP/membres" in page
    answer = visitor.post("/agir", {"role": "maire"})
    assert (answer.status_code, answer.location) == (303, "/")
    page = visitor.get("/").text
    assert "/cellules/CCTP/membres" not in page
    assert "au titre de&nbsp;: Maire (CCTP)" in page
    assert visitor.get("/cellules/CCTP/membres").status_code == 403
    assert entries(world, "session:act")[0].detail["sous"] == "maire"
    assert entries(world, "home:read")[0].role == "maire"
    visitor.post("/agir", {"role": ""})
    assert visitor.get("/cellules/CCTP/membres").status_code == 200


def test_only_ones_own_roles_are_offered_and_accepted(small_world: World) -> None:
    alone = small_world.visitor("dpo")
    assert "Vous agissez comme" not in alone.get("/journal").text
    for role in ("maire", "procureur"):
        alone.post("/agir", {"role": role})
    with small_world.database.read() as session:
        assert set(session.scalars(select(BrowserSession.acting))) == {None}
    assert entries(small_world, "session:act") == []


def test_the_role_chosen_falls_when_its_mandate_ends(small_world: World) -> None:
    visitor = several(small_world)
    visitor.post("/agir", {"role": "coordonnateur"})
    with small_world.database.write() as session:
        ended = update(MandateRow).where(MandateRow.starts == date(2026, 1, 1))
        session.execute(ended.values(ends=date(2026, 1, 2)))
        session.commit()
    assert visitor.get("/cellules/CCTP/situations").status_code == 200  # as maire again
