"""A rappel à l'ordre and its fiche-navette: one record, shared by the cell and the parquet."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category


class Rappel(Base):
    """Its own record key, wrapped for the cell and, at temps 1, for the parquet: the parquet reads
    the fiche and nothing of the situation. The state of the procedure is sealed too."""

    __tablename__ = "rappel"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    version: Mapped[int] = plain(Integer, "edition, to notice concurrent acts")
    attend: Mapped[str] = plain(String(12), "who acts next: parquet, commune or nobody", index=True)
    t1_at: Mapped[datetime] = plain(Moment, "temps 1: the procureur is informed")
    t2_at: Mapped[datetime | None] = plain(Moment, "temps 2: the procureur answered")
    t3_at: Mapped[datetime | None] = plain(Moment, "temps 3: the commune reported back")
    etat: Mapped[bytes] = sealed(Category.PROCEDURE)
    nom: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    prenoms: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    naissance: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    lieu_naissance: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    faits_date: Mapped[bytes] = sealed(Category.FAITS)
    faits_lieu: Mapped[bytes] = sealed(Category.FAITS)
    recit: Mapped[bytes] = sealed(Category.FAITS)
    implication: Mapped[bytes] = sealed(Category.FAITS)
    informe_par: Mapped[bytes] = sealed(Category.PROCEDURE)
    repondu_par: Mapped[bytes] = sealed(Category.REPONSE_PARQUET)
    observation: Mapped[bytes] = sealed(Category.REPONSE_PARQUET)
    issue: Mapped[bytes] = sealed(Category.PROCEDURE)
    tenu_le: Mapped[bytes] = sealed(Category.PROCEDURE)
    forme: Mapped[bytes] = sealed(Category.PROCEDURE)
    tenu_par: Mapped[bytes] = sealed(Category.PROCEDURE)
    delegation: Mapped[bytes] = sealed(Category.PROCEDURE)
    presents: Mapped[bytes] = sealed(Category.PROCEDURE)
    impossibilite: Mapped[bytes] = sealed(Category.PROCEDURE)
    rendu_par: Mapped[bytes] = sealed(Category.PROCEDURE)
