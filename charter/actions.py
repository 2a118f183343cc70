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
        return self.value.partition(":")[2] in {"export", "proof", "sheet", "letter"}

    PUBLIC_PAGE = "page:public", "ouvrir une page publique", _READS
    HOME = "home:read", "ouvrir sa page d’accueil", _READS
    SESSION_CLOSE = "session:close", "fermer sa session", _WRITES
    SESSION_CONFIRM = "session:confirm", "redonner son second facteur", _WRITES
    SESSION_ACT = "session:act", "choisir le mandat sous lequel agir", _WRITES
    ACCOUNT_READ = "account:read", "lire « Mon compte »", _READS
    ACCOUNT_SESSIONS = "account:sessions", "fermer une autre de ses sessions", _WRITES
    ACCOUNT_FACTORS = "account:factors", "changer ses moyens de connexion", _WRITES
    ACCOUNT_MAIL = "account:mail", "dire où recevoir ses courriels", _WRITES

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
    SITUATION_IMPORT = "situation:import", "importer un tableau de situations", _WRITES
    SITUATION_EDIT = "situation:edit", "modifier une situation", _WRITES
    SITUATION_FOLLOW = "situation:follow", "désigner qui suit une situation", _WRITES
    SITUATION_RECUSE = "situation:recuse", "se déporter d’une situation", _WRITES
    SITUATION_RESTORE = "situation:restore", "lever le déport d’un membre", _WRITES
    SITUATION_CLOSE = "situation:close", "clore le suivi d’une situation", _WRITES
    SITUATION_REOPEN = "situation:reopen", "rouvrir le suivi d’une situation", _WRITES
    SITUATION_RECEIPT = "situation:receipt", "produire l’accusé de réception d’une saisine", _READS
    INFORMATION_RECORD = "information:record", "consigner l’information des personnes", _WRITES
    INFORMATION_EXCEPT = "information:except", "passer outre l’information des personnes", _WRITES
    INFORMATION_EXPORT = "information:export", "produire la lettre d’information", _READS
    DANGER_RECORD = "danger:record", "informer le président du conseil départemental", _WRITES
    DANGER_EXPORT = "danger:export", "produire l’information d’un mineur en danger", _READS
    ATTACHMENT_READ = "attachment:read", "ouvrir une pièce jointe", _READS
    ATTACHMENT_ADD = "attachment:add", "joindre une pièce à une situation", _WRITES
    ATTACHMENT_REMOVE = "attachment:remove", "détruire une pièce jointe", _WRITES
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
    SEANCE_EDIT = "seance:edit", "modifier, reporter ou annuler une séance", _WRITES
    SEANCE_REQUEST = "seance:request", "demander une séance urgente", _WRITES
    SEANCE_ANSWER = "seance:answer", "répondre à une demande de séance urgente", _WRITES
    SEANCE_HOLD = "seance:hold", "ouvrir une séance et relever les présents", _WRITES
    SEANCE_RECORD = "seance:record", "consigner l’examen d’une situation en séance", _WRITES
    SEANCE_CONTRIBUTE = "seance:contribute", "contribuer à l’examen d’une situation", _WRITES
    SEANCE_CLOSE = "seance:close", "clore une séance", _WRITES
    SEANCE_MINUTES = "seance:minutes", "lire le compte rendu d’une séance", _READS
    SEANCE_EXPORT = "seance:export", "produire les documents d’une séance", _READS
    SEANCE_CONVOKE = "seance:convoke", "envoyer les convocations d’une séance", _WRITES
    SEANCE_REPLY = "seance:reply", "répondre à une convocation", _WRITES
    SEANCE_CALENDAR = "seance:calendar", "prendre le fichier d’agenda d’une séance", _READS

    ORIENTATION_LIST = "orientation:list", "lister ce qui a été proposé", _READS
    ORIENTATION_ANSWER = "orientation:answer", "répondre à une proposition", _WRITES
    FIGURES_READ = "figures:read", "lire les nombres de travail d’une cellule", _READS

    RAPPEL_ANNOUNCE = "rappel:announce", "annoncer un rappel à l’ordre au procureur", _WRITES
    RAPPEL_READ = "rappel:read", "lire un rappel à l’ordre", _READS
    RAPPEL_LIST = "rappel:list", "lister les convocations d’une cellule", _READS
    RAPPEL_SHEET = "rappel:sheet", "produire les convocations d’un jour", _READS
    RAPPEL_REMIND = "rappel:remind", "relancer le parquet", _WRITES
    RAPPEL_CONSULT = "rappel:consult", "consulter les partenaires", _WRITES
    RAPPEL_CONVENE = "rappel:convene", "convoquer à un rappel à l’ordre", _WRITES
    RAPPEL_RECORD = "rappel:record", "consigner le rappel à l’ordre ou la carence", _WRITES
    RAPPEL_REPORT = "rappel:report", "informer le procureur du rappel à l’ordre tenu", _WRITES
    RAPPEL_EXPORT = "rappel:export", "produire les documents d’un rappel à l’ordre", _READS

    FICHE_LIST = "fiche:list", "lister les fiches-navettes", _READS
    FICHE_READ = "fiche:read", "lire une fiche-navette", _READS
    FICHE_ANSWER = "fiche:answer", "répondre à une fiche-navette", _WRITES
    FICHE_EXPORT = "fiche:export", "produire une fiche-navette", _READS
    FICHE_CARRY = "fiche:carry", "consigner une réponse reçue sur papier", _WRITES
    FICHE_SCAN = "fiche:scan", "ouvrir la réponse numérisée d’une fiche-navette", _READS

    FICHE_ABSENCE = "fiche:absence", "déclarer une absence à la permanence du parquet", _WRITES

    CONSULTATION_LIST = "consultation:list", "lister les consultations reçues", _READS
    CONSULTATION_READ = "consultation:read", "lire une consultation de partenaires", _READS
    CONSULTATION_ANSWER = "consultation:answer", "répondre à une consultation", _WRITES

    ACTIVITY_READ = "activity:read", "lire l’état d’activité du parquet", _READS
    ACTIVITY_EXPORT = "activity:export", "produire l’état d’activité du parquet", _READS
    TRANSACTION_PREPARE = "transaction:prepare", "préparer une transaction", _WRITES
    TRANSACTION_READ = "transaction:read", "lire une transaction", _READS
    TRANSACTION_ACT = "transaction:act", "consigner une étape d’une transaction", _WRITES
    TRANSACTION_EXPORT = "transaction:export", "produire les documents d’une transaction", _READS
    HOMOLOGATION_LIST = "homologation:list", "lister les transactions à homologuer", _READS
    HOMOLOGATION_READ = "homologation:read", "lire une transaction à homologuer", _READS
    HOMOLOGATION_ANSWER = "homologation:answer", "répondre à une demande d’homologation", _WRITES
    HOMOLOGATION_CARRY = (
        "homologation:carry",
        "consigner une homologation reçue sur papier",
        _WRITES,
    )
    HOMOLOGATION_SCAN = "homologation:scan", "ouvrir la décision numérisée d’homologation", _READS
    CONTRAVENTION_READ = "contravention:read", "lire la table des contraventions", _READS
    CONTRAVENTION_EDIT = (
        "contravention:edit",
        "régler la transaction et ses contraventions",
        _WRITES,
    )
    PARENTING_OPEN = "parenting:open", "ouvrir une aide à la fonction parentale", _WRITES
    PARENTING_READ = "parenting:read", "lire une aide à la fonction parentale", _READS
    PARENTING_ACT = "parenting:act", "consigner un acte d’une aide parentale", _WRITES
    PARENTING_EXPORT = "parenting:export", "produire les documents d’une aide parentale", _READS
    CMER_READ = "cmer:read", "lire le traitement d’un signal faible", _READS
    CMER_RECORD = "cmer:record", "consigner le traitement d’un signal faible", _WRITES
    DEADLINE_LIST = "deadline:list", "lister les échéances de ses cellules", _READS

    REPORT_READ = "report:read", "lire un rapport", _READS
    # The first export settles the numbers, for good.
    REPORT_EXPORT = "report:export", "arrêter et exporter un rapport", _WRITES
    REPORT_MODEL = "report:model", "garder un modèle de rapport", _WRITES

    RIGHT_LIST = "right:list", "lister les demandes des personnes", _READS
    RIGHT_READ = "right:read", "lire la demande d’une personne", _READS
    RIGHT_RECORD = "right:record", "enregistrer la demande d’une personne", _WRITES
    RIGHT_DECIDE = "right:decide", "instruire et clore la demande d’une personne", _WRITES
    RIGHT_EXECUTE = "right:execute", "exécuter dans sa cellule la demande d’une personne", _WRITES
    RIGHT_FREEZE = (
        "right:freeze",
        "limiter le traitement d’une situation, ou lever la limite",
        _WRITES,
    )
    RIGHT_EXPORT = "right:export", "produire ce qu’une situation contient sur la personne", _READS
    RIGHT_LETTER = "right:letter", "produire la réponse à la demande d’une personne", _READS

    RETENTION_READ = "retention:read", "lire ce qui vient à échéance", _READS
    RETENTION_KEEP = "retention:keep", "renouveler le suivi d’une situation", _WRITES
    RETENTION_SET = "retention:set", "consigner l’accord des archives départementales", _WRITES
    RETENTION_EXPORT = "retention:export", "produire un bordereau d’élimination", _READS
    ARCHIVE_LIST = "archive:list", "lister les situations en archive", _READS
    ARCHIVE_REQUEST = "archive:request", "demander à lire une situation en archive", _WRITES
    ARCHIVE_DECIDE = "archive:decide", "répondre à une demande de lecture d’archive", _WRITES

    BREACH_DECLARE = "breach:declare", "déclarer une violation de données", _WRITES
    BREACH_READ = "breach:read", "lire le registre des violations", _READS
    BREACH_RECORD = "breach:record", "compléter le registre des violations", _WRITES
    BREACH_EXPORT = "breach:export", "produire la fiche d’une violation", _READS

    PROCESSING_READ = "processing:read", "lire le registre des traitements", _READS
    PROCESSING_PUBLISH = "processing:publish", "arrêter le registre des traitements", _WRITES
    PROCESSING_ASSESS = "processing:assess", "consigner une analyse d’impact", _WRITES
    PROCESSING_EXPORT = "processing:export", "produire le registre des traitements", _READS

    JOURNAL_READ = "journal:read", "consulter le journal des accès", _READS
    JOURNAL_EXPORT = "journal:export", "exporter le journal des accès", _READS
    JOURNAL_VERIFY = "journal:verify", "vérifier le journal des accès", _READS
    WATCH_READ = "watch:read", "lire les alertes du journal", _READS
    WATCH_RUN = "watch:run", "parcourir le journal à la recherche d’alertes", _WRITES
    WATCH_ANSWER = "watch:answer", "répondre à une alerte", _WRITES
    WATCH_SET = "watch:set", "régler les seuils des alertes", _WRITES
    JOURNAL_CHECKPOINT = "journal:checkpoint", "établir un point de contrôle du journal", _WRITES
    JOURNAL_WITNESS = "journal:witness", "contresigner un point de contrôle du journal", _WRITES

    MEMBER_LIST = "member:list", "lister les membres", _READS
    MEMBER_INVITE = "member:invite", "inviter un membre", _WRITES
    MEMBER_ADMIT = "member:admit", "admettre un membre dans une cellule", _WRITES
    MEMBER_EXCLUDE = "member:exclude", "exclure un membre d’une cellule", _WRITES
    MEMBER_RESET = "member:reset", "rouvrir un compte dont la phrase est oubliée", _WRITES
    MEMBER_SUSPEND = "member:suspend", "suspendre l’accès d’un membre", _WRITES
    MEMBER_CONFIRM = "member:confirm", "rendre son accès à un membre suspendu", _WRITES
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

    CELL_LIST = "cell:list", "lister les cellules", _READS
    CELL_READ = "cell:read", "lire les réglages d’une cellule", _READS
    CELL_EDIT = "cell:edit", "régler une cellule", _WRITES
    CELL_OPEN = "cell:open", "ouvrir une cellule dont les préalables sont consignés", _WRITES
    CELL_CREATE = "cell:create", "créer une cellule", _WRITES

    PAPER_READ = "paper:read", "lire les modèles de documents", _READS
    PAPER_EDIT = "paper:edit", "remplacer un modèle de document", _WRITES

    HEALTH_READ = "health:read", "consulter l’état de l’installation", _READS
    MAIL_SETTINGS = "mail:settings", "régler l’envoi des courriels", _WRITES
