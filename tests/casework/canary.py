"""Words unlike any other, where to type them, and how to find them in bytes in any disguise."""

import base64
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse
from wtforms import FieldList, FormField, StringField

from casework.web.forms import Form
from tests.conftest import Visitor, World

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


class Typist:
    """Types canaries, and looks at every answer's headers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.words = canaries()
        self.raw: set[str] = set()

    def fields(self, form: type[Form]) -> list[Any]:
        with self.world.app.test_request_context():
            return list(leaves(form(formdata=None, meta={"csrf": False})))

    def forge(self, who: Visitor, url: str, form: type[Form]) -> TestResponse:
        """A canary in every field, of whatever type: refused, and not by a failure."""
        data = {field.name: next(self.words) for field in self.fields(form)}
        answer = self.post(who, url, data)
        assert answer.status_code < 500, (url, answer.text)
        return answer

    def submit(
        self, who: Visitor, url: str, form: type[Form], status: int = 302, **valid: Any
    ) -> tuple[TestResponse, dict[str, str]]:
        """First forged, then with a canary in every text field but those given."""
        self.forge(who, url, form)
        typed = {
            field.name: next(self.words)
            for field in self.fields(form)
            if isinstance(field, StringField) and field.name not in valid
        }
        answer = self.post(who, url, typed | valid)
        assert answer.status_code == status, answer.text
        return answer, typed

    def post(self, who: Visitor, url: str, data: dict[str, Any]) -> TestResponse:
        self.raw |= {name for name, value in data.items() if ROOT in str(value)}
        answer = who.post(url, data)
        assert not leaks(str(answer.headers).encode())
        for cookie in who.client._cookies.values():
            assert not leaks(readable(cookie.value)), cookie.key
        return answer


def readable(cookie: str) -> bytes:
    """A cookie as sent, and what a signed Flask cookie holds."""
    payload = cookie.lstrip(".").split(".")[0]
    inside = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return cookie.encode() + (zlib.decompress(inside) if cookie.startswith(".") else inside)
