"""A day as spreadsheets write it: ISO, 21/11/2026, 21.11.26, « 21 nov. 2026 », a serial number."""

import re
from datetime import date, timedelta

from casework.names.normal import fold
from casework.web.forms import read_day

FIRST_SERIAL = date(1899, 12, 30)  # Excel's day 0, its imaginary 29 February 1900 included
SERIALS = range(3653, 73051)  # 1910 to 2100: outside, a number is no day
MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
NUMBERS = re.compile(r"(\d{1,2})\s*[./ -]\s*(\d{1,2})\s*[./ -]\s*(\d{4}|\d{2})")
WORDS = re.compile(
    r"(?:[a-zé]+\.?\s+)?(\d{1,2})(?:er)?[\s-]+([^\W\d_]+)\.?[\s-]+(\d{4}|\d{2})", re.I
)
TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")


def parse(text: str, today: date) -> date | None:
    """The day a text means, or None. Two digits of a year mean the last hundred years."""
    text = TIME.sub("", text.strip().replace("\N{NO-BREAK SPACE}", " "))
    if re.fullmatch(r"\d{4,5}(\.\d+)?", text) and int(float(text)) in SERIALS:
        return FIRST_SERIAL + timedelta(days=int(float(text)))
    if found := NUMBERS.fullmatch(text):
        return _day(int(found[1]), int(found[2]), found[3], today)
    if (found := WORDS.fullmatch(text)) and (month := _month(found[2])):
        return _day(int(found[1]), month, found[3], today)
    return read_day(text)


def _month(word: str) -> int:
    """The month that begins so, « juil » or « nov »; 0 if none, or several."""
    named = [rank for rank, month in enumerate(MONTHS, 1) if month.startswith(fold(word))]
    return named[0] if len(named) == 1 and len(word) > 2 else 0


def _day(day: int, month: int, year: str, today: date) -> date | None:
    number = int(year)
    if len(year) == 2:
        # Someone followed is a child or a young adult: « 98 » was, « 27 » is next year's review.
        number += 2000 if 2000 + number <= today.year + 5 else 1900
    try:
        return date(number, month, day)
    except ValueError:
        return None
