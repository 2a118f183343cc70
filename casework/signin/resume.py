"""A session that ends while someone is typing: what was typed comes back once they signed in again.

The sign-in page carries the interrupted act, its fields renamed so that none is taken for another.
It is sent again by a button, never by itself: someone else may be the one who has just signed in.
"""

from dataclasses import dataclass

from flask import request

from casework.web import interrupted
from casework.web.interrupted import Act, act_at

PREFIX = "reprise:"
TARGET = "reprise_cible"
CONFIRMING = "confirmer_"  # a second factor was being asked for, in the place of the act
NEVER = ("signin.sign_out", "signin.sign_in", "confirm.confirm")


@dataclass(frozen=True)
class Kept:
    """The interrupted act and its fields."""

    act: Act
    fields: list[tuple[str, str]]


def typed() -> Kept | None:
    """What the request that found nobody signed in was carrying; None when nothing was typed."""
    fields = [
        (name, value)
        for name, value in interrupted.kept(CONFIRMING)
        if value and not name.startswith(PREFIX)
    ]
    if request.method != "POST" or not fields or request.endpoint in NEVER[:2]:
        return None
    target = request.form.get(f"{CONFIRMING}cible") or interrupted.here()
    return Kept(act_at(target, "POST", NEVER), fields)


def carried() -> Kept | None:
    """The same, as the sign-in page carries it."""
    target = request.form.get(TARGET)
    if not target:
        return None
    fields = [
        (name.removeprefix(PREFIX), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(PREFIX)
    ]
    return Kept(act_at(target, "POST", NEVER), fields)
