"""The typology report of a cell (001:832-840, 905-913): prepared, protected, published.

A draft is computed from the day's data and is not to be handed out. Publishing settles the numbers
of its blocks for good: a child recorded later would otherwise stand alone in the difference between
two versions of one table.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cells.models import Cell
from casework.db import new_id
from casework.rappels import service as rappels
from casework.rappels.models import Rappel
from casework.rappels.service import Opened, State
from casework.reports import memory
from casework.reports.contributors import dominated
from casework.reports.joint import ALL, RAPPEL, RAPPELS, TOTAL, Publication, decide
from casework.reports.memory import Figures, Remembered
from casework.reports.models import PublishedReport
from casework.reports.periods import Period
from casework.reports.protection import Unprotectable
from casework.reports.tally import FOLLOW_UP, Counts, Tally, tally
from casework.seances.models import AgendaItem, Seance
from casework.vault.keyring import Reader, Writer
from casework.web.french import PARIS, local
from charter.categories import Category
from charter.subjects import Subject

WEEK = 7
LATEST_SEANCE = timedelta(days=366)
# Outcomes of a rappel à l'ordre, as the table names them (001:1049 counts the first).
OUTCOMES = {1: "Effectué", 2: "Carence", 3: "Possible, à tenir", 4: "Impossible", 5: "En attente"}


class TooFew(Exception):
    """The whole period counts fewer people than the smallest number a report prints."""


class NothingCounted(Exception):
    """No saisine in the period."""


class NotOver(Exception):
    """The period is not over: its numbers cannot be settled yet."""


class OtherwiseRounded(Exception):
    """The period is published in the other form; both together would give hidden numbers away."""


@dataclass(frozen=True)
class Report:
    """A report as it may be shown; ``published`` is None for a draft."""

    publication: Publication
    figures: Figures
    published: PublishedReport | None = None
    difficultes: str = ""
    points_positifs: str = ""

    @property
    def period(self) -> Period:
        return self.publication.periods[0]

    @property
    def compared(self) -> Period | None:
        periods = self.publication.periods
        return periods[1] if len(periods) > 1 else None


RappelsReader = Callable[[], Reader]


def counted(cell: str) -> Subject:
    """Situations one stepped aside from count too: a count names nobody."""
    return Subject(cell, recused=False)


def show(
    session: Session,
    reader: Reader,
    rappels_reader: RappelsReader,
    cell: Cell,
    period: Period,
    *,
    rounded: bool = False,
) -> Report:
    """The report of a period: as published, or a draft protected with what was published.

    NothingCounted, TooFew, Unprotectable.
    """
    past = memory.remembered(session, reader, cell.code)
    for found in past:
        if found.publication.periods[0] == period:
            return _as_published(found)
    return _draft(session, reader, rappels_reader, cell, period, past, rounded=rounded)


def publish(
    session: Session,
    reader: Reader,
    rappels_reader: RappelsReader,
    writer: Writer,
    author: str,
    cell: str,
    period: Period,
    texts: Mapping[str, str] | None,
    today: date,
    *,
    rounded: bool = False,
) -> Report:
    """Settle a report and keep it, or keep new words for one already published.

    ``texts`` are the coordinator's words, None to leave them as they are. NotOver,
    OtherwiseRounded, NothingCounted, TooFew, Unprotectable. Not committed.
    """
    if period.until >= today:
        raise NotOver
    locked = session.scalars(select(Cell).where(Cell.code == cell).with_for_update()).one()
    frozen_at = new_id()
    report = show(session, reader, rappels_reader, locked, period, rounded=rounded)
    if report.publication.rounded is not rounded:
        raise OtherwiseRounded
    if texts is None:
        texts = {"difficultes": report.difficultes, "points_positifs": report.points_positifs}
    row = report.published
    if row is None:
        row = memory.remember(
            session, writer, author, cell, report.publication, report.figures, frozen_at, texts
        )
    else:
        memory.reword(session, writer, row, texts)
    return Report(report.publication, report.figures, row, **texts)


def _as_published(found: Remembered) -> Report:
    return Report(
        found.publication, found.figures, found.row, found.difficultes, found.points_positifs
    )


def _draft(
    session: Session,
    reader: Reader,
    rappels_reader: RappelsReader,
    cell: Cell,
    period: Period,
    past: Sequence[Remembered],
    *,
    rounded: bool,
) -> Report:
    before = period.previous()
    blocks = [*before.blocks(), *period.blocks()]
    frozen = {block: found for block in blocks if (found := _settled(block, past))}
    limits = {block: found.frozen_at for block, found in frozen.items()}
    seances = _first_seances(session, cell.code, period)
    counted = tally(session, reader, cell.code, blocks, limits, seances)
    acts = _rappels(session, rappels_reader, cell.code, before, period)
    counts = {
        block: _counts(counted, block, frozen.get(block)) | _outcomes(acts, block)
        for block in blocks
    }
    whole = Publication([period], counts)
    total = whole.value(period, TOTAL, ALL)
    if not total:
        raise NothingCounted
    if total < cell.threshold:
        raise TooFew
    published = _protected(counts, counted, period, before, past, cell.threshold, rounded=rounded)
    people = counted.people(period.blocks())
    figures = _figures(counted, acts, period, people, total, cell.threshold, rounded=rounded)
    return Report(published, figures)


def _protected(
    counts: Mapping[Period, Counts],
    counted: Tally,
    period: Period,
    before: Period,
    past: Sequence[Remembered],
    threshold: int,
    *,
    rounded: bool,
) -> Publication:
    """With the same period of the year before beside it, unless that would give someone away."""
    known = [found.publication for found in past]
    compared = sum(counts[block][TOTAL].get(ALL, 0) for block in before.blocks()) >= threshold
    for periods in ([period, before], [period]) if compared else ([period],):
        places = {
            (one, table, key)
            for one in periods
            for table, key in dominated(counted, one.blocks(), threshold)
        }
        held = {block: counts[block] for one in periods for block in one.blocks()}
        new = Publication(periods, held, rounded, {}, places)
        try:
            shown = decide(new, known, threshold)
        except Unprotectable:
            if len(periods) == 1:
                raise
            continue
        return Publication(periods, held, rounded, shown, places, threshold)
    raise Unprotectable


def _settled(block: Period, past: Iterable[Remembered]) -> Remembered | None:
    """The first report that published a block: its numbers are settled since."""
    return next((found for found in past if block in found.publication.counts), None)


def _counts(counted: Tally, block: Period, settled: Remembered | None) -> Counts:
    """A block's tables. Once settled, only the follow-up moves, within the settled total."""
    live = counted.counts(block)
    if settled is None:
        total = counted.total(block)
        return live | {TOTAL: {ALL: total} if total else {}}
    kept = settled.publication.counts[block]
    total = kept[TOTAL].get(ALL, 0)
    follow_up: Counts = {name: live[name] for name in FOLLOW_UP}
    unknown = total - sum(follow_up["statut"].values())  # erased since, or moved to another day
    if unknown < 0 or max(follow_up["suite"].values(), default=0) > total:
        follow_up = {name: kept[name] for name in FOLLOW_UP}
    elif unknown:
        follow_up["statut"] = dict(Counter(follow_up["statut"]) + Counter({0: unknown}))
    return dict(kept) | follow_up


