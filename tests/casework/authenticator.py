"""An authenticator in software, to answer as a browser would, and to cheat as one should not."""

import json
import os
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
ORIGIN, HOST = "http://localhost", "localhost"


@dataclass
class Authenticator:
    """One credential, its key and how often it says it has signed."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential: bytes = field(default_factory=lambda: os.urandom(32))
    count: int = 0

    def create(self, question: dict[str, Any], origin: str = ORIGIN, host: str = HOST) -> str:
        """The answer to `navigator.credentials.create()`."""
        client = _client("webauthn.create", question, origin)
        public = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(Aaguid.NONE, self.credential, public)
        data = AuthenticatorData.create(
            sha256(host.encode()).digest(), FLAG.UP | FLAG.UV | FLAG.AT, self.count, made
        )
        return self._written(client, attestationObject=AttestationObject.create("none", data, {}))

    def get(
        self,
        question: dict[str, Any],
        origin: str = ORIGIN,
        host: str = HOST,
        *,
        flags: AuthenticatorData.FLAG = FLAG.UP | FLAG.UV,
        **client_data: Any,
    ) -> str:
        """The answer to `navigator.credentials.get()`."""
        self.count += 1
        client = _client("webauthn.get", question, origin, **client_data)
        data = AuthenticatorData.create(sha256(host.encode()).digest(), flags, self.count)
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._written(client, authenticatorData=data, signature=signature)

    def _written(self, client: CollectedClientData, **parts: bytes) -> str:
        shown = websafe_encode(self.credential)
        response = {name: websafe_encode(part) for name, part in parts.items()}
        return json.dumps(
            {
                "id": shown,
                "rawId": shown,
                "type": "public-key",
                "response": {"clientDataJSON": websafe_encode(client), **response},
            }
        )


def _client(kind: str, question: dict[str, Any], origin: str, **more: Any) -> CollectedClientData:
    challenge = websafe_decode(question["publicKey"]["challenge"])
    return CollectedClientData.create(kind, challenge, origin, **more)
