"""The rights one may exercise here, and the closed lists of their register."""

from charter.labels import Labelled


class Kind(Labelled):
    """``article``: of the RGPD; ``law``: of the law of 6 January 1978."""

    article: str
    law: str

    def __new__(cls, slug: str, label: str = "", article: str = "", law: str = "") -> "Kind":
        member = str.__new__(cls, slug)
        member._value_ = slug
        member.label, member.article, member.law = label, article, law
        return member

    ACCES = "acces", "Accès", "15", "49"
    RECTIFICATION = "rectification", "Rectification", "16", "50"
    EFFACEMENT = "effacement", "Effacement", "17", "51"
    LIMITATION = "limitation", "Limitation", "18", "53"
    OPPOSITION = "opposition", "Opposition", "21", "56"

    @property
    def reference(self) -> str:
        return (
            f"art.\u00a0{self.article} du RGPD et art.\u00a0{self.law} de la loi n°\u00a078-17 du "
            "6\u00a0janvier 1978"
        )


class Standing(Labelled):
    """Who asks. A minor's rights are exercised by the minor or by whoever holds authority."""

    INTERESSE = "interesse", "La personne elle-même"
    REPRESENTANT = "representant", "Son représentant légal"
    MANDATAIRE = "mandataire", "Un mandataire (avocat, association)"
    TIERS = "tiers", "Une autre personne citée"


class Verification(Labelled):
    """How the identity was checked: no copy of a document is kept."""

    GUICHET = "guichet", "Pièce d’identité présentée, non copiée"
    CONNU = "connu", "Personne connue du service qui reçoit la demande"
    COURRIER = "courrier", "Éléments concordants du courrier"
    MANDAT = "mandat", "Mandat écrit et identité du mandataire"
    ATTENDUE = "attendue", "Doute raisonnable : un complément est demandé"


class Result(Labelled):
    """What a cell reports."""

    FAIT = "fait", "Exécutée"
    REFUSE = "refuse", "La cellule propose de refuser"
    RIEN = "rien", "La cellule ne détient rien sur cette personne"


class Outcome(Labelled):
    """What the person is answered."""

    SATISFAITE = "satisfaite", "Il y est fait droit"
    PARTIELLE = "partielle", "Il y est fait droit en partie"
    REFUSEE = "refusee", "Elle est refusée"
    RIEN = "rien", "Aucune donnée n’est détenue"
