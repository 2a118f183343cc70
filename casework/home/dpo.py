"""The DPO's day: what waits for an answer, each with its own clock. References and dates alone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from flask import url_for
from sqlalchemy.orm import Session

from casework.breaches import service as breaches
from casework.home.lines import Line, day_of, oldest_first
from casework.rights import service as rights
from casework.watch import service as watch
from casework.web.french import NBSP, long_date


def to_do(session: Session, today: date) -> list[Line]:
    """Nearest to its term first; an alert has none, and stands by the day it was seen."""
    return oldest_first([*_breaches(session), *_requests(session, today), *_alerts(session)])


def _breaches(session: Session) -> Iterator[Line]:
    for line in breaches.register(session, datetime.now(UTC)):
        clock, reference = line.clock, line.row.reference
        if clock.settled is None and not line.closed:
            yield Line(
                day_of(clock.due),
                reference,
                "Notifier à la CNIL, ou dire pourquoi non",
                url_for("breaches.show", reference=reference),
                f"Violation de données{NBSP}: 72 heures (art.{NBSP}33 du RGPD)",
                "72 heures dépassées" if clock.late else f"encore {clock.hours_left}{NBSP}h",
                clock.late,
            )


def _requests(session: Session, today: date) -> Iterator[Line]:
    for row in rights.register(session, today):
        clock = rights.clock_of(row, today)
        if clock.answered is None:
            yield Line(
                clock.due,
                row.reference,
                "Répondre",
                url_for("rights.show", reference=row.reference),
                f"Demande d’une personne{NBSP}: {rights.Kind(row.kind).label.lower()}",
                f"avant le {long_date(clock.due)}",
                clock.late,
            )


def _alerts(session: Session) -> Iterator[Line]:
    for alert in watch.waiting(session):
        yield Line(
            alert.day,
            alert.actor,
            "Lire l’alerte et y répondre",
            url_for("watch.answer_form", number=alert.id),
            watch.pattern_of(alert).label,
            f"vu le {long_date(alert.day)}",
        )
