"""What the DPO finds."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.event import Event, Outcome, timestamp
from audit.query import MAX_ROWS, Count, search, summary

START = datetime(2026, 11, 21, 8, tzinfo=UTC)
READ = {"action": "situation:read", "outcome": Outcome.AUTORISE}
REFUSED = {"action": "situation:edit", "outcome": Outcome.REFUSE}


@pytest.fixture
def connection(engine, journal):
    """Six entries, one a minute: M-0001 and M-0002 in turn, every third one refused."""
    with engine.connect().execution_options(immediate=True) as writing, writing.begin():
        for minute in range(6):
            event = Event(
                time=timestamp(START + timedelta(minutes=minute)),
                actor=f"M-000{1 + minute % 2}",
                role="coordonnateur",
                object=f"CCTP-2026-00{minute // 2}",
                cell="CCTP" if minute < 4 else "GSP",
                detail={"champs": minute},
                **(REFUSED if minute % 3 == 0 else READ),
            )
            journal.append(writing, event)
    with engine.connect() as reading:
        yield reading


def ranks(rows):
    return [row.seq for row in rows]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [5, 4, 3, 2, 1, 0]),
        ({"actor": "M-0001"}, [4, 2, 0]),
        ({"object": "CCTP-2026-001"}, [3, 2]),
        ({"cell": "GSP"}, [5, 4]),
        ({"cell": ""}, []),
        ({"action": "situation:edit"}, [3, 0]),
        ({"outcome": Outcome.AUTORISE}, [5, 4, 2, 1]),
        ({"since": START + timedelta(minutes=4)}, [5, 4]),
        ({"until": START + timedelta(minutes=1)}, [0]),
        ({"actor": "M-0002", "outcome": Outcome.REFUSE}, [3]),
        ({"actor": "M-0001' OR '1'='1"}, []),
        ({"before_seq": 2}, [1, 0]),
        ({"limit": 2}, [5, 4]),
        ({"limit": 2, "before_seq": 4}, [3, 2]),
    ],
)
def test_search(connection, filters, expected):
    assert ranks(search(connection, **filters)) == expected


def test_a_row_is_the_event(connection):
    (row,) = search(connection, before_seq=1)
    assert (row.actor, row.outcome, row.detail) == ("M-0001", Outcome.REFUSE, {"champs": 0})
    assert row.motive == b""


@pytest.mark.parametrize("limit", [0, -1, MAX_ROWS + 1])
def test_a_page_has_an_end(connection, limit):
    with pytest.raises(ValueError, match="limit"):
        search(connection, limit=limit)


def test_a_moment_needs_its_zone(connection):
    with pytest.raises(ValueError, match="time zone"):
        search(connection, since=START.replace(tzinfo=None))


def test_summary(connection):
    assert summary(connection) == [
        Count("situation:edit", Outcome.REFUSE, 2),
        Count("situation:read", Outcome.AUTORISE, 4),
    ]
    assert summary(connection, START, START + timedelta(minutes=2)) == [
        Count("situation:edit", Outcome.REFUSE, 1),
        Count("situation:read", Outcome.AUTORISE, 1),
    ]
