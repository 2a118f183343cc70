"""A passkey's question and answer, as the web carries them: where, which challenge, what came back.

The challenge is in the signed form cookie, for one purpose and five minutes; what was answered is
remembered in the database, so that a cookie played again opens nothing.
"""

import base64
import os
import time
from urllib.parse import urlsplit

from flask import request, session

from casework.instance import LOOPBACK
from casework.signin import passkeys
from casework.signin.factors import CHALLENGE_LASTS, Given
from casework.web.access import instance

COOKIE_ENTRY = "defi"
CHALLENGE_BYTES = 32
SIGN_IN = "connexion"


def confirming(member: str) -> str:
    """The purpose of a challenge inside an open session."""
    return f"confirmation-{member}"


def enrolling(member: str) -> str:
    """The purpose of a challenge that makes a new passkey."""
    return f"ajout-{member}"


def here() -> passkeys.Site | None:
    """Where passkeys live, if this page was reached under that name."""
    return passkeys.site(instance(), request.host)


def why_not() -> str:
    """Why passkeys are not offered on this page, and what to do; empty when they are."""
    if here():
        return ""
    address = urlsplit(instance().address)
    if address.hostname in LOOPBACK:
        port = urlsplit(f"//{request.host}").port
        local = f"{address.scheme}://{passkeys.LOCAL_NAME}{f':{port}' if port else ''}"
        return (
            "Une clé d’accès est liée à un nom de machine, et cette page a été ouverte par un "
            f"numéro. Pour en essayer une, ouvrez {local}."
        )
    if request.host == address.netloc:
        return (
            "Une clé d’accès est liée à un nom de machine, et cette installation n’a qu’un "
            "numéro : employez un code."
        )
    return (
        f"Une clé d’accès ne sert qu’à l’adresse {instance().address} : ouvrez-la, ou employez "
        "un code."
    )


def issue(purpose: str) -> bytes:
    """A new challenge; the one this browser had before no longer serves."""
    value = os.urandom(CHALLENGE_BYTES)
    session[COOKIE_ENTRY] = [purpose, int(time.time()), base64.b64encode(value).decode()]
    return value


def take(purpose: str) -> bytes | None:
    """The challenge issued to this browser for this purpose, unless it has lapsed."""
    issued_for, at, value = session.pop(COOKIE_ENTRY, None) or ("", 0, "")
    if issued_for != purpose or time.time() - at > CHALLENGE_LASTS.total_seconds():
        return None
    return base64.b64decode(value)


def given(code: str | None, passkey: str | None, purpose: str) -> Given:
    """The second factor a form brought."""
    if not passkey:
        return Given(code=code or "")
    return Given(passkey=passkey, site=here(), challenge=take(purpose))
