"""What a member answers of a proposal. Only ever added to: the latest answer is what holds."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.db import Base, plain, sealed
from casework.situations.models import Dated
from charter.categories import Category


class OrientationAnswer(Dated, Base):
    __tablename__ = "orientation_answer"

    orientation: Mapped[int] = mapped_column(ForeignKey("orientation.id"), index=True)
    etat: Mapped[str] = plain(String(12), "done, under way or not followed: a term")
    mot: Mapped[bytes] = sealed(Category.ORIENTATION)
