"""Several letters drawn from one model, as one document to print; each counts its own pages.

The parts they share (styles, pictures) are the first one's: all come from the same model.
"""

from collections.abc import Sequence
from copy import deepcopy
from io import BytesIO
from typing import Any

from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from casework.documents.letters import repack

TOTALS = ("NUMPAGES", "SECTIONPAGES")


def joined(letters: Sequence[bytes]) -> bytes:
    """One document of all the letters, each on pages of its own, numbered « 1/2 » on their own."""
    if len(letters) == 1:
        return letters[0]
    whole, *others = (Document(BytesIO(letter)) for letter in letters)
    _mark_end(whole, 0, whole)
    for rank, other in enumerate(others, start=1):
        _mark_end(other, rank, whole)
        _end_section(whole)
        for element in list(other.element.body):
            whole.element.body.append(element)
    drawn = BytesIO()
    whole.save(drawn)
    return repack(drawn.getvalue())


def _mark_end(letter: Any, rank: int, whole: Any) -> None:
    """Bookmark the last page, count up to it at the foot, and bring the foot with the letter.

    SECTIONPAGES would say it in Word; LibreOffice does not know it, and both know PAGEREF.
    """
    name = f"fin_{rank + 1}"
    body = letter.element.body
    last = [child for child in body if child.tag == qn("w:p")][-1]
    for kind in ("bookmarkStart", "bookmarkEnd"):
        mark = OxmlElement(f"w:{kind}")
        mark.set(qn("w:id"), str(9000 + rank))
        if kind == "bookmarkStart":
            mark.set(qn("w:name"), name)
        last.append(mark)
    sections = list(body.iter(qn("w:sectPr")))
    moved: dict[Any, str] = {}
    for order, section in enumerate(sections):
        _restart(section, first=order == 0)
        for reference in section.xpath("./w:headerReference | ./w:footerReference"):
            part = letter.part.rels[reference.get(qn("r:id"))].target_part
            if part not in moved:
                _count_to(part.element, name)
                moved[part] = _adopt(whole, part, rank) if letter is not whole else ""
            if moved[part]:
                reference.set(qn("r:id"), moved[part])


def _restart(section: Any, *, first: bool) -> None:
    for known in section.findall(qn("w:pgNumType")):
        section.remove(known)
    if first:
        numbering = OxmlElement("w:pgNumType")
        numbering.set(qn("w:start"), "1")
        after = section.find(qn("w:cols"))
        if after is not None:
            after.addprevious(numbering)
        else:
            section.append(numbering)
        for kind in section.findall(qn("w:type")):
            section.remove(kind)  # the next page is the default


def _count_to(element: Any, name: str) -> None:
    for field in element.iter(qn("w:fldSimple")):
        if field.get(qn("w:instr"), "").split()[:1] in ([total] for total in TOTALS):
            field.set(qn("w:instr"), f"PAGEREF {name}")
    for words in element.iter(qn("w:instrText")):
        if (words.text or "").split()[:1] in ([total] for total in TOTALS):
            words.text = f" PAGEREF {name} "


def _adopt(whole: Any, part: Any, rank: int) -> str:
    """A copy of a header or a foot, with the same pictures as in the first letter."""
    stem = part.partname.filename.rpartition(".")[0]
    uri = PackURI(f"/word/{stem}_{rank + 1}.xml")
    copy = XmlPart(uri, part.content_type, deepcopy(part.element), whole.part.package)
    known = {found.partname: found for found in whole.part.package.iter_parts()}
    for rel in part.rels.values():
        target = known.get(rel.target_part.partname, rel.target_part)
        copy.load_rel(rel.reltype, target, rel.rId)
    kind = next(
        rel.reltype
        for rel in part.package.main_document_part.rels.values()
        if not rel.is_external and rel.target_part is part
    )
    return str(whole.part.relate_to(copy, kind))


def _end_section(whole: Any) -> None:
    """The last section's settings go to its last paragraph, so that another section follows."""
    body = whole.element.body
    settings = body[-1]
    paragraph = [child for child in body if child.tag == qn("w:p")][-1]
    if paragraph is not body[-2] or paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
        paragraph = OxmlElement("w:p")
        settings.addprevious(paragraph)
    paragraph.get_or_add_pPr().append(settings)
