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

    PUBLIC_PAGE = "page:public", "ouvrir une page publique", _READS
    HOME = "home:read", "ouvrir sa page d’accueil", _READS
    SESSION_CLOSE = "session:close", "fermer sa session", _WRITES

    CHARTER_READ = "charter:read", "lire la charte d’une cellule", _READS
    CHARTER_SIGN = "charter:sign", "signer la charte d’une cellule", _WRITES
    MATRIX_READ = "matrix:read", "lire « Qui voit quoi, et pourquoi »", _READS

    SITUATION_LIST = "situation:list", "lister les situations", _READS
    SITUATION_SEARCH = "situation:search", "rechercher une situation", _READS
    SITUATION_READ = "situation:read", "lire une situation", _READS
    SITUATION_CREATE = "situation:create", "enregistrer une saisine", _WRITES
    SITUATION_EDIT = "situation:edit", "modifier une situation", _WRITES

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

    REPORT_READ = "report:read", "lire un rapport", _READS

    JOURNAL_READ = "journal:read", "consulter le journal des accès", _READS
    JOURNAL_VERIFY = "journal:verify", "vérifier le journal des accès", _READS
    JOURNAL_CHECKPOINT = "journal:checkpoint", "établir un point de contrôle du journal", _WRITES

    MEMBER_LIST = "member:list", "lister les membres", _READS
    MEMBER_INVITE = "member:invite", "inviter un membre", _WRITES
    MEMBER_ADMIT = "member:admit", "admettre un membre dans une cellule", _WRITES
    MEMBER_EXCLUDE = "member:exclude", "exclure un membre d’une cellule", _WRITES

    HEALTH_READ = "health:read", "consulter l’état de l’installation", _READS
