"""Passkeys at the three doors: one answer opens one of them once, and nobody else's does."""

import json
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from audit.event import Outcome
from audit.query import search
from casework.demo.accounts import PASSPHRASE
from casework.demo.members import MEMBERS
from casework.instance import Instance
from casework.signin import ceremony, passkeys
from casework.signin.models import Passkey, SpentChallenge
from casework.signin.passkeys import PasskeyRefused
from tests.casework.authenticator import FLAG, HOST, ORIGIN, Authenticator
from tests.casework.people import COOKIE
from tests.conftest import Visitor, World


def enrol(world: World, key: str) -> Authenticator:
    """A member adds a passkey in « Mon compte »."""
    visitor, made = world.visitor(key), Authenticator()
    question = visitor.post("/mon-compte/cles/defi").json
    answer = visitor.post("/mon-compte/cles", {"cle": made.create(question)})
    assert answer.status_code == 303, answer.text
    return made


def knock(visitor: Visitor, key: str, answer: str, **changed: str):
    login = next(who.login for who in MEMBERS if who.key == key)
    typed = {"identifiant": login, "phrase": PASSPHRASE, "code": "", "cle": answer}
    return visitor.post("/connexion", typed | changed)


def asked(visitor: Visitor) -> dict:
    answer = visitor.post("/connexion/defi")
    assert answer.status_code == 200, answer.text
    question: dict = answer.json
    return question


def test_a_passkey_opens_a_session_beside_the_passphrase(world: World) -> None:
    mine = enrol(world, "dpo")
    visitor = world.visitor()
    answer = knock(visitor, "dpo", mine.get(asked(visitor)))
    assert (answer.status_code, answer.location) == (302, "/")
    assert visitor.get("/journal").status_code == 200
    with world.database.read() as session:
        row = session.scalars(select(Passkey)).one()
        entry = search(session.connection(), action="session:open", limit=1)[0]
    assert (row.sign_count, row.last_used_at is not None) == (1, True)
    assert (entry.outcome, entry.detail["facteur"]) == (Outcome.AUTORISE, "cle-d-acces")


def test_a_passkey_does_not_replace_the_passphrase(small_world: World) -> None:
    mine, visitor = enrol(small_world, "dpo"), small_world.visitor()
    wrong = knock(visitor, "dpo", mine.get(asked(visitor)), phrase="autre lavande brume oursin")
    assert wrong.status_code == 401


def test_the_question_does_not_say_who_has_a_passkey(small_world: World) -> None:
    before = asked(small_world.visitor())
    enrol(small_world, "dpo")
    after = asked(small_world.visitor())
    assert before["publicKey"].pop("challenge") != after["publicKey"].pop("challenge")
    assert before == after
    assert "allowCredentials" not in after["publicKey"]


def test_an_answer_serves_once_even_with_the_cookie_of_its_question(world: World) -> None:
    mine, visitor = enrol(world, "dpo"), world.visitor()
    question = asked(visitor)
    cookie = visitor.client.get_cookie("formulaire").value
    mine.count = -1  # an authenticator that does not count: the challenge alone must stop it
    answer = mine.get(question)
    assert knock(visitor, "dpo", answer).status_code == 302
    again = world.visitor()
    assert again.token
    again.client.set_cookie("formulaire", cookie)
    again._token = visitor.token
    assert knock(again, "dpo", answer).status_code == 401
    with world.database.read() as session:
        assert len(session.scalars(select(SpentChallenge)).all()) == 2  # enrolling, signing in


