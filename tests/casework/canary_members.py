"""Canaries in a member's own words and secrets: invited, mandated, changing every key."""

import re
from datetime import timedelta

import pyotp

from casework.account.forms import ApplicationForm, PasskeyForm, PassphraseForm
from casework.demo.accounts import PASSPHRASE
from casework.members.forms import (
    EndForm,
    FunctionForm,
    InviteForm,
    MandateForm,
    ResetForm,
    SeatedForm,
    SuspendForm,
    TakeUpForm,
    WordsForm,
)
from casework.signin.forms import ConfirmForm
from casework.web.access import today
from tests.casework.canary import (
    ROOT,
    Typist,
)
from tests.conftest import World

SECRET = "ZQXCANARI22" + "ABCDEFG" * 3  # a one-time secret is base32: it can be a canary too
STRONG = f"{ROOT}99 tournesol cabane grelot violon"


def invite(world: World, typist: Typist) -> list[str]:
    """A member under a canary name takes up the invitation with canary secrets."""
    answer, typed = typist.submit(
        world.visitor("administration"),
        "/membres/inviter",
        InviteForm,
        200,
        role="dpo",
        cellule="",
        debut=f"{today():%d/%m/%Y}",
    )
    link = re.search(r"/invitation/[\w-]+", answer.text)
    assert link
    code = pyotp.TOTP(SECRET).now()
    typist.forge(world.visitor(), f"{link[0]}/defi", TakeUpForm)
    answer, _ = typist.submit(
        *(world.visitor(), link[0], TakeUpForm, 200),
        phrase=STRONG,
        encore=STRONG,
        secret=SECRET,
        code=code,
        cle="",
    )
    assert "codes de secours" in answer.text
    return [typed[name] for name in ("nom", "prenom", "fonction", "institution", "acte")]


def mandates(world: World, typist: Typist) -> list[str]:
    """Another mandate for the newcomer, its act corrected, and the forms beside."""
    administrator, page = world.visitor("administration"), "/membres/M-0016"
    typist.forge(administrator, "/fonctions", FunctionForm)
    typist.forge(administrator, f"{page}/rouvrir", ResetForm)
    typist.submit(administrator, f"{page}/suspendre", SuspendForm)
    typist.forge(administrator, f"{page}/confirmer", SeatedForm)
    typist.submit(administrator, f"{page}/confirmer", SeatedForm, siege="y")
    day = f"{today() + timedelta(days=30):%d/%m/%Y}"
    typist.submit(
        administrator, f"{page}/mandats/nouveau", MandateForm, role="dpo", cellule="", debut=day
    )
    numbers = re.findall(rf"{page}/mandats/(\d+)/acte", administrator.get(page).text)
    number = max(numbers, key=int)
    typist.forge(administrator, f"{page}/mandats/{number}/fin", EndForm)
    _, typed = typist.submit(administrator, f"{page}/mandats/{number}/acte", WordsForm)
    return list(typed.values())


def account(world: World, typist: Typist) -> None:
    """A member changes every means of signing in, and confirms."""
    member = world.visitor("pjj")
    typist.forge(member, "/confirmer", ConfirmForm)
    target = {"confirmer_cible": "/cellules/GSP/charte", "confirmer_methode": "POST"}
    typist.post(member, "/confirmer", {"confirmer_code": next(typist.words), **target})
    typist.forge(member, "/mon-compte/cles", PasskeyForm)
    code = pyotp.TOTP(SECRET).now()
    typist.submit(member, "/mon-compte/application", ApplicationForm, 303, secret=SECRET, code=code)
    new = {"phrase": STRONG, "encore": STRONG, "actuelle": PASSPHRASE}
    typist.submit(member, "/mon-compte/phrase", PassphraseForm, 303, **new)
