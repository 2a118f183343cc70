"""Closed lists whose members carry their French label beside their stable slug."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """The value is stored and compared; ``label`` is what a user reads."""

    label: str

    # The default serves type checkers alone, which read ``Role("maire")`` as this call.
    def __new__(cls, slug: str, label: str = "") -> Self:
        member = str.__new__(cls, slug)
        member._value_ = slug
        member.label = label
        return member
