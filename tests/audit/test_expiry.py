"""Content expires by law and nothing else does; what was proved stays proved."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from audit import expiry, proofs
from audit.event import EXPIRE, Event, Outcome, timestamp
from audit.journal import Reason
from audit.notes import open_note
from audit.periods import Period, PeriodError, months_before
from audit.query import search
from audit.schema import ERASED, journal_checkpoint, journal_event, journal_head
from audit.tree import verify_inclusion
from audit.triggers import drop_statements
from audit.verify import verify

NOW = datetime.now(UTC)
OLD, RECENT = 12, 8
seq = journal_event.c.seq
REASON = "Enquête interne en cours, avis du DPO du 3 novembre."


def writing(engine):
    return engine.connect().execution_options(immediate=True)


def dated(moment, rank):
    return Event(
        time=timestamp(moment),
        actor="M-0003",
        role="coordonnateur",
        action="situation:read",
        outcome=Outcome.AUTORISE,
        object=f"CCTP-2026-{rank:03}",
        motive=b"sealed",
    )


@pytest.fixture
def notes(engine, journal):
    """Twelve entries of two years ago, eight of this week, a checkpoint in each lot."""
    kept = []
    with writing(engine) as connection, connection.begin():
        for rank in range(OLD + RECENT):
            moment = NOW - timedelta(days=730 if rank < OLD else 7)
            journal.append(connection, dated(moment + timedelta(seconds=rank), rank))
            if rank in (5, 15):
                note = connection.execute(select(journal_head.c.note)).scalar_one()
                row = {"size": rank + 1, "note": note, "created_at": timestamp(moment)}
                connection.execute(insert(journal_checkpoint), row | {"reason": Reason.JOUR})
                kept.append(note)
    return kept


@pytest.fixture
def expire(engine, journal, notes):
    def run(period=Period(), now=None):  # noqa: B008 - immutable
        with writing(engine) as connection, connection.begin():
            return expiry.expire(connection, journal, period, now=now)

    return run


@pytest.fixture
def report(engine, journal):
    def build(kept=None):
        with engine.connect() as connection:
            return verify(connection, journal.verifier, kept)

    return build


def own(engine, *statements):
    """What a thief who owns the database does."""
    with engine.begin() as connection:
        for statement in drop_statements(engine.dialect.name):
            connection.execute(text(statement))
        for statement in statements:
            connection.execute(statement)


def test_the_content_goes_and_the_proofs_stay(engine, journal, notes, expire, report):
    with engine.connect() as connection:
        before = connection.execute(select(seq, journal_event.c.leaf).order_by(seq)).all()
        path = proofs.inclusion(connection, 3, 16)
    done = expire()
    assert (done.count, done.before) == (OLD, OLD)
    with engine.connect() as connection:
        rows = connection.execute(select(journal_event).order_by(seq)).all()
        assert proofs.inclusion(connection, 3, 16) == path
    for row in rows[:OLD]:
        left = {name: value for name, value in row._mapping.items() if name in ERASED}
        assert left == dict(ERASED)
    assert [row.object for row in rows[OLD:-1]] == [f"CCTP-2026-{n:03}" for n in range(12, 20)]
    assert [(row.seq, row.leaf) for row in rows[: len(before)]] == before
    kept = open_note(notes[1], journal.verifier)
    assert verify_inclusion(rows[3].leaf, 3, 16, path, kept.root)
    for note in (None, *notes):
        assert report(note).ok
    assert report().erased == OLD
    assert "12\u00a0entrées au terme de la durée légale" in report().sentences()[-1]


def test_it_leaves_one_entry_that_says_what(engine, expire):
    expire()
    with engine.connect() as connection:
        (entry,) = search(connection, action=EXPIRE)
    assert entry.actor == "systeme"
    assert {name: entry.detail[name] for name in ("before", "count", "months")} == {
        "before": OLD,
        "count": OLD,
        "months": 12,
    }


def test_a_long_backlog_expires_by_parts(monkeypatch, engine, expire, report):
    """Every page waits for the journal's lock: none waits for a whole year's erasure."""
    monkeypatch.setattr(expiry, "MOST_AT_ONCE", 5)
    done = [expire() for _ in range(4)]
    assert [(part.count, part.before) for part in done] == [(5, 5), (5, 10), (2, 12), (0, 12)]
    assert report().ok
    with engine.connect() as connection:
        assert len(search(connection, action=EXPIRE)) == 3


def test_nothing_due_leaves_nothing(engine, expire, report):
    expire()
    size = report().size
    assert expire().count == 0
    assert report().size == size


def test_a_later_expiry_covers_the_former_ones(engine, journal, expire, report):
    with writing(engine) as connection, connection.begin():
        journal.append(connection, dated(NOW - timedelta(days=370), 20))
    assert expire(Period(13, REASON)).count == OLD
    for _ in range(2):
        assert report().ok
        expire(Period(6))


def test_the_whole_journal_may_expire(engine, journal, expire, report):
    """The entry of the expiry itself is kept."""
    with writing(engine) as connection, connection.begin():
        found = expiry.due(connection, Period(6), NOW + timedelta(days=400))
    assert found.count == OLD + RECENT


def test_what_expired_is_shown_no_more(engine, expire):
    expire()
    with engine.connect() as connection:
        assert min(row.seq for row in search(connection)) == OLD


def test_an_entry_dated_early_waits_for_its_neighbours(engine, journal, notes):
    with writing(engine) as connection, connection.begin():
        journal.append(connection, dated(NOW - timedelta(days=800), 20))
        assert expiry.due(connection, Period()).before == OLD


def test_a_dry_run_changes_nothing(engine, notes, report):
    with engine.connect() as connection:
        assert expiry.due(connection, Period()).count == OLD
    assert report().erased == 0


@pytest.mark.parametrize(
    ("months", "reason"),
    [(5, ""), (0, ""), (37, REASON), (13, ""), (13, "        oui.      "), (13, "x" * 1001)],
)
def test_periods_the_law_refuses(months, reason):
    with pytest.raises(PeriodError, match="CNIL"):
        Period(months, reason)


@pytest.mark.parametrize(("months", "reason"), [(6, ""), (12, ""), (13, REASON), (36, REASON)])
def test_periods_the_law_allows(months, reason):
    assert Period(months, reason).months == months


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [
        ("2026-11-21T08:00:00.000000Z", 12, "2025-11-21T08:00:00.000000Z"),
        ("2026-08-31T00:00:00.000000Z", 6, "2026-02-28T00:00:00.000000Z"),
        ("2028-08-31T00:00:00.000000Z", 6, "2028-02-29T00:00:00.000000Z"),
        ("2026-01-31T00:00:00.000000Z", 36, "2023-01-31T00:00:00.000000Z"),
        ("2026-01-15T00:00:00.000000Z", 1, "2025-12-15T00:00:00.000000Z"),
    ],
)
def test_months_before(moment, months, expected):
    assert months_before(moment, months) == expected


# What the triggers refuse, on both databases.

ERASE = update(journal_event).values(dict(ERASED))


def refused(engine, journal, detail, statement):
    event = Event.now(actor="systeme", action=EXPIRE, outcome=Outcome.AUTORISE, detail=detail)
    with writing(engine) as connection:
        journal.append(connection, event)
        with pytest.raises(DBAPIError):
            connection.execute(statement)


YEAR_AGO = months_before(timestamp(NOW), 12)
LAWFUL = {"before": OLD, "until": YEAR_AGO}


def test_erasing_without_an_expiry_entry(engine, notes):
    with pytest.raises(DBAPIError), writing(engine) as connection:
        connection.execute(ERASE.where(seq == 0))


def test_erasing_after_another_entry_has_come(engine, journal, expire):
    expire()
    journal.record(engine, dated(NOW, 30))
    with pytest.raises(DBAPIError), writing(engine) as connection:
        connection.execute(ERASE.where(seq == OLD))


@pytest.mark.parametrize(
    ("detail", "rank"),
    [
        (LAWFUL, OLD),  # not covered
        ({"before": OLD + 1, "until": YEAR_AGO}, OLD),  # covered, and too recent
        ({"before": OLD + 1, "until": timestamp(NOW)}, OLD),  # a period shorter than the law's
        ({"before": OLD + 1, "until": months_before(timestamp(NOW), 5)}, OLD),
        ({"until": YEAR_AGO}, 0),
        ({"before": OLD}, 0),
        ({}, 0),
    ],
)
def test_erasing_what_the_entry_does_not_cover(engine, journal, notes, detail, rank):
    refused(engine, journal, detail, ERASE.where(seq == rank))


@pytest.mark.parametrize("column", [*ERASED])
def test_erasing_all_but_one_column(engine, journal, notes, column):
    left = dict(ERASED) | {column: b"x" if isinstance(ERASED[column], bytes) else "x"}
    refused(engine, journal, LAWFUL, update(journal_event).where(seq == 0).values(left))


@pytest.mark.parametrize("column", ["seq", "leaf", "nodes"])
def test_erasing_more_than_the_content(engine, journal, notes, column):
    value = 99 if column == "seq" else bytes(32)
    refused(
        engine,
        journal,
        LAWFUL,
        update(journal_event).where(seq == 0).values(dict(ERASED) | {column: value}),
    )


# What the verifier says of erasures that are no expiry.


def test_an_erasure_without_its_entry_is_an_alteration(engine, notes, report):
    own(engine, ERASE.where(seq < 5))
    assert report().integrity.first == 0
    assert not report().integrity.ok


def test_an_erasure_beyond_its_entry(engine, expire, report):
    expire()
    own(engine, ERASE.where(seq <= OLD + 1))
    assert report().integrity.first == OLD
    assert "avant le terme" in report().integrity.sentence


def test_an_erasure_in_the_middle(engine, expire, report):
    expire()
    own(engine, ERASE.where(seq == OLD + 4))
    assert report().integrity.first == OLD + 4


def test_an_expiry_shorter_than_the_law_allows(engine, journal, notes, report):
    """By someone who holds the key and dropped the triggers."""
    with writing(engine) as connection, connection.begin():
        detail = {"before": 16, "count": 16, "months": 1, "until": timestamp(NOW)}
        entry = Event.now(actor="systeme", action=EXPIRE, outcome=Outcome.AUTORISE, detail=detail)
        journal.append(connection, entry)
    own(engine, ERASE.where(seq < 16))
    assert not report().integrity.ok


def test_recent_entries_passed_off_as_old(engine, journal, notes, report):
    """The entry claims a lawful period; the checkpoint of today says those entries are younger."""
    with writing(engine) as connection, connection.begin():
        detail = {"before": 18, "count": 18, "months": 12, "until": YEAR_AGO}
        entry = Event.now(actor="systeme", action=EXPIRE, outcome=Outcome.AUTORISE, detail=detail)
        journal.append(connection, entry)
    own(engine, ERASE.where(seq < 18))
    assert not report().integrity.ok
    assert report().integrity.first == 16


def test_erased_entries_cannot_be_written_again(engine, journal, expire, report):
    expire()
    own(engine, update(journal_event).where(seq == 3).values(actor="M-0666"))
    assert report().integrity.first == 3


def test_scrubbing_frees_what_was_erased(engine, expire):
    expire()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        expiry.scrub(connection)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(journal_event)).scalar()
        assert connection.execute(select(journal_head.c.size)).scalar() == OLD + RECENT + 1
