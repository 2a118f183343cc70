"""What changed from one text to the next, paragraph against paragraph, then word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from charter.wording import Kind, render

# Under this likeness two paragraphs are not one that was edited: each is shown whole.
ALIKE = 0.5
# Between two changed words, fewer kept words than this are not worth cutting the sentence for.
SHORTEST_KEPT = 3


class Mark(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether the other text has them."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph that changed: its words before and after, and the heading it stands under.

    ``before`` is empty for a paragraph that was added, ``after`` for one that was removed.
    """

    under: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A heading, a paragraph or an item. Lines are the same when they read the same."""

    text: str
    heading: bool = field(compare=False)


def changes(old: str, new: str) -> list[Change]:
    """The paragraphs that differ, in the order of the new text."""
    before, after = _lines(old), _lines(new)
    headed_before, headed_after = _headings(before), _headings(after)
    found: list[Change] = []
    # What is popular is no anchor (autojunk): a text of one repeated line costs no more than
    # another.
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            continue
        for i, j in zip_longest(range(a, b), range(c, d)):
            gone = before[i] if i is not None else None
            come = after[j] if j is not None else None
            under = headed_after[j] if j is not None else headed_before[i or 0]
            found += _change(under, gone, come)
    return found


def _change(under: str, gone: _Line | None, come: _Line | None) -> Iterator[Change]:
    if gone and come:
        old, new = _words(gone.text), _words(come.text)
        matcher = SequenceMatcher(None, old, new)
        if matcher.ratio() >= ALIKE:
            yield Change(under, *_woven(matcher, old, new))
            return
    if gone:
        yield Change(under, (Piece(Mark.REMOVED, gone.text),), ())
    if come:
        yield Change(under, (), (Piece(Mark.ADDED, come.text),))


def _woven(
    matcher: "SequenceMatcher[str]", old: Sequence[str], new: Sequence[str]
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both sides of one paragraph, cut where they differ."""
    codes = matcher.get_opcodes()
    before: list[Piece] = []
    after: list[Piece] = []
    for rank, (tag, a, b, c, d) in enumerate(codes):
        inside = 0 < rank < len(codes) - 1
        kept = tag == "equal" and not (inside and b - a < SHORTEST_KEPT)
        _add(before, Mark.KEPT if kept else Mark.REMOVED, " ".join(old[a:b]))
        _add(after, Mark.KEPT if kept else Mark.ADDED, " ".join(new[c:d]))
    return tuple(before), tuple(after)


def _add(pieces: list[Piece], mark: Mark, text: str) -> None:
    if not text:
        return
    if pieces and pieces[-1].mark is mark:
        text = f"{pieces.pop().text} {text}"
    pieces.append(Piece(mark, text))


def _words(text: str) -> list[str]:
    """Cut at plain spaces only: a no-break space belongs to what it holds together."""
    return re.split(" +", text)


def _lines(body: str) -> list[_Line]:
    return [
        _Line(text, block.kind is Kind.HEADING)
        for block in render(body)
        for text in (block.items or (block.text,))
    ]


def _headings(lines: Sequence[_Line]) -> list[str]:
    """For each line, the nearest heading at or above it; nothing above the first."""
    found, heading = [], ""
    for line in lines:
        heading = line.text if line.heading else heading
        found.append(heading)
    return found
