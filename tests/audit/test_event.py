"""An event lets no free text in, and has one canonical form."""

import json
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.event import (
    COLUMNS,
    Event,
    EventError,
    Outcome,
    canonical,
    leaf_of,
    plain_leaves,
    timestamp,
)

FIELDS = {
    "time": "2026-11-21T08:00:00.000001Z",
    "actor": "M-0003",
    "role": "coordonnateur",
    "action": "situation:read",
    "outcome": Outcome.AUTORISE,
    "object": "CCTP-2026-012",
    "cell": "CCTP",
    "article": "article L. 132-7 du code de la sécurité intérieure",
    "detail": {"b": 2, "a": "oui"},
    "motive": b"\x00\xff",
}


def test_the_canonical_form():
    assert Event(**FIELDS).canonical().decode() == (
        '{"action":"situation:read","actor":"M-0003",'
        '"article":"article L. 132-7 du code de la sécurité intérieure","cell":"CCTP",'
        '"detail":{"a":"oui","b":2},"motive":"AP8=","object":"CCTP-2026-012",'
        '"outcome":"autorise","role":"coordonnateur","time":"2026-11-21T08:00:00.000001Z","v":1}'
    )


def stored(**changed):
    columns = Event(**FIELDS).columns() | changed
    return [columns[name] for name in COLUMNS]


SALT = bytes(range(16))
PLAIN = {"motive": b""}


def quick(*several):
    rows = [(seq, b"", b"", SALT, *columns) for seq, columns in enumerate(several)]
    return plain_leaves(rows)


def full(columns):
    return leaf_of(SALT, dict(zip(COLUMNS, columns, strict=True)))


def test_the_quick_form_is_the_canonical_one():
    several = [stored(**PLAIN), stored(**PLAIN, detail="{}"), stored(**PLAIN, cell="GSP")]
    assert quick(*several) == [full(columns) for columns in several]


def test_the_quick_form_leaves_aside_what_it_cannot_tell():
    plain = stored(**PLAIN)
    aside = [
        stored(),  # a sealed motive
        stored(**PLAIN, article="un \\ ou un guillemet"),
        stored(**PLAIN, detail='{"a": "oui","b":2}'),  # JSON, but not in its canonical form
        stored(**PLAIN, detail=""),
        stored(**PLAIN, actor=b"M-0003"),
        stored(motive=""),
        stored(motive=None),
    ]
    for columns in aside:
        assert quick(plain, columns, plain) == [full(plain), None, full(plain)]


# The same bytes once put end to end: content moved from a column to its neighbours, an escape
# written out, a number for its digits.
@pytest.mark.parametrize(
    ("genuine", "forged"),
    [
        ({"cell": "GSP"}, {"article": 'x","cell":"GSP', "cell": ""}),
        (
            {"detail": '{"a":"b","motive":"QQ","object":"x"}', "motive": b"", "object": "O"},
            {"detail": '{"a":"b"', "motive": b"A", "object": 'x"},"motive":"","object":"O'},
        ),
        ({"article": 'dit "art. 40"'}, {"article": 'dit \\"art. 40\\"'}),
        ({"cell": "5"}, {"cell": 5}),
        ({"cell": "None"}, {"cell": None}),
    ],
)
def test_the_quick_form_never_takes_an_event_for_another(genuine, forged):
    (found,) = quick(stored(**PLAIN | forged))
    assert found is None or found != full(stored(**PLAIN | genuine))


def test_the_order_of_details_does_not_matter():
    swapped = FIELDS | {"detail": {"a": "oui", "b": 2}}
    assert Event(**swapped).canonical() == Event(**FIELDS).canonical()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time", "2026-11-21 08:00:00"),
        ("time", "2026-11-21T08:00:00.000001Z\n"),
        ("actor", "Camille Durand"),
        ("actor", "M-DUPONT"),
        ("actor", ""),
        ("role", "Élue de quartier"),
        ("action", "lecture d’une situation"),
        ("action", ""),
        ("outcome", "autorise"),
        ("object", "dossier de Camille"),
        ("object", "x" * 81),
        ("cell", "quartier des Pins"),
        ("article", "première ligne\nseconde"),
        ("article", "x" * 201),
        ("article", "\ud800"),
        ("article", None),
        ("detail", {"motif": "il a été vu rue Pasteur"}),
        ("detail", {"motif": 1.5}),
        ("detail", {"motif": True}),
        ("detail", {"motif": 2**53}),
        ("detail", {"motif": None}),
        ("detail", {"Nom de famille": "x"}),
        ("motive", "en clair"),
    ],
)
def test_free_text_is_refused_and_not_repeated(field, value):
    with pytest.raises(EventError) as refused:
        Event(**FIELDS | {field: value})
    assert field in str(refused.value)
    assert value in ("", "autorise") or str(value) not in str(refused.value)


@pytest.mark.parametrize("actor", ["anonyme", "systeme", "M-0003", "M-7K2Q"])
def test_the_actors(actor):
    assert Event(**FIELDS | {"actor": actor}).actor == actor


def test_an_event_cannot_change():
    detail = {"champs": 3}
    event = Event(**FIELDS | {"detail": detail})
    detail["champs"] = 4
    assert event.detail["champs"] == 3
    with pytest.raises(TypeError):
        event.detail["champs"] = 4
    with pytest.raises(AttributeError):
        event.actor = "M-0004"


def test_members_of_an_enum_are_stored_as_plain_text():
    class Action(StrEnum):
        READ = "situation:read"

    columns = Event(**FIELDS | {"action": Action.READ}).columns()
    assert type(columns["action"]) is str
    assert type(columns["outcome"]) is str


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60))
def test_any_article_comes_back_from_the_canonical_form(article):
    event = Event(**FIELDS | {"article": article})
    assert json.loads(event.canonical())["article"] == article
    assert canonical(event.columns()) == event.canonical()


@pytest.mark.parametrize("detail", ['{"b":2,"a":"oui"}', '{"a": 1}', "nothing", '{"a":1,"a":1}'])
def test_a_detail_stored_otherwise_is_no_event(detail):
    with pytest.raises(ValueError, match=r"canonical|JSON|Expecting"):
        canonical(Event(**FIELDS).columns() | {"detail": detail})


def test_now_is_utc():
    before = timestamp(datetime.now(UTC))
    event = Event.now(actor="systeme", role="", action="journal:start", outcome=Outcome.ECHEC)
    assert before <= event.time <= timestamp(datetime.now(UTC))
    assert (event.object, event.cell, event.article, event.detail) == ("", "", "", {})


def test_timestamps_are_converted_and_need_a_zone():
    paris = datetime(2026, 11, 21, 9, tzinfo=timezone(timedelta(hours=1)))
    assert timestamp(paris) == "2026-11-21T08:00:00.000000Z"
    with pytest.raises(ValueError, match="time zone"):
        timestamp(datetime(2026, 11, 21, 9))  # noqa: DTZ001 - the very mistake
