"""The typology report of a cell (001:832-840, 905-913): prepared, protected, published.

A draft is computed from the day's data and is not to be handed out. Publishing settles the numbers
of its blocks for good: a child recorded later would otherwise stand alone in the difference between
two versions of one table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.cells.models import Cell
from casework.clock import midnight, now
from casework.db import new_id
from casework.reports import memory
from casework.reports.contributors import dominated, dominated_acts
from casework.reports.joint import ALL, TOTAL, Publication, decide
from casework.reports.keyfigures import key_figures
from casework.reports.memory import Figures, Remembered
from casework.reports.models import PublishedReport
from casework.reports.periods import Period
from casework.reports.protection import Unprotectable
from casework.reports.settled import Acts, counts_of, inside, settled_by
from casework.reports.sources import Source, of_kind
from casework.reports.tally import Counts, Key, families_and_schools, tally
from casework.seances.models import AgendaItem, Seance
from casework.seances.procedure import State as Sitting
from casework.situations.facet_pages import file_pages
from casework.vault.keyring import Reader, Writer
from casework.web.french import local
from charter.actions import Action
from charter.subjects import Subject

LATEST_SEANCE = timedelta(days=366)
Makes = set[tuple[str, Key]]  # numbers that one family or one school makes


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


# What another procedure's records are read with, decided by the charter and journaled.
Readers = Callable[[Action], Reader | None]


def counted(cell: str) -> Subject:
    """Situations one stepped aside from count too: a count names nobody."""
    return Subject(cell, recused=False, archived=False)


def show(
    session: Session,
    reader: Reader,
    readers: Readers,
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
    return _draft(session, reader, readers, cell, period, past, rounded=rounded)


def publish(
    session: Session,
    reader: Reader,
    readers: Readers,
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
    report = show(session, reader, readers, locked, period, rounded=rounded)
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
    file_pages(session, reader, writer, cell)
    return Report(report.publication, report.figures, row, **texts)


def _as_published(found: Remembered) -> Report:
    return Report(
        found.publication, found.figures, found.row, found.difficultes, found.points_positifs
    )


def _draft(
    session: Session,
    reader: Reader,
    readers: Readers,
    cell: Cell,
    period: Period,
    past: Sequence[Remembered],
    *,
    rounded: bool,
) -> Report:
    before = period.previous()
    blocks = [*before.blocks(), *period.blocks()]
    frozen = {block: found for block in blocks if (found := settled_by(block, past))}
    limits = {block: found.frozen_at for block, found in frozen.items()}
    seances = _first_seances(session, cell.code, period)
    counted = tally(session, reader, cell.code, blocks, limits, seances)
    acts = _acts(session, readers, cell.code, before, period)
    counts = {block: counts_of(counted, acts, block, frozen.get(block)) for block in blocks}
    whole = Publication([period], counts)
    total = whole.value(period, TOTAL, ALL)
    if not total:
        raise NothingCounted
    if total < cell.threshold:
        raise TooFew
    concerned = [act.situation for done in acts.values() for act in done]
    made_by = families_and_schools(session, reader, cell.code, concerned) if concerned else {}

    def made_by_few(of: Period) -> Makes:
        done = {source: inside(found, of) for source, found in acts.items()}
        return dominated(counted, of.blocks(), cell.threshold) | dominated_acts(
            done, made_by, cell.threshold
        )

    published = _protected(
        counts, made_by_few, period, before, past, cell.threshold, rounded=rounded
    )
    people = counted.people(period.blocks())
    figures = key_figures(counted, acts, period, people, total, cell.threshold, rounded=rounded)
    return Report(published, figures)


def _protected(
    counts: Mapping[Period, Counts],
    made_by_few: Callable[[Period], Makes],
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
        places = {(one, table, key) for one in periods for table, key in made_by_few(one)}
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


def sources(session: Session, cell: str) -> list[Source]:
    """The other procedures this cell has begun, which a report counts too."""
    isolated = cells.isolated(session, cell)
    return [source for source in of_kind(isolated=isolated) if source.any(session, cell)]


def _acts(session: Session, readers: Readers, cell: str, before: Period, period: Period) -> Acts:
    """What was done from one period to the end of the other, by source."""
    return {
        source: source.read(session, reader, cell, before.since, period.until)
        for source in sources(session, cell)
        if (reader := readers(source.action)) is not None
    }


def _first_seances(session: Session, cell: str, period: Period) -> dict[int, date]:
    """The first séance that had each situation on its agenda."""
    latest = midnight(period.until + LATEST_SEANCE)
    query = (
        select(AgendaItem.situation, func.min(Seance.held_at))
        .join(Seance, Seance.id == AgendaItem.seance)
        .where(Seance.cell == cell, Seance.held_at >= midnight(period.since))
        .where(Seance.etat == Sitting.CLOSE.value)
        .where(Seance.held_at <= min(latest, now()))
        .group_by(AgendaItem.situation)
    )
    return {situation: local(held_at).date() for situation, held_at in session.execute(query)}
