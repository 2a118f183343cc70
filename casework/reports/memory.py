"""Publications as they are kept: sealed for the cell, opened to stay consistent with them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.db import new_id
from casework.reports.joint import Place, Publication
from casework.reports.models import PublishedReport
from casework.reports.periods import Period
from casework.reports.tally import Counts, Key
from casework.vault import store
from casework.vault.fields import seal_row
from casework.vault.keyring import Reader, Writer

FORMAT = 1


@dataclass(frozen=True)
class Figures:
    """What a report says beside its tables; None when it is not said."""

    people: int | None = None
    about: bool = False  # the number of young people is rounded down
    saisine_to_seance: int | None = None  # weeks, median
    t1_to_t2: int | None = None
    hours: int | None = None  # of unpaid work, to the ten
    examined: int | None = None  # of the situations, those a séance has seen
    examined_about: bool = False  # that number is rounded down


@dataclass(frozen=True)
class Remembered:
    """A report as published, opened."""

    row: PublishedReport
    publication: Publication
    figures: Figures
    frozen_at: int  # the highest identifier its numbers count
    difficultes: str
    points_positifs: str


def remembered(session: Session, reader: Reader, cell: str) -> list[Remembered]:
    """Everything a cell has published, oldest first."""
    query = select(PublishedReport).where(PublishedReport.cell == cell)
    rows = list(session.scalars(query.order_by(PublishedReport.id)))
    wraps = store.wraps_of_many(session, [row.id for row in rows])
    found = []
    for row in rows:
        record = reader.record(row.id, wraps.get(row.id, []), str(row.id))
        kept = json.loads(record.open(row, "numbers"))
        found.append(
            Remembered(
                row,
                _publication(kept),
                Figures(**kept["figures"]),
                kept["frozen_at"],
                record.open(row, "difficultes"),
                record.open(row, "points_positifs"),
            )
        )
    return found


def remember(
    session: Session,
    writer: Writer,
    author: str,
    cell: str,
    publication: Publication,
    figures: Figures,
    frozen_at: int,
    texts: Mapping[str, str],
) -> PublishedReport:
    """Keep a report about to be handed out; flushed and not committed."""
    period = publication.periods[0]
    current = store.current(session, cell)
    row = PublishedReport(
        id=new_id(),
        cell=cell,
        since=period.since,
        until=period.until,
        published_at=datetime.now(UTC),
        published_by=author,
        version=FORMAT,
    )
    record, wrap = writer.new_record(row.id, cell, current.version, str(row.id))
    kept = _kept(publication) | {"figures": vars(figures), "frozen_at": frozen_at}
    seal_row(record, row, {"numbers": json.dumps(kept), **texts})
    session.add(row)
    session.flush()
    store.store_wrap(session, row.id, wrap)
    return row


def reword(
    session: Session, writer: Writer, row: PublishedReport, texts: Mapping[str, str]
) -> None:
    """The coordinator's words again; the numbers stay as they are."""
    record = writer.record(row.id, store.wraps_of(session, row.id), str(row.id))
    for column, text in texts.items():
        record.seal(row, column, text)
    session.flush()


def _kept(publication: Publication) -> dict[str, Any]:
    return {
        "periods": [str(period) for period in publication.periods],
        "rounded": publication.rounded,
        "base": publication.base,
        "counts": {
            str(block): {
                table: [[key, count] for key, count in counted.items()]
                for table, counted in counts.items()
            }
            for block, counts in publication.counts.items()
        },
        "shown": [[*_flat(place), value] for place, value in publication.shown.items()],
        "dominated": [_flat(place) for place in publication.dominated],
    }


def _publication(kept: Mapping[str, Any]) -> Publication:
    return Publication(
        periods=[_period(text) for text in kept["periods"]],
        counts={_period(block): _counts(counts) for block, counts in kept["counts"].items()},
        rounded=kept["rounded"],
        base=kept["base"],
        shown={_place(*place): value for *place, value in kept["shown"]},
        dominated={_place(*place) for place in kept["dominated"]},
    )


def _flat(place: Place) -> list[Any]:
    period, table, key = place
    return [str(period), table, key]


def _place(period: str, table: str, key: int | list[int]) -> Place:
    return _period(period), table, _key(key)


def _counts(counts: Mapping[str, list[Any]]) -> Counts:
    return {
        table: {_key(key): count for key, count in counted} for table, counted in counts.items()
    }


def _key(key: int | list[int]) -> Key:
    return key if isinstance(key, int) else (key[0], key[1])


def _period(text: str) -> Period:
    since, _, until = text.partition("/")
    return Period(date.fromisoformat(since), date.fromisoformat(until))
