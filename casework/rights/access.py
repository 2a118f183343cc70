"""The access export: what one situation holds about the person, third parties and reporter left
out. What is left out is said too, by its reason and never by its content."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from casework.documents.sheet import Block, Bullets, Heading, Table, Text, draw
from casework.rights.shares import FACETS, REPRESENTATIVE, SHARES, Share
from casework.web.french import long_date

Labels = Mapping[str, Mapping[int, str]]
LABELS = {
    "nom": "Nom de naissance",
    "prenoms": "Prénoms",
    "naissance": "Date de naissance",
    "lieu_naissance": "Lieu de naissance",
    "adresse": "Adresse",
    "telephone": "Téléphone",
    "lien": "Lien avec la personne",
    "faits_date": "Date des faits",
    "faits_lieu": "Lieu des faits",
    "recit": "Description des faits",
    "implication": "Part prise",
    "classe": "Classe",
    "typologie": "Typologie",
    "statut": "Statut",
    "sexe": "Sexe",
    "niveau": "Niveau scolaire",
    "tranche_age": "Tranche d’âge",
    "quartier": "Quartier",
    "etablissement": "Établissement",
    "faits": "Faits signalés",
    "suites": "Suites données",
    "saisine": "Date de la saisine",
    "examinee": "Dernier examen",
    "echeance": "Prochaine échéance",
    "initiales": "Initiales",
    "issue": "Issue",
    "tenu_le": "Date",
    "forme": "Forme",
    "impossibilite": "Motif de l’absence des représentants",
    "le": "Le",
    "resultat": "Résultat",
    "motif": "Motif",
    "faite_le": "Faite le",
    "mode": "Mode",
    "services": "Services déjà présents",
    "demarches": "Démarches déjà faites",
}
# What free text the coordination vouches for, once it has read it again.
REREAD = ("faits_lieu", "recit", "implication", "impossibilite", "motif", "demarches")


@dataclass(frozen=True)
class Section:
    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Content:
    """What the person receives, and what they do not, with the reason."""

    situation: str
    sections: tuple[Section, ...]
    withheld: tuple[str, ...]


@dataclass(frozen=True)
class Happened:
    """One event of a situation: its table, and its sealed words."""

    title: str
    table: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Sources:
    """A situation as its coordinator reads it, and what hangs on it."""

    reference: str
    facets: Any
    texts: Mapping[str, str]
    interesse: Mapping[str, str]
    representants: Iterable[Mapping[str, str]]
    rappels: Iterable[tuple[str, Mapping[str, str]]]
    seances: Iterable[date]
    limited_since: Iterable[date]
    happened: Iterable["Happened"] = ()
    copied: Mapping[str, int] = field(default_factory=dict)  # how many of each are copied by hand


def gather(sources: Sources, labels: Labels, reread: Collection[str]) -> Content:
    """Sort every value by :mod:`casework.rights.shares`; ``reread``: the free texts vouched for."""
    kept: list[Section] = []
    reasons: set[Share] = set()

    def sort(title: str, texts: Mapping[str, str], share_of: Callable[[str], Share | None]) -> None:
        lines = []
        for name, value in texts.items():
            share = share_of(name) or Share.INTERNE
            if not value:
                continue
            if share is Share.INCLUS or (share is Share.RELU and name in reread):
                lines.append((LABELS.get(name, name), _readable(name, value, labels)))
            else:
                reasons.add(share)
        if lines:
            kept.append(Section(title, tuple(lines)))

    def table(name: str) -> Callable[[str], Share | None]:
        return lambda column: SHARES.get(f"{name}.{column}")

    sort("La personne", sources.interesse, table("person"))
    for number, parent in enumerate(sources.representants, start=1):
        sort(f"Représentant légal {number}", parent, REPRESENTATIVE.get)
    sort("La situation", sources.texts, table("situation"))
    sort("Classement", _coded(sources.facets, labels), FACETS.get)
    for event in sources.happened:
        sort(event.title, event.texts, table(event.table))
    for reference, texts in sources.rappels:
        # Until it was held, a fiche tells where the procureur stands, perhaps before a court.
        if not texts.get("issue"):
            reasons.add(Share.INTERNE)
            continue
        sort(f"Rappel à l’ordre {reference}", texts, table("rappel"))
    dates = tuple(("Séance du", long_date(day)) for day in sources.seances)
    dates += tuple(("Traitement limité depuis le", long_date(day)) for day in sources.limited_since)
    if dates:
        kept.append(Section("Examen", dates))
    copied = tuple((what, str(count)) for what, count in sources.copied.items() if count)
    if copied:
        reasons.add(Share.COPIE)
        kept.append(Section("Remis en copie", copied))
    withheld = tuple(WITHHELD[share] for share in Share if share in reasons)
    return Content(sources.reference, tuple(kept), withheld)


WITHHELD = {
    Share.RELU: "Des textes libres qui n’ont pas été relus, parce qu’ils peuvent citer un tiers.",
    Share.COPIE: "Des documents que la coordination remet en copie, ce qui concerne autrui étant "
    "occulté.",
    Share.TIERS: "Ce qui concerne d’autres personnes : chacune peut demander ce qui la concerne.",
    Share.SIGNALEUR: "Ce qui ferait reconnaître la personne ou le service qui a signalé.",
    Share.INTERNE: "Ce qui relève d’une autorité judiciaire ou de l’organisation de la cellule.",
}


def _coded(facets: Any, labels: Labels) -> dict[str, str]:
    """The codes of the closed lists, in words."""
    found = {}
    for name, share in FACETS.items():
        if share is Share.TIERS:
            continue
        value = getattr(facets, name)
        known = labels.get("suite" if name == "suites" else name, {})
        if isinstance(value, frozenset):
            text = ", ".join(known.get(code, "") for code in sorted(value))
        elif isinstance(value, date):
            text = long_date(value)
        elif isinstance(value, int):
            text = known.get(value, "") if value else ""
        else:
            text = value if isinstance(value, str) else " ".join(value or ())
        found[name] = text
    return found


def _readable(name: str, value: str, labels: Labels) -> str:
    if name in CODES and value.replace(",", "").isdigit():
        known = labels.get(CODES[name], {})
        return ", ".join(known.get(int(code), code) for code in value.split(","))
    if name in DAYS and value[:4].isdigit() and "-" in value:
        return long_date(date.fromisoformat(value))
    return ISSUES.get(value, value)


DAYS = frozenset({"naissance", "faits_date", "tenu_le", "le", "faite_le", "saisine"})
# Words that are a term of a closed list, or several.
CODES = {
    "lien": "lien",
    "mode": "mode_information",
    "resultat": "statut",
    "typologie": "typologie",
    "faits": "faits",
}
ISSUES = {
    "tenir": "Rappel à l’ordre tenu",
    "tenu": "Rappel à l’ordre tenu",
    "carence": "Carence : la personne ne s’est pas présentée",
    "cellule": "Devant la cellule",
    "allegee": "Forme allégée",
}


def as_json(content: Content, request: str, day: date) -> str:
    """The same for a machine to read (art. 15 §3: « une forme électronique d’usage courant »)."""
    whole = {
        "demande": request,
        "situation": content.situation,
        "etabli_le": day.isoformat(),
        "donnees": [
            {"rubrique": section.title, "valeurs": [list(line) for line in section.lines]}
            for section in content.sections
        ],
        "non_communique": list(content.withheld),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def as_docx(content: Content, request: str, commune: str, day: date) -> bytes:
    blocks: list[Block] = [
        Text(f"{commune}, le {long_date(day)}. Demande {request}, situation {content.situation}."),
        Text(
            "Voici les données qui vous concernent, ou qui concernent l’enfant pour lequel vous "
            "demandez, telles que la cellule les détient à cette date (art. 15 du RGPD, art. 49 de "
            "la loi n° 78-17 du 6 janvier 1978)."
        ),
    ]
    for section in content.sections:
        blocks += [Heading(section.title), Table(("Donnée", "Valeur"), section.lines, (5.5, 11))]
    if content.withheld:
        blocks += [
            Heading("Ce qui n’est pas communiqué"),
            Text("L’accès ne porte pas atteinte aux droits d’autrui (art. 15 §\u00a04 du RGPD) :"),
            Bullets(content.withheld),
        ]
    return draw("Données vous concernant", commune, day, blocks)
