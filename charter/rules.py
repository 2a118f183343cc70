"""The one table of rules. What is not written here is refused.

Read a line as a sentence: « action, to these roles, under these conditions, seeing these
categories, by this article ». A mandate valid on the day is always required, and it must be
a mandate for the cell concerned as soon as there is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from charter.actions import Action
from charter.categories import (
    AROUND_THE_TABLE,
    BREACH,
    CONFIDENCE,
    CONSULTED,
    EVERYTHING,
    FICHE,
    HOMOLOGATION,
    LISTED,
    NOTHING,
    PARENTING,
    RAPPEL,
    REQUEST,
    SIGNAL,
    TRANSACTION,
    Category,
)
from charter.labels import Labelled
from charter.references import Article
from charter.roles import CELL_MEMBERS, WITHIN_A_CELL, Role


class Condition(Labelled):
    CELL = "cell", "dans la cellule de son mandat"
    SIGNED = "signed", "après avoir signé le texte en vigueur de la charte"
    ADMITTED = "admitted", "en détenant la clé de la cellule"
    LAWFUL_FILE = "lawful_file", "sous une charte qui permet le suivi nominatif (type 2014)"
    CONVENED = "convened", "si la séance le convoque"
    CONCERNED = (
        "concerned",
        "si une séance où la situation est inscrite le convoque, s’il l’a apportée ou s’il la suit",
    )
    UNRECUSED = "unrecused", "sans s’être déporté de la situation"
    UNFROZEN = "unfrozen", "tant que le traitement de la situation n’est pas limité"
    PRESENT = "present", "hors archive, ou en lecture le temps d’une ouverture accordée"
    TURN = "turn", "quand la procédure attend cet acte"
    DESIGNATED = "designated", "au titre d’un agrément ou d’un arrêté enregistré"
    OTHER_PERSON = "other_person", "pour une autre personne que soi"
    FRESH = "fresh", "après avoir redonné son second facteur"


class Audience(Enum):
    """The two doors that ask for no mandate."""

    PUBLIC = auto()  # anyone, signed in or not
    ACCOUNT = auto()  # anyone signed in, even once every mandate has ended


@dataclass(frozen=True, slots=True)
class Rule:
    action: Action
    roles: frozenset[Role] | Audience
    conditions: frozenset[Condition]
    categories: frozenset[Category]
    article: Article


EVERY_ROLE = frozenset(Role)
COORDINATION = frozenset({Role.COORDONNATEUR})
MAIRIE = frozenset({Role.MAIRE, Role.ELU_DELEGUE})
DIRECTION = COORDINATION | MAIRIE
PARQUET = frozenset({Role.PARQUET})
DPO = frozenset({Role.DPO})
ADMINISTRATION = frozenset({Role.ADMINISTRATEUR})
MAIRE = frozenset({Role.MAIRE})
CARRIER = frozenset({Role.CORRESPONDANT_JUSTICE_VILLE})
DEPOSITORS = WITHIN_A_CELL

FREELY: frozenset[Condition] = frozenset()
IN_CELL = frozenset({Condition.CELL})
WITH_KEY = IN_CELL | {Condition.SIGNED, Condition.ADMITTED}
FRESHLY = frozenset({Condition.FRESH})
FOR_ANOTHER = FRESHLY | {Condition.OTHER_PERSON}
# A charter of the 2010 type forbids any file of persons: nothing nominative opens under it.
NOMINATIVELY = WITH_KEY | {Condition.LAWFUL_FILE}
CONVENED = NOMINATIVELY | {Condition.CONVENED}
ABOUT_SITUATION = NOMINATIVELY | {Condition.UNRECUSED}
# An intermediate archive is read on request, for a few days, and never worked on.
ON_SITUATION = ABOUT_SITUATION | {Condition.PRESENT}
# A limited processing keeps the file, and does nothing else with it (art. 18 §2 RGPD).
IN_USE = ON_SITUATION | {Condition.UNFROZEN}
CONCERNED = ON_SITUATION | {Condition.CONCERNED}
AROUND_IT = IN_USE | {Condition.CONVENED}
IN_TURN = IN_USE | {Condition.TURN}
AGREED = frozenset({Condition.DESIGNATED})
ITS_TURN = frozenset({Condition.TURN})

CHARTE, PROTOCOLE = Article.CHARTE, Article.PROTOCOLE
ECHANGE, RAPPEL_ORDRE = Article.CSI_L132_5, Article.CSI_L132_7
DROITS, ACCES, LIMITATION = Article.RGPD_12, Article.RGPD_15, Article.RGPD_18
DUREE, ARCHIVES = Article.RGPD_5, Article.PATRIMOINE_L212_2
VIOLATIONS, REGISTRE, IMPACT = Article.RGPD_33, Article.RGPD_30, Article.RGPD_35
TRANSIGER, HOMOLOGUER = Article.CPP_44_1, Article.CPP_R15_33_63
REVELATION, ACCOMPAGNER = Article.CASF_L121_6_2, Article.CASF_L141_2
INFORMER, DANGER = Article.RGPD_14, Article.CASF_L226_2_1
FILES = frozenset({Category.PIECE})
REASON = frozenset({Category.PROCEDURE})
JOURNAL, CONTROLE, SECURITE = Article.CNIL_2021_122, Article.RGPD_39, Article.RGPD_32

RULES: tuple[Rule, ...] = (
    # Common to all.
    Rule(Action.PUBLIC_PAGE, Audience.PUBLIC, FREELY, NOTHING, SECURITE),
    Rule(Action.SESSION_CLOSE, Audience.ACCOUNT, FREELY, NOTHING, SECURITE),
    Rule(Action.SESSION_CONFIRM, Audience.ACCOUNT, FREELY, NOTHING, SECURITE),
    Rule(Action.SESSION_ACT, Audience.ACCOUNT, FREELY, NOTHING, SECURITE),
    Rule(Action.ACCOUNT_READ, Audience.ACCOUNT, FREELY, NOTHING, SECURITE),
    Rule(Action.ACCOUNT_SESSIONS, Audience.ACCOUNT, FREELY, NOTHING, SECURITE),
    Rule(Action.ACCOUNT_FACTORS, Audience.ACCOUNT, FRESHLY, NOTHING, SECURITE),
    Rule(Action.ACCOUNT_MAIL, Audience.ACCOUNT, FREELY, NOTHING, SECURITE),
    Rule(Action.HOME, EVERY_ROLE, FREELY, NOTHING, SECURITE),
    Rule(Action.MATRIX_READ, EVERY_ROLE, FREELY, NOTHING, CHARTE),
    # The charter is read before it is signed, and signed before anything else is read.
    Rule(Action.CHARTER_READ, WITHIN_A_CELL, IN_CELL, NOTHING, CHARTE),
    Rule(Action.CHARTER_SIGN, WITHIN_A_CELL, IN_CELL, NOTHING, CHARTE),
    Rule(Action.CHARTER_PROOF, WITHIN_A_CELL, IN_CELL, NOTHING, CHARTE),
    Rule(Action.CHARTER_SHEET, DIRECTION, WITH_KEY | FRESHLY, NOTHING, CHARTE),
    # Possible under a charter of the 2010 type, which must be replaceable, and before signing a
    # version that someone else has just published. Only by someone a holder admitted: an account
    # reopened by another hand speaks for nobody yet.
    Rule(
        Action.CHARTER_PUBLISH,
        DIRECTION,
        IN_CELL | {Condition.ADMITTED} | FRESHLY,
        NOTHING,
        CHARTE,
    ),
    # Situations. Members do not browse: they read what their séance examines.
    Rule(Action.SITUATION_LIST, DIRECTION, NOMINATIVELY, LISTED, ECHANGE),
    Rule(Action.SITUATION_SEARCH, DIRECTION, NOMINATIVELY, LISTED, ECHANGE),
    Rule(Action.SITUATION_READ, DIRECTION, ON_SITUATION, EVERYTHING, ECHANGE),
    Rule(
        Action.SITUATION_READ,
        CELL_MEMBERS,
        CONCERNED | {Condition.UNFROZEN},
        AROUND_THE_TABLE,
        CHARTE,
    ),
    Rule(Action.SITUATION_CREATE, COORDINATION, NOMINATIVELY, EVERYTHING, ECHANGE),
    # A whole spreadsheet at once: names enter by hundreds, so the second factor is asked again.
    Rule(Action.SITUATION_IMPORT, COORDINATION, NOMINATIVELY | FRESHLY, EVERYTHING, ECHANGE),
    Rule(Action.SITUATION_EDIT, COORDINATION, IN_USE, EVERYTHING, ECHANGE),
    Rule(Action.SITUATION_FOLLOW, COORDINATION, IN_USE, NOTHING, CHARTE),
    # Whoever knows the person too well steps aside; only someone else may bring them back.
    Rule(Action.SITUATION_RECUSE, DIRECTION, ON_SITUATION, NOTHING, CHARTE),
    Rule(Action.SITUATION_RECUSE, CELL_MEMBERS, CONCERNED, NOTHING, CHARTE),
    Rule(Action.SITUATION_RESTORE, DIRECTION, ON_SITUATION | FOR_ANOTHER, NOTHING, CHARTE),
    Rule(Action.SITUATION_CLOSE, COORDINATION, IN_USE, EVERYTHING, ECHANGE),
    Rule(Action.SITUATION_REOPEN, COORDINATION, IN_USE, EVERYTHING, ECHANGE),
    # A receipt has no name on it: a number, a date, a cell.
    Rule(Action.SITUATION_RECEIPT, DIRECTION, IN_USE, NOTHING, CHARTE),
    # The persons are told first; whoever passes over it says why.
    Rule(Action.INFORMATION_RECORD, COORDINATION, IN_USE, EVERYTHING, INFORMER),
    Rule(Action.INFORMATION_EXCEPT, DIRECTION, IN_USE, NOTHING, INFORMER),
    Rule(Action.INFORMATION_EXPORT, DIRECTION, IN_USE | FRESHLY, EVERYTHING, INFORMER),
    # A minor in danger: without delay, so by anyone who directs. A limitation does not stop it:
    # art. 18 §2 RGPD lets through what an important public interest requires, and the protection
    # of childhood is one.
    Rule(Action.DANGER_RECORD, DIRECTION, ON_SITUATION, EVERYTHING, DANGER),
    Rule(Action.DANGER_EXPORT, DIRECTION, ON_SITUATION | FRESHLY, EVERYTHING, DANGER),
    # Files hold more than what is useful around a table.
    Rule(Action.ATTACHMENT_READ, DIRECTION, ON_SITUATION, FILES, ECHANGE),
    Rule(Action.ATTACHMENT_ADD, DIRECTION, IN_USE, FILES, ECHANGE),
    Rule(Action.ATTACHMENT_REMOVE, DIRECTION, IN_USE | FRESHLY, NOTHING, ECHANGE),
    Rule(Action.CONFIDENCE_READ, MAIRE, ON_SITUATION, CONFIDENCE, REVELATION),
    Rule(Action.CONFIDENCE_WRITE, MAIRE, IN_USE, CONFIDENCE, REVELATION),
    Rule(Action.CONFIDENCE_ERASE, MAIRE, IN_USE | FRESHLY, NOTHING, REVELATION),
    # Deposits. Whoever deposits seals, and reads nothing: a number, and the day of the answer.
    Rule(Action.DEPOSIT_CREATE, DEPOSITORS, IN_CELL | {Condition.LAWFUL_FILE}, NOTHING, CHARTE),
    Rule(Action.DEPOSIT_TRACK, DEPOSITORS, FREELY, NOTHING, CHARTE),
    Rule(Action.DEPOSIT_LIST, COORDINATION, NOMINATIVELY, NOTHING, ECHANGE),
    Rule(Action.DEPOSIT_READ, COORDINATION, NOMINATIVELY, EVERYTHING, ECHANGE),
    Rule(Action.DEPOSIT_ANSWER, COORDINATION, NOMINATIVELY, EVERYTHING, ECHANGE),
    # Séances. A member's list holds dates only, and only of séances that convene them.
    Rule(Action.SEANCE_LIST, DIRECTION, WITH_KEY, NOTHING, ECHANGE),
    Rule(Action.SEANCE_LIST, CELL_MEMBERS, WITH_KEY, NOTHING, CHARTE),
    Rule(Action.SEANCE_READ, DIRECTION, NOMINATIVELY, EVERYTHING, ECHANGE),
    Rule(Action.SEANCE_READ, CELL_MEMBERS, CONVENED, AROUND_THE_TABLE, CHARTE),
    Rule(Action.SEANCE_CREATE, COORDINATION, NOMINATIVELY, EVERYTHING, ECHANGE),
    Rule(Action.SEANCE_EDIT, COORDINATION, NOMINATIVELY, EVERYTHING, ECHANGE),
    # « En cas d’urgence, elle peut se réunir à la demande de l’un de ses membres » (001:895).
    Rule(Action.SEANCE_REQUEST, DIRECTION | CELL_MEMBERS, NOMINATIVELY, NOTHING, CHARTE),
    Rule(Action.SEANCE_ANSWER, COORDINATION, NOMINATIVELY, EVERYTHING, ECHANGE),
    Rule(Action.SEANCE_HOLD, COORDINATION, NOMINATIVELY, EVERYTHING, ECHANGE),
    Rule(Action.SEANCE_RECORD, COORDINATION, IN_USE, EVERYTHING, ECHANGE),
    # Nobody has to say (001:814): contributing is open, never asked for.
    Rule(Action.SEANCE_CONTRIBUTE, CELL_MEMBERS, AROUND_IT, AROUND_THE_TABLE, CHARTE),
    Rule(Action.SEANCE_CLOSE, COORDINATION, NOMINATIVELY, EVERYTHING, ECHANGE),
    Rule(Action.SEANCE_MINUTES, DIRECTION, NOMINATIVELY, EVERYTHING, ECHANGE),
    Rule(Action.SEANCE_MINUTES, CELL_MEMBERS, CONVENED, AROUND_THE_TABLE, CHARTE),
    Rule(Action.SEANCE_EXPORT, DIRECTION, NOMINATIVELY | FRESHLY, EVERYTHING, ECHANGE),
    Rule(Action.SEANCE_EXPORT, CELL_MEMBERS, CONVENED | FRESHLY, AROUND_THE_TABLE, CHARTE),
    # A convocation says when and where to click, never about whom; each answers for themselves.
    Rule(Action.SEANCE_CONVOKE, COORDINATION, NOMINATIVELY, NOTHING, ECHANGE),
    Rule(Action.SEANCE_REPLY, DIRECTION | CELL_MEMBERS, CONVENED, NOTHING, CHARTE),
    Rule(Action.SEANCE_CALENDAR, DIRECTION | CELL_MEMBERS, CONVENED, NOTHING, CHARTE),
    # « Le groupe ne peut donner mandat » (001:817): each answers for their own institution; what
    # is proposed to nobody who sits here, the coordination follows.
    Rule(Action.ORIENTATION_LIST, DIRECTION | CELL_MEMBERS, NOMINATIVELY, NOTHING, CHARTE),
    Rule(Action.ORIENTATION_ANSWER, DIRECTION, IN_TURN, NOTHING, CHARTE),
    Rule(Action.ORIENTATION_ANSWER, CELL_MEMBERS, CONCERNED | IN_TURN, NOTHING, CHARTE),
    # Exact numbers, however small: whoever coordinates reads the files they count.
    Rule(
        Action.FIGURES_READ,
        COORDINATION,
        NOMINATIVELY,
        frozenset({Category.STATISTIQUE}),
        ECHANGE,
    ),
    # Rappel à l'ordre, the mairie's side of the fiche-navette.
    Rule(Action.RAPPEL_ANNOUNCE, COORDINATION, IN_USE, FICHE, PROTOCOLE),
    Rule(Action.RAPPEL_READ, DIRECTION, ON_SITUATION, RAPPEL, RAPPEL_ORDRE),
    Rule(
        Action.RAPPEL_LIST, DIRECTION, NOMINATIVELY, frozenset({Category.PROCEDURE}), RAPPEL_ORDRE
    ),
    Rule(Action.RAPPEL_SHEET, DIRECTION, NOMINATIVELY | FRESHLY, RAPPEL, RAPPEL_ORDRE),
    Rule(Action.RAPPEL_REMIND, DIRECTION, IN_USE, FICHE, PROTOCOLE),
    Rule(Action.RAPPEL_CONSULT, COORDINATION, IN_TURN, RAPPEL, ECHANGE),
    Rule(Action.RAPPEL_CONVENE, DIRECTION, IN_TURN, RAPPEL, RAPPEL_ORDRE),
    Rule(Action.RAPPEL_RECORD, DIRECTION, IN_TURN, RAPPEL, RAPPEL_ORDRE),
    Rule(Action.RAPPEL_REPORT, DIRECTION, IN_TURN, FICHE, PROTOCOLE),
    Rule(Action.RAPPEL_EXPORT, DIRECTION, IN_USE | FRESHLY, RAPPEL, RAPPEL_ORDRE),
    # Partners are consulted before anyone is convened; what they follow stays theirs, and the
    # identity closes with the consultation.
    Rule(Action.CONSULTATION_LIST, DIRECTION | CELL_MEMBERS, NOMINATIVELY, NOTHING, ECHANGE),
    Rule(Action.CONSULTATION_READ, DIRECTION | CELL_MEMBERS, IN_TURN, CONSULTED, ECHANGE),
    Rule(Action.CONSULTATION_ANSWER, DIRECTION | CELL_MEMBERS, IN_TURN, CONSULTED, ECHANGE),
    # Its other side. The parquet sits in no cell: it signs no charter and sees no exchange. A fiche
    # rests on the protocole, whatever the type of the cell's charter.
    Rule(Action.FICHE_LIST, PARQUET, FREELY, frozenset({Category.PROCEDURE}), PROTOCOLE),
    Rule(Action.FICHE_READ, PARQUET, FREELY, FICHE, PROTOCOLE),
    Rule(Action.FICHE_ANSWER, PARQUET, ITS_TURN, FICHE, PROTOCOLE),
    Rule(Action.FICHE_EXPORT, PARQUET, FRESHLY, FICHE, PROTOCOLE),
    # The correspondant Justice-Ville, agréé by the parquet, carries what it answers on paper.
    Rule(Action.FICHE_LIST, CARRIER, AGREED, frozenset({Category.PROCEDURE}), PROTOCOLE),
    Rule(Action.FICHE_READ, CARRIER, AGREED, FICHE, PROTOCOLE),
    Rule(Action.FICHE_CARRY, CARRIER, AGREED | ITS_TURN, FICHE, PROTOCOLE),
    Rule(Action.FICHE_EXPORT, CARRIER, AGREED | FRESHLY, FICHE, PROTOCOLE),
    Rule(Action.FICHE_SCAN, PARQUET, FREELY, FICHE, PROTOCOLE),
    Rule(Action.FICHE_SCAN, CARRIER, AGREED, FICHE, PROTOCOLE),
    Rule(Action.FICHE_SCAN, DIRECTION, ON_SITUATION, FICHE, PROTOCOLE),
    # Magistrates relieve one another; the commune only learns whether the permanence is held.
    Rule(Action.FICHE_ABSENCE, PARQUET, FREELY, NOTHING, PROTOCOLE),
    Rule(Action.ACTIVITY_READ, PARQUET, FREELY, frozenset({Category.PROCEDURE}), PROTOCOLE),
    Rule(Action.ACTIVITY_EXPORT, PARQUET, FRESHLY, frozenset({Category.PROCEDURE}), PROTOCOLE),
    # Transaction: the maire proposes, the justice homologates. Nothing is executed before.
    Rule(Action.TRANSACTION_PREPARE, COORDINATION, IN_USE, TRANSACTION, TRANSIGER),
    Rule(Action.TRANSACTION_READ, DIRECTION, ON_SITUATION, TRANSACTION, TRANSIGER),
    Rule(Action.TRANSACTION_ACT, DIRECTION, IN_TURN, TRANSACTION, TRANSIGER),
    Rule(Action.TRANSACTION_EXPORT, DIRECTION, IN_USE | FRESHLY, TRANSACTION, TRANSIGER),
    Rule(Action.HOMOLOGATION_LIST, PARQUET, FREELY, frozenset({Category.PROCEDURE}), HOMOLOGUER),
    Rule(Action.HOMOLOGATION_READ, PARQUET, FREELY, HOMOLOGATION, HOMOLOGUER),
    Rule(Action.HOMOLOGATION_ANSWER, PARQUET, ITS_TURN, HOMOLOGATION, HOMOLOGUER),
    # And on paper, by the same correspondant, as for the fiches.
    Rule(Action.HOMOLOGATION_LIST, CARRIER, AGREED, frozenset({Category.PROCEDURE}), HOMOLOGUER),
    Rule(Action.HOMOLOGATION_READ, CARRIER, AGREED, HOMOLOGATION, HOMOLOGUER),
    Rule(Action.HOMOLOGATION_CARRY, CARRIER, AGREED | ITS_TURN, HOMOLOGATION, HOMOLOGUER),
    Rule(Action.HOMOLOGATION_SCAN, PARQUET, FREELY, HOMOLOGATION, HOMOLOGUER),
    Rule(Action.HOMOLOGATION_SCAN, CARRIER, AGREED, HOMOLOGATION, HOMOLOGUER),
    Rule(Action.HOMOLOGATION_SCAN, DIRECTION, ON_SITUATION, HOMOLOGATION, HOMOLOGUER),
    # The table names texts, never anybody; nor do references and dates of deadlines, which whoever
    # directs reads for the cells whose situations their mandate already lists.
    Rule(Action.CONTRAVENTION_READ, DIRECTION, WITH_KEY, NOTHING, TRANSIGER),
    Rule(Action.CONTRAVENTION_EDIT, COORDINATION, WITH_KEY, NOTHING, TRANSIGER),
    Rule(Action.DEADLINE_LIST, DIRECTION, FREELY, NOTHING, CHARTE),
    # Aide parentale: proposed to the parents by the maire, who checks and asks the département.
    Rule(Action.PARENTING_OPEN, COORDINATION, IN_USE, PARENTING, ACCOMPAGNER),
    Rule(Action.PARENTING_READ, DIRECTION, ON_SITUATION, PARENTING, ACCOMPAGNER),
    Rule(Action.PARENTING_ACT, DIRECTION, IN_TURN, PARENTING, ACCOMPAGNER),
    Rule(Action.PARENTING_EXPORT, DIRECTION, IN_USE | FRESHLY, PARENTING, ACCOMPAGNER),
    # CMER: what comes before an examination and after it; nothing of it leaves the cell.
    Rule(Action.CMER_READ, DIRECTION, ON_SITUATION, SIGNAL, ECHANGE),
    Rule(Action.CMER_RECORD, COORDINATION, IN_USE, SIGNAL, ECHANGE),
    # Reports count, they never name.
    Rule(Action.REPORT_READ, DIRECTION, WITH_KEY, frozenset({Category.STATISTIQUE}), CHARTE),
    Rule(
        Action.REPORT_EXPORT,
        DIRECTION,
        WITH_KEY | FRESHLY,
        frozenset({Category.STATISTIQUE}),
        CHARTE,
    ),
    Rule(Action.REPORT_MODEL, DIRECTION, WITH_KEY, NOTHING, CHARTE),
    # The journal names nobody who is followed; the DPO audits it without reading a file.
    Rule(Action.JOURNAL_READ, DPO, FREELY, NOTHING, CONTROLE),
    Rule(Action.JOURNAL_EXPORT, DPO, FRESHLY, NOTHING, CONTROLE),
    Rule(Action.JOURNAL_VERIFY, DPO, FREELY, NOTHING, JOURNAL),
    Rule(Action.JOURNAL_CHECKPOINT, DPO, FREELY, NOTHING, JOURNAL),
    # A witness signs the state of the journal without reading any of it.
    Rule(Action.JOURNAL_WITNESS, DPO | PARQUET, FREELY, NOTHING, JOURNAL),
    # What is out of the ordinary: the DPO alone looks, and answers.
    Rule(Action.WATCH_READ, DPO, FREELY, NOTHING, CONTROLE),
    Rule(Action.WATCH_RUN, DPO, FREELY, NOTHING, JOURNAL),
    Rule(Action.WATCH_ANSWER, DPO, FREELY, NOTHING, CONTROLE),
    Rule(Action.WATCH_SET, DPO, FRESHLY, NOTHING, JOURNAL),
    # The rights of persons. The DPO answers for the delays and decides; the cell that was asked
    # finds the situation and does what was decided. The journal names neither.
    Rule(Action.RIGHT_LIST, DPO, FREELY, NOTHING, DROITS),
    Rule(Action.RIGHT_LIST, COORDINATION, NOMINATIVELY, NOTHING, DROITS),
    Rule(Action.RIGHT_READ, DPO, FREELY, REQUEST, DROITS),
    Rule(Action.RIGHT_READ, COORDINATION, ON_SITUATION, REQUEST, DROITS),
    Rule(Action.RIGHT_RECORD, DPO, FREELY, REQUEST, DROITS),
    Rule(Action.RIGHT_RECORD, COORDINATION, NOMINATIVELY, REQUEST, DROITS),
    Rule(Action.RIGHT_DECIDE, DPO, FREELY, REQUEST, DROITS),
    Rule(Action.RIGHT_EXECUTE, COORDINATION, ON_SITUATION, REQUEST, DROITS),
    Rule(Action.RIGHT_FREEZE, DPO, FREELY, NOTHING, LIMITATION),
    Rule(Action.RIGHT_FREEZE, COORDINATION, ON_SITUATION, NOTHING, LIMITATION),
    Rule(Action.RIGHT_EXPORT, COORDINATION, ON_SITUATION | FRESHLY, EVERYTHING, ACCES),
    Rule(Action.RIGHT_LETTER, DPO, FRESHLY, REQUEST, DROITS),
    Rule(Action.RIGHT_LETTER, COORDINATION, ON_SITUATION | FRESHLY, REQUEST, DROITS),
    # Keeping and forgetting. The clock erases by itself; whoever coordinates renews what is still
    # followed. An archive opens when a second person says so, and closes by itself.
    Rule(Action.RETENTION_READ, DPO, FREELY, NOTHING, DUREE),
    Rule(Action.RETENTION_READ, DIRECTION, WITH_KEY, NOTHING, DUREE),
    Rule(Action.RETENTION_KEEP, COORDINATION, IN_USE, EVERYTHING, DUREE),
    Rule(Action.RETENTION_SET, DPO, FRESHLY, NOTHING, ARCHIVES),
    Rule(Action.RETENTION_EXPORT, DPO, FRESHLY, NOTHING, ARCHIVES),
    Rule(Action.ARCHIVE_LIST, DIRECTION, NOMINATIVELY, REASON, DUREE),
    Rule(Action.ARCHIVE_REQUEST, DIRECTION, ABOUT_SITUATION | ITS_TURN, REASON, DUREE),
    Rule(Action.ARCHIVE_DECIDE, DIRECTION, ABOUT_SITUATION | FOR_ANOTHER | ITS_TURN, REASON, DUREE),
    # The DPO's other registers. Whoever runs the machine may be the first to see a breach: they
    # declare it, sealed, and read nothing of the register.
    Rule(Action.BREACH_DECLARE, DPO | ADMINISTRATION, FREELY, NOTHING, VIOLATIONS),
    Rule(Action.BREACH_READ, DPO, FREELY, BREACH, VIOLATIONS),
    Rule(Action.BREACH_RECORD, DPO, FREELY, BREACH, VIOLATIONS),
    Rule(Action.BREACH_EXPORT, DPO, FRESHLY, BREACH, VIOLATIONS),
    Rule(Action.PROCESSING_READ, DPO, FREELY, NOTHING, REGISTRE),
    Rule(Action.PROCESSING_PUBLISH, DPO, FREELY, NOTHING, REGISTRE),
    Rule(Action.PROCESSING_ASSESS, DPO, FREELY, NOTHING, IMPACT),
    Rule(Action.PROCESSING_EXPORT, DPO, FRESHLY, NOTHING, REGISTRE),
    # Members. Admitting hands over a key, so only someone who holds it can admit.
    Rule(Action.MEMBER_LIST, COORDINATION, WITH_KEY, NOTHING, CHARTE),
    Rule(Action.MEMBER_LIST, ADMINISTRATION, FREELY, NOTHING, SECURITE),
    Rule(Action.MEMBER_INVITE, ADMINISTRATION, FRESHLY, NOTHING, SECURITE),
    Rule(Action.MEMBER_INVITE, COORDINATION, WITH_KEY | FRESHLY, NOTHING, CHARTE),
    Rule(Action.MEMBER_ADMIT, COORDINATION, WITH_KEY | FOR_ANOTHER, NOTHING, CHARTE),
    Rule(Action.MEMBER_ADMIT, PARQUET, FOR_ANOTHER, NOTHING, PROTOCOLE),
    Rule(Action.MEMBER_ADMIT, DPO, FOR_ANOTHER, NOTHING, SECURITE),
    Rule(Action.MEMBER_EXCLUDE, COORDINATION, WITH_KEY | FOR_ANOTHER, NOTHING, CHARTE),
    Rule(Action.MEMBER_RESET, ADMINISTRATION, FOR_ANOTHER, NOTHING, SECURITE),
    # Outside the cells, those who share a key admit their own.
    Rule(Action.MEMBER_PEERS, PARQUET, FREELY, NOTHING, PROTOCOLE),
    Rule(Action.MEMBER_PEERS, DPO, FREELY, NOTHING, SECURITE),
    # The directory names members, never a person followed.
    Rule(Action.DIRECTORY_SHARE, ADMINISTRATION, FOR_ANOTHER, NOTHING, SECURITE),
    # Mandates. Whoever designates does not admit: a mandate opens nothing without the cell's key.
    Rule(Action.MANDATE_READ, ADMINISTRATION, FREELY, NOTHING, SECURITE),
    Rule(Action.MANDATE_READ, COORDINATION, WITH_KEY, NOTHING, CHARTE),
    Rule(Action.MANDATE_GRANT, ADMINISTRATION, FOR_ANOTHER, NOTHING, SECURITE),
    Rule(Action.MANDATE_GRANT, COORDINATION, WITH_KEY | FOR_ANOTHER, NOTHING, CHARTE),
    Rule(Action.MANDATE_END, ADMINISTRATION, FOR_ANOTHER, NOTHING, SECURITE),
    Rule(Action.MANDATE_END, DIRECTION, WITH_KEY | FOR_ANOTHER, NOTHING, CHARTE),
    Rule(Action.FUNCTION_ADD, ADMINISTRATION, FRESHLY, NOTHING, SECURITE),
    Rule(Action.ACCESS_REVIEW, MAIRE | DPO, FREELY, NOTHING, CONTROLE),
    Rule(Action.ACCESS_EXPORT, MAIRE | DPO, FRESHLY, NOTHING, CONTROLE),
    Rule(Action.KEY_READ, COORDINATION, WITH_KEY, NOTHING, CHARTE),
    Rule(Action.KEY_RENEW, COORDINATION, WITH_KEY, NOTHING, CHARTE),
    Rule(Action.ACCESS_CERTIFY, MAIRE | DPO, FRESHLY, NOTHING, CONTROLE),
    # Cells. Their settings name nobody: whoever controls reads them all, whoever directs reads
    # their own, and only the coordination that holds the key changes them.
    Rule(Action.CELL_LIST, DIRECTION | DPO | ADMINISTRATION, FREELY, NOTHING, CHARTE),
    Rule(Action.CELL_READ, DIRECTION, WITH_KEY, NOTHING, CHARTE),
    Rule(Action.CELL_READ, DPO, FREELY, NOTHING, CONTROLE),
    Rule(Action.CELL_READ, ADMINISTRATION, FREELY, NOTHING, SECURITE),
    Rule(Action.CELL_EDIT, COORDINATION, WITH_KEY, NOTHING, CHARTE),
    # A cell whose kind is closed at first opens once the impact analysis and the DPO's opinion are
    # recorded: then its charter is published, and there is something to sign.
    Rule(Action.CELL_OPEN, COORDINATION, IN_CELL | FRESHLY, NOTHING, IMPACT),
    # A new cell holds nothing and opens to nobody: its mandates are granted apart.
    Rule(Action.CELL_CREATE, COORDINATION | ADMINISTRATION, FRESHLY, NOTHING, CHARTE),
    # A model names nobody, and serves every cell.
    Rule(Action.PAPER_READ, COORDINATION | ADMINISTRATION, FREELY, NOTHING, CHARTE),
    Rule(Action.PAPER_EDIT, COORDINATION | ADMINISTRATION, FRESHLY, NOTHING, CHARTE),
    Rule(Action.HEALTH_READ, ADMINISTRATION, FREELY, NOTHING, SECURITE),
    Rule(Action.MAIL_SETTINGS, ADMINISTRATION, FRESHLY, NOTHING, SECURITE),
)


def _by_action(rules: Iterable[Rule]) -> dict[Action, tuple[Rule, ...]]:
    return {action: tuple(r for r in rules if r.action is action) for action in Action}


RULES_FOR = _by_action(RULES)
