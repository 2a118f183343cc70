"""A situation and the persons in it. Every word about them is sealed."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, Identifier, Moment, plain, sealed
from charter.categories import Category

CONCERNED = "interesse"
REPRESENTATIVE = "representant"


class Situation(Base):
    """What a cell examines. Its record key is wrapped for the cell's compartment."""

    __tablename__ = "situation"
    __table_args__ = (
        Index("ix_situation_cell_id", "cell", "id"),
        Index("ix_situation_cell_page", "cell", "page"),
    )

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    reference: Mapped[str] = plain(String(48), "opaque reference", unique=True)
    cell: Mapped[str] = plain(String(32), "code of the cell")
    version: Mapped[int] = plain(Integer, "edition, to notice concurrent edits")
    created_at: Mapped[datetime] = plain(Moment, "when recorded")
    created_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    updated_at: Mapped[datetime] = plain(Moment, "when last edited")
    updated_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    key_version: Mapped[int] = plain(Integer, "version of the compartment's key")
    # In clear: the retention clock runs for everyone, and must run without anybody's key.
    closed_on: Mapped[date | None] = plain(Date, "end of the follow-up: starts the clock")
    # As the clock above: what is late must be told without opening anybody's file.
    due_on: Mapped[date | None] = plain(Date, "day to review it by, to tell what is late")
    active_on: Mapped[date] = plain(Date, "last act on it: inactivity counts from there")
    limit_on: Mapped[date | None] = plain(Date, "month of a 25th birthday, once it can bind")
    archived_on: Mapped[date | None] = plain(Date, "since when it is out of lists and searches")
    canal: Mapped[int | None] = plain(
        Integer, "how the saisine came: a term, the same for everyone"
    )
    facets: Mapped[bytes] = mapped_column(
        LargeBinary, info={"category": Category.STATISTIQUE}
    )  # under the facet key, to be opened in bulk
    page: Mapped[int | None] = plain(Identifier, "where its facets are copied, for reports")
    faits_date: Mapped[bytes] = sealed(Category.FAITS)
    faits_lieu: Mapped[bytes] = sealed(Category.FAITS)
    recit: Mapped[bytes] = sealed(Category.FAITS)
    implication: Mapped[bytes] = sealed(Category.FAITS)
    classe: Mapped[bytes] = sealed(Category.SCOLARITE)


class FacetPage(Base):
    """A copy of the facets of some situations, which triggers destroy when one of them changes:
    its retention is theirs (:mod:`casework.situations.facet_pages`).
    """

    __tablename__ = "facet_page"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    cell: Mapped[str] = plain(String(32), "code of the cell", index=True)
    situations: Mapped[int] = plain(Integer, "how many it holds, to notice one that is gone")
    key_version: Mapped[int] = plain(Integer, "version of the compartment's key")
    facets: Mapped[bytes] = mapped_column(
        LargeBinary, info={"category": Category.STATISTIQUE}
    )  # under the facet key


class Follower(Base):
    """A member named as following a situation between two séances."""

    __tablename__ = "situation_follower"

    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), primary_key=True)
    member: Mapped[str] = plain(String(12), "opaque reference", primary_key=True)


class Person(Base):
    """The young person concerned, or a legal representative."""

    __tablename__ = "person"

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    kind: Mapped[str] = plain(String(16), "concerned or representative")
    rank: Mapped[int] = plain(Integer, "order on the page")
    nom: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    prenoms: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    naissance: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    lieu_naissance: Mapped[bytes] = sealed(Category.ETAT_CIVIL)
    adresse: Mapped[bytes] = sealed(Category.COORDONNEES)
    telephone: Mapped[bytes] = sealed(Category.COORDONNEES)
    lien: Mapped[bytes] = sealed(Category.FAMILLE)


class Represents(Base):
    """Whom a legal representative represents; one who represents nobody in particular stands for
    all, as when a situation concerns one person."""

    __tablename__ = "represents"

    representative: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Dated:
    """The columns of an event of a situation."""

    id: Mapped[int] = plain(Identifier, "opaque identifier", primary_key=True, autoincrement=False)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), index=True)
    created_at: Mapped[datetime] = plain(Moment, "when recorded")
    created_by: Mapped[str] = plain(String(12), "opaque reference of the author")
    created_as: Mapped[str] = plain(String(48), "role of the mandate acted under")


class PersonEvent(Dated, Base):
    """Someone joined or left a situation. Whom, only the persons themselves say."""

    __tablename__ = "person_event"

    nature: Mapped[str] = plain(String(16), "what changed, of whom: a term")


class FurtherSaisine(Dated, Base):
    """Another saisine about a situation that the cell follows already: what it said, beside the
    first one, which stays as it was recorded."""

    __tablename__ = "further_saisine"

    saisine: Mapped[bytes] = sealed(Category.STATISTIQUE)
    origine: Mapped[bytes] = sealed(Category.STATISTIQUE)
    canal: Mapped[bytes] = sealed(Category.STATISTIQUE)
    typologie: Mapped[bytes] = sealed(Category.STATISTIQUE)
    faits: Mapped[bytes] = sealed(Category.FAITS)
    faits_date: Mapped[bytes] = sealed(Category.FAITS)
    faits_lieu: Mapped[bytes] = sealed(Category.FAITS)
    recit: Mapped[bytes] = sealed(Category.FAITS)
    implication: Mapped[bytes] = sealed(Category.FAITS)


class NameBucket(Base):
    """Search index: truncated keyed hash of a surname's sound. Several people share a bucket."""

    __tablename__ = "name_bucket"

    cell: Mapped[str] = plain(String(32), "code of the cell", primary_key=True)
    bucket: Mapped[int] = plain(Integer, "truncated keyed hash", primary_key=True)
    situation: Mapped[int] = mapped_column(ForeignKey("situation.id"), primary_key=True, index=True)
