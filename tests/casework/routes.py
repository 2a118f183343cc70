"""The address of every route, and what the charter is asked about behind it."""

from dataclasses import replace

import pytest

from casework.rappels.procedure import BY_COMMUNE, BY_PARQUET
from charter.roles import Role
from charter.subjects import Actor, Subject
from tests.casework.about import (
    ABOUT,
    ACT_PAPER,
    AIDE,
    AIDE_ACT,
    AIDE_PAPER,
    ALERT,
    ASIDE,
    ASKED,
    AWAY,
    CELL,
    DEPOSIT,
    DISPOSED,
    EXAMINED,
    FICHE,
    FILE,
    HOMOLOGATION,
    KEPT_MODEL,
    KEY,
    LENDING,
    LINK,
    LIST,
    MANDATE,
    MANDATE_PLACE,
    MEMBER,
    MINE,
    MODEL,
    NOTHING,
    OUTSIDE,
    PAPER,
    PETITION,
    PETITION_CELL,
    PETITION_PLACE,
    PLACE,
    PROPOSAL,
    RAPPEL,
    REQUEST,
    REVEALED,
    SEANCE,
    SIGNAL_ACT,
    SITUATION,
    STEP,
    TRANSACTION,
    UNDER_WAY,
    VIOLATION,
    WINDOW,
)
from tests.casework.sights import Sights


def target_of(
    endpoint: str,
    sights: Sights,
    cell: str,
    actor: Actor,
    convened: bool,
    recused: bool = False,
    frozen: bool = False,
):
    """The arguments of a route's address, and what the charter is asked about."""
    kind = ABOUT.get(endpoint)
    if kind is None:
        pytest.fail(f"{endpoint} is not in ABOUT: say what it is about, so that it is walked")
    belongs = any(mandate.cell == cell for mandate in actor.mandates)
    situation = Subject(
        cell, convened and belongs, recused=recused and belongs, frozen=frozen, archived=False
    )
    rappel = Subject(
        sights.rappel_cell,
        recused=recused and any(m.cell == sights.rappel_cell for m in actor.mandates),
        turn=sights.rappel_waits_for == BY_COMMUNE,
        frozen=frozen,
        archived=False,
    )
    about = Subject(
        sights.transaction_cell,
        recused=recused and any(m.cell == sights.transaction_cell for m in actor.mandates),
        turn=True,
        frozen=frozen,
        archived=False,
    )
    act = {"reference": sights.transaction}
    family = replace(
        about,
        cell=sights.aide_cell,
        recused=recused and any(m.cell == sights.aide_cell for m in actor.mandates),
    )
    advised = {"reference": sights.aide}
    here = any(mandate.cell == sights.petition_cell for mandate in actor.mandates)
    stepped_aside = recused and here and sights.petition_situation is not None
    return {
        TRANSACTION: (act, about),
        STEP: (act | {"etape": "remise"}, about),
        ACT_PAPER: (act | {"papier": "proposition"}, about),
        AIDE: (advised, family),
        AIDE_ACT: (advised | {"acte": "conseil"}, family),
        AIDE_PAPER: (advised | {"papier": "avis"}, family),
        HOMOLOGATION: ({"reference": sights.homologation}, Subject(turn=True, archived=False)),
        NOTHING: ({}, Subject()),
        CELL: ({"cell": cell}, Subject(cell)),
        OUTSIDE: ({"cell": cell}, Subject()),
        LIST: ({"cell": cell, "name": "suite"}, Subject(cell)),
        PLACE: (
            {"cell": cell, "reference": sights.coordinator},
            Subject(cell, person=sights.coordinator),
        ),
        MEMBER: ({"reference": sights.coordinator}, Subject(person=sights.coordinator)),
        MANDATE: (
            {"reference": sights.coordinator, "number": str(sights.mandate)},
            Subject(person=sights.coordinator),
        ),
        MANDATE_PLACE: (
            {"cell": cell, "reference": sights.coordinator, "number": str(sights.mandate)},
            Subject(cell, person=sights.coordinator),
        ),
        SITUATION: ({"reference": sights.situation}, situation),
        SIGNAL_ACT: ({"reference": sights.situation, "acte": "retour"}, situation),
        ASIDE: (
            {"reference": sights.situation, "member": sights.coordinator},
            replace(situation, person=sights.coordinator),
        ),
        REVEALED: ({"reference": sights.situation, "number": "1"}, situation),
        PROPOSAL: (
            {"number": str(sights.proposal)},
            replace(
                situation,
                turn=any(m.cell == cell and m.role is Role.COORDONNATEUR for m in actor.mandates),
            ),
        ),
        SEANCE: ({"reference": sights.seance}, Subject(cell, convened and belongs)),
        EXAMINED: ({"reference": sights.seance, "situation": sights.situation}, situation),
        REQUEST: ({"reference": sights.request}, Subject(sights.request_cell)),
        RAPPEL: ({"reference": sights.rappel}, rappel),
        UNDER_WAY: (
            {"reference": sights.rappel},
            replace(rappel, turn=sights.rappel_waits_for != ""),
        ),
        PAPER: ({"reference": sights.rappel, "paper": "convocation"}, rappel),
        ASKED: (
            {"reference": sights.asked},
            replace(rappel, cell=sights.asked_cell, turn=sights.asked_open),
        ),
        AWAY: ({"number": 1}, Subject()),
        WINDOW: ({"identifier": "0" * 32}, Subject()),
        KEY: ({"number": 1}, Subject()),
        MODEL: ({"name": "constat_carence"}, Subject()),
        KEPT_MODEL: ({"cell": cell, "number": 1}, Subject(cell)),
        ALERT: ({"number": sights.alert}, Subject()),
        FICHE: (
            {"reference": sights.rappel},
            Subject(turn=sights.rappel_waits_for == BY_PARQUET, archived=False),
        ),
        DEPOSIT: ({"reference": sights.deposit}, Subject(sights.deposit_cell)),
        MINE: ({"reference": sights.deposit}, Subject()),
        PETITION: ({"reference": sights.petition}, Subject()),
        PETITION_CELL: (
            {"reference": sights.petition, "cell": sights.petition_cell},
            Subject(),
        ),
        PETITION_PLACE: (
            {"reference": sights.petition, "cell": sights.petition_cell},
            Subject(sights.petition_cell, recused=stepped_aside, archived=False),
        ),
        DISPOSED: ({"number": sights.disposal}, Subject()),
        # It waits, was asked by someone else, and is about a situation of the base: nobody's turn.
        LENDING: (
            {"reference": sights.situation, "number": str(sights.lending)},
            replace(situation, person="M-9999"),
        ),
        VIOLATION: ({"reference": sights.breach}, Subject()),
        LINK: ({"token": "jamais-donne"}, Subject()),
        FILE: ({"filename": "casework.css"}, Subject()),
    }[kind]
