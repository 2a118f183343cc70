"""What one member does not open at a séance: what they stepped aside from, and what is limited."""

from sqlalchemy.orm import Session

from casework.rights import service as rights
from charter import recusals

LIMITED = (
    "Le traitement d’une de ces situations est limité à la demande de la personne (art. 18 du "
    "RGPD) : elle est conservée, et ne s’examine pas. Retirez-la de l’ordre du jour, ou attendez "
    "que la limitation soit levée."
)


def out_of_reach(session: Session, cell: str, member: str) -> frozenset[str]:
    """References of the situations neither offered, nor opened, nor examined by this member."""
    return recusals.recused_from(session, member) | rights.frozen_in(session, cell)
