"""Dates, hours and spaces as they are written in French."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask

from casework.clock import local as local  # most who need it write French as well
from casework.clock import today
from charter.references import Article, cited

NBSP = "\N{NO-BREAK SPACE}"


def long_date(day: date | None) -> str:
    """« 21 novembre 2026 », « 1er décembre 2026 »."""
    if day is None:
        return ""
    text: str = format_date(day, "d MMMM y", locale="fr_FR")
    return "1er" + text[1:] if day.day == 1 else text


def short_date(day: date | None) -> str:
    """« 21/11/2026 »."""
    return f"{day:%d/%m/%Y}" if day else ""


def clock(moment: datetime | str) -> str:
    """« 14 h 32 », with non-breaking spaces."""
    text: str = format_datetime(local(moment), "H'\u00a0h\u00a0'mm", locale="fr_FR")
    return text


def iso_clock(text: str) -> str:
    """A sealed hour, « 17:30 », written out."""
    hour, _, minute = text.partition(":")
    return f"{int(hour)}{NBSP}h{NBSP}{minute}"


def moment(value: datetime | str | None) -> str:
    """« 21 novembre 2026 à 14 h 32 »."""
    if value is None:
        return ""
    return f"{long_date(local(value).date())} à {clock(value)}"


def iso_long_date(text: str) -> str:
    """A sealed ISO date, written out; empty when it is not known."""
    return long_date(date.fromisoformat(text)) if text else ""


def day_of(value: datetime | str) -> str:
    """The day of a moment, written out."""
    return long_date(local(value).date())


def number(count: int) -> str:
    """« 1 250 », with its narrow non-breaking space."""
    text: str = format_decimal(count, locale="fr_FR")
    return text


def _cited(code: str, day: date | None = None) -> str:
    """A text by its code, as it stood on the day of the act; today, for one still to come."""
    return cited(Article(code), day or today())


def register(app: Flask) -> None:
    """Make these the templates' filters."""
    app.jinja_env.filters.update(
        date_longue=long_date,
        date_courte=short_date,
        iso_longue=iso_long_date,
        heure=clock,
        heure_dite=iso_clock,
        moment=moment,
        jour=day_of,
        nombre=number,
        jour_local=lambda value: local(value).date(),
        texte=_cited,
        jour_iso=lambda value: f"{local(value):%Y-%m-%d}",
        label_in=lambda code, labels: labels.get(code, ""),
        first_lower=lambda text: text[:1].lower() + text[1:],
        first_upper=lambda text: text[:1].upper() + text[1:],
    )
