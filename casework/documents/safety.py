"""Whether an uploaded .docx may be opened at all: what it is, how big, what it would fetch or run.

A model is opened on the server, then on the desks of those who print: it must hold words and
pictures, and nothing that runs or comes from elsewhere.
"""

import re
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from casework.documents.letters import ModelError

LARGEST = 2 * 2**20
LARGEST_UNPACKED = 30 * 2**20
MOST_PARTS = 400
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

UNREADABLE = (
    "Ce fichier n’est pas un document Word (.docx) lisible : enregistrez-le au format « Document "
    "Word (.docx) », sans mot de passe."
)
MACROS = "Ce document contient des macros : enregistrez-le au format « Document Word (.docx) »."
EMBEDDED = (
    "Ce document contient un objet incorporé (tableur, contrôle, fichier) : retirez-le, ou "
    "collez-le comme image."
)
OUTSIDE = (
    "Ce document va chercher quelque chose ailleurs ({}) : incorporez l’image, ou remplacez "
    "le lien par son texte."
)
RUNNING = re.compile(r"\b(INCLUDETEXT|INCLUDEPICTURE|DDE|DDEAUTO|LINK|MACROBUTTON|IMPORT|RD)\b")
EXTERNAL = re.compile(rb"""TargetMode\s*=\s*["']External["']""", re.I)
KIND = re.compile(rb"""Type\s*=\s*["'][^"']*/([A-Za-z]+)["']""")
TEXTS = re.compile(rb"<w:instrText[^>]*>([^<]*)<|w:instr\s*=\s*[\"']([^\"']*)[\"']")
NAMES = {"hyperlink": "un lien", "image": "une image liée", "attachedTemplate": "un modèle distant"}


def check(content: bytes) -> None:
    """Raises ModelError, with a sentence for whoever chose the file."""
    if len(content) > LARGEST:
        raise ModelError("Ce fichier dépasse 2 Mo : réduisez ses images.")
    try:
        with ZipFile(BytesIO(content)) as archive:
            _check(archive)
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise ModelError(UNREADABLE) from None


def _check(archive: ZipFile) -> None:
    names = [entry.filename for entry in archive.infolist()]
    # The sizes are what the archive says of itself; zipfile never gives more bytes than it said.
    total = sum(entry.file_size for entry in archive.infolist())
    if len(names) > MOST_PARTS or len(set(names)) != len(names) or total > LARGEST_UNPACKED:
        raise ModelError("Ce fichier est anormalement volumineux une fois ouvert : refaites-le.")
    types = archive.read("[Content_Types].xml")
    if b"macroEnabled" in types or any("vba" in name.lower() for name in names):
        raise ModelError(MACROS)
    if MAIN.encode() not in types:
        raise ModelError(UNREADABLE)
    if any(re.search(r"embeddings/|activeX|\.bin$|/afchunk", name, re.I) for name in names):
        raise ModelError(EMBEDDED)
    for name in names:
        if name.endswith((".xml", ".rels")):
            _part(name, archive.read(name))


def _part(name: str, text: bytes) -> None:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ModelError(UNREADABLE)
    if name.endswith(".rels"):
        for link in re.findall(rb"<Relationship\b[^>]*>", text):
            kind = KIND.search(link)
            what = kind[1].decode() if kind else ""
            if EXTERNAL.search(link) or what == "attachedTemplate":
                raise ModelError(OUTSIDE.format(NAMES.get(what, "une ressource")))
            if what in {"oleObject", "package", "control", "aFChunk"}:
                raise ModelError(EMBEDDED)
    # A field's code may be cut between runs: read end to end.
    codes = b" ".join(b"".join(found) for found in TEXTS.findall(text)).decode("utf-8", "replace")
    together = b"".join(b"".join(found) for found in TEXTS.findall(text)).decode("utf-8", "replace")
    if RUNNING.search(codes) or RUNNING.search(together):
        raise ModelError(OUTSIDE.format("un champ"))
