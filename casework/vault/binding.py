"""Public keys and grants bound to their holders: what another hand wrote there is refused.

Sealing to a public key proves nothing about whose key it is. Whoever could write in the database,
and only there, would put their own in a member's row and wait for the next renewal. Each such row
carries a MAC under a key of the instance's file, which no database holds. It opens nothing.
"""

import hashlib
import hmac
from collections.abc import Iterable

from sqlalchemy.orm import Session

from casework.vault.errors import IntegrityError

SESSION_KEY = "casework.binding"  # a session carries its instance's binding (casework.db)


class Binding:
    """HMAC-SHA256 (RFC 2104) over what a row says, its parts told apart by their lengths."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mac(self, *parts: str | int | bytes) -> bytes:
        return hmac.digest(self._key, b"".join(_framed(parts)), hashlib.sha256)

    def holds(self, bound: bytes | None, *parts: str | int | bytes) -> bool:
        """Was ``bound`` made here, for these parts? Never for a row that carries none."""
        return bound is not None and hmac.compare_digest(bound, self.mac(*parts))

    def check(self, bound: bytes | None, field: str, shown: str, *parts: str | int | bytes) -> None:
        """IntegrityError, naming the field, when the row was not written by this instance."""
        if not self.holds(bound, *parts):
            raise IntegrityError(field, shown)


def _framed(parts: Iterable[str | int | bytes]) -> Iterable[bytes]:
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        yield len(raw).to_bytes(4, "big")
        yield raw


def binding_of(session: Session) -> Binding:
    """The binding of the instance this session works for; KeyError for a session without one."""
    found: Binding = session.info[SESSION_KEY]
    return found


def holder(member: str, public: bytes) -> tuple[str | bytes, ...]:
    """What a member's row says: this public key is theirs."""
    return ("member", member, public)


def grant(member: str, code: str, version: int, sealed: bytes) -> tuple[str | int | bytes, ...]:
    """What a grant says: this is the compartment's secret, handed by one of its holders."""
    return ("grant", member, code, version, sealed)


def version(
    code: str, number: int, deposit_public: bytes, recovery: bytes
) -> tuple[str | int | bytes, ...]:
    """What a version says: deposits are sealed to this key, and the recovery kit opens that."""
    return ("version", code, number, deposit_public, recovery)


def current(code: str, number: int) -> tuple[str | int, ...]:
    """What a compartment says: new records take this version."""
    return ("current", code, number)


def recovery(public: str) -> tuple[str, ...]:
    """What the setting says: this is the public half of the recovery kit."""
    return ("recovery", public)


def operator(public: str) -> tuple[str, ...]:
    """What the setting says: this is the public half of the key of whoever keeps the backups."""
    return ("operator", public)
