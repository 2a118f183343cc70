"""What an impact assessment of a cell must answer, and where each measure is told or seen.

The order is that of the CNIL's method: context, fundamental principles, risks.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """``where``: the document and its heading, as « docs/securite.md#Les clés »."""

    theme: str
    question: str
    answer: str
    where: str


MEASURES: tuple[Measure, ...] = (
    Measure(
        "Principes fondamentaux",
        "Les finalités sont-elles déterminées et légitimes ?",
        "Chaque cellule a sa charte, publiée en versions ; rien n’est lu avant sa signature.",
        "docs/chartes.md#Publier la charte de la commune",
    ),
    Measure(
        "Principes fondamentaux",
        "Les données sont-elles limitées au nécessaire ?",
        "Listes fermées d’abord ; aucun champ pour les condamnations, la santé, la religion, les "
        "opinions ni l’origine.",
        "docs/dpo.md#Ce qui n’a pas de champ",
    ),
    Measure(
        "Principes fondamentaux",
        "Qui reçoit quoi, et pourquoi ?",
        "Une seule table de règles, lisible par tous et appliquée par les clés.",
        "docs/chartes.md#Qui voit quoi, et pourquoi",
    ),
    Measure(
        "Principes fondamentaux",
        "Les rapports font-ils reconnaître quelqu’un ?",
        "Les petits nombres et leurs recoupements sont masqués, d’un rapport à l’autre.",
        "docs/rapports.md#Ce qui est masqué",
    ),
    Measure(
        "Principes fondamentaux",
        "Les personnes peuvent-elles exercer leurs droits ?",
        "Un registre des demandes, ses délais, l’export d’accès sans les tiers ni le signaleur, la "
        "limitation honorée partout.",
        "docs/dpo.md#Les demandes des personnes",
    ),
    Measure(
        "Risques : accès illégitime",
        "Que lit qui vole le disque ou une sauvegarde ?",
        "Aucun mot sur une personne : chaque champ est chiffré, la clé est celle des membres.",
        "docs/securite.md#Les clés",
    ),
    Measure(
        "Risques : accès illégitime",
        "Comment se connecte-t-on ?",
        "Phrase de passe forte et second facteur, redonné avant tout export.",
        "docs/securite.md#Se connecter",
    ),
    Measure(
        "Risques : accès illégitime",
        "Que garde qui s’en va ?",
        "L’exclusion est immédiate et la clé se renouvelle ; ce qui a été lu l’a été.",
        "docs/securite.md#Quand quelqu’un part",
    ),
    Measure(
        "Risques : accès illégitime",
        "Une consultation indue se voit-elle ?",
        "Rien n’est lu avant d’être inscrit au journal, que le délégué interroge.",
        "docs/journal.md#Ce qu’il prouve",
    ),
    Measure(
        "Risques : modification non désirée",
        "Le passé peut-il être réécrit ?",
        "Le journal est un arbre de hachage ; un point de contrôle gardé suffit à le prouver.",
        "docs/journal.md#Points de contrôle, clés et contresignatures",
    ),
    Measure(
        "Risques : disparition",
        "Une clé perdue perd-elle les dossiers ?",
        "Une clé de secours en trois parts, dont deux suffisent.",
        "docs/securite.md#Arrivées, départs, oublis",
    ),
    Measure(
        "Risques résiduels",
        "Que reste-t-il possible malgré tout ?",
        "Dit en toutes lettres : la mémoire d’un serveur en marche, un membre qui recopie.",
        "docs/securite.md#Ce que cela n’arrête pas",
    ),
)
