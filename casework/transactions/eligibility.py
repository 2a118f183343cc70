"""May a transaction be proposed? Every check of art. 44-1 CPP, before anything is written."""

from dataclasses import dataclass
from datetime import date

from casework.transactions.procedure import LEGAL_HOURS, Dossier, Forbidden, Kind, Terms
from charter.references import Article, cited

ADULT, AGE_TO_WORK = 18, 16


@dataclass(frozen=True)
class Checks:
    """What makes a transaction possible, asked before anything is written (art. 44-1)."""

    pm_may_record: bool
    communal_property: bool
    prosecution_open: bool
    pv_number: str
    pv_on: date


@dataclass(frozen=True)
class Protocol:
    """The commune's own settings: a lower cap of hours, the parquet's agreement for minors."""

    hours_cap: int = LEGAL_HOURS
    minors_agreement: str = ""  # its reference; nothing for minors without it
    minors_agreed_on: str = ""
    alsace_moselle: bool = False


def minor_at(born: date, on: date, age: int = ADULT) -> bool:
    """Younger than ``age`` on that day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) < age


def prepare(
    checks: Checks, terms: Terms, born: date, representatives: str, protocol: Protocol, today: date
) -> Dossier:
    """A transaction ready to be proposed, or Forbidden. A person is minor as on the day of the PV:
    coming of age afterwards takes no protection away. The law is that of ``today``."""
    law = cited(Article.CPP_44_1, today)
    if not checks.pm_may_record:
        raise Forbidden(
            "La transaction ne porte que sur une contravention que la police municipale peut "
            f"constater par procès-verbal ({law}) : transmettez les faits au procureur.",
            "contravention",
        )
    if not checks.communal_property:
        raise Forbidden(
            f"La transaction suppose un préjudice causé à un bien de la commune ({law}).",
            "bien_communal",
        )
    if checks.prosecution_open:
        raise Forbidden(
            f"L’action publique est engagée : la transaction n’est plus possible ({law}).",
            "action_publique",
        )
    if not checks.pv_number.strip():
        raise Forbidden("Indiquez le numéro du procès-verbal.", "pv_numero")
    if checks.pv_on > today:
        raise Forbidden("Le procès-verbal ne peut pas être daté de l’avenir.", "pv_date")
    minor = minor_at(born, checks.pv_on)
    opened = Dossier(terms, checks.pv_on, today, minor, protocol.alsace_moselle, last_on=today)
    if today > opened.propose_before:
        raise Forbidden(
            "Le délai d’un mois à compter du procès-verbal est expiré "
            f"({cited(Article.CPP_R15_33_61, today)}) : "
            "la transaction n’est plus possible, transmettez le procès-verbal au procureur.",
            "pv_date",
        )
    if terms.quantity <= 0:
        raise Forbidden("Indiquez un montant ou un nombre d’heures supérieur à zéro.", "quantite")
    cap = min(LEGAL_HOURS, protocol.hours_cap)
    if terms.kind is Kind.TRAVAIL and terms.quantity > cap:
        raise Forbidden(
            f"Le travail non rémunéré ne peut dépasser {cap // 100} heures ({law}, "
            "ou plafond de la commune s’il est inférieur).",
            "quantite",
        )
    if minor:
        _minor(terms, born, checks.pv_on, representatives, protocol)
    if terms.answer_before <= today:
        raise Forbidden("Laissez un délai pour répondre : une date à venir.", "reponse_avant")
    return opened


def _minor(terms: Terms, born: date, on: date, representatives: str, protocol: Protocol) -> None:
    if not protocol.minors_agreement.strip():
        raise Forbidden(
            "La personne était mineure : la transaction n’est ouverte aux mineurs que si l’accord "
            "écrit du parquet est enregistré dans les réglages de la transaction.",
            "contravention",
        )
    if not representatives.strip():
        raise Forbidden("Nommez les représentants légaux du mineur.", "representants")
    if terms.kind is Kind.TRAVAIL and minor_at(born, on, AGE_TO_WORK):
        raise Forbidden("Aucun travail non rémunéré avant 16 ans.", "nature")
