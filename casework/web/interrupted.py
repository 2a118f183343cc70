"""An act interrupted before it was done: its address, its method, and what was typed for it.

The page shown in its place carries all three, so that the act can be sent again as it was. Nothing
of it is kept on the server.
"""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import BadRequest, HTTPException

from casework.web.access import ALWAYS_OPEN, declaration_of

# A passphrase is never written into a page: it is typed again.
NEVER_KEPT = frozenset({"csrf_token", "actuelle", "phrase", "encore"})


@dataclass(frozen=True)
class Act:
    """What was interrupted: an address of this application, and how it was asked for."""

    url: str
    method: str
    label: str  # the action, in the charter's words
    outgoing: bool  # a document, which leaves the page as it was


def act_at(url: str, method: str, never: Collection[str] = ()) -> Act:
    """The act at a local address, or a 400: a form may not send the browser elsewhere, nor to one
    of the endpoints of ``never``."""
    if not url.isprintable():
        raise BadRequest
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadRequest from error
    if parts.scheme or parts.netloc or not url.startswith("/") or url.startswith(("//", "/\\")):
        raise BadRequest
    try:
        endpoint, _ = current_app.url_map.bind(request.host).match(parts.path, method)
    except HTTPException as error:
        raise BadRequest from error
    if endpoint in ALWAYS_OPEN or endpoint in never:
        raise BadRequest
    what = declaration_of(current_app, endpoint).action
    return Act(url, method, what.label, what.outgoing)


def here() -> str:
    """The address being asked for."""
    return request.full_path if request.query_string else request.path


def kept(prefix: str) -> list[tuple[str, str]]:
    """The fields of the interrupted act, as they were typed; those named with ``prefix`` are of the
    page that interrupts it."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in NEVER_KEPT and not name.startswith(prefix)
    ]
