"""What the DPO reads in the journal: who did what, on which file, and how often it was refused."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy import Row as Fetched

from audit.event import Outcome, timestamp
from audit.schema import journal_event

MAX_ROWS = 1000
_table = journal_event.c
_HIDDEN = frozenset({"salt", "leaf", "nodes"})
_SHOWN = select(*(column for column in _table if column.name not in _HIDDEN)).where(
    _table.time != ""  # the content of older entries has been erased, by law
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry as it was written; ``motive`` is sealed to the DPO, empty when there is none."""

    seq: int
    time: str
    actor: str
    role: str
    action: str
    outcome: Outcome
    object: str
    cell: str
    article: str
    detail: Mapping[str, str | int]
    motive: bytes


@dataclass(frozen=True, slots=True)
class Count:
    """How many times an action ended so."""

    action: str
    outcome: Outcome
    count: int


def search(
    connection: Connection,
    *,
    actor: str | None = None,
    object: str | None = None,
    cell: str | None = None,
    action: str | None = None,
    actions: Collection[str] | None = None,
    objects: Collection[str] | None = None,
    outcome: Outcome | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before_seq: int | None = None,
    limit: int = 100,
) -> list[Row]:
    """Entries, newest first, from ``since`` and before ``until`` (with their time zone).

    For the next page, pass the ``seq`` of the last row as ``before_seq``. At most
    :data:`MAX_ROWS` rows; raises ValueError for another limit or a moment without time zone.
    """
    if not 1 <= limit <= MAX_ROWS:
        raise ValueError(f"limit goes from 1 to {MAX_ROWS}")
    equal = {"actor": actor, "object": object, "cell": cell, "action": action, "outcome": outcome}
    found = _SHOWN.where(
        *(_table[name] == str(value) for name, value in equal.items() if value is not None),
        *_period(since, until),
    )
    for column, names in ((_table.action, actions), (_table.object, objects)):
        if names is not None:
            found = found.where(column.in_([str(name) for name in names]))
    if before_seq is not None:
        found = found.where(_table.seq < before_seq)
    return [_row(row) for row in connection.execute(found.order_by(_table.seq.desc()).limit(limit))]


def every(connection: Connection, most: int, **filters: Any) -> Iterator[Row]:
    """The entries :func:`search` would give page after page, ``most`` of them at most."""
    before = None
    while most > 0:
        rows = search(connection, before_seq=before, limit=min(most, MAX_ROWS), **filters)
        yield from rows
        most -= len(rows)
        if len(rows) < MAX_ROWS:
            return
        before = rows[-1].seq


def summary(
    connection: Connection, since: datetime | None = None, until: datetime | None = None
) -> list[Count]:
    """How many entries by action and outcome, from ``since`` and before ``until``."""
    counted = (
        select(_table.action, _table.outcome, func.count())
        .where(_table.time != "", *_period(since, until))
        .group_by(_table.action, _table.outcome)
        .order_by(_table.action, _table.outcome)
    )
    return [
        Count(action, Outcome(outcome), count)
        for action, outcome, count in connection.execute(counted)
    ]


def latest(connection: Connection, actions: Collection[str]) -> dict[str, str]:
    """When each actor was last allowed one of these actions; who never was is absent."""
    found = (
        select(_table.actor, func.max(_table.time))
        .where(_table.action.in_(actions), _table.outcome == Outcome.AUTORISE.value)
        .group_by(_table.actor)
    )
    return {row[0]: row[1] for row in connection.execute(found)}


def _period(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    bounds = []
    if since is not None:
        bounds.append(_table.time >= timestamp(since))
    if until is not None:
        bounds.append(_table.time < timestamp(until))
    return bounds


def _row(fetched: Fetched[Any]) -> Row:
    values = dict(fetched._mapping)
    outcome, detail = Outcome(values.pop("outcome")), json.loads(values.pop("detail"))
    return Row(outcome=outcome, detail=detail, **values)
