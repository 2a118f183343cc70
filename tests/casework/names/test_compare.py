from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.names.compare import (
    LIKELY,
    Identity,
    matches_query,
    resemblance,
    same_person_likely,
)

BORN = date(2011, 3, 9)
KNOWN = Identity("Ben Saïd", "Yacine Mohamed", BORN)

NAMES = st.text("abcdefghilmnoprstuvyzéèïç-' ", max_size=14)
IDENTITIES = st.builds(
    Identity, NAMES, NAMES, st.none() | st.dates(date(2005, 1, 1), date(2018, 12, 31))
)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (Identity("BEN SAID", "yacine mohamed", BORN), "nom identique, prénom identique"),
        (Identity("Bensaïd", "Yassine", BORN), "prénom de sonorité identique"),
        (Identity("Yacine", "Bensaid", BORN), "nom et prénom inversés"),
        (Identity("Ben Saïd", "Mohammed", BORN), "prénom commun parmi plusieurs"),
        (Identity("Saïd", "Yacine", BORN), "nom composé en partie commun"),
        (Identity("Ben Saïd", "Yacine", date(2011, 9, 3)), "jour et mois de naissance inversés"),
        (Identity("Ben Saïd", "Yacine", date(2011, 3, 19)), "différente d’un chiffre"),
        (Identity("Ben Saïd", "Yacine", None), "date de naissance non renseignée"),
    ],
)
def test_the_same_person_otherwise_typed_is_likely(typed: Identity, why: str) -> None:
    found = resemblance(KNOWN, typed)
    assert found.score >= LIKELY
    assert why in found.reason
    assert same_person_likely(typed, KNOWN)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (KNOWN, Identity("Ben Saïd", "Inès", BORN)),  # a twin
        (KNOWN, Identity("Ben Saïd", "Yacine", date(2014, 11, 27))),  # a homonym
        (KNOWN, Identity("Belkacem", "Yacine", BORN)),
        (Identity("Lefèvre", "Léa", BORN), Identity("Lefebvre", "Thomas", BORN)),
        (Identity("Martin", "Hugo", BORN), Identity("Morin", "Hugo", date(2009, 7, 22))),
        (Identity("Durand", "Hugo", BORN), Identity("Dupont", "Hugo", BORN)),
        (Identity("", "", BORN), Identity("", "", BORN)),
    ],
)
def test_other_persons_are_not_likely(one: Identity, two: Identity) -> None:
    assert not same_person_likely(one, two)


def test_without_a_birth_date_only_nearly_the_same_names_are_likely() -> None:
    undated = Identity("Ben Saïd", "Yacine")
    assert LIKELY <= resemblance(KNOWN, undated).score < resemblance(KNOWN, KNOWN).score
    assert same_person_likely(KNOWN, Identity("Said", "Yasin", BORN))
    assert not same_person_likely(KNOWN, Identity("Said", "Yasin"))


@given(IDENTITIES, IDENTITIES)
def test_the_order_of_two_identities_does_not_matter(one: Identity, two: Identity) -> None:
    assert resemblance(one, two).score == resemblance(two, one).score
    assert 0 <= resemblance(one, two).score <= 1


@given(IDENTITIES)
def test_capitals_hyphens_and_inverted_names_are_recognised(one: Identity) -> None:
    typed = Identity(one.nom.upper().replace(" ", "-"), one.prenoms, one.naissance)
    assert resemblance(one, typed).score == resemblance(one, one).score
    inverted = Identity(one.prenoms, one.nom, one.naissance)
    assert resemblance(one, inverted).score >= resemblance(one, one).score - 0.03


@pytest.mark.parametrize(
    "query",
    [
        "Ben Saïd",
        "bensaid",
        "Ben",
        "Saïd",
        "yacine ben said",
        "Bensaïd Yassine",
        "Ben Saïd Mohamed",
        "ben-said yac",
        "Said Yacine",
    ],
)
def test_a_search_finds_the_person_meant(query: str) -> None:
    assert matches_query(query, KNOWN) >= 0.84


@pytest.mark.parametrize("query", ["", "?", "Be", "Durand", "Ben Saïd Inès", "Yacine", "Morin"])
def test_a_search_finds_nobody_else(query: str) -> None:
    assert matches_query(query, KNOWN) == 0


def test_an_exact_name_comes_before_a_sound_and_a_beginning() -> None:
    queries = ["Lefèvre", "Lefebvre", "Lef", "Lefèvre Anna"]
    scores = [matches_query(query, Identity("Lefèvre", "Léa")) for query in queries]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1
    assert scores[-1] == 0


@given(NAMES, NAMES)
def test_a_person_is_found_by_their_names_in_either_order(nom: str, prenoms: str) -> None:
    identity = Identity(f"Roux {nom}", f"Anna {prenoms}")
    expected = matches_query(f"{identity.nom} Anna", identity)
    assert expected >= 0.84
    assert matches_query(f"Anna {identity.nom}", identity) == expected
