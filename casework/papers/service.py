"""The models in force, day by day; replacing one, restoring the original. The caller commits."""

from datetime import UTC, date, datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.documents.letters import Source
from casework.documents.models import MODELS
from casework.documents.papers import packaged
from casework.papers.models import PaperModel
from casework.web.french import local


def versions(session: Session, name: str) -> list[PaperModel]:
    """Newest first."""
    known = select(PaperModel).filter_by(name=name).order_by(PaperModel.version.desc())
    return list(session.scalars(known))


def current(session: Session) -> dict[str, PaperModel]:
    """The last version of each model that ever had one."""
    known = session.scalars(select(PaperModel).order_by(PaperModel.version))
    return {one.name: one for one in known}


def in_force(session: Session, name: str, day: date) -> Source:
    """The model of an act of that ``day``: an older paper reprints as it was."""
    for one in versions(session, name):
        if local(one.at).date() <= day:
            return source(one)
    return packaged(name)


def source(version: PaperModel) -> Source:
    if version.content is None:
        return packaged(version.name)
    return Source(MODELS[version.name].title, version.content)


def put(session: Session, name: str, content: bytes | None, by: str) -> PaperModel:
    """A new version: the bytes given, or the original again."""
    known = versions(session, name)
    made = PaperModel(
        id=new_id(),
        name=name,
        version=known[0].version + 1 if known else 1,
        at=datetime.now(UTC),
        by=by,
        digest=sha256(content).hexdigest() if content is not None else "",
        content=content,
    )
    session.add(made)
    session.flush()
    return made
