"""Reads the entries of a journal from its database, in order, as fast as the driver gives them."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection

from audit.event import COLUMNS, EXPIRE, RESTORE, canonical_of, plain_leaves
from audit.evidence import Batch, Expiry, Restoration, State, expiry_of
from audit.schema import ERASED

EVERYTHING: Final = 2**62  # beyond the head too: what nobody signed must show
_ROWS_AT_ONCE: Final = 64
_ENTRIES_AT_ONCE: Final = 1024
_NOTHING_LEFT = tuple(ERASED[name] for name in COLUMNS)
_TOLD: Final = (EXPIRE, RESTORE)
_ACTION: Final = 4 + COLUMNS.index("action")


def rows(connection: Connection, size: int) -> Iterator[list[Any]]:
    """The first ``size`` entries, some at a time and in flat memory: rank, leaf, nodes, salt, then
    the content in the order of :data:`audit.event.COLUMNS`.

    Straight from the driver: a library in between costs as much as all the hashing, and no column
    type converts a value before it has been looked at.
    """
    query = (
        f"SELECT seq, leaf, nodes, salt, {', '.join(COLUMNS)}"  # noqa: S608 - constants
        f" FROM journal_event WHERE seq < {size:d} ORDER BY seq"
    )
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        # A cursor of the server: the client's own would fetch the whole journal at once.
        with driver.cursor("journal_entries", binary=True) as cursor:
            cursor.execute(query)
            yield from _ahead(lambda: cursor.fetchmany(_ROWS_AT_ONCE))
    else:
        with closing(driver.execute(query)) as cursor:
            while found := cursor.fetchmany(_ROWS_AT_ONCE):
                yield found


def _ahead(fetch: Callable[[], list[Any]]) -> Iterator[list[Any]]:
    """The server prepares the next rows while the caller hashes these."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(fetch)
        while found := coming.result():
            coming = pool.submit(fetch)
            yield found


def batches(connection: Connection, size: int) -> Iterator[Batch]:
    """The first entries, each compared with its leaf."""
    batch = Batch([], [], nodes := [])
    for found in rows(connection, size):
        # Looked at while the processor still has them at hand, then hashed upwards by thousands.
        first, leaves = len(batch.ranks), [row[1] for row in found]
        computed = plain_leaves(found)
        if computed != leaves:
            _compare(found, computed, batch.faults, first)
        actions = [row[_ACTION] for row in found]
        if EXPIRE in actions or RESTORE in actions:
            _listen(found, batch, first)
        batch.ranks += [row[0] for row in found]
        batch.leaves += leaves
        nodes += [row[2] for row in found]
        if len(nodes) >= _ENTRIES_AT_ONCE:
            yield batch
            batch = Batch([], [], nodes := [])
    if nodes:
        yield batch


def _compare(
    found: list[Any], computed: list[bytes | None], faults: dict[int, State], first: int
) -> None:
    pairs = zip(computed, found, strict=True)
    for position, (plain, (_, leaf, _, salt, *content)) in enumerate(pairs, first):
        if plain != leaf and not _as_written(leaf, salt, content):
            faults[position] = _state_of(salt, content)


def _listen(found: list[Any], batch: Batch, first: int) -> None:
    for position, (seq, _, _, _, *content) in enumerate(found, first):
        if content[3] in _TOLD and position not in batch.faults:
            said = _said(seq, content)
            if said is not None:
                batch.said[position] = said


def _as_written(leaf: Any, salt: Any, content: list[Any]) -> bool:
    try:
        return bool(sha256(b"\x00" + salt + canonical_of(*content)).digest() == leaf)
    except (TypeError, ValueError):  # what stands there is not even an event
        return False


def _state_of(salt: Any, content: list[Any]) -> State:
    return State.ERASED if not salt and tuple(content) == _NOTHING_LEFT else State.ALTERED


def _said(seq: int, content: list[Any]) -> Expiry | Restoration | None:
    if content[3] == RESTORE:
        return Restoration(seq)
    return expiry_of(content[0], json.loads(content[8]))
