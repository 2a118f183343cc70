"""The commune's clock: moments are kept in UTC, days are decided in Paris.

Terms, mandates and ages follow the commune's calendar. A server often runs in UTC, where the day
ends one or two hours later: whoever needs a day asks here, never the machine.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    return datetime.now(UTC)


def local(moment: datetime | str) -> datetime:
    """A stored moment (UTC, or RFC 3339 text) on the commune's clock."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(PARIS)


def today() -> date:
    """The day it is in the commune."""
    return local(now()).date()


def midnight(day: date) -> datetime:
    """When a day begins in the commune, as moments are kept."""
    return datetime.combine(day, time(), PARIS).astimezone(UTC)
