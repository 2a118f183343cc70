"""Who sees a block, in one line under it."""

from charter.actions import Action
from charter.categories import Category
from charter.matrix import EVERYONE, readers
from charter.roles import Role

SEATED = frozenset({Role.MAIRE, Role.COORDONNATEUR, Role.PJJ, Role.COMMISSAIRE, Role.SIGNALEUR})


def test_a_block_open_to_all_who_hold_the_key_says_so() -> None:
    said = readers(Action.SITUATION_READ, SEATED)
    assert said[Category.FAITS] == EVERYONE
    assert said[Category.FAMILLE] == "Maire, Coordonnateur du CLSPD"


def test_few_people_are_named_and_the_absent_never() -> None:
    said = readers(Action.SITUATION_READ, SEATED - {Role.PJJ})
    assert said[Category.FAITS] == "Maire, Coordonnateur du CLSPD, Commissaire de police"
