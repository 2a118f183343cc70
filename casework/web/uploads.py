"""Files sent by a browser are kept in memory: nothing sensitive is spooled to disk."""

from io import BytesIO
from typing import IO

from flask import Request


class MemoryRequest(Request):
    """Werkzeug would spool a file over 500 kB to the temporary folder, in clear."""

    def _get_file_stream(self, *_args: object, **_kwargs: object) -> IO[bytes]:
        return BytesIO()
