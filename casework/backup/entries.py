"""What the journal says of backups: counts, digests and moments, no path and nobody."""

from audit.event import SYSTEME, Event, Outcome

MAKE, KEY, MOVE, UPGRADE = "backup:make", "backup:key", "db:move", "db:upgrade"
ARTICLE = "RGPD, art. 32"


def entry(action: str, outcome: Outcome = Outcome.AUTORISE, **detail: str | int) -> Event:
    return Event.now(actor=SYSTEME, action=action, outcome=outcome, article=ARTICLE, detail=detail)
