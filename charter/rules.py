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
    CONVENED = "convened", "si la séance, ou celle où la situation est inscrite, le convoque"


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

FREELY: frozenset[Condition] = frozenset()
IN_CELL = frozenset({Condition.CELL})
WITH_KEY = IN_CELL | {Condition.SIGNED, Condition.ADMITTED}
CONVENED = WITH_KEY | {Condition.CONVENED}

CHARTE, PROTOCOLE = Article.CHARTE, Article.PROTOCOLE
ECHANGE, RAPPEL_ORDRE = Article.CSI_L132_5, Article.CSI_L132_7
JOURNAL, CONTROLE, SECURITE = Article.CNIL_2021_122, Article.RGPD_39, Article.RGPD_32

RULES: tuple[Rule, ...] = (
    # Common to all.
    Rule(Action.PUBLIC_PAGE, Audience.PUBLIC, FREELY, NOTHING, SECURITE),
    Rule(Action.SESSION_CLOSE, Audience.ACCOUNT, FREELY, NOTHING, SECURITE),
    Rule(Action.HOME, EVERY_ROLE, FREELY, NOTHING, SECURITE),
    Rule(Action.MATRIX_READ, EVERY_ROLE, FREELY, NOTHING, CHARTE),
    # The charter is read before it is signed, and signed before anything else is read.
    Rule(Action.CHARTER_READ, WITHIN_A_CELL, IN_CELL, NOTHING, CHARTE),
    Rule(Action.CHARTER_SIGN, WITHIN_A_CELL, IN_CELL, NOTHING, CHARTE),
    # Situations. Members do not browse: they read what their séance examines.
    Rule(Action.SITUATION_LIST, DIRECTION, WITH_KEY, LISTED, ECHANGE),
    Rule(Action.SITUATION_SEARCH, DIRECTION, WITH_KEY, LISTED, ECHANGE),
    Rule(Action.SITUATION_READ, DIRECTION, WITH_KEY, EVERYTHING, ECHANGE),
    Rule(Action.SITUATION_READ, CELL_MEMBERS, CONVENED, AROUND_THE_TABLE, CHARTE),
    Rule(Action.SITUATION_CREATE, COORDINATION, WITH_KEY, EVERYTHING, ECHANGE),
    Rule(Action.SITUATION_EDIT, COORDINATION, WITH_KEY, EVERYTHING, ECHANGE),
    # Séances. A member's list holds dates only, and only of séances that convene them.
    Rule(Action.SEANCE_LIST, DIRECTION, WITH_KEY, NOTHING, ECHANGE),
    Rule(Action.SEANCE_LIST, CELL_MEMBERS, WITH_KEY, NOTHING, CHARTE),
    Rule(Action.SEANCE_READ, DIRECTION, WITH_KEY, EVERYTHING, ECHANGE),
    Rule(Action.SEANCE_READ, CELL_MEMBERS, CONVENED, AROUND_THE_TABLE, CHARTE),
    Rule(Action.SEANCE_CREATE, COORDINATION, WITH_KEY, EVERYTHING, ECHANGE),
    # Rappel à l'ordre, the mairie's side of the fiche-navette.
    Rule(Action.RAPPEL_ANNOUNCE, COORDINATION, WITH_KEY, FICHE, PROTOCOLE),
    Rule(Action.RAPPEL_READ, DIRECTION, WITH_KEY, RAPPEL, RAPPEL_ORDRE),
    Rule(Action.RAPPEL_RECORD, DIRECTION, WITH_KEY, RAPPEL, RAPPEL_ORDRE),
    Rule(Action.RAPPEL_REPORT, DIRECTION, WITH_KEY, FICHE, PROTOCOLE),
    Rule(Action.RAPPEL_EXPORT, DIRECTION, WITH_KEY, RAPPEL, RAPPEL_ORDRE),
    # Its other side. The parquet sits in no cell: it signs no charter and sees no exchange.
    Rule(Action.FICHE_LIST, PARQUET, FREELY, frozenset({Category.PROCEDURE}), PROTOCOLE),
    Rule(Action.FICHE_READ, PARQUET, FREELY, FICHE, PROTOCOLE),
    Rule(Action.FICHE_ANSWER, PARQUET, FREELY, FICHE, PROTOCOLE),
    Rule(Action.FICHE_EXPORT, PARQUET, FREELY, FICHE, PROTOCOLE),
    # Reports count, they never name.
    Rule(Action.REPORT_READ, DIRECTION, WITH_KEY, frozenset({Category.STATISTIQUE}), CHARTE),
    # The journal names nobody who is followed; the DPO audits it without reading a file.
    Rule(Action.JOURNAL_READ, DPO, FREELY, NOTHING, CONTROLE),
    Rule(Action.JOURNAL_VERIFY, DPO, FREELY, NOTHING, JOURNAL),
    Rule(Action.JOURNAL_CHECKPOINT, DPO, FREELY, NOTHING, JOURNAL),
    # Members. Admitting hands over a key, so only someone who holds it can admit.
    Rule(Action.MEMBER_LIST, COORDINATION, WITH_KEY, NOTHING, CHARTE),
    Rule(Action.MEMBER_LIST, ADMINISTRATION, FREELY, NOTHING, SECURITE),
    Rule(Action.MEMBER_INVITE, ADMINISTRATION, FREELY, NOTHING, SECURITE),
    Rule(Action.MEMBER_ADMIT, COORDINATION, WITH_KEY, NOTHING, CHARTE),
    Rule(Action.MEMBER_EXCLUDE, COORDINATION, WITH_KEY, NOTHING, CHARTE),
    Rule(Action.HEALTH_READ, ADMINISTRATION, FREELY, NOTHING, SECURITE),
)


def _by_action(rules: Iterable[Rule]) -> dict[Action, tuple[Rule, ...]]:
    return {action: tuple(r for r in rules if r.action is action) for action in Action}


RULES_FOR = _by_action(RULES)
