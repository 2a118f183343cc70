"""Members by key, and newcomers who take up their invitation, for tests of accounts."""

import re
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select, update

from casework.clock import today
from casework.demo.accounts import PASSPHRASE, TOTP_SECRET
from casework.demo.members import MEMBERS
from casework.members import service as members
from casework.members.founding import found_for_roles
from casework.members.models import Member
from casework.signin import service as signin
from casework.signin.models import BrowserSession
from casework.vault import browser
from casework.vault.models import Grant
from charter import register
from charter.models import MandateRow
from tests.conftest import Visitor, World

TODAY = today()
COOKIE = "casework_local"  # the session's, over plain HTTP on one's own machine
# What a coordinator types to record a situation: the least the form asks for.
SAISINE = {
    "saisine": "02/11/2026",
    "origine": "1",
    "nom": "Benkacem-Fabre",
    "prenoms": "Younès",
    "naissance": "12/03/2012",
    "typologie": "1",
    "statut": "1",
}


def forget_codes(world: World) -> None:
    """A one-time code serves once; a test may sign in twice in the same half minute."""
    with world.database.write() as session:
        session.execute(update(Member).values(totp_counter=0))
        session.commit()


def unlocked(world: World, key: str) -> browser.Unlocked:
    """What the cookie of a signed-in member opens: their reference and their key."""
    cookie = world.visitor(key).client.get_cookie(COOKIE)
    assert cookie
    with world.database.read() as session:
        row = session.get_one(BrowserSession, browser.identifier(cookie.value))
        return browser.open_session(cookie.value, row.sealed)


def typed(days: int) -> str:
    """The day so far from today, as it is typed."""
    return f"{TODAY + timedelta(days=days):%d/%m/%Y}"


def reference_of(key: str) -> str:
    """Members of the demonstration are numbered from the administrator on."""
    keys = ["administration", *(who.key for who in MEMBERS if who.key != "administration")]
    return f"M-{keys.index(key) + 1:04d}"


def mandates_of(world: World, reference: str) -> list[MandateRow]:
    with world.database.read() as session:
        return register.mandates_of(session, reference)


def keys_of(world: World, reference: str) -> Collection[str]:
    with world.database.read() as session:
        return set(session.scalars(select(Grant.compartment).where(Grant.member == reference)))


def invitation(role: str, **given: str) -> dict[str, str]:
    """What an administrator types to invite someone."""
    return {
        "prenom": "Inès",
        "nom": "Caradec",
        "fonction": "Directrice",
        "institution": "Bailleur social",
        "identifiant": "ines@port-miran.example",
        "role": role,
        "cellule": "",
        "debut": typed(0),
    } | given


def token_in(page: str) -> str:
    found = re.search(r"/invitation/([\w-]+)", page)
    assert found, page
    return found[1]


def take_up(world: World, token: str) -> Visitor:
    """A browser in which the holder of the link has opened their account."""
    with world.database.write() as session:
        member = members.invited(session, token)
        key = members.take_up(member, world.instance, PASSPHRASE, TOTP_SECRET)
        rows = register.mandates_of(session, member.reference)
        found_for_roles(session, member.reference, key, frozenset(row.role for row in rows))
        session.commit()
    visitor = world.visitor()
    opened = browser.Unlocked(key, member.reference, "")
    assert visitor.token
    visitor.client.set_cookie(COOKIE, signin.open_browser_session(world.database, opened))
    return visitor
