"""A situation of one's own, to inform, close, warn about and attach to."""

import re
from html import unescape

from tests.casework import people

SAISINE = people.SAISINE | {
    "recit": "Un récit.",
    "version": "1",
    "representants-0-nom": "Fabre",
    "representants-0-prenoms": "Claire",
    "representants-0-lien": "1",
    "representants-0-adresse": "4 quai des Pointus",
}


def recorded(visitor, cell: str = "CCTP", **changed: str) -> str:
    """The page of a new situation."""
    answer = visitor.post(f"/cellules/{cell}/saisine", SAISINE | changed)
    assert answer.status_code == 302, answer.text
    return answer.location


def text(visitor, url: str) -> str:
    """A page as it reads, its spaces plain."""
    answer = visitor.get(url)
    assert answer.status_code == 200, answer.text
    words = re.sub(r"<[^>]+>", " ", unescape(answer.text))
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


def version(visitor, url: str) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', visitor.get(url).text)[1]


def numbers(visitor, page: str, kind: str) -> list[str]:
    """Of the people, notices or files linked from a situation."""
    return re.findall(rf"{page}/{kind}/(\d+)", visitor.get(page).text)
