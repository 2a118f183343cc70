"""What every page carries: security headers, and nothing inline."""

import re

from werkzeug.test import TestResponse

INLINE = re.compile(
    r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)
POLICY_WORDS = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")


def check_page(answer: TestResponse, address: str) -> None:
    headers = answer.headers
    assert headers["Cache-Control"] == "no-store", address
    assert headers["X-Content-Type-Options"] == "nosniff", address
    assert headers["X-Frame-Options"] == "DENY", address
    assert headers["Referrer-Policy"] == "no-referrer", address
    assert all(word in headers["Content-Security-Policy"] for word in POLICY_WORDS), address
    assert "unsafe" not in headers["Content-Security-Policy"], address
    if answer.mimetype == "text/html":
        assert not (found := INLINE.search(answer.text)), f"{address}: {found}"
