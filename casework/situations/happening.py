"""One line of the story of a situation; each domain gives its own."""

from dataclasses import dataclass
from datetime import datetime

from casework.web.french import local, long_date


@dataclass(frozen=True)
class Happening:
    """``kind`` is how the trade calls it; ``author`` and ``role`` who did it under which mandate,
    ``by`` the same as the page says it."""

    moment: datetime
    kind: str
    title: str
    url: str = ""
    author: str = ""
    role: str = ""
    detail: str = ""
    by: str = ""

    @property
    def date(self) -> str:
        return long_date(local(self.moment).date())
