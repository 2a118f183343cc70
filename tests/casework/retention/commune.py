"""A commune whose situations are dated at will, and the words they hold."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select, update

from casework.cells.service import put_setting
from casework.retention.service import AGREEMENT
from casework.situations.models import Situation
from tests.casework.situations.around import recorded
from tests.conftest import World

AGREED = "AD-2026-117"


def agree(world: World, reference: str = AGREED) -> None:
    with world.database.write() as session:
        put_setting(session, AGREEMENT, reference)
        session.commit()


def dated(world: World, reference: str, **columns: Any) -> Situation:
    """Put a situation at a moment of its life; the row as it is then."""
    with world.database.write() as session:
        session.execute(update(Situation).filter_by(reference=reference).values(**columns))
        session.commit()
    return row_of(world, reference)


def row_of(world: World, reference: str) -> Situation | None:
    with world.database.read() as session:
        return session.scalar(select(Situation).filter_by(reference=reference))


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


def new(world: World, **typed: str) -> str:
    """A situation recorded through its page; its reference."""
    return recorded(world.coordinator(), autre_personne="oui", **typed).rpartition("/")[2]
