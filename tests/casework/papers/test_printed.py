"""Every paper as it comes out of the printer: drawn by LibreOffice, all in one go, and read again.

Each is tried four ways: the examples, everything long (names, four legal representatives, two
families, an apostrophe in every field), every optional field empty, and three letters in one batch.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

from casework.documents.letters import Properties
from casework.documents.models import MODELS
from casework.documents.papers import draw
from casework.documents.placeholders import RAPPEL, TRANSACTION, Model
from charter.references import reference_on

OFFICE, TO_TEXT = shutil.which("soffice"), shutil.which("pdftotext")
DAY = date(2026, 11, 21)
LONG = "d’Almeida-Hélène N’Guessan de l’Étang-d’Aiguebelle, dit l’« Ours » & Cie <l’aîné>"
FOUR = "\n".join(
    f"{who} d’Almeida-N’Guessan, {what}, 1{rank} rue de l’Église, 13999 L’Isle-d’Abeau"
    for rank, (who, what) in enumerate(
        (("Léa", "mère"), ("Jean", "père"), ("Awa", "tutrice"), ("Luc", "beau-père"))
    )
)
ONE_LINE = {"reference", "date", "heure", "jour", "telephone", "exemplaire", "commune", "produit"}
TWO_PARTIES = ("destinataire", "personne", "nom", "nom_de_naissance")
LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b|« »|\[…\]|\[\.\.\.\]|\bFalse\b|\bTrue\b")
WAYS = ("usual", "long", "bare")


def values(model: Model, way: str) -> dict[str, object]:
    found = {
        name: value
        for name, value in model.examples().items()
        if name not in {"fondement", "teneur"}  # those of the day
    }
    for one in model.placeholders:
        if way == "bare" and one.optional:
            found.pop(one.name, None)
        if way == "long" and isinstance(one.example, str) and _stretches(one.name):
            found[one.name] = FOUR if one.name in {"representants", "presents"} else LONG
        if way == "long" and one.name in {"mineurs", "famille"}:
            found[one.name] = [dict.fromkeys(one.parts, LONG) for _ in range(4)]
    return found


def _stretches(name: str) -> bool:
    fixed = name.startswith("case_") or name.endswith("_le") or name in {"fondement", "teneur"}
    return not fixed and name not in ONE_LINE


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], list[str]]:
    """The text of each page of a paper. One start of LibreOffice draws them all."""
    if not (OFFICE and TO_TEXT):
        pytest.skip("LibreOffice or poppler is absent")
    folder = tmp_path_factory.mktemp("papers")
    for name, model in MODELS.items():
        for way in WAYS:
            (folder / f"{name}-{way}.docx").write_bytes(paper(name, [values(model, way)]))
    three = [
        values(MODELS["convocation_mineur"], "usual") | {"reference": f"R-{n}"} for n in (1, 2, 3)
    ]
    three[1]["lieu"] = LONG * 60
    (folder / "batch-usual.docx").write_bytes(paper("convocation_mineur", three))
    words = [OFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    words += ["--convert-to", "pdf", "--outdir", str(folder)]
    files = [str(path) for path in folder.glob("*.docx")]
    subprocess.run([*words, *files], check=True, capture_output=True, timeout=300)  # noqa: S603

    @cache
    def read(name: str, way: str) -> list[str]:
        words = [TO_TEXT, "-layout", str(folder / f"{name}-{way}.pdf"), "-"]
        made = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603
        return made.stdout.split("\f")[:-1]

    return read


def paper(name: str, copies: list[dict[str, object]]) -> bytes:
    about = Properties(title=name, author="Commune", dated=DAY)
    return draw(name, copies, DAY, about)


def flat(pages: list[str]) -> str:
    return " ".join(" ".join(pages).split())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", MODELS)
def test_a_paper_is_whole(pages: Callable[[str, str], list[str]], name: str, way: str) -> None:
    model, sheets = MODELS[name], pages(name, way)
    text = flat(sheets)
    assert len(sheets) <= (1 if way != "long" else 3), "pages"
    assert not LEFT_OVER.search(text)
    for rank, sheet in enumerate(sheets, start=1):
        assert f"Page {rank}/{len(sheets)}" in flat([sheet]), "each page says its number"
        assert len(sheet.split()) > 25, "no page carries a line alone"
    assert "Valmarin" in text
    for article in model.articles:
        assert flat([reference_on(article, DAY).label]) in text
    if model.articles:
        assert "Produit le" in text
        assert "CCTP-2026-0042" in text


@pytest.mark.parametrize(
    "name", [m.name for m in MODELS.values() if m.domain in {RAPPEL, TRANSACTION}]
)
def test_both_parties_are_named(pages: Callable[[str, str], list[str]], name: str) -> None:
    text, given = flat(pages(name, "usual")), values(MODELS[name], "usual")
    assert given["commune"] in text
    named = [given[key] for key in TWO_PARTIES if key in given]
    assert all(str(who) in text for who in named)
    assert named or name == "relance_parquet", "a reminder names nobody: the fiche does"


def test_four_representatives_are_all_there(pages: Callable[[str, str], list[str]]) -> None:
    text = flat(pages("transaction_proposition", "long"))
    for who in ("Léa d’Almeida-N’Guessan, mère", "Luc d’Almeida-N’Guessan, beau-père"):
        assert who in text


def test_an_empty_field_leaves_no_line(pages: Callable[[str, str], list[str]]) -> None:
    head = pages("convocation_majeur", "bare")[0].split("Réf.")[0]
    assert "Commune de Valmarin" in head
    assert "\n\n" not in head.strip()
    assert (
        "Représentants légaux"
        not in flat(pages("transaction_proposition", "bare")).split("Les f")[0]
    )


def test_signatures_stay_with_what_is_signed(pages: Callable[[str, str], list[str]]) -> None:
    last = flat(pages("convocation_mineur", "long")[-1:])
    assert "Le maire ou son délégué" in last
    assert "distinguée" in last


def test_a_batch_counts_the_pages_of_each_letter(pages: Callable[[str, str], list[str]]) -> None:
    numbers = re.findall(
        r"(R-\d) — Confidentiel\s+Page (\d/\d)", "\n".join(pages("batch", "usual"))
    )
    assert numbers[0] == ("R-1", "1/1")
    assert numbers[-1] == ("R-3", "1/1")
    assert ("R-2", "1/2") in numbers
    assert ("R-2", "2/2") in numbers
