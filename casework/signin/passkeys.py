"""Passkeys (WebAuthn level 3): what the browser is asked, and what its answer proves.

A passkey is bound to one host name, which must be a name: WebAuthn knows no IP address.
"""

import ipaddress
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from casework.instance import LOOPBACK, Instance
from casework.signin.models import Passkey

LONGEST_ANSWER = 8000  # characters; an attestation without certificates is far under
LOCAL_NAME = "localhost"
# A second factor, beside a passphrase: the device may skip asking for a PIN or a finger.
VERIFICATION = UserVerificationRequirement.PREFERRED
# What reading bytes made by someone else may raise, beside a proof that fails.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error)


class PasskeyRefused(Exception):
    """The browser's answer does not prove what was asked."""


@dataclass(frozen=True)
class Site:
    """The host name passkeys are bound to, and the only origin they may be used from."""

    host: str
    origin: str

    @property
    def server(self) -> Fido2Server:
        entity = PublicKeyCredentialRpEntity(id=self.host, name="casework")
        return Fido2Server(entity, verify_origin=lambda origin: origin == self.origin)


@dataclass(frozen=True)
class NewPasskey:
    """A credential just made by an authenticator."""

    credential: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class Assertion:
    """A passkey answered the challenge; ``sign_count`` is how often it says it has signed."""

    passkey: Passkey
    sign_count: int


def site(instance: Instance, requested: str) -> Site | None:
    """Where passkeys live, or None if the page was reached under a name they cannot serve.

    ``requested`` is the host, with its port, of the address the browser shows.
    """
    address = urlsplit(instance.address)
    host = address.hostname or ""
    if host in LOOPBACK:  # a demonstration, on whatever port it was started
        asked = urlsplit(f"//{requested}").hostname
        return Site(LOCAL_NAME, f"{address.scheme}://{requested}") if asked == LOCAL_NAME else None
    if _is_address(host) or requested != address.netloc:
        return None
    return Site(host, f"{address.scheme}://{address.netloc}")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def creation_options(
    where: Site, challenge: bytes, handle: bytes, shown: str, known: Iterable[Passkey]
) -> dict[str, Any]:
    """What `navigator.credentials.create()` is asked. ``handle`` and ``shown`` name nobody: they
    stay on the authenticator, which lists them to whoever holds it."""
    options, _ = where.server.register_begin(
        PublicKeyCredentialUserEntity(id=handle, name=shown, display_name=shown),
        credentials=[_stored(row) for row in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=VERIFICATION,
        challenge=challenge,
    )
    return dict(options)


def request_options(where: Site, challenge: bytes, known: Iterable[Passkey]) -> dict[str, Any]:
    """What `navigator.credentials.get()` is asked; ``known`` is empty before signing in, so that
    the page does not say who has a passkey."""
    options, _ = where.server.authenticate_begin(
        credentials=[_stored(row) for row in known] or None,
        user_verification=VERIFICATION,
        challenge=challenge,
    )
    return dict(options)


def register(where: Site, challenge: bytes, answer: str) -> NewPasskey:
    """The credential an authenticator made for this challenge. PasskeyRefused."""
    try:
        given = RegistrationResponse.from_dict(_parsed(answer))
        if given.response.client_data.cross_origin:
            raise PasskeyRefused
        data = where.server.register_complete(_state(challenge), given)
        made = data.credential_data
    except (*UNREADABLE, AssertionError, RecursionError):
        raise PasskeyRefused from None
    if made is None:
        raise PasskeyRefused
    return NewPasskey(made.credential_id, cbor.encode(made.public_key), data.counter)


def prove(where: Site, challenge: bytes, answer: str, known: Iterable[Passkey]) -> Assertion:
    """Which of these passkeys signed this challenge. PasskeyRefused."""
    rows = {row.credential: row for row in known}
    try:
        given = AuthenticationResponse.from_dict(_parsed(answer))
        if given.response.client_data.cross_origin:
            raise PasskeyRefused
        stored = [_stored(row) for row in rows.values()]
        used = where.server.authenticate_complete(_state(challenge), stored, given)
    except (*UNREADABLE, AssertionError, RecursionError):
        raise PasskeyRefused from None
    return Assertion(rows[used.credential_id], given.response.authenticator_data.counter)


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise PasskeyRefused
    return found


def _stored(row: Passkey) -> AttestedCredentialData:
    key = CoseKey.parse(cbor.decode(row.public_key))
    return AttestedCredentialData.create(Aaguid.NONE, row.credential, key)


def _state(challenge: bytes) -> dict[str, Any]:
    return {"challenge": websafe_encode(challenge), "user_verification": VERIFICATION}
