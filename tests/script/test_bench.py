"""The benchmark runs whole, small, and says what it measured. Its figures are not judged here."""

import json
import subprocess
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "script" / "bench"
OPERATIONS = ["list", "open", "save", "search", "report"]
ROWS = 200


def test_it_measures_every_page_through_the_real_server() -> None:
    command = [BENCH, "--rows", str(ROWS), "--databases", "sqlite", "--json"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)  # noqa: S603
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)

    assert [row["operation"] for row in said["results"]] == OPERATIONS
    for row in said["results"]:
        assert set(row) == {"database", "rows", "operation", "median_ms", "ratio"}
        assert (row["database"], row["rows"]) == ("sqlite", ROWS)
        assert row["median_ms"] > 0
        assert row["ratio"] > 0

    (load,) = said["loads"]
    assert (load["database"], load["rows"]) == ("sqlite", ROWS)
    assert len(load["workers_mb"]) == 2
    for figure in ("situations_per_second", "database_mb", "report_over_bare"):
        assert load[figure] > 0
    assert {"python", "processors"} <= set(said["environment"])


def test_it_measures_the_journal_beside_its_floors() -> None:
    command = [BENCH, "--journal", "2000", "--databases", "sqlite"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)  # noqa: S603
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)["sqlite"]
    assert said["entries"] == 2000
    rates = said["per_second"] | said["verified_per_second"]
    assert len(rates) == 6
    assert said["append_over_bare"].keys() == {"clock", "processor"}
    for figure in (*rates.values(), *said["append_over_bare"].values(), said["proof_ms"]):
        assert figure > 0


def test_it_measures_a_backup_beside_the_engine_s_own() -> None:
    command = [BENCH, "--backup", str(ROWS), "--databases", "sqlite"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)  # noqa: S603
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)["sqlite"]
    assert said["rows"] == ROWS
    for act in ("make", "verify", "restore", "engine_copy", "engine_load"):
        assert said[act]["seconds"] > 0
        assert said[act]["memory_mb"] > 0
    for figure in ("database_mb", "backup_mb", "make_over_engine", "restore_over_engine"):
        assert said[figure] > 0
