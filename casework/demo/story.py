"""What a coordinator notes: facts, sober, one to three sentences. « ~ » is a non-breaking space.

No text says or suggests a conviction, a diagnosis, a religion, an opinion or an origin.
"""

from dataclasses import dataclass

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Scene:
    """One thing that happened: the fact's slug, where, what, and the part the person took."""

    fait: str
    lieu: str
    recit: str
    implication: str


@dataclass(frozen=True)
class Story:
    """A kind of situation: closed-list slugs, the ages it concerns, and scenes to draw from."""

    typologie: str
    origines: tuple[str, ...]
    ages: tuple[int, int]
    cells: tuple[str, ...]
    suites: tuple[str, ...]
    scenes: tuple[Scene, ...]


NO_FACT = "Sans objet~: aucun fait n’est reproché."
IN_GROUP = "Présence au sein du groupe constatée~; aucun rôle particulier n’est relevé."


def told(text: str, words: dict[str, str]) -> str:
    """A text with its words in place and its non-breaking spaces."""
    return text.format_map(words).replace("~", NBSP)
