"""The text of a charter: its canonical form, its digest, its layout."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from importlib.resources import files

from charter.labels import Labelled


class CharterType(Labelled):
    """The national model a commune's charter follows: that of 2010 forbids any file of persons."""

    FOLLOW_UP = "2014", "Charte du type de 2014 : elle permet un fichier de suivi"
    NO_FILE = "2010", "Charte du type de 2010 : elle exclut tout fichier de personnes"


@dataclass(frozen=True, slots=True)
class Text:
    version: int
    body: str
    digest: str


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or paragraph has ``text``, a list has ``items``; ``level`` is 1 to 6 or 0."""

    kind: Kind
    text: str = ""
    level: int = 0
    items: tuple[str, ...] = ()


def starting_text() -> Text:
    """The text a new cell starts from, before its members make it theirs."""
    body = canonical(files("charter").joinpath("texts/charte_type.md").read_text("utf-8"))
    return Text(version=1, body=body, digest=digest_of(body))


def canonical(body: str) -> str:
    """One form for what reads the same: NFC, and \\n where a browser's form sends \\r\\n."""
    return unicodedata.normalize("NFC", body.replace("\r\n", "\n").replace("\r", "\n"))


def digest_of(body: str) -> str:
    """SHA-256 of the canonical text in UTF-8, as 64 hexadecimal digits: what is signed."""
    return sha256(canonical(body).encode()).hexdigest()


def render(body: str) -> list[Block]:
    """The text as headings (``#``), lists (``- ``) and paragraphs, separated by blank lines.

    No inline markup: a template prints the words, escaped, and nothing else.
    """
    blocks: list[Block] = []
    for chunk in re.split(r"\n[ \t]*\n", canonical(body)):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        while lines and (heading := re.fullmatch(r"(#{1,6}) (.+)", lines[0])):
            blocks.append(Block(Kind.HEADING, heading[2].strip(), len(heading[1])))
            lines.pop(0)
        if not lines:
            continue
        if lines[0].startswith("- "):
            blocks.append(Block(Kind.LIST, items=_items(lines)))
        else:
            blocks.append(Block(Kind.PARAGRAPH, " ".join(lines)))
    return blocks


def _items(lines: list[str]) -> tuple[str, ...]:
    """A line without a dash continues the item above it."""
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:].strip())
        else:
            items[-1] += f" {line}"
    return tuple(items)
