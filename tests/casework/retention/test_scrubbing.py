"""Why a file is written again: zeroing what is freed is not enough."""

import random
from pathlib import Path

from casework.db import Database
from casework.retention.scrubbing import rewrite

STEPS, SEED = 1500, 0  # of SQLite 3.40, two values are left before the file is rewritten


def test_a_page_shared_with_its_neighbour_keeps_nothing_once_rewritten(tmp_path: Path) -> None:
    """Rows come, change and go at random, as in the life of a base."""
    drawn, path = random.Random(SEED), tmp_path / "base.db"  # noqa: S311 - nothing secret
    database, gone, live = Database(f"sqlite:///{path}"), [], {}
    connection = database.engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")  # a test of pages, not of power cuts
    cursor.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)")
    for _ in range(STEPS):
        what, blob = drawn.random(), drawn.randbytes(drawn.randint(64, 1500))
        if what < 0.5 or not live:
            number = drawn.getrandbits(62)
            cursor.execute("INSERT INTO t VALUES (?, ?)", (number, blob))
        else:
            number = drawn.choice(list(live))
            gone.append(live.pop(number))
            if what < 0.8:
                cursor.execute("UPDATE t SET b = ? WHERE id = ?", (blob, number))
            else:
                cursor.execute("DELETE FROM t WHERE id = ?", (number,))
                continue
        live[number] = blob
    connection.close()
    assert rewrite(database)
    database.engine.dispose()
    left = path.read_bytes()
    assert [blob for blob in gone if blob[:40] in left] == []
    assert all(blob[:40] in left for blob in live.values())
