"""Files sent by a browser are kept in memory, nothing sensitive is spooled to disk; files shown to
one run nothing."""

from io import BytesIO
from typing import IO

from flask import Blueprint, Request, request, send_file
from werkzeug.wrappers import Response

# A file is not a page of the application: it runs nothing, and reaches nothing. Chromium shows no
# PDF in a sandbox: those keep the policy of the pages, which opens nothing either.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class MemoryRequest(Request):
    """Werkzeug would spool a file over 500 kB to the temporary folder, in clear."""

    def _get_file_stream(self, *_args: object, **_kwargs: object) -> IO[bytes]:
        return BytesIO()


def make_room(blueprint: Blueprint, view: str, largest: int) -> None:
    """Let this one address receive a file. One a little too large gets its sentence at the field;
    a huge one is not even read."""

    @blueprint.url_value_preprocessor
    def _make_room(endpoint: str | None, _values: dict[str, str] | None) -> None:
        if endpoint == f"{blueprint.name}.{view}":
            request.max_content_length = 2 * largest


def shown(content: BytesIO, media: str, name: str) -> Response:
    """A file in the browser, from memory: `no-store` keeps it off the disk on both sides."""
    suffix = media.rpartition("/")[2]
    response = send_file(content, mimetype=media, download_name=f"{name}.{suffix}")
    if media.startswith("image/"):
        response.headers["Content-Security-Policy"] = SANDBOX
    return response
