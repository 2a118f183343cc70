"""How long each table is kept, declared: one line a table, and a table without a line stops the
start. What hangs on a situation by a foreign key goes with it, and must be declared so."""

from collections.abc import Mapping

from sqlalchemy import MetaData

from charter.labels import Labelled


class Keep(Labelled):
    SITUATION = "situation", "avec la situation, selon son horloge"
    DEPOSIT = "depot", "trois mois après le retour, un an sans réponse, ou avec la situation"
    URGENT = "urgence", "trois mois après la réponse, un an sans réponse"
    REQUEST = "demande", "six ans après la réponse à la personne"
    ACCOUNT = "compte", "jusqu’à la fermeture du compte ou la fin du mandat, puis trace sans nom"
    HOURS = "heures", "quelques heures : abandon, fin de session ou envoi"
    SEANCE = "seance", "registre de la cellule : dates, sièges et présences"
    REPORT = "rapport", "nombres publiés, qui ne nomment personne"
    REGISTER = "registre", "registre que la loi demande de tenir"
    KEYS = "cles", "clés scellées des cellules, ou celles d’un dossier, avec lui"
    SETTING = "reglage", "réglage de la commune, tant qu’elle s’en sert"
    JOURNAL = "journal", "durée du journal, puis empreintes seules"


RETENTION: Mapping[str, Keep] = {
    **dict.fromkeys(
        (
            "situation",
            "facet_page",
            "situation_follower",
            "person",
            "represents",
            "person_event",
            "further_saisine",
            "name_bucket",
            "closure",
            "information",
            "involvement",
            "danger_notice",
            "attachment",
            "scan",
            "confidence",
            "agenda_item",
            "examination",
            "contribution",
            "orientation",
            "orientation_answer",
            "rappel",
            "rappel_event",
            "consultation",
            "consultation_answer",
            "transaction_maire",
            "transaction_event",
            "aide_parentale",
            "aide_event",
            "cmer_event",
            "limitation",
            "archive_opening",
            "charter_recusal",
        ),
        Keep.SITUATION,
    ),
    "deposit": Keep.DEPOSIT,
    "seance_request": Keep.URGENT,
    "person_request": Keep.REQUEST,
    "person_request_cell": Keep.REQUEST,
    **dict.fromkeys(
        (
            "member",
            "mandate_detail",
            "mail_address",
            "parquet_absence",
            "passkey",
            "recovery_code",
            "charter_mandate",
        ),
        Keep.ACCOUNT,
    ),
    **dict.fromkeys(
        ("browser_session", "import_batch", "mail_outbox", "signin_attempt", "spent_challenge"),
        Keep.HOURS,
    ),
    **dict.fromkeys(
        (
            "seance",
            "seance_event",
            "seance_answer",
            "convocation",
        ),
        Keep.SEANCE,
    ),
    "published_report": Keep.REPORT,
    **dict.fromkeys(
        (
            "aipd",
            "breach",
            "breach_step",
            "processing_version",
            "disposal",
            "erasure",
            "charter_text",
            "charter_regulation",
            "charter_signature",
        ),
        Keep.REGISTER,
    ),
    **dict.fromkeys(
        ("compartment", "compartment_version", "grant_key", "key_renewal", "record_wrap"),
        Keep.KEYS,
    ),
    **dict.fromkeys(
        (
            "cell",
            "cell_seat",
            "cell_term",
            "contravention",
            "local_term",
            "paper_model",
            "reference_counter",
            "report_model",
            "setting",
            "charter_function",
        ),
        Keep.SETTING,
    ),
    **dict.fromkeys(
        (
            "watch_alert",
            "journal_event",
            "journal_head",
            "journal_checkpoint",
            "journal_countersignature",
            "journal_rotation",
        ),
        Keep.JOURNAL,
    ),
}


def undeclared(*metadatas: MetaData) -> list[str]:
    """Tables whose retention nobody declared, and declarations of tables that are no more."""
    tables = {table.name for metadata in metadatas for table in metadata.sorted_tables}
    return sorted(tables ^ RETENTION.keys())
