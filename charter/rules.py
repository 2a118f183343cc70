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
    CONFIDENCE,
    EVERYTHING,
    FICHE,
    LISTED,
    NOTHING,
    RAPPEL,
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
ON_SITUATION = NOMINATIVELY | {Condition.UNRECUSED}
CONCERNED = ON_SITUATION | {Condition.CONCERNED}
IN_TURN = ON_SITUATION | {Condition.TURN}
AGREED = frozenset({Condition.DESIGNATED})

CHARTE, PROTOCOLE = Article.CHARTE, Article.PROTOCOLE
ECHANGE, RAPPEL_ORDRE = Article.CSI_L132_5, Article.CSI_L132_7
REVELATION = Article.CASF_L121_6_2
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
    Rule(Action.SITUATION_READ, CELL_MEMBERS, CONCERNED, AROUND_THE_TABLE, CHARTE),
    Rule(Action.SITUATION_CREATE, COORDINATION, NOMINATIVELY, EVERYTHING, ECHANGE),
    Rule(Action.SITUATION_EDIT, COORDINATION, ON_SITUATION, EVERYTHING, ECHANGE),
    Rule(Action.SITUATION_FOLLOW, COORDINATION, ON_SITUATION, NOTHING, CHARTE),
    # Whoever knows the person too well steps aside; only someone else may bring them back.
    Rule(Action.SITUATION_RECUSE, DIRECTION, ON_SITUATION, NOTHING, CHARTE),
    Rule(Action.SITUATION_RECUSE, CELL_MEMBERS, CONCERNED, NOTHING, CHARTE),
    Rule(Action.SITUATION_RESTORE, DIRECTION, ON_SITUATION | FOR_ANOTHER, NOTHING, CHARTE),
    Rule(Action.CONFIDENCE_READ, MAIRE, ON_SITUATION, CONFIDENCE, REVELATION),
    Rule(Action.CONFIDENCE_WRITE, MAIRE, ON_SITUATION, CONFIDENCE, REVELATION),
    Rule(Action.CONFIDENCE_ERASE, MAIRE, ON_SITUATION | FRESHLY, NOTHING, REVELATION),
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
    # Rappel à l'ordre, the mairie's side of the fiche-navette.
    Rule(Action.RAPPEL_ANNOUNCE, COORDINATION, ON_SITUATION, FICHE, PROTOCOLE),
    Rule(Action.RAPPEL_READ, DIRECTION, ON_SITUATION, RAPPEL, RAPPEL_ORDRE),
    Rule(Action.RAPPEL_RECORD, DIRECTION, IN_TURN, RAPPEL, RAPPEL_ORDRE),
    Rule(Action.RAPPEL_REPORT, DIRECTION, IN_TURN, FICHE, PROTOCOLE),
    Rule(Action.RAPPEL_EXPORT, DIRECTION, ON_SITUATION | FRESHLY, RAPPEL, RAPPEL_ORDRE),
    # Its other side. The parquet sits in no cell: it signs no charter and sees no exchange. A fiche
    # rests on the protocole, whatever the type of the cell's charter.
    Rule(Action.FICHE_LIST, PARQUET, FREELY, frozenset({Category.PROCEDURE}), PROTOCOLE),
    Rule(Action.FICHE_READ, PARQUET, FREELY, FICHE, PROTOCOLE),
    Rule(Action.FICHE_ANSWER, PARQUET, frozenset({Condition.TURN}), FICHE, PROTOCOLE),
    Rule(Action.FICHE_EXPORT, PARQUET, FRESHLY, FICHE, PROTOCOLE),
    # The correspondant Justice-Ville, agréé by the parquet, carries what it answers on paper.
    Rule(Action.FICHE_LIST, CARRIER, AGREED, frozenset({Category.PROCEDURE}), PROTOCOLE),
    Rule(Action.FICHE_READ, CARRIER, AGREED, FICHE, PROTOCOLE),
    Rule(Action.FICHE_CARRY, CARRIER, AGREED | {Condition.TURN}, FICHE, PROTOCOLE),
    Rule(Action.FICHE_EXPORT, CARRIER, AGREED | FRESHLY, FICHE, PROTOCOLE),
    Rule(Action.FICHE_SCAN, PARQUET, FREELY, FICHE, PROTOCOLE),
    Rule(Action.FICHE_SCAN, CARRIER, AGREED, FICHE, PROTOCOLE),
    Rule(Action.FICHE_SCAN, DIRECTION, ON_SITUATION, FICHE, PROTOCOLE),
    # Reports count, they never name.
    Rule(Action.REPORT_READ, DIRECTION, WITH_KEY, frozenset({Category.STATISTIQUE}), CHARTE),
    Rule(
        Action.REPORT_EXPORT,
        DIRECTION,
        WITH_KEY | FRESHLY,
        frozenset({Category.STATISTIQUE}),
        CHARTE,
    ),
    # The journal names nobody who is followed; the DPO audits it without reading a file.
    Rule(Action.JOURNAL_READ, DPO, FREELY, NOTHING, CONTROLE),
    Rule(Action.JOURNAL_EXPORT, DPO, FRESHLY, NOTHING, CONTROLE),
    Rule(Action.JOURNAL_VERIFY, DPO, FREELY, NOTHING, JOURNAL),
    Rule(Action.JOURNAL_CHECKPOINT, DPO, FREELY, NOTHING, JOURNAL),
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
    Rule(Action.HEALTH_READ, ADMINISTRATION, FREELY, NOTHING, SECURITE),
)


def _by_action(rules: Iterable[Rule]) -> dict[Action, tuple[Rule, ...]]:
    return {action: tuple(r for r in rules if r.action is action) for action in Action}


RULES_FOR = _by_action(RULES)
