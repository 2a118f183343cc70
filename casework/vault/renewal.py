"""Renewing a compartment's key when a member leaves: a new version, granted to those who stay."""

from collections.abc import Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casework.vault import store
from casework.vault.compartment import CompartmentKeys
from casework.vault.keypair import PublicKey
from casework.vault.keyring import Wrap, Writer, grant_context
from casework.vault.models import Compartment, Grant, RecordWrap


class Renewal:
    """One renewal, inside a unit of work of a member who holds the old key."""

    def __init__(self, session: Session, writer: Writer, compartment: str) -> None:
        old = store.current(session, compartment)
        self._session = session
        self._old_writer = writer
        self._compartment = compartment
        self._bits = old.bits
        self._keys = CompartmentKeys.generate()
        self.version = old.version + 1
        self.writer = writer.knowing(compartment, self.version, self._keys)

    def grants(self, recovery: PublicKey, holders: Mapping[str, PublicKey]) -> None:
        """Make the new version current, grant it to the holders, and drop the old grants."""
        session, code = self._session, self._compartment
        store.add_version(session, code, self.version, self._keys, recovery, self._bits)
        session.execute(
            update(Compartment).where(Compartment.code == code).values(version=self.version)
        )
        for member, public in holders.items():
            context = grant_context(member, code, self.version)
            sealed = public.seal(self._keys.secret, context)
            store.store_grant(session, code, self.version, member, sealed)
        session.execute(
            delete(Grant).where(Grant.compartment == code, Grant.version < self.version)
        )

    def wraps(self) -> None:
        """Wrap every record of the compartment under the new key."""
        query = select(RecordWrap).where(RecordWrap.compartment == self._compartment)
        for row in self._session.scalars(query):
            old = Wrap(row.compartment, row.version, row.deposited, row.sealed)
            new = self._old_writer.rewrap(row.record, old, self._keys, self.version)
            row.version, row.deposited, row.sealed = new.version, new.deposited, new.sealed

    def facets(self, table: str, row_id: int, version: int, blob: bytes) -> bytes:
        """A facet blob under the new key."""
        row = (row_id, blob)
        return self._old_writer.reseal_facets(self._compartment, version, table, row, self._keys)
