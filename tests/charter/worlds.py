"""Communes to decide in: random ones for properties, and one step off the nominal for mutations."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from charter.actions import Action
from charter.roles import WITHOUT_CELL, Role
from charter.subjects import Actor, Mandate, Subject

TODAY = date(2026, 11, 21)
MYSELF, SOMEONE = "M-0001", "M-0002"
# Mostly in order: a property is only as good as the doors it finds open.
NOWHERE, EVERYWHERE = frozenset[str](), frozenset({"CCTP", "GSP"})
HERE = frozenset({"CCTP"})
AT_THE_TABLE = (Role.COORDONNATEUR, Role.MAIRE, Role.COMMISSAIRE)

actions = st.sampled_from(Action)
cells = st.sampled_from(["CCTP", "CCTP", "CCTP", "GSP"])
days = st.sampled_from([date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), TODAY])
mostly_all = st.sampled_from([EVERYWHERE, EVERYWHERE, HERE, NOWHERE])
mostly_none = st.sampled_from([NOWHERE, NOWHERE, NOWHERE, HERE])
mostly = st.sampled_from([True, True, True, False])
seldom = st.sampled_from([False, False, False, True])
subjects = st.builds(
    Subject,
    cells | cells | st.none(),
    convened=st.booleans(),
    reference=st.just("S-1"),
    author=seldom,
    follower=seldom,
    recused=seldom,
    turn=mostly,
    frozen=seldom,
    archived=seldom,
    lent=seldom,
    person=st.sampled_from([SOMEONE, SOMEONE, MYSELF, ""]),
)


@st.composite
def mandates(draw: st.DrawFn, roles: st.SearchStrategy[Role]) -> Mandate:
    role = draw(roles)
    cell = None if role in WITHOUT_CELL else draw(cells)
    starts, ends = sorted((draw(days), draw(days)))
    return Mandate(role, cell, starts, draw(st.sampled_from([None, ends])), draw(mostly))


@st.composite
def actors_among(draw: st.DrawFn, roles: st.SearchStrategy[Role]) -> Actor:
    held = tuple(draw(st.lists(mandates(roles), min_size=1, max_size=3)))
    acting = draw(st.none() | st.none() | st.sampled_from([mandate.role for mandate in held]))
    return Actor(
        MYSELF,
        held,
        signed=draw(mostly_all),
        outdated=draw(mostly_none),
        admitted=draw(mostly_all),
        excluded=draw(mostly_none),
        forbidden=draw(mostly_none),
        uncleared=draw(mostly_none),
        acting=acting,
        fresh=draw(mostly),
    )


actors = actors_among(st.sampled_from(AT_THE_TABLE) | st.sampled_from(Role))


def nominal(role: Role) -> tuple[Actor, Subject]:
    """Someone for whom everything is in order, and something that waits for them."""
    cell = None if role in WITHOUT_CELL else "CCTP"
    actor = Actor(
        MYSELF,
        (Mandate(role, cell, date(2026, 1, 1), designated=True),),
        signed=HERE,
        admitted=HERE,
        fresh=True,
    )
    return actor, Subject(
        cell, convened=True, recused=False, turn=True, person=SOMEONE, frozen=False, archived=False
    )


def one_step_off(role: Role) -> Iterator[tuple[Actor, Subject]]:
    """The nominal world, then each world where a single thing is amiss."""
    actor, subject = nominal(role)
    yield actor, subject
    yield actor, replace(subject, cell=None)
    for cell in ("CCTP", None):
        here = replace(subject, cell=cell)
        for change in (
            {"convened": False},
            {"convened": False, "author": True},
            {"convened": False, "follower": True},
            {"recused": True},
            {"frozen": True},
            {"archived": True},
            {"archived": True, "lent": True},
            {"turn": False},
            {"person": MYSELF},
        ):
            yield actor, replace(here, **change)
        for change in (
            {"signed": NOWHERE},
            {"admitted": NOWHERE},
            {"forbidden": HERE},
            {"uncleared": HERE},
            {"excluded": HERE},
            {"fresh": False},
            {"mandates": tuple(replace(m, designated=False) for m in actor.mandates)},
            {"mandates": tuple(replace(m, ends=date(2026, 2, 1)) for m in actor.mandates)},
        ):
            yield replace(actor, **change), here
