"""Letters drawn from .docx models that a commune edits in Word.

A model is written by people who never see what it will be filled with, so it is not trusted:
it runs in Jinja's sandbox, it cannot break the document it draws, and any mistake in it stops the
letter with a sentence its author understands. Everything happens in memory: no temporary file
ever holds a name.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from babel.dates import format_date
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

NBSP = "\N{NO-BREAK SPACE}"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# What XML 1.0 §2.2 cannot carry, or Word would read as a page break; tabs and newlines stay.
UNPRINTABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

MIDNIGHT = time(tzinfo=UTC)

# What a model prints: words, a condition, or lines that it repeats.
Value = str | bool | list[dict[str, Any]]


class ModelError(Exception):
    """A model cannot be used. The message is a French sentence for whoever edited it."""


@dataclass(frozen=True, slots=True)
class Source:
    """The .docx of a model, and the name it is told by."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Properties:
    """What the file says of itself. Never a name of a person: mail and search tools show it."""

    title: str
    author: str
    dated: date


def french_date(day: date) -> str:
    """« 21 novembre 2026 », « 1er décembre 2026 », held together by no-break spaces."""
    text = format_date(day, "d MMMM y", locale="fr")
    return ("1er" + text[1:] if day.day == 1 else text).replace(" ", NBSP)


def fill(
    model: Source, values: Mapping[str, Value], mandatory: Collection[str], about: Properties
) -> bytes:
    """Return the .docx drawn from ``model`` and ``values``; same arguments, same bytes.

    Raises ModelError when the model is no Word document, has a broken or unknown tag, or never
    prints one of the ``mandatory`` values. No message carries a value.
    """
    letter = _open(model)
    jinja = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        letter.render({name: _printable(value) for name, value in values.items()}, jinja)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError):
        # The cause could quote a value: it goes no further.
        raise ModelError(
            f"Le modèle « {model.name} » demande un calcul impossible : "
            "n’employez que des variables simples, comme {{ reference }}."
        ) from None
    if forgotten := sorted(set(mandatory) - letter.used):
        raise ModelError(
            f"Le modèle « {model.name} » oublie des variables obligatoires : {_tags(forgotten)}."
        )
    describe(letter.docx, about)
    drawn = BytesIO()
    letter.save(drawn)
    return repack(drawn.getvalue())


def repack(docx: bytes, *, compress: bool = True) -> bytes:
    """Return the same archive without the time of day and the system it was made on.

    Uncompressed, its bytes do not depend on the version of zlib either.
    """
    packed = BytesIO()
    with ZipFile(BytesIO(docx)) as source, ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = ZipInfo(name)  # dated 1 January 1980, the first day a zip can write
            entry.create_system = 0
            entry.compress_type = ZIP_DEFLATED if compress else ZIP_STORED
            target.writestr(entry, source.read(name))
    return packed.getvalue()


class _Model(DocxTemplate):  # type: ignore[misc]
    """docxtpl, strict: it would mend a broken document by silently dropping what follows."""

    def __init__(self, model: Source) -> None:
        super().__init__(BytesIO(model.content))
        self.name = model.name
        self.used: set[str] = set()

    def render_xml_part(
        self, src_xml: str, part: Any, context: dict[str, Any], jinja_env: Environment
    ) -> str:
        paragraphs = src_xml.replace("<w:p ", "\n<w:p ").replace("<w:p>", "\n<w:p>")
        try:
            used = meta.find_undeclared_variables(jinja_env.parse(paragraphs))
        except TemplateSyntaxError as error:
            line = paragraphs.split("\n")[error.lineno - 1]
            near = re.sub(r"<[^>]+>", "", line).strip()[:80]
            raise ModelError(
                f"Le modèle « {self.name} » contient une balise mal écrite, près de « {near} »."
            ) from None
        if unknown := sorted(used - context.keys()):
            raise ModelError(
                f"Le modèle « {self.name} » emploie des variables inconnues : {_tags(unknown)}."
            )
        self.used |= used
        drawn: str = super().render_xml_part(src_xml, part, context, jinja_env)
        try:
            etree.fromstring(drawn.encode(), etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError:
            raise ModelError(
                f"Le modèle « {self.name} » produit un document illisible : "
                "une balise {%p … %} doit être seule dans son paragraphe."
            ) from None
        return drawn


def _open(model: Source) -> _Model:
    try:
        letter = _Model(model)
        letter.init_docx()
    except (BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise ModelError(
            f"Le modèle « {model.name} » n’est pas un document Word lisible."
        ) from error
    return letter


def describe(document: Any, about: Properties) -> None:
    """Replace what the model's editor left in the properties: their own name, for one."""
    core = document.core_properties
    core.title, core.author, core.last_modified_by = about.title, about.author, about.author
    core.created = core.modified = datetime.combine(about.dated, MIDNIGHT)
    core.language, core.revision = "fr-FR", 1
    core.subject = core.keywords = core.comments = core.category = ""
    core.identifier = core.content_status = core.version = ""


def _printable(value: Value) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return [{name: _printable(part) for name, part in row.items()} for row in value]
    return printable(value)


def printable(text: str) -> str:
    """A text as a document can hold it."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n"))


def _tags(names: list[str]) -> str:
    return ", ".join(f"{{{{ {name} }}}}" for name in names)
