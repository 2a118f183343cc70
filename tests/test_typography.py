"""French typography: a sign never stands alone at the start of a line (Imprimerie nationale)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("casework", "charter", "audit")
# A plain space before a high sign or inside guillemets. A sign of a sum, a URL or a lone dash of
# code is no prose: a letter, a digit, a closing sign or a value stands before it.
LOOSE = re.compile(
    r"(?<=[\w’)}»…]) [:;?!](?=\s|$|[<)}”»])|« | »|(?<=[\w)}’…])\n\s*[:;?!»](?=\s|<|$)"
)
JINJA = re.compile(r"\{%.*?%\}|\{#.*?#\}|<style.*?</style>|<script.*?</script>", re.DOTALL)
# Inside an expression, only what is between quotes is shown.
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def prose_of_module(path: Path) -> Iterator[tuple[int, str]]:
    """Every literal but docstrings, which no user reads."""
    tree = ast.parse(path.read_text())
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(
                    part.value if isinstance(part, ast.Constant) else "0" for part in node.values
                ),
            )
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documents
        ):
            yield node.lineno, node.value


def prose_of_template(path: Path) -> Iterator[tuple[int, str]]:
    text = path.read_text()
    text = JINJA.sub(lambda found: _lines_of(found[0], QUOTED.findall(found[0])), text)
    text = EXPRESSION.sub(lambda found: _lines_of(found[0], ["0", *QUOTED.findall(found[0])]), text)
    yield 0, text


def _lines_of(source: str, shown: list[str]) -> str:
    return "".join(shown) + "\n" * source.count("\n")


def sources() -> list[Path]:
    modules = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
    return sorted([*modules, *(ROOT / "templates").rglob("*.html")])


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sign_is_cut_from_its_word(path: Path) -> None:
    prose = prose_of_module(path) if path.suffix == ".py" else prose_of_template(path)
    loose = [
        (line, text[max(found.start() - 25, 0) : found.end() + 10])
        for line, text in prose
        for found in LOOSE.finditer(text)
    ]
    assert loose == []
