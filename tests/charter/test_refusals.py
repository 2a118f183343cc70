"""Each refusal says the most helpful thing: the rule, then what to do."""

from dataclasses import replace
from datetime import date

import pytest

from charter.actions import Action
from charter.decide import decide
from charter.refusals import french_date
from charter.roles import Role
from charter.subjects import Actor, Mandate, Subject

TODAY = date(2026, 11, 21)
HERE = frozenset({"CCTP"})
NOWHERE: frozenset[str] = frozenset()
ENDED = Mandate(Role.COMMISSAIRE, "CCTP", date(2024, 1, 1), date(2026, 3, 1))
VALID = Mandate(Role.COMMISSAIRE, "CCTP", date(2026, 1, 1))
ELSEWHERE = Mandate(Role.COMMISSAIRE, "GSP", date(2026, 1, 1))
COMING = Mandate(Role.COMMISSAIRE, "CCTP", date(2027, 1, 4))
MEMBER = Actor("M-0003", (VALID,), signed=HERE, admitted=HERE)
COORDINATOR = replace(MEMBER, mandates=(replace(VALID, role=Role.COORDONNATEUR),))
CARRIER = Actor("M-0004", (Mandate(Role.CORRESPONDANT_JUSTICE_VILLE, None, date(2026, 1, 1)),))
SITUATION = Subject("CCTP", recused=False, archived=False)
OPEN = replace(SITUATION, frozen=False)


@pytest.mark.parametrize(
    ("actor", "said", "advised"),
    [
        (None, "être connecté", "Identifiez-vous"),
        (replace(MEMBER, mandates=()), "vous n’en avez aucun", "administrateur"),
        (replace(MEMBER, excluded=HERE), "exclu de la cellule CCTP", "coordonnateur"),
        (replace(MEMBER, mandates=(ENDED,)), "a pris fin le 1er mars 2026", "renouvelé"),
        (replace(MEMBER, mandates=(COMING,)), "que le 4 janvier 2027", "date"),
        (replace(MEMBER, mandates=(ENDED, ELSEWHERE)), "a pris fin le", "renouvelé"),
        (replace(MEMBER, mandates=(ELSEWHERE,)), "non pour la cellule CCTP", "cellule CCTP"),
        (replace(MEMBER, signed=NOWHERE), "vous ne l’avez pas signée", "signez-la"),
        (replace(MEMBER, signed=NOWHERE, outdated=HERE), "nouvelle version", "signez-la"),
        (replace(MEMBER, admitted=NOWHERE), "ne vous a pas encore été remise", "admettre"),
        (replace(MEMBER, forbidden=HERE), "type de 2010", "type de 2014"),
        (replace(MEMBER, uncleared=HERE), "analyse d’impact", "délégué"),
        (MEMBER, "que vous avez apportées", "convoquer"),
    ],
)
def test_a_refusal_says_why_and_what_to_do(actor, said, advised):
    decision = decide(actor, Action.SITUATION_READ, SITUATION, TODAY)
    assert not decision.allowed
    assert said in decision.sentence
    assert advised in decision.remedy


@pytest.mark.parametrize(
    ("actor", "action", "subject", "said", "advised"),
    [
        (MEMBER, Action.SITUATION_READ, Subject("CCTP", True), "déporté", "lever votre déport"),
        (MEMBER, Action.SEANCE_READ, Subject("CCTP"), "séances où vous êtes", "convoquer"),
        (COORDINATOR, Action.RAPPEL_RECORD, OPEN, "n’attend pas", "qui doit agir"),
        (COORDINATOR, Action.SITUATION_EDIT, SITUATION, "est limité", "lever la limitation"),
        (
            COORDINATOR,
            Action.SITUATION_READ,
            replace(SITUATION, archived=True),
            "en archive",
            "nouvelle saisine",
        ),
        (COORDINATOR, Action.RAPPEL_EXPORT, OPEN, "second facteur", "Confirmez"),
        (CARRIER, Action.FICHE_READ, Subject(), "agrément", "référence de l’acte"),
        (
            COORDINATOR,
            Action.MEMBER_ADMIT,
            Subject("CCTP", person="M-0003"),
            "pour soi-même",
            "une autre personne",
        ),
    ],
)
def test_a_refusal_about_the_thing_itself(actor, action, subject, said, advised):
    decision = decide(actor, action, subject, TODAY)
    assert not decision.allowed
    assert said in decision.sentence
    assert advised in decision.remedy


def test_no_rule_names_the_action_and_the_role():
    decision = decide(MEMBER, Action.SITUATION_CREATE, Subject("CCTP", True), TODAY)
    assert "« Commissaire de police »" in decision.sentence
    assert "« enregistrer une saisine »" in decision.sentence


def test_a_cell_must_be_named_where_the_charter_asks_for_one():
    decision = decide(COORDINATOR, Action.SITUATION_LIST, Subject(), TODAY)
    assert "désigner une cellule" in decision.sentence


def test_a_mandate_holds_from_its_first_to_its_last_day():
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2026, 3, 1), date(2026, 3, 2)]
    assert [ENDED.valid(day) for day in days] == [False, True, True, False]


def test_dates_are_written_in_french():
    assert french_date(date(2026, 3, 1)) == "1er mars 2026"
    assert french_date(date(2026, 3, 11)) == "11 mars 2026"
