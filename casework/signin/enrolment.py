"""Enrolling a second factor: the secret of an application, or a passkey of a device."""

import io
import re

import pyotp
import segno
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.instance import Instance
from casework.members.models import Member
from casework.signin import ceremony, factors, passkeys
from casework.signin.factors import FactorRefused
from casework.signin.passkeys import NewPasskey, PasskeyRefused

ISSUER = "casework"
NO_PASSKEY = "La clé d’accès n’a pas pu être créée. Recommencez, ou choisissez l’application."
HANDLE_BYTES = 32
_SECRET = re.compile(r"[A-Z2-7]{32}")  # as `pyotp.random_base32` makes them


def genuine(secret: str | None) -> str:
    """The secret shown on the page, or a new one if the browser sends something else."""
    return secret if secret and _SECRET.fullmatch(secret) else pyotp.random_base32()


def drawing(secret: str, shown: str) -> str:
    """The QR code an application photographs, as inline SVG; ``shown`` is its line there."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=shown, issuer_name=ISSUER)
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(
        drawn, kind="svg", scale=4, xmldecl=False, svgns=True, title="Code à photographier"
    )
    return drawn.getvalue().decode()


def right_code(secret: str, typed: str | None) -> bool:
    """Whether the application shows what it should (RFC 6238, one step either side)."""
    return pyotp.TOTP(secret).verify("".join((typed or "").split()), valid_window=1)


def sentence(text: str, status: int) -> Response:
    """A refusal that a script shows beside its button."""
    return Response(text, status, mimetype="text/plain")


def question(
    session: Session, instance: Instance, member: Member, shown: str
) -> dict[str, object] | Response:
    """What the browser asks an authenticator; ``shown`` is its line there."""
    site = ceremony.here()
    if site is None:
        return sentence(ceremony.why_not(), 409)
    challenge = ceremony.issue(ceremony.enrolling(member.reference))
    handle = bytes.fromhex(instance.blind("passkey-user", member.reference))[:HANDLE_BYTES]
    known = factors.held(session, member).passkeys
    return passkeys.creation_options(site, challenge, handle, shown, known)


def answered(member: Member, answer: str) -> tuple[NewPasskey, bytes]:
    """The passkey just made, and the challenge it answered. FactorRefused."""
    site, challenge = ceremony.here(), ceremony.take(ceremony.enrolling(member.reference))
    if site is None or challenge is None:
        raise FactorRefused
    try:
        return passkeys.register(site, challenge, answer), challenge
    except PasskeyRefused:
        raise FactorRefused from None
