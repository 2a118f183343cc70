"""A new charter: written, read again, published; everyone then signs it before anything else."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from audit.query import search
from casework.charters.forms import LONGEST
from casework.demo.members import MEMBERS
from casework.signin.models import BrowserSession
from casework.web.access import today
from charter.models import CharterText, Regulation
from charter.roles import Role
from charter.wording import CharterType, digest_of
from tests.casework.charters.conftest import CELL, FIRST, WRITE, hidden, publish, step

CHARTER = f"/cellules/{CELL}/charte"
RULES = f"/cellules/{CELL}/reglement"
SIGN_AGAIN = "Ce qui a changé depuis votre signature"


def test_a_new_charter_stops_everyone_until_they_sign_it(world, current) -> None:
    maire, pm = world.visitor("maire"), world.visitor("police_municipale")
    first = current(world)
    assert pm.get(f"/cellules/{CELL}/seances").status_code == 200
    edited = first.body.replace("Chacun apprécie", "Chaque membre apprécie")
    answer = publish(maire, edited)
    assert (answer.status_code, answer.location) == (302, CHARTER)
    made = current(world)
    assert (made.version, made.kind, made.digest) == (2, CharterType.FOLLOW_UP, digest_of(edited))

    for visitor in (maire, pm):
        assert visitor.get(f"/cellules/{CELL}/seances").status_code == 403
    page = pm.get(CHARTER).text
    assert SIGN_AGAIN in page
    assert "<del>" in page
    assert "<ins>" in page
    assert "retiré" in page
    assert "ajouté" in page
    assert page.index(SIGN_AGAIN) < page.index("je m’engage personnellement")
    assert pm.sign_charter(CELL).status_code == 302
    assert pm.get(f"/cellules/{CELL}/seances").status_code == 200
    signed = pm.get(CHARTER).text
    assert SIGN_AGAIN not in signed
    assert "Vous avez signé ce texte le" in signed


def test_publication_and_signature_are_journaled_with_the_digest(small_world, current) -> None:
    maire = small_world.visitor("maire")
    publish(maire)
    maire.sign_charter(CELL)
    with small_world.database.read() as session:
        published = search(session.connection(), action="charter:publish")[0]
        signed = search(session.connection(), action="charter:sign")[0]
    digest = current(small_world).digest
    assert published.object == "CCTP-CHARTE-2"
    assert published.detail["empreinte"] == signed.detail["empreinte"] == digest
    assert signed.detail["version"] == 2


def test_consequences_are_said_before_publishing(small_world, current) -> None:
    page = small_world.visitor("maire").get(WRITE).text
    seated = sum(CELL in who.cells and who.role != Role.SIGNALEUR for who in MEMBERS)
    assert f"{seated}&nbsp;personnes, dont vous" in page
    assert "Chef de la police municipale" in page
    again = step(small_world.visitor("maire"), page, texte=FIRST, type="2010").text
    assert f"{seated}&nbsp;personnes, dont vous" in again
    assert "37&nbsp;situations déjà enregistrées se fermeront" in again
    assert "Le type change." in again
    assert current(small_world).version == 1


def test_the_type_is_always_asked_and_nothing_typed_is_lost(small_world, current) -> None:
    maire = small_world.visitor("maire")
    page = maire.get(WRITE).text
    assert "checked" not in page
    typed = "# Notre charte\n\nUn texte <b>long</b> & à nous."
    refused = step(maire, page, texte=typed)
    assert refused.status_code == 422
    assert "Dites de quel type est la charte" in refused.text
    assert hidden(refused.text, "texte") == typed
    again = step(maire, page, texte=typed, type="2014")
    taken_up = step(maire, again.text, texte=hidden(again.text, "texte"), type="2014", corriger="1")
    assert hidden(taken_up.text, "texte") == typed
    assert taken_up.text.count("checked") == 1
    assert current(small_world).version == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Écrivez ou collez le texte à publier."),
        ("   \r\n ", "Écrivez ou collez le texte à publier."),
        ("é" * (LONGEST + 1), "Ce texte compte 60\u00a0001 caractères"),
    ],
)
def test_a_text_out_of_bounds_is_kept_and_explained(
    small_world, current, text: str, sentence: str
) -> None:
    maire = small_world.visitor("maire")
    refused = step(maire, maire.get(WRITE).text, texte=text, type="2014")
    assert refused.status_code == 422
    assert sentence in unescape(refused.text)
    assert hidden(refused.text, "texte") == text.strip()
    assert current(small_world).version == 1


def test_the_same_text_is_not_published_twice(small_world, current) -> None:
    maire, text = small_world.visitor("maire"), current(small_world)
    refused = step(maire, maire.get(WRITE).text, texte=text.body, type="2014")
    assert refused.status_code == 422
    assert "au mot près" in refused.text
    # Under another type the same words are another charter.
    assert publish(maire, text.body, type="2010").status_code == 302
    assert current(small_world).version == 2


def test_only_what_was_read_again_is_published(small_world, current) -> None:
    maire = small_world.visitor("maire")
    straight = step(maire, maire.get(WRITE).text, texte=FIRST, type="2014", publier="1")
    assert "Rien n’est encore publié." in straight.text
    other = step(maire, straight.text, texte=FIRST + "\nEt encore.", type="2014", publier="1")
    assert "Rien n’est encore publié." in other.text
    assert current(small_world).version == 1
    assert step(maire, other.text, texte=FIRST + "\nEt encore.", type="2014", publier="1").location


def test_two_people_publishing_lose_nothing(small_world, current) -> None:
    maire, elu = small_world.visitor("maire"), small_world.visitor("elu")
    opened = step(elu, elu.get(WRITE).text, texte="# À moi", type="2014").text
    assert publish(maire).status_code == 302
    late = step(elu, opened, texte="# À moi", type="2014", publier="1")
    assert late.status_code == 409
    assert "Une autre version a été publiée" in late.text
    assert hidden(late.text, "texte") == "# À moi"
    assert current(small_world).version == 2
    assert step(elu, late.text, texte="# À moi", type="2014", publier="1").status_code == 302
    assert current(small_world).body == "# À moi\n"


def test_markup_is_shown_as_words(small_world) -> None:
    maire = small_world.visitor("maire")
    publish(maire, "# Charte\n\n<script>alert(1)</script> <img src=x>")
    page = maire.get(CHARTER).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_a_stale_second_factor_publishes_nothing(small_world, current) -> None:
    maire = small_world.visitor("maire")
    page = maire.get(WRITE).text
    with small_world.database.write() as session:
        row = session.scalars(select(BrowserSession)).one()
        session.execute(
            update(BrowserSession).values(confirmed_at=row.confirmed_at - timedelta(hours=1))
        )
        session.commit()
    assert step(maire, page, texte=FIRST, type="2014", publier="1").status_code in (401, 403)
    assert current(small_world).version == 1


@pytest.mark.parametrize("key", ["police_municipale", "commissaire", "dpo", "administration"])
def test_members_are_offered_nothing_they_cannot_do(small_world, key: str) -> None:
    visitor = small_world.visitor(key)
    assert visitor.get(WRITE).status_code == 403
    page = visitor.get(CHARTER).text
    assert WRITE not in page
    assert "signatures.docx" not in page


def test_every_version_stays_readable_with_its_dates_alone(small_world) -> None:
    publish(small_world.visitor("maire"))
    pm = small_world.visitor("police_municipale")
    old = pm.get(f"{CHARTER}?version=1")
    assert "Cette version n’est plus en vigueur" in old.text
    assert "Je signe" not in old.text
    assert "Vous avez signé ce texte" in old.text
    assert "Castellan" not in old.text
    assert "Nul n’est tenu de dire." in pm.get(f"{CHARTER}?version=2").text
    for wrong in ("3", "0x1", "-1", "99999999999999999999", "é"):
        assert pm.get(f"{CHARTER}?version={wrong}").status_code == 404, wrong


def test_the_regulation_is_published_in_versions_and_hung_on(world) -> None:
    maire = world.visitor("maire")
    assert "Aucun règlement intérieur publié" in maire.get(RULES).text
    body = "# Règlement intérieur\n\nLe conseil se réunit en mairie."
    url = f"{RULES}/publier"
    ahead = maire.post(url, {"texte": body, "adopte_le": f"{today() + timedelta(days=1):%d/%m/%Y}"})
    assert ahead.status_code == 422
    assert "Cette date est à venir" in ahead.text
    assert hidden(ahead.text, "texte") == body
    for text in (body, body, body + "\n\nDeux fois par an."):
        assert maire.post(url, {"texte": text, "adopte_le": "12/10/2026"}).status_code == 302
    with world.database.read() as session:
        kept = session.scalars(select(Regulation.version)).all()
        assert sorted(kept) == [1, 2]
        assert session.scalars(select(CharterText.version).filter_by(cell=CELL)).all() == [1]
    page = maire.get(RULES).text
    assert "Deux fois par an." in page
    assert "Deux fois par an." not in maire.get(f"{RULES}?version=1").text
    assert maire.get(f"{RULES}?version=3").status_code == 404

    publish(maire, reglement="2")
    assert f"{RULES}?version=2" in world.visitor("police_municipale").get(CHARTER).text
