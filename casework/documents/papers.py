"""A paper: its model, filled with named values, once for each copy. The only way to make one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from casework.documents.compose import joined
from casework.documents.letters import Properties, Source, fill, french_date
from casework.documents.models import MODELS
from casework.documents.placeholders import Model
from charter.references import Article, reference_on

Values = Mapping[str, Any]


def packaged(name: str) -> Source:
    """The original of a model."""
    model = MODELS[name]
    return Source(model.title, model.original())


def draw(
    name: str, copies: Sequence[Values], day: date, about: Properties, source: Source | None = None
) -> bytes:
    """Every copy in one .docx. ``day`` is that of the act: its law is in force. Raises ModelError.

    KeyError if a value is missing that the model must print.
    """
    model = MODELS[name]
    used = source or packaged(name)
    law = legal_basis(model.articles, day)
    letters = [
        fill(used, _values(model, law | dict(copy)), model.mandatory, about) for copy in copies
    ]
    return joined(letters)


def legal_basis(articles: Sequence[Article], day: date) -> dict[str, str]:
    """The texts a paper rests on, as they stood that day."""
    found = [reference_on(article, day) for article in articles]
    if not found:
        return {}
    checked = french_date(max(one.as_of for one in found))
    labels = " ; ".join(one.label for one in found)
    return {
        "fondement": f"Fondement : {labels} (rédaction relue le {checked}).",
        "teneur": " ".join(one.wording for one in found),
    }


def _values(model: Model, given: Values) -> dict[str, Any]:
    """What the model may print; an optional value that is not given is empty, or false."""
    found = {}
    for one in model.placeholders:
        if one.optional:
            found[one.name] = given.get(one.name, type(one.example)())
        else:
            found[one.name] = given[one.name]
        if isinstance(found[one.name], tuple):
            found[one.name] = list(found[one.name])
    return found
