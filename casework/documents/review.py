"""Whether a rewritten model says all it must, and only what it may: each finding with its place."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from casework.documents import safety
from casework.documents.letters import ModelError, Properties, Source, fill
from casework.documents.placeholders import Model

# What a model may be made of: words, values, conditions, repeated lines. Nothing that computes.
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.For,
    nodes.Getattr,
    nodes.Not,
    nodes.And,
    nodes.Or,
)
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
QUOTED = 60


def review(model: Model, content: bytes) -> list[str]:
    """What is wrong with ``content`` as a rewriting of ``model``; nothing when it may be used.

    Raises ModelError when the file cannot even be opened.
    """
    safety.check(content)
    places = list(_places(content))
    found = [*_unknown(model, places), *_missing(model, places)]
    return found or _trial(model, content)


def _unknown(model: Model, places: list[tuple[str, str]]) -> Iterator[str]:
    allowed = {one.name for one in model.placeholders}
    loops: set[str] = set()
    for _, text in places:
        loops |= set(re.findall(r"\{%\w* *for +(\w+) +in", text))
    for place, text in places:
        for name in sorted(_used(text) - allowed - loops):
            yield f"{{{{ {name} }}}} n’existe pas pour ce document ({place}) : retirez-le."


def _missing(model: Model, places: list[tuple[str, str]]) -> Iterator[str]:
    present = set().union(*(_used(text) for _, text in places)) if places else set()
    original = list(_places(model.original()))
    for one in model.placeholders:
        if not one.optional and one.name not in present:
            where = next((place for place, text in original if one.name in _used(text)), "")
            yield (
                f"{{{{ {one.name} }}}} ({one.label}) manque : ce document doit le porter. "
                f"Dans l’original : {where}."
            )


def _trial(model: Model, content: bytes) -> list[str]:
    """Drawn with the examples, then with every optional value empty."""
    about = Properties(title=model.name, author="", dated=date(2026, 1, 1))
    full = {name: list(v) if isinstance(v, tuple) else v for name, v in model.examples().items()}
    bare = {one.name: type(full[one.name])() for one in model.placeholders if one.optional}
    for values in (full, full | bare):
        try:
            _only_words(content)
            fill(Source(model.title, content), values, model.mandatory, about)
        except ModelError as error:
            return [str(error)]
    return []


def _only_words(content: bytes) -> None:
    for place, text in _places(content):
        try:
            tree = ENVIRONMENT.parse("".join(part for part in _balanced(text)))
        except TemplateSyntaxError:
            raise ModelError(f"Une balise est mal écrite ({place}).") from None
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, ALLOWED):
                raise ModelError(
                    f"Un modèle ne calcule pas ({place}) : n’employez que {{{{ nom }}}}, "
                    "« if » et « for »."
                )


ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=True)


def _balanced(text: str) -> Iterator[str]:
    """The tags of a paragraph, each closed: a condition may open in one and close in another."""
    for tag in TAG.findall(text):
        inner = re.sub(r"^\{%(p|tr|tc|r)? ", "{% ", tag)
        word = re.match(r"\{%-? *(\w+)", inner)
        if word is None:
            yield inner
        elif word[1] in {"if", "for"}:
            yield f"{inner}{{% end{word[1]} %}}"
        elif word[1] == "elif":
            yield f"{inner.replace('elif', 'if', 1)}{{% endif %}}"
        elif word[1] not in {"else", "endif", "endfor"}:
            yield inner


def _used(text: str) -> set[str]:
    try:
        return meta.find_undeclared_variables(ENVIRONMENT.parse("".join(_balanced(text))))
    except TemplateSyntaxError:
        return set()


def _places(content: bytes) -> Iterator[tuple[str, str]]:
    """Every paragraph that holds a tag: where it is, and its text."""
    try:
        document: Any = Document(BytesIO(content))
    except (KeyError, ValueError, AttributeError):
        raise ModelError(safety.UNREADABLE) from None
    yield from _paragraphs(document.element.body, "paragraphe")
    seen = set()
    for section in document.sections:
        kinds = {
            "en-tête": ("header", "first_page_header", "even_page_header"),
            "pied de page": ("footer", "first_page_footer", "even_page_footer"),
        }
        for label, names in kinds.items():
            for name in names:
                part = getattr(section, name)
                if not part.is_linked_to_previous and part._element not in seen:
                    seen.add(part._element)
                    yield from _paragraphs(part._element, label)


def _paragraphs(element: Any, label: str) -> Iterator[tuple[str, str]]:
    tables = list(element.iter(qn("w:tbl")))
    for paragraph in element.iter(qn("w:p")):
        text = "".join(one.text or "" for one in paragraph.iter(qn("w:t")))
        if "{" not in text:
            continue
        inside = next(paragraph.iterancestors(qn("w:tbl")), None)
        where = label if inside is None else f"tableau {tables.index(inside) + 1}"
        short = text.strip()
        quoted = short if len(short) <= QUOTED else f"{short[:QUOTED]}…"
        yield f"{where} « {quoted} »", text
