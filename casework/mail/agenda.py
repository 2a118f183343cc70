"""The calendar file of a séance (RFC 5545, RFC 5546): when, and the address of its page.

Published, not an invitation to answer by mail: an agenda that answers for its owner tells the mail
servers who sits in which cell. Presence is answered on the page. No place, which is sealed; no
description.
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vUri

PUBLISH, CANCEL = "PUBLISH", "CANCEL"
USUAL_LENGTH = timedelta(hours=2)  # agendas show nothing of an event without a length


def entry(
    method: str,
    *,
    reference: str,
    cell: str,
    held_at: datetime,
    sequence: int,
    stamp: datetime,
    organiser: str,
    address: str,
) -> str:
    """The text of the file; the same séance keeps its UID, and a change raises ``sequence``."""
    calendar = Calendar()
    calendar.add("prodid", "-//casework//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", f"{reference}@{urlsplit(address).hostname}")
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", held_at.astimezone(UTC))
    event.add("dtend", held_at.astimezone(UTC) + USUAL_LENGTH)
    event.add("summary", f"Séance {cell}")
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("url", vUri(f"{address.rstrip('/')}/seances/{reference}"))
    if organiser:
        event.add("organizer", f"mailto:{organiser}")
    calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text.decode()
