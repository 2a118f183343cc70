"""The coordinator at the pages of an import, as a browser without scripts."""

import re
from html import unescape
from io import BytesIO
from typing import Any

from sqlalchemy import func, select

from casework.situations.models import Situation
from tests.conftest import Visitor, World

URL = "/cellules/CCTP/import"
ROW = re.compile(r'<tr>\s*<th scope="row"[^>]*>\s*(Lignes? [^<]+?)\s*</th>(.*?)</tr>', re.DOTALL)
SELECT = re.compile(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
CHOSEN = re.compile(r'<option value="([^"]*)" selected')


class Desk:
    """One visitor's import in the CCTP."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def upload(self, content: bytes, name: str = "suivi.xlsx") -> Any:
        return self.visitor.post(URL, {"fichier": (BytesIO(content), name)})

    @property
    def page(self) -> str:
        return unescape(self.visitor.get(URL).text).replace("\u00a0", " ").replace("\u202f", " ")

    def answers(self) -> dict[str, str]:
        """What the selects of the page propose."""
        found = {}
        for name, options in SELECT.findall(self.page):
            chosen = CHOSEN.search(options)
            found[name] = chosen[1] if chosen else ""
        return found

    def check(self, content: bytes, **columns: str) -> str:
        """Upload, accept every proposal, and come to the report."""
        answer = self.upload(content)
        assert answer.status_code == 302, answer.text
        answer = self.visitor.post(f"{URL}/colonnes", self.answers() | columns)
        assert answer.status_code == 302, answer.text
        if "Que veut dire chaque terme" in self.page:
            assert self.visitor.post(f"{URL}/termes", self.answers()).status_code == 302
        return self.page

    def report(self) -> list[tuple[int, str]]:
        """The lines of the report: the number of the line, and all that is said of it."""
        return [
            (int(re.findall(r"\d+", where)[0]), " ".join(re.sub(r"<[^>]+>", " ", said).split()))
            for where, said in ROW.findall(self.page)
        ]

    def start(self, **typed: str) -> Any:
        page = self.page
        shown = re.search(r'name="compte" value="(\d+)"', page)
        asked = re.search(r'name="importer" value="(\w+)"', page)
        data = {"compte": shown[1] if shown else "", "importer": asked[1] if asked else ""}
        return self.visitor.post(f"{URL}/importer", self.answers() | data | typed)

    def run(self) -> int:
        """Press « Continuer » until it is done; how many times."""
        pressed = 0
        while "Import en cours" in self.page:
            assert self.visitor.post(f"{URL}/continuer").status_code == 302
            pressed += 1
        return pressed


def count(world: World) -> int:
    with world.database.read() as session:
        return session.scalar(select(func.count()).where(Situation.cell == "CCTP")) or 0
