"""The record of processing, written from what the installation is: its cells, its charters, the
table of rules, the columns of its base, its keys. Nobody types it, so it cannot drift."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cells import service as cells
from casework.cells.models import Cell
from casework.db import Base
from casework.journal import service as journal
from casework.members.models import Member
from casework.processing.service import Line
from casework.retention.clock import LAST_BIRTHDAY
from casework.signin.models import Passkey
from casework.web.french import day_of
from charter import register
from charter.actions import Action
from charter.categories import NOMINATIVE, Category
from charter.matrix import readers
from charter.models import MandateRow
from charter.references import Article, reference_on
from charter.roles import Role
from charter.rules import RULES
from charter.wording import CharterType

COMMUNE, SECURITY = "Responsable du traitement", "Mesures de sécurité"
LAWS = (Article.CSI_L132_5, Article.CSI_L132_7, Article.CASF_L121_6_2)
PERSONS = (
    "Personnes dont la situation est examinée, mineures ou majeures ; leurs représentants légaux ; "
    "personnes qui exercent leurs droits ; membres des cellules (annuaire)"
)
NEVER = (
    "Condamnations, santé, religion, opinions, origine : aucun champ ne les reçoit, et les textes "
    "libres l’interdisent"
)


@dataclass(frozen=True)
class Settings:
    """What the base does not say of the machine."""

    encrypted_transport: bool
    database: str


def lines(session: Session, settings: Settings, on: date) -> list[Line]:
    """The record, line by line: chapter, term, value. No count that varies from day to day."""
    found = [(COMMUNE, term, value) for term, value in _commune(session, on)]
    for cell in cells.every_cell(session):
        found += [(f"Traitement : {cell.name}", *line) for line in _processing(session, cell, on)]
    found += [("Le rappel à l’ordre", *line) for line in _rappel(on)]
    return found + [(SECURITY, term, value) for term, value in _security(session, settings)]


def _commune(session: Session, on: date) -> list[tuple[str, str]]:
    held = select(MandateRow).where(MandateRow.role == Role.DPO)
    named = any(register.as_mandate(row).valid(on) for row in session.scalars(held))
    return [
        ("Commune", cells.setting(session, cells.COMMUNE)),
        ("Représentée par", "Le maire"),
        ("Délégué à la protection des données", "Désigné" if named else "Aucun mandat en cours"),
    ]


def _processing(session: Session, cell: Cell, on: date) -> list[tuple[str, str]]:
    text = register.current_text(session, cell.code)
    charter = "Aucune charte publiée"
    if text:
        day = day_of(text.published_at)
        charter = f"Version {text.version} du {day} (type de {CharterType(text.kind).value})"
    seats = frozenset(register.members_of(session, cell.code).values())
    seen = readers(Action.SITUATION_READ, seats)
    return [
        ("Finalité", "Prévention de la délinquance : examiner, avec les partenaires, des "
                     "situations individuelles et proposer des suites"),
        ("Cadence", cell.cadence),
        ("Base légale", "Mission d’intérêt public (art. 6 §\u00a01 e du RGPD) : "
                        + " ; ".join(reference_on(article, on).label for article in LAWS)),
        ("Charte en vigueur", charter),
        ("Catégories de personnes", PERSONS),
        ("Catégories de données", ", ".join(_categories())),
        ("Données exclues", NEVER),
        *(
            (f"Destinataires : {category.label}", seen[category.value] or "personne ne siège")
            for category in Category
            if category in NOMINATIVE and category.value in _stored() and seen[category.value]
        ),
        ("Durées de conservation", _retention(session, cell.code)),
        ("Transferts hors de l’Union européenne", "Aucun"),
    ]  # fmt: skip


def _rappel(on: date) -> list[tuple[str, str]]:
    seen = readers(Action.FICHE_READ)
    told = {seen[it.value] for it in Category if seen[it.value]}
    return [
        ("Base légale", reference_on(Article.CSI_L132_7, on).label),
        ("Destinataires de la fiche-navette", ", ".join(sorted(told))),
    ]


def _stored() -> frozenset[str]:
    """Categories that some column of the base is sealed under."""
    return frozenset(
        column.info["category"]
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if "category" in column.info
    )


def _categories() -> list[str]:
    return [it.label for it in Category if it in NOMINATIVE and it.value in _stored()]


def _retention(session: Session, cell: str) -> str:
    options = cells.options(session, cell)
    archive = f", puis {options.archive_months} mois d’archive" if options.archive_months else ""
    return (
        f"{options.retention_months} mois après la fin du suivi{archive} ; jamais au-delà du "
        f"{LAST_BIRTHDAY}e anniversaire ; fin d’office d’un suivi que personne ne renouvelle"
    )


def _security(session: Session, settings: Settings) -> list[tuple[str, str]]:
    period = journal.period(session)
    open_members = select(func.count()).select_from(Member).where(
        Member.public_key.is_not(None), Member.closed_at.is_(None)
    )  # fmt: skip
    keyed = select(Passkey.member)
    without = open_members.where(Member.totp.is_(None), Member.reference.not_in(keyed))
    bare = session.scalar(without) or 0
    sealed = sum("category" in c.info for t in Base.metadata.sorted_tables for c in t.columns)
    rules = sum(bool(rule.categories) for rule in RULES)
    return [
        (
            "Chiffrement des champs",
            f"AES-256-GCM, une clé par dossier ; {sealed} colonnes scellées",
        ),
        ("Remise des clés", "HPKE hybride post-quantique (ML-KEM-768 et X25519), par membre"),
        ("Second facteur", "Exigé de tous" if not bare else "Absent de certains comptes ouverts"),
        (
            "Transport",
            "TLS exigé" if settings.encrypted_transport else "Démonstration locale, sans TLS",
        ),
        ("Base de données", settings.database),
        ("Habilitations", f"Une table de règles, dont {rules} ouvrent des données"),
        ("Journal des accès", f"Arbre de hachage signé, conservé {period.months} mois"),
        ("Clé de secours", "En trois parts, dont deux suffisent"),
    ]
