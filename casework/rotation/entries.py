"""What the journal says of a change of keys: which, and counts."""

from audit.event import SYSTEME, Event, Outcome

INSTANCE, MEMBER, KIT = "key:instance", "key:member", "key:kit"
ARTICLE = "RGPD, art. 32"


def entry(action: str, actor: str = SYSTEME, object: str = "", **detail: str | int) -> Event:
    """``object``: the reference of the member whose key it is."""
    return Event.now(
        actor=actor,
        action=action,
        outcome=Outcome.AUTORISE,
        object=object,
        article=ARTICLE,
        detail=detail,
    )
