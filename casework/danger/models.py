"""A minor in danger: the président du conseil départemental was told (art. L.226-2-1 CASF)."""

from sqlalchemy.orm import Mapped

from casework.db import Base, sealed
from casework.situations.models import Dated
from charter.categories import Category


class DangerNotice(Dated, Base):
    """Members learn that the information was sent, and when; its words are the direction's."""

    __tablename__ = "danger_notice"

    transmise_le: Mapped[bytes] = sealed(Category.PROCEDURE)
    mode: Mapped[bytes] = sealed(Category.PROCEDURE)
    personnes: Mapped[bytes] = sealed(Category.FAMILLE)
    elements: Mapped[bytes] = sealed(Category.FAMILLE)
