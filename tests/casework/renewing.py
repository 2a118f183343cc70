"""Presses « Continuer » on the page of a cell's key, as a visitor without scripts does."""

from tests.conftest import Visitor


def under_way(visitor: Visitor, cell: str = "CCTP") -> bool:
    return "Renouvellement en cours" in visitor.get(f"/cellules/{cell}/cle").text


def finish(visitor: Visitor, cell: str = "CCTP") -> int:
    """Press it until it is gone; how many times."""
    pressed = 0
    while under_way(visitor, cell):
        answer = visitor.post(f"/cellules/{cell}/cle/continuer")
        assert answer.status_code == 302, answer.text
        pressed += 1
        assert pressed < 1000, "the renewal does not end"
    return pressed
