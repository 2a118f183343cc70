"""The typology report of a cell, on screen."""

from datetime import date

from flask import Blueprint, render_template, request, url_for

from casework.cells import service as cells
from casework.reports.typology import typology
from casework.situations.views import in_cell
from casework.web.access import action, database, reader, require, today
from casework.web.forms import read_day
from casework.web.french import short_date
from charter.actions import Action

bp = Blueprint("reports", __name__)
SCHOOL_YEAR_STARTS = (9, 1)


@bp.get("/cellules/<cell>/rapport")
@action(Action.REPORT_READ, in_cell)
def show(cell: str) -> str:
    first, last = _last_school_year(today())
    since, bad_since = _day("du", first)
    until, bad_until = _day("au", last)
    wrong = bad_since or bad_until or since > until
    with database().read() as session:
        found = require(cells.cell(session, cell))
        report = None
        if not wrong:
            report = typology(session, reader(), cell, since, until, found.threshold)
        return render_template(
            "reports/typology.html",
            cell=found,
            report=report,
            since=since,
            until=until,
            wrong=wrong,
            periods=[
                {
                    "label": label,
                    "url": url_for(".show", cell=cell, du=short_date(first), au=short_date(last)),
                    "current": (first, last) == (since, until),
                }
                for label, first, last in _periods(today())
            ],
        )


def school_year(on: date) -> tuple[date, date]:
    """The school year a day falls in, 1 September to 31 August."""
    start = on.year if (on.month, on.day) >= SCHOOL_YEAR_STARTS else on.year - 1
    return date(start, 9, 1), date(start + 1, 8, 31)


def _last_school_year(on: date) -> tuple[date, date]:
    """The last complete one: what a yearly report is about."""
    start, _ = school_year(on)
    return school_year(date(start.year - 1, *SCHOOL_YEAR_STARTS))


def _periods(on: date) -> list[tuple[str, date, date]]:
    this, before = school_year(on), _last_school_year(on)
    return [
        (f"Année scolaire {this[0].year}-{this[1].year}", *this),
        (f"Année scolaire {before[0].year}-{before[1].year}", *before),
        (f"Année civile {on.year}", date(on.year, 1, 1), date(on.year, 12, 31)),
    ]


def _day(name: str, default: date) -> tuple[date, bool]:
    """A date of the address, and whether it could not be read."""
    typed = request.args.get(name, "")
    if not typed:
        return default, False
    found = read_day(typed)
    return (default, True) if found is None else (found, False)
