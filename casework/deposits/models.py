"""A sealed deposit: what someone tells a cell without being able to read it again."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Deposit(Base):
    """Sealed to the cell's deposit key until it is answered. Its words are then destroyed; the
    depositor, who holds no key, follows ``retour`` and the dates."""

    __tablename__ = "deposit"
    __table_args__ = (
        Index("ix_deposit_cell_retour", "cell", "retour"),
        Index("ix_deposit_author", "author"),
    )

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    cell: Mapped[str] = plain(String(32), "code of the cell")
    author: Mapped[str] = plain(String(12), "opaque reference of the depositor")
    deposited_at: Mapped[datetime] = plain(Moment, "when received: what waits is listed by age")
    retour: Mapped[str | None] = plain(String(16), "term of a closed list, the same for everyone")
    answered_at: Mapped[datetime | None] = plain(Moment, "when answered")
    situation: Mapped[str | None] = plain(String(48), "opaque reference, in the same cell")
    origine: Mapped[bytes | None] = sealed(Category.STATISTIQUE)
    nom: Mapped[bytes | None] = sealed(Category.ETAT_CIVIL)
    prenoms: Mapped[bytes | None] = sealed(Category.ETAT_CIVIL)
    naissance: Mapped[bytes | None] = sealed(Category.ETAT_CIVIL)
    quartier: Mapped[bytes | None] = sealed(Category.COORDONNEES)
    etablissement: Mapped[bytes | None] = sealed(Category.SCOLARITE)
    faits: Mapped[bytes | None] = sealed(Category.FAITS)
    demarches: Mapped[bytes | None] = sealed(Category.ORIENTATION)
    joindre: Mapped[bytes | None] = sealed(Category.COORDONNEES)
    motif: Mapped[bytes | None] = sealed(Category.PROCEDURE)
