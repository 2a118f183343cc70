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
        ("situation", "confidence"),
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
        ("seance",),
    ),
    Theme(
        "rappels",
        "Le rappel à l’ordre et la fiche-navette",
        "Le maire informe, le procureur répond, le maire rend compte. Le parquet ne siège dans "
        "aucune cellule : il ne voit que la fiche.",
        ("rappel", "fiche"),
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
        ("journal",),
    ),
    Theme(
        "membres",
        "Les membres et leurs mandats",
        "Qui désigne n’admet pas, qui admet remet une clé qu’il détient, et nul n’agit pour "
        "soi-même.",
        ("member", "mandate", "function", "directory", "access", "key"),
    ),
    Theme(
        "installation",
        "L’installation",
        "Tenir la machine ne donne à lire personne.",
        ("health",),
    ),
)

# A rule that nobody placed yet is told all the same: the table leaves none out.
OTHERS = Theme("autres", "Autres règles", "Ce que la table ouvre aussi.", ())
TOLD = (*THEMES, OTHERS)
THEME_OF: Mapping[str, Theme] = {scope: theme for theme in THEMES for scope in theme.scopes}
