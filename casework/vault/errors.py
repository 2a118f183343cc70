"""What can go wrong with a key or a sealed field, by name."""


class VaultError(Exception):
    """Base of every error of the vault."""


class WrongPassphrase(VaultError):
    """The passphrase does not open this private key."""


class NoKey(VaultError):
    """The member holds no key to this compartment (no grant, or no wrap of the record)."""


class IntegrityError(VaultError):
    """A sealed value is not the one that was written here: changed, moved, or truncated.

    ``field`` is "table.column"; ``record`` is the reference a user knows the record by.
    """

    def __init__(self, field: str, record: str) -> None:
        super().__init__(f"{field} ({record})")
        self.field = field
        self.record = record


class RecoveryError(VaultError):
    """The recovery words are not two valid shares of this instance's key."""
