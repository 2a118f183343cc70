"""Words unlike any other, where to type them, and how to find them in bytes in any disguise."""

import base64
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from wtforms import FieldList, FormField

from casework.web.forms import Form

ROOT = "Zqxcanari"  # every canary starts with it, and nothing else does


def canaries() -> Iterator[str]:
    """Words of 11 letters, each used once: they fit the shortest field."""
    return (f"{ROOT}{number:02d}" for number in range(1, 1000))


def disguises() -> dict[str, bytes]:
    """How the word may hide, besides its case: the first three are sought in lower case."""
    found = {"text": ROOT.lower().encode(), "UTF-16": ROOT.lower().encode("utf-16-le")[:-1]}
    for name, word in (("as typed", ROOT), ("lower", ROOT.lower()), ("upper", ROOT.upper())):
        raw = word.encode()
        found[f"hexadecimal of {name}"] = raw.hex().encode()
        for shift in range(3):  # base64 has three alignments; keep the letters wholly ours
            whole = base64.b64encode(b"\0" * shift + raw)
            letters = whole[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
            found[f"base64 of {name}, shifted by {shift}"] = letters
            found[f"url base64 of {name}, shifted by {shift}"] = letters.translate(
                bytes.maketrans(b"+/", b"-_")
            )
    return found


DISGUISES = disguises()


def leaks(data: bytes) -> list[str]:
    """The disguises in which a canary is found in these bytes."""
    lower = data.lower()
    return [
        name
        for name, pattern in DISGUISES.items()
        if pattern in (data if "base64" in name else lower)
    ]


def leaves(fields: Iterable[Any]) -> Iterator[Any]:
    """The fields a browser sends, those of nested forms included."""
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from leaves(field)
        elif field.name != "csrf_token":
            yield field


def forms() -> Iterator[type[Form]]:
    """Every form of the application."""
    waiting = list(Form.__subclasses__())
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("casework."):
            yield form


def scratch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh folder for temporary files."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def search_folders(*folders: Path) -> None:
    """Read every file left in these folders, and their names."""
    searched = 0
    for folder in folders:
        for file in folder.rglob("*"):
            assert not leaks(str(file).encode())
            if file.is_file():
                assert leaks(file.read_bytes()) == [], file
                searched += 1
    assert searched >= 2  # the settings and the key, at least
