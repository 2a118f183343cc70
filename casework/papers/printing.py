"""Printing a paper in a request: the commune, the law and the model of the day, the mark."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from flask import g, send_file
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.cells import service as cells
from casework.clock import now
from casework.documents.letters import DOCX, Properties, french_date
from casework.documents.papers import draw
from casework.papers import service
from casework.web.access import signature
from casework.web.french import moment
from casework.web.journal import checkpoint_line

ADDRESS, PHONE = "adresse_mairie", "telephone_mairie"


def printed(
    session: Session,
    name: str,
    reference: str,
    day: date,
    copies: Sequence[Mapping[str, Any]] = ({},),
) -> bytes:
    """The paper of an act of that ``day``; each copy may carry its own ``reference``."""
    common = letterhead(session) | {
        "reference": reference,
        "date": french_date(day),
        "produit": mark(session),
    }
    about = Properties(title=reference, author=common["commune"], dated=day)
    source = service.in_force(session, name, day)
    return draw(name, [common | copy for copy in copies], day, about, source)


def letterhead(session: Session) -> dict[str, str]:
    return {
        "commune": cells.setting(session, cells.COMMUNE),
        "service": cells.setting(session, cells.SERVICE),
        "adresse_mairie": cells.setting(session, ADDRESS),
        "telephone": cells.setting(session, PHONE),
    }


def produced() -> str:
    """Who produced the paper, and when: the day it is printed, not that of the act."""
    return f"Produit le {moment(now())} par {signature(g.decision)}."


def mark(session: Session) -> str:
    """The same, with the state of the journal."""
    return f"{produced()} {checkpoint_line(session)}"


def sent(made: bytes, name: str) -> Response:
    """``name`` is a reference or a closed word: a file name names nobody."""
    return send_file(BytesIO(made), mimetype=DOCX, as_attachment=True, download_name=f"{name}.docx")
