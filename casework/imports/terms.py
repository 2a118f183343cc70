"""Their words → our terms: what each word of a closed-list column most likely means."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from types import MappingProxyType

from rapidfuzz import fuzz, process

from casework.cells.lists import Term
from casework.imports.fields import Field
from casework.imports.sheet import Kind, Sheet

UNDECIDED, LEFT_OUT = -1, 0
CLOSE_ENOUGH = 86
SHORTEST = 4  # letters: under it, « PM » resembles everything
MOST_WORDS = 40  # a column with more is no closed list

# What coordinators write, as slugs of the terms of each list.
_HABITS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "sexe": {
            **dict.fromkeys(("f", "fille", "femme", "feminin"), "feminin"),
            **dict.fromkeys(("m", "g", "h", "garcon", "homme", "masculin"), "masculin"),
        },
        "statut": {
            **dict.fromkeys(("actif", "ouvert", "suivi", "en cours de suivi"), "en_cours"),
            **dict.fromkeys(("clos", "close", "cloture", "ferme", "archive"), "classee"),
            **dict.fromkeys(("resolu", "resolue", "regle", "solutionne"), "solutionnee"),
            **dict.fromkeys(("demenage", "a demenage"), "demenagement"),
        },
        "niveau": {
            **dict.fromkeys(("cp", "ce1", "ce2", "cm1", "cm2", "maternelle"), "primaire"),
            **dict.fromkeys(("6", "6eme", "6ieme"), "sixieme"),
            **dict.fromkeys(("5", "5eme", "5ieme"), "cinquieme"),
            **dict.fromkeys(("4", "4eme", "4ieme"), "quatrieme"),
            **dict.fromkeys(("3", "3eme", "3ieme"), "troisieme"),
            **dict.fromkeys(("2nde", "seconde", "1ere", "premiere", "terminale", "tle"), "lycee"),
            **dict.fromkeys(("cap", "bac pro", "lp", "2nde pro"), "lycee_pro"),
            **dict.fromkeys(("descolarise", "descolarisee", "aucun"), "non_scolarise"),
        },
        "origine": {
            **dict.fromkeys(("pm", "pol mun"), "police_municipale"),
            **dict.fromkeys(("pn", "commissariat"), "police_nationale"),
            **dict.fromkeys(("mds", "cd", "ase", "departement"), "conseil_departemental"),
            **dict.fromkeys(("addap", "educateurs", "educateurs de rue"), "prevention_specialisee"),
            **dict.fromkeys(("parents", "mere", "pere"), "famille"),
            **dict.fromkeys(("riverain", "voisin", "habitants"), "habitant"),
            "procureur": "parquet",
            "mairie": "service_municipal",
        },
        "suite": {
            "rao": "rappel_ordre",
            "rappel a la loi": "rappel_ordre",
            "ip": "information_preoccupante",
            "aucune": "sans_suite",
            "ras": "sans_suite",
            "pre": "reussite_educative",
        },
        "lien": {"maman": "mere", "papa": "pere", "tutrice": "tuteur"},
    }
)


def plain(text: str) -> str:
    """Lower-case letters and digits: « 6ème » is no « 5ème »."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in apart if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", " ", bare.casefold().replace("œ", "oe")).strip()


def propose(name: str, terms: Collection[Term], word: str) -> int:
    """The code of the term a word most likely means, or UNDECIDED."""
    asked = plain(word)
    by_slug = {term.slug: term.code for term in terms}
    labels = {plain(term.label): term.code for term in terms}
    known = labels | {plain(slug): code for slug, code in by_slug.items()}
    known |= {
        plain(habit): by_slug[slug]
        for habit, slug in _HABITS.get(name, {}).items()
        if slug in by_slug
    }
    if asked in known:
        return known[asked]
    if len(asked) < SHORTEST:
        return UNDECIDED
    best = process.extractOne(asked, list(labels), scorer=fuzz.WRatio, score_cutoff=CLOSE_ENOUGH)
    return labels[best[0]] if best else UNDECIDED


def cut(field: Field, text: str, terms: Collection[Term]) -> list[str]:
    """The words of a cell: one, or several in a list that takes several."""
    whole = plain(text)
    if not field.many or any(plain(term.label) == whole for term in terms):
        return [text] if whole else []
    return [word for part in re.split(r"[;,/+|\n]", text) if plain(word := part.strip())]


def words(sheet: Sheet, rank: int, field: Field, terms: Collection[Term]) -> dict[str, int]:
    """The words of a column, as first written, and how many lines use each; most used first."""
    counts: dict[str, int] = {}
    written: dict[str, str] = {}
    for _, cells in sheet.rows:
        if cells[rank].kind is Kind.TEXT:
            for word in cut(field, cells[rank].text, terms):
                shown = written.setdefault(plain(word), word)
                counts[shown] = counts.get(shown, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], plain(item[0]))))