def _rappels(
    session: Session, reader: RappelsReader, cell: str, before: Period, period: Period
) -> list[Opened]:
    """The rappels announced from one period to the end of the other."""
    first = datetime(before.since.year, before.since.month, before.since.day, tzinfo=PARIS)
    after = period.until + timedelta(days=1)
    last = datetime(after.year, after.month, after.day, tzinfo=PARIS)
    query = select(Rappel).where(
        Rappel.cell == cell,
        Rappel.t1_at >= first.astimezone(UTC),
        Rappel.t1_at < last.astimezone(UTC),
    )
    rows = list(session.scalars(query))
    if not rows:
        return []
    return rappels.open_rappels(session, reader(), rows, {Category.PROCEDURE})


def _announced(act: Opened, period: Period) -> bool:
    return period.since <= local(act.row.t1_at).date() <= period.until


def _outcomes(acts: Iterable[Opened], block: Period) -> Counts:
    counted = Counter(_outcome(act) for act in acts if _announced(act, block))
    return {RAPPEL: dict(counted), RAPPELS: {ALL: counted.total()} if counted else {}}


def _outcome(act: Opened) -> int:
    if act.state in (State.TENU, State.CARENCE, State.CLOS):
        return 2 if act.carence else 1
    return {State.POSSIBLE: 3, State.JUDICIAIRE: 4}.get(act.state, 5)


def _first_seances(session: Session, cell: str, period: Period) -> dict[int, date]:
    """The first séance that had each situation on its agenda."""
    first = datetime(period.since.year, period.since.month, period.since.day, tzinfo=PARIS)
    latest = datetime.combine(period.until + LATEST_SEANCE, first.timetz())
    query = (
        select(AgendaItem.situation, func.min(Seance.held_at))
        .join(Seance, Seance.id == AgendaItem.seance)
        .where(Seance.cell == cell, Seance.held_at >= first.astimezone(UTC))
        .where(Seance.held_at <= min(latest.astimezone(UTC), datetime.now(UTC)))
        .group_by(AgendaItem.situation)
    )
    return {situation: local(held_at).date() for situation, held_at in session.execute(query)}


def _figures(
    counted: Tally,
    acts: Iterable[Opened],
    period: Period,
    people: int,
    total: int,
    threshold: int,
    *,
    rounded: bool,
) -> Figures:
    """What is not a count of lines: young people, and delays rounded to a week."""
    again = total - people
    about = rounded or 0 < again < threshold
    answered = [
        (act.row.t2_at - act.row.t1_at).days
        for act in acts
        if act.row.t2_at is not None and _announced(act, period)
    ]
    return Figures(
        people=people // threshold * threshold if about else people,
        about=about,
        saisine_to_seance=_weeks(counted.waits(period.blocks()), threshold),
        t1_to_t2=_weeks(answered, threshold),
    )


def _weeks(days: Sequence[int], threshold: int) -> int | None:
    """The median in weeks; None when too few waited for it to say nothing of one of them."""
    return round(median(days) / WEEK) if len(days) >= threshold else None