def test_a_question_lapses_after_five_minutes(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, visitor = enrol(small_world, "dpo"), small_world.visitor()
    answer = mine.get(asked(visitor))
    monkeypatch.setattr(ceremony, "CHALLENGE_LASTS", timedelta(seconds=-1))
    assert knock(visitor, "dpo", answer).status_code == 401
    monkeypatch.undo()
    assert knock(visitor, "dpo", mine.get(asked(visitor))).status_code == 302


CHEATS = {
    "another origin": lambda mine, question: mine.get(question, "http://localhost:9999"),
    "a false site": lambda mine, question: mine.get(question, "https://casework.example"),
    "another host's passkey": lambda mine, question: mine.get(question, host="casework.example"),
    "in a frame": lambda mine, question: mine.get(question, cross_origin=True),
    "nobody present": lambda mine, question: mine.get(question, flags=FLAG.UV),
    "another challenge": lambda mine, _: mine.get(
        {"publicKey": {"challenge": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE"}}
    ),
    "a creation": lambda mine, question: mine.create(question),
    "another key": lambda mine, question: Authenticator(credential=mine.credential).get(question),
    "another credential": lambda mine, question: Authenticator().get(question),
    "nonsense": lambda *_: "{",
    "a list": lambda *_: "[]",
    "a number for bytes": lambda mine, _: json.dumps({"id": "AA", "rawId": 3, "response": 4}),
    "deep nonsense": lambda *_: "[" * 7000,
}


SITE = passkeys.Site(HOST, ORIGIN)
CHALLENGE = b"c" * 32


@pytest.fixture(scope="module")
def mine() -> tuple[Authenticator, Passkey]:
    """An authenticator and what is kept of it."""
    made = Authenticator()
    question = passkeys.creation_options(SITE, CHALLENGE, b"h" * 32, "Port-Miran · M-0001", ())
    new = passkeys.register(SITE, CHALLENGE, made.create(question))
    return made, Passkey(id=1, credential=new.credential, public_key=new.public_key, sign_count=0)


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_what_does_not_prove_is_refused(mine: tuple[Authenticator, Passkey], cheat) -> None:
    authenticator, kept = mine
    question = passkeys.request_options(SITE, CHALLENGE, ())
    assert passkeys.prove(SITE, CHALLENGE, authenticator.get(question), [kept]).passkey is kept
    with pytest.raises(PasskeyRefused):
        passkeys.prove(SITE, CHALLENGE, cheat(authenticator, question), [kept])


def test_a_refused_passkey_is_answered_like_a_wrong_code(small_world: World) -> None:
    visitor = small_world.visitor()
    wrong = knock(visitor, "dpo", Authenticator().get(asked(visitor)))
    assert wrong.status_code == 401
    assert "le second facteur ne convient pas" in wrong.text
    assert visitor.client.get_cookie(COOKIE) is None


def test_a_copied_authenticator_is_refused_and_the_dpo_can_know(small_world: World) -> None:
    mine, visitor = enrol(small_world, "dpo"), small_world.visitor()
    copy = Authenticator(mine.key, mine.credential)
    mine.count = 7
    assert knock(visitor, "dpo", mine.get(asked(visitor))).status_code == 302
    assert knock(visitor, "dpo", copy.get(asked(visitor))).status_code == 401
    with small_world.database.read() as session:
        entry = search(session.connection(), action="session:open", limit=1)[0]
    assert (entry.outcome, dict(entry.detail)) == (Outcome.REFUSE, {"cause": "cle-clonee"})


def test_someone_elses_passkey_opens_nothing(small_world: World) -> None:
    theirs = enrol(small_world, "pjj")
    enrol(small_world, "dpo")
    visitor = small_world.visitor()
    assert knock(visitor, "dpo", theirs.get(asked(visitor))).status_code == 401


def test_a_question_for_one_door_does_not_open_another(small_world: World) -> None:
    mine, visitor = enrol(small_world, "dpo"), small_world.visitor("dpo")
    to_enter = mine.get(asked(visitor))
    act = {"confirmer_cible": "/mon-compte/phrase", "confirmer_methode": "GET"}
    assert visitor.post("/confirmer", {"confirmer_cle": to_enter, **act}).status_code == 422
    question = visitor.post("/confirmer/defi").json
    assert [known["type"] for known in question["publicKey"]["allowCredentials"]] == ["public-key"]
    answer = visitor.post("/confirmer", {"confirmer_cle": mine.get(question), **act})
    assert (answer.status_code, answer.location) == (303, "/mon-compte/phrase")


@pytest.mark.parametrize(
    "how", [{"origin": "https://casework.example"}, {"host": "casework.example"}], ids=str
)
def test_a_passkey_made_elsewhere_is_not_kept(small_world: World, how: dict[str, str]) -> None:
    visitor = small_world.visitor("dpo")
    question = visitor.post("/mon-compte/cles/defi").json
    made = Authenticator().create(question, **how)
    refused = visitor.post("/mon-compte/cles", {"cle": made})
    assert refused.status_code == 422
    assert "n’a pas pu être enregistrée" in refused.text
    with small_world.database.read() as session:
        assert session.scalars(select(Passkey)).all() == []


def test_a_passkey_belongs_to_one_account(small_world: World) -> None:
    mine, other = enrol(small_world, "dpo"), small_world.visitor("pjj")
    question = other.post("/mon-compte/cles/defi").json
    assert other.post("/mon-compte/cles", {"cle": mine.create(question)}).status_code == 422


def test_a_passkey_removed_no_longer_opens(small_world: World) -> None:
    mine, visitor = enrol(small_world, "dpo"), small_world.visitor("dpo")
    with small_world.database.read() as session:
        number = session.scalars(select(Passkey.id)).one()
    stranger = small_world.visitor("pjj")
    assert stranger.post(f"/mon-compte/cles/{number}/retirer").status_code == 404
    assert visitor.post(f"/mon-compte/cles/{number}/retirer").status_code == 303
    newcomer = small_world.visitor()
    assert knock(newcomer, "dpo", mine.get(asked(newcomer))).status_code == 401


def test_the_last_factor_stays(small_world: World) -> None:
    enrol(small_world, "dpo")
    visitor = small_world.visitor("dpo")
    assert visitor.post("/mon-compte/application/retirer").status_code == 303
    with small_world.database.read() as session:
        number = session.scalars(select(Passkey.id)).one()
    answer = visitor.post(f"/mon-compte/cles/{number}/retirer")
    assert "dernier second facteur" in visitor.get(answer.location).text
    with small_world.database.read() as session:
        assert session.scalars(select(Passkey.id)).all() == [number]


def test_who_has_no_passkey_keeps_their_application(small_world: World) -> None:
    visitor = small_world.visitor("dpo")
    answer = visitor.post("/mon-compte/application/retirer")
    assert "dernier second facteur" in visitor.get(answer.location).text
    assert "Enregistrée." in visitor.get("/mon-compte").text


@pytest.mark.parametrize(
    ("address", "host", "expected"),
    [
        ("http://127.0.0.1:8000", "localhost:8304", ("localhost", "http://localhost:8304")),
        ("http://127.0.0.1:8000", "127.0.0.1:8304", None),
        ("http://[::1]:8000", "[::1]:8000", None),
        ("https://cellules.ville.example", "cellules.ville.example", ("cellules.ville.example",)),
        ("https://cellules.ville.example", "autre.ville.example", None),
        ("https://cellules.ville.example", "cellules.ville.example:8443", None),
        ("https://192.0.2.7", "192.0.2.7", None),
    ],
)
def test_passkeys_live_under_the_name_of_the_installation(
    small_world: World, address: str, host: str, expected: tuple[str, ...] | None
) -> None:
    known = small_world.instance
    instance = Instance(known.data, known.key, address, known.database, known.cost)
    found = passkeys.site(instance, host)
    assert (found and (found.host, found.origin)[: len(expected or ())]) == expected


def test_a_page_reached_by_a_number_says_where_passkeys_work(small_world: World) -> None:
    client: FlaskClient = small_world.app.test_client()
    page = client.get("/connexion", base_url="http://127.0.0.1:8000").text
    assert "ouvrez http://localhost:8000" in page
    assert "data-passkey" not in page
    assert "data-passkey" in client.get("/connexion", base_url="http://localhost:8000").text


def test_a_count_that_stays_at_zero_is_accepted(small_world: World) -> None:
    """Passkeys that are synchronised between devices do not count."""
    mine, visitor = enrol(small_world, "dpo"), small_world.visitor()
    for _ in range(2):
        mine.count = -1
        assert knock(visitor, "dpo", mine.get(asked(visitor))).status_code == 302
    with small_world.database.write() as session:
        session.execute(update(Passkey).values(sign_count=3))
        session.commit()
    mine.count = -1
    assert knock(visitor, "dpo", mine.get(asked(visitor))).status_code == 401
