"""How « Qui voit quoi, et pourquoi » is told: the rules by theme, in the order of a working day."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """A chapter of the table; ``scopes`` are those of its actions."""

    slug: str
    title: str
    introduction: str
    scopes: tuple[str, ...]


THEMES: tuple[Theme, ...] = (
    Theme(
        "compte",
        "Se connecter, tenir son compte",
        "Se connecter n’ouvre rien : ce sont le mandat, la signature de la charte et la clé de la "
        "cellule qui ouvrent.",
        ("page", "home", "session", "account"),
    ),
    Theme(
        "charte",
        "Lire, signer et publier la charte",
        "La charte se lit avant d’être signée, et se signe avant toute autre lecture. Une nouvelle "
        "version demande une nouvelle signature.",
        ("charter", "matrix"),
    ),
    Theme(
        "situations",
        "Les situations",
        "Un membre ne feuillette pas le fichier : il lit la situation qu’une séance examine avec "
        "lui, qu’il a apportée ou qu’il suit. Ce qui est révélé au maire reste au maire.",
        ("situation", "information", "danger", "attachment", "confidence"),
    ),
    Theme(
        "depots",
        "Les dépôts",
        "Qui signale dépose sous scellé et ne relit rien : un numéro, puis la date du retour.",
        ("deposit",),
    ),
    Theme(
        "seances",
        "Les séances",
        "La coordination prépare ; chaque membre lit l’ordre du jour de celles qui le convoquent.",
        ("seance", "orientation", "figures"),
    ),
    Theme(
        "rappels",
        "Le rappel à l’ordre et la fiche-navette",
        "Le maire informe, le procureur répond, le maire rend compte. Le parquet ne siège dans "
        "aucune cellule : il ne voit que la fiche.",
        ("rappel", "consultation", "fiche", "activity"),
    ),
    Theme(
        "transactions",
        "La transaction et son homologation",
        "Le maire propose, la personne répond, la justice homologue : rien ne s’exécute avant. "
        "Le parquet, et le correspondant Justice-Ville qui porte son papier, ne lisent que la "
        "transaction dont l’homologation est demandée.",
        ("transaction", "homologation", "contravention", "deadline"),
    ),
    Theme(
        "parents",
        "L’aide à la fonction parentale",
        "Le maire la propose aux parents, qui peuvent la refuser ; le conseil départemental donne "
        "son avis.",
        ("parenting",),
    ),
    Theme(
        "signaux",
        "Les signaux faibles de radicalisation",
        "Un compartiment à part, fermé tant que ses préalables manquent. Qui n’y siège pas ne sait "
        "pas qu’un signal existe.",
        ("cmer",),
    ),
    Theme(
        "rapports",
        "Les rapports",
        "Un rapport compte et ne nomme pas : c’est lui, et lui seul, qui va en formation plénière "
        "ou restreinte.",
        ("report",),
    ),
    Theme(
        "journal",
        "Le journal et son contrôle",
        "Chaque lecture, recherche, modification ou refus y est inscrit. Le délégué à la "
        "protection des données le contrôle sans lire une situation.",
        ("journal", "watch"),
    ),
    Theme(
        "droits",
        "Les droits des personnes",
        "Qui demande est lu du délégué et de la cellule saisie, jamais d’une autre. Une situation "
        "dont le traitement est limité est conservée, et rien d’autre.",
        ("right",),
    ),
    Theme(
        "conservation",
        "La conservation et l’archive",
        "L’horloge archive et efface d’elle-même. Une archive ne s’ouvre que sur demande motivée, "
        "quand une seconde personne l’accorde, et pour quelques jours.",
        ("retention", "archive"),
    ),
    Theme(
        "registres",
        "Le registre des traitements et celui des violations",
        "Le délégué les tient à partir de l’installation telle qu’elle est ; aucun nom n’y figure.",
        ("breach", "processing"),
    ),
    Theme(
        "membres",
        "Les membres et leurs mandats",
        "Qui désigne n’admet pas, qui admet remet une clé qu’il détient, et nul n’agit pour "
        "soi-même.",
        ("member", "mandate", "function", "directory", "access", "key"),
    ),
    Theme(
        "cellules",
        "Les cellules et leurs réglages",
        "Une cellule est une configuration : sa composition, sa cadence, ses listes, ses durées. "
        "Qui la coordonne la règle, et chaque changement est inscrit au journal.",
        ("cell",),
    ),
    Theme(
        "modeles",
        "Les modèles de documents",
        "Un modèle ne nomme personne : la commune y met ses mots et son logo, l’application garde "
        "ce que la loi demande d’y trouver.",
        ("paper",),
    ),
    Theme(
        "installation",
        "L’installation",
        "Tenir la machine ne donne à lire personne.",
        ("health", "mail"),
    ),
)

# A rule that nobody placed yet is told all the same: the table leaves none out.
OTHERS = Theme("autres", "Autres règles", "Ce que la table ouvre aussi.", ())
TOLD = (*THEMES, OTHERS)
THEME_OF: Mapping[str, Theme] = {scope: theme for theme in THEMES for scope in theme.scopes}
