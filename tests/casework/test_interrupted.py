"""A session that ends while someone types: the text comes back, and nobody else acts for them."""

import re
from html import unescape

import pyotp
from sqlalchemy import delete, func, select

from casework.demo.accounts import PASSPHRASE, TOTP_SECRET
from casework.demo.members import MEMBERS
from casework.signin.models import BrowserSession
from casework.situations.models import Situation
from tests.casework import people
from tests.conftest import Visitor, World

SAISINE = people.SAISINE | {
    "nom": "D’Ornano « dit » <le petit>",
    "faits": ["2", "5"],
    "autre_personne": "1",
}
FORM = "/cellules/CCTP/saisine"


def _end_sessions(world: World) -> None:
    with world.database.write() as session:
        session.execute(delete(BrowserSession))
        session.commit()


def _count(world: World) -> int:
    with world.database.read() as session:
        return session.scalar(select(func.count()).select_from(Situation)) or 0


def _hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of the page's main form, by name."""
    main = page.partition("<main")[2]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', main):
        found.setdefault(unescape(name), []).append(unescape(value))
    return found


def _sign_in(visitor: Visitor, key: str, carried: dict[str, list[str]], phrase: str = PASSPHRASE):
    login = next(who.login for who in MEMBERS if who.key == key)
    typed = {"identifiant": login, "phrase": phrase, "code": pyotp.TOTP(TOTP_SECRET).now()}
    return visitor.post("/connexion", carried | typed)


def _interrupted(world: World) -> tuple[Visitor, dict[str, list[str]]]:
    coordinator = world.coordinator()
    _end_sessions(world)
    answer = coordinator.post(FORM, SAISINE)
    assert answer.status_code == 401
    assert "Votre session s’est fermée" in answer.text
    return coordinator, _hidden(answer.text)


def _forget_codes(world: World) -> None:
    """A one-time code serves once; the tests sign in twice in the same half minute."""
    from casework.members.models import Member

    with world.database.write() as session:
        for member in session.scalars(select(Member)):
            member.totp_counter = 0
        session.commit()


def test_what_was_typed_comes_back_after_signing_in_again(world) -> None:
    before = _count(world)
    coordinator, carried = _interrupted(world)
    assert carried["reprise_cible"] == [FORM]
    assert carried["reprise:nom"] == [SAISINE["nom"]]
    assert carried["reprise:faits"] == SAISINE["faits"]
    _forget_codes(world)
    wrong = _sign_in(coordinator, "coordination", carried, phrase="pas la bonne du tout")
    assert wrong.status_code == 401
    carried = _hidden(wrong.text)
    assert carried["reprise:nom"] == [SAISINE["nom"]], "a mistyped passphrase loses nothing"
    assert PASSPHRASE not in wrong.text.partition("<aside")[0]
    _forget_codes(world)
    back = _sign_in(coordinator, "coordination", carried)
    assert back.status_code == 200
    assert "Reprendre" in back.text
    assert _count(world) == before, "nothing is done by itself"
    kept = _hidden(back.text)
    kept.pop("csrf_token", None)
    assert kept["nom"] == [SAISINE["nom"]]
    assert not {"phrase", "identifiant", "code"} & kept.keys()
    answer = coordinator.post(FORM, kept)
    assert answer.status_code == 302, answer.text
    assert _count(world) == before + 1


def test_someone_else_signing_in_is_decided_for_themselves(small_world) -> None:
    coordinator, carried = _interrupted(small_world)
    before = _count(small_world)
    _forget_codes(small_world)
    back = _sign_in(coordinator, "pjj", carried)
    kept = _hidden(back.text)
    kept.pop("csrf_token", None)
    assert coordinator.post(FORM, kept).status_code == 403
    assert _count(small_world) == before


def test_it_carries_to_no_other_place(small_world) -> None:
    visitor = small_world.visitor()
    for target in ("https://ailleurs.example/", "//ailleurs.example", "/connexion", "/nulle-part"):
        typed = {"reprise_cible": target, "reprise:nom": "Benali", "code": "1"}
        answer = visitor.post("/connexion", typed | {"identifiant": "x", "phrase": "y"})
        assert answer.status_code == 400, target


def test_an_empty_act_is_simply_asked_to_sign_in(small_world) -> None:
    coordinator = small_world.coordinator()
    _end_sessions(small_world)
    assert coordinator.post("/deconnexion").location == "/connexion"
    assert coordinator.get("/cellules/CCTP/saisine").location == "/connexion"


def test_an_act_at_its_second_factor_keeps_what_was_typed(small_world) -> None:
    """The session may end on the very page that confirms it."""
    coordinator = small_world.coordinator()
    _end_sessions(small_world)
    typed = {
        "confirmer_cible": FORM,
        "confirmer_methode": "POST",
        "confirmer_code": "123456",
        "nom": "Benali",
    }
    carried = _hidden(coordinator.post("/confirmer", typed).text)
    assert carried["reprise_cible"] == [FORM]
    assert carried["reprise:nom"] == ["Benali"]
    assert not any("confirmer" in name for name in carried)
