"""A day is the commune's, whatever the machine's."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from casework import clock
from casework.clock import midnight, today
from casework.web.french import long_date
from charter.models import MandateRow
from charter.roles import Role
from tests.conftest import World

ROOT = Path(__file__).parent.parent.parent
LATE = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
# Where a day is read from something else than a moment that was stored.
TYPED = {
    "casework/commands/audit.py",  # the cutoff of the journal, whose days are those of UTC
    "casework/commands/member.py",  # days given to a command
    "casework/commands/report.py",
    "casework/commands/retention.py",
    "casework/imports/xlsx.py",  # the cell of a spreadsheet
    "casework/seances/preparation_views.py",  # already on the commune's clock
    "casework/watch/patterns.py",
    "casework/web/forms.py",
}


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """23:30 on the machine, which runs in UTC: half past midnight in the commune."""
    monkeypatch.setattr(clock, "now", lambda: LATE)


@pytest.mark.usefixtures("late")
def test_the_day_is_the_one_of_paris() -> None:
    assert today() == date(2026, 11, 22)
    assert midnight(date(2026, 11, 22)) == datetime(2026, 11, 21, 23, tzinfo=UTC)
    assert midnight(date(2026, 7, 22)) == datetime(2026, 7, 21, 22, tzinfo=UTC)


@pytest.mark.usefixtures("late")
def test_a_mandate_ends_at_midnight_in_the_commune(small_world: World) -> None:
    coordinator = small_world.coordinator()
    page = coordinator.get("/").text
    assert long_date(date(2026, 11, 22)) in page
    with small_world.database.write() as session:
        ours = update(MandateRow).where(MandateRow.role == Role.COORDONNATEUR)
        session.execute(ours.values(ends=date(2026, 11, 21)))
        session.commit()
    assert coordinator.get("/cellules/CCTP/situations").status_code == 403


def test_nobody_reads_the_day_of_the_machine() -> None:
    """A stored moment gives its day through ``local``; ``today`` gives the present one."""
    wrong = []
    for path in [*ROOT.glob("casework/**/*.py"), *ROOT.glob("charter/**/*.py")]:
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr not in {"date", "today"} or node.args:
                continue
            said = ast.unparse(node)
            known = name in TYPED or said.startswith("local(") or said == "access.today()"
            if said == "date.today()" or not known:
                wrong.append(f"{name}:{node.lineno}: {said}")
    assert not wrong
