"""Publishing as a maire does it: write, read again, publish."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from werkzeug.test import TestResponse

from charter import register

CELL = "CCTP"
WRITE = f"/cellules/{CELL}/charte/publier"
FIRST = "# Charte\n\n## Article 1\n\nNul n’est tenu de dire.\n"


def hidden(page: str, name: str) -> str:
    """What a hidden field, or a hidden text, of a page holds."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    if found is None:
        found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', page, re.S)
    assert found, (name, page)
    return unescape(found[1]).replace("\r", "").strip()


def step(visitor, page: str, **typed: str) -> TestResponse:
    """Send a page of the publication on, with what is typed in it."""
    fields = {"depart": hidden(page, "depart"), "relu": hidden(page, "relu"), "reglement": "0"}
    return visitor.post(WRITE, fields | typed)


def publish(visitor, text: str = FIRST, **typed: str) -> TestResponse:
    told = {"texte": text, "type": "2014"} | typed
    again = step(visitor, visitor.get(WRITE).text, **told)
    assert again.status_code == 200, again.text
    return step(visitor, again.text, **told, publier="1")


@pytest.fixture
def current() -> Callable:
    """The charter in force in the cell."""

    def read(world):
        with world.database.read() as session:
            return register.current_text(session, CELL)

    return read
