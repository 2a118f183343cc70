"""How long each table is kept, declared: one line a table, and a table without a line stops the
start. What hangs on a situation by a foreign key goes with it, and must be declared so. The DPO's
page prints the terms."""

from collections.abc import Mapping

from sqlalchemy import MetaData

from charter.labels import Labelled


class Keep(Labelled):
    SITUATION = "situation", "avec la situation, selon son horloge"
    DEPOSIT = "depot", "trois mois après le retour, un an sans réponse, ou avec la situation"
    URGENT = "urgence", "trois mois après la réponse, un an sans réponse"
    REQUEST = "demande", "six ans après la réponse à la personne"
    ACCOUNT = "compte", "jusqu’à la fermeture du compte ou la fin du mandat, puis trace sans nom"
    IMPORT = "import", "jusqu’à la fin de l’import ou son abandon ; sans suite, 12 heures"
    SESSION = "session", "8 heures au plus ; un essai manqué, un jour"
    MAIL = "courriel", "l’adresse, jusqu’à l’envoi ; la trace sans adresse, un an"
    SEANCE = "seance", "avec la cellule : registre des dates, sièges et présences"
    REPORT = "rapport", "sans terme : nombres publiés, qui ne nomment personne"
    REGISTER = "registre", "sans terme : la loi demande de les tenir"
    KEYS = "cles", "avec la cellule, ou avec le dossier qu’elles ouvrent"
    SETTING = "reglage", "tant que la commune s’en sert"
    JOURNAL = "journal", "la durée du journal, puis des empreintes seules"


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
    "import_batch": Keep.IMPORT,
    **dict.fromkeys(("browser_session", "signin_attempt", "spent_challenge"), Keep.SESSION),
    "mail_outbox": Keep.MAIL,
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


# What these terms are those of, for who reads them.
HELD: Mapping[Keep, str] = {
    Keep.SITUATION: "Situation, et tout ce qui s’y rattache",
    Keep.DEPOSIT: "Dépôt d’un signaleur",
    Keep.URGENT: "Demande de séance urgente",
    Keep.REQUEST: "Demande d’une personne",
    Keep.ACCOUNT: "Compte et mandats d’un membre",
    Keep.IMPORT: "Tableau en cours d’import",
    Keep.SESSION: "Connexions",
    Keep.MAIL: "Courriels",
    Keep.SEANCE: "Séances",
    Keep.REPORT: "Rapports publiés",
    Keep.REGISTER: "Registres, chartes et signatures",
    Keep.KEYS: "Clés",
    Keep.SETTING: "Réglages",
    Keep.JOURNAL: "Journal des accès et alertes",
}


def undeclared(*metadatas: MetaData) -> list[str]:
    """Tables whose retention nobody declared, and declarations of tables that are no more."""
    tables = {table.name for metadata in metadatas for table in metadata.sorted_tables}
    return sorted(tables ^ RETENTION.keys())
