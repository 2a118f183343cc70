"""Each paper of a transaction, drawn by LibreOffice: pages, texts, names, nothing left unfilled."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from casework.transactions.papers import PAPERS
from charter.references import REFERENCES, Article
from tests.casework.transactions.conftest import Way

OFFICE, TO_TEXT = shutil.which("soffice"), shutil.which("pdftotext")
SHEETS = {"proposition": 2}  # in two copies; the others are one page


def _pages(papers: dict[str, bytes], folder: Path) -> dict[str, list[str]]:
    """The text of each page of each paper, as printed."""
    for name, content in papers.items():
        (folder / f"{name}.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = [OFFICE, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    files = [str(folder / f"{name}.docx") for name in papers]
    subprocess.run([*words, *files], check=True, capture_output=True, timeout=240)  # noqa: S603
    found = {}
    for name in papers:
        made = subprocess.run(  # noqa: S603
            [TO_TEXT, "-layout", str(folder / f"{name}.pdf"), "-"],
            check=True,
            capture_output=True,
            text=True,
        )
        found[name] = made.stdout.split("\f")[:-1]
    return found


@pytest.mark.skipif(not (OFFICE and TO_TEXT), reason="LibreOffice or poppler is absent")
def test_every_paper_is_ready_to_sign(way: Way, tmp_path: Path) -> None:
    url = way.accepted(
        genre="travail", quantite="12,5", par_delegation="y", delegation="arrêté n° 2026-114"
    )
    way.step(url, "homologation", pieces="y")
    way.decide(url)
    way.step(url, "execution", quantite="12,5")
    papers = {name: way.coordinator.get(f"{url}/{name}.docx").data for name in PAPERS}
    pages = _pages(papers, tmp_path)
    for name, sheets in pages.items():
        text = " ".join("".join(sheets).split())
        assert len(sheets) == SHEETS.get(name, 1), name
        assert url.rsplit("/", 1)[1] in text
        assert "Page 1/1" in text, "each copy counts its own pages"
        assert re.search(r"Maxence Duval-L’Hermitte|Duval-L’Hermitte, Maxence", text), name
        assert "Port-Miran" in text
        assert (
            " ".join(REFERENCES[Article.CPP_44_1].label.split()) in text or "R. 15-33-61" in text
        ), name
        assert "Produit le" in text
        assert not re.search(r"\{\{|\{%|None|\bnan\b", text), name
    proposal = " ".join("".join(pages["proposition"]).split())
    for mandatory in (
        *("Exemplaire 1 sur 2", "Exemplaire 2 sur 2", "Banc public cassé", "R. 635-1"),
        *("12,5 heures", "3 mois à compter", "avocat, à vos frais", "pour homologation"),
        *("tribunal de police", "votre silence vaudra refus", "PM-2026-118", "arrêté n° 2026-114"),
    ):
        assert mandatory in proposal, mandatory
    assert "entièrement" in "".join(pages["cloture-procureur"])


def test_a_paper_comes_only_at_its_moment(way: Way) -> None:
    url = way.prepare().location
    for name in ("homologation", "emargement", "cloture-procureur", "cloture-personne", "autre"):
        assert way.coordinator.get(f"{url}/{name}.docx").status_code == 404
