"""Everything a route can do. A route declares one of these or does not start."""

from typing import Self

from charter.labels import Labelled

_READS, _WRITES = False, True


class Action(Labelled):
    """``scope:verb``; ``label`` is an infinitive phrase; ``writes`` if it changes data."""

    writes: bool

    # The defaults serve type checkers alone, which read ``Action("home:read")`` as this call.
    def __new__(cls, slug: str, label: str = "", writes: bool = _WRITES) -> Self:
        member = str.__new__(cls, slug)
        member._value_ = slug
        member.label, member.writes = label, writes
        return member

    @property
    def scope(self) -> str:
        return self.value.partition(":")[0]

    @property
    def outgoing(self) -> bool:
        """A document leaves the application."""
        return self.value.partition(":")[2] in {"export", "proof", "sheet"}

    PUBLIC_PAGE = "page:public", "ouvrir une page publique", _READS
    HOME = "home:read", "ouvrir sa page d’accueil", _READS
    SESSION_CLOSE = "session:close", "fermer sa session", _WRITES
    SESSION_CONFIRM = "session:confirm", "redonner son second facteur", _WRITES
    SESSION_ACT = "session:act", "choisir le mandat sous lequel agir", _WRITES
    ACCOUNT_READ = "account:read", "lire « Mon compte »", _READS
    ACCOUNT_SESSIONS = "account:sessions", "fermer une autre de ses sessions", _WRITES
    ACCOUNT_FACTORS = "account:factors", "changer ses moyens de connexion", _WRITES

    CHARTER_READ = "charter:read", "lire la charte d’une cellule", _READS
    CHARTER_SIGN = "charter:sign", "signer la charte d’une cellule", _WRITES
    CHARTER_PROOF = "charter:proof", "produire sa feuille de signature", _READS
    CHARTER_SHEET = "charter:sheet", "produire la feuille des signatures d’une cellule", _READS
    CHARTER_PUBLISH = "charter:publish", "publier un texte de la charte", _WRITES
    MATRIX_READ = "matrix:read", "lire « Qui voit quoi, et pourquoi »", _READS

    SITUATION_LIST = "situation:list", "lister les situations", _READS
    SITUATION_SEARCH = "situation:search", "rechercher une situation", _READS
    SITUATION_READ = "situation:read", "lire une situation", _READS
    SITUATION_CREATE = "situation:create", "enregistrer une saisine", _WRITES
    SITUATION_EDIT = "situation:edit", "modifier une situation", _WRITES
    SITUATION_FOLLOW = "situation:follow", "désigner qui suit une situation", _WRITES
    SITUATION_RECUSE = "situation:recuse", "se déporter d’une situation", _WRITES
    SITUATION_RESTORE = "situation:restore", "lever le déport d’un membre", _WRITES
    CONFIDENCE_READ = "confidence:read", "lire l’information révélée au maire", _READS
    CONFIDENCE_WRITE = "confidence:write", "consigner une information révélée au maire", _WRITES
    CONFIDENCE_ERASE = "confidence:erase", "effacer une information révélée au maire", _WRITES

    DEPOSIT_CREATE = "deposit:create", "déposer une saisine scellée", _WRITES
    DEPOSIT_TRACK = "deposit:track", "suivre ses dépôts", _READS
    DEPOSIT_LIST = "deposit:list", "lister les dépôts reçus", _READS
    DEPOSIT_READ = "deposit:read", "ouvrir un dépôt reçu", _READS
    DEPOSIT_ANSWER = "deposit:answer", "traiter un dépôt reçu", _WRITES

    SEANCE_LIST = "seance:list", "lister les séances", _READS
    SEANCE_READ = "seance:read", "lire une séance", _READS
    SEANCE_CREATE = "seance:create", "préparer une séance", _WRITES

    RAPPEL_ANNOUNCE = "rappel:announce", "annoncer un rappel à l’ordre au procureur", _WRITES
    RAPPEL_READ = "rappel:read", "lire un rappel à l’ordre", _READS
    RAPPEL_RECORD = "rappel:record", "consigner le rappel à l’ordre ou la carence", _WRITES
    RAPPEL_REPORT = "rappel:report", "informer le procureur du rappel à l’ordre tenu", _WRITES
    RAPPEL_EXPORT = "rappel:export", "produire les documents d’un rappel à l’ordre", _READS

    FICHE_LIST = "fiche:list", "lister les fiches-navettes", _READS
    FICHE_READ = "fiche:read", "lire une fiche-navette", _READS
    FICHE_ANSWER = "fiche:answer", "répondre à une fiche-navette", _WRITES
    FICHE_EXPORT = "fiche:export", "produire une fiche-navette", _READS
    FICHE_CARRY = "fiche:carry", "consigner une réponse reçue sur papier", _WRITES
    FICHE_SCAN = "fiche:scan", "ouvrir la réponse numérisée d’une fiche-navette", _READS

    REPORT_READ = "report:read", "lire un rapport", _READS
    REPORT_EXPORT = "report:export", "exporter un rapport", _READS

    JOURNAL_READ = "journal:read", "consulter le journal des accès", _READS
    JOURNAL_EXPORT = "journal:export", "exporter le journal des accès", _READS
    JOURNAL_VERIFY = "journal:verify", "vérifier le journal des accès", _READS
    JOURNAL_CHECKPOINT = "journal:checkpoint", "établir un point de contrôle du journal", _WRITES

    MEMBER_LIST = "member:list", "lister les membres", _READS
    MEMBER_INVITE = "member:invite", "inviter un membre", _WRITES
    MEMBER_ADMIT = "member:admit", "admettre un membre dans une cellule", _WRITES
    MEMBER_EXCLUDE = "member:exclude", "exclure un membre d’une cellule", _WRITES
    MEMBER_RESET = "member:reset", "rouvrir un compte dont la phrase est oubliée", _WRITES
    MEMBER_PEERS = "member:peers", "lister ceux qui partagent sa clé", _READS
    DIRECTORY_SHARE = "directory:share", "remettre la clé de l’annuaire", _WRITES
    MANDATE_READ = "mandate:read", "lire les mandats d’un membre", _READS
    MANDATE_GRANT = "mandate:grant", "enregistrer un mandat", _WRITES
    MANDATE_END = "mandate:end", "mettre fin à un mandat", _WRITES
    FUNCTION_ADD = "function:add", "ajouter une fonction de la commune", _WRITES
    ACCESS_REVIEW = "access:review", "revoir les accès", _READS
    ACCESS_EXPORT = "access:export", "produire la revue des accès", _READS
    ACCESS_CERTIFY = "access:certify", "consigner la revue des accès", _WRITES

    KEY_READ = "key:read", "voir qui détient la clé d’une cellule", _READS
    KEY_RENEW = "key:renew", "renouveler la clé d’une cellule", _WRITES

    HEALTH_READ = "health:read", "consulter l’état de l’installation", _READS
