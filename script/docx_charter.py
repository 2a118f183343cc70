"""What script/draw_docx_models draws about the charter: who signed it, and who sees what by it."""

from docx.document import Document
from docx.shared import Cm
from docx_drawing import blank, footer, form, grid, landscape, say

ENTRY = [
    "{{ ligne.ecriture }}",
    "§{{ ligne.feuille }}",
]


def signatures() -> Document:
    """Everyone who signed one version of a cell's charter, and how the journal proves it."""
    document = blank("Feuille des signatures")
    footer(
        document.sections[0],
        "{{ commune }} — Signatures de la charte, {{ cellule }} — Établie le {{ etablie_le }}",
        "{{ point_de_controle }}",
    )
    say(document, "Feuille des signatures de la charte de déontologie", "Heading 1")
    say(document, "{{ commune }}~— {{ cellule }}")
    _text(document)
    say(document, "Membres qui ont signé cette version", "Heading 2")
    say(document, "{{ decompte }}")
    grid(
        document,
        "Une ligne par signature : qui, à quel titre, quand, et l’écriture du journal.",
        (Cm(3.4), Cm(4.4), Cm(3.0), Cm(2.6), Cm(4.2)),
        ("Nom", "Fonction et institution", "Au titre de", "Signée le", "Écriture du journal"),
        "ligne in signatures",
        (
            ["{{ ligne.nom }}**"],
            ["{{ ligne.fonction }}", "{{ ligne.institution }}"],
            ["{{ ligne.role }}"],
            ["{{ ligne.le }}"],
            ENTRY,
        ),
    )
    say(document, "{%p if absents %}")
    say(document, "Membres qui n’ont pas signé cette version", "Heading 2")
    say(document, "Rien de la cellule ne leur est ouvert tant qu’ils ne l’ont pas signée.")
    grid(
        document,
        "Une ligne par membre dont la signature manque.",
        (Cm(5.4), Cm(8.0), Cm(4.2)),
        ("Nom", "Fonction et institution", "Au titre de"),
        "ligne in absents",
        (
            ["{{ ligne.nom }}"],
            ["{{ ligne.fonction }}", "{{ ligne.institution }}"],
            ["{{ ligne.role }}"],
        ),
    )
    say(document, "{%p endif %}")
    _how(document)
    return document


def proof() -> Document:
    """What one member signed in a cell, version by version."""
    document = blank("Feuille de signature")
    footer(
        document.sections[0],
        "{{ commune }} — Signature de la charte, {{ cellule }} — Établie le {{ etablie_le }}",
        "{{ point_de_controle }}",
    )
    say(document, "Feuille de signature de la charte de déontologie", "Heading 1")
    say(document, "{{ commune }}~— {{ cellule }}")
    say(document, "Le membre", "Heading 2")
    form(
        document,
        "Nom, fonction, institution et mandat du membre.",
        ("Rubrique", "Renseignements de l’annuaire des membres"),
        [
            ("Nom", ["{{ nom }}**"]),
            ("Fonction", ["{{ fonction }}"]),
            ("Institution", ["{{ institution }}"]),
            ("Engagement pris", ["«~{{ engagement }}~»"]),
        ],
        stamped=False,
    )
    say(document, "Ses signatures", "Heading 2")
    grid(
        document,
        "Une ligne par version signée : le texte, son empreinte, la date, l’écriture du journal.",
        (Cm(5.2), Cm(4.6), Cm(3.2), Cm(4.6)),
        ("Texte signé", "Empreinte SHA-256 du texte", "Signée le", "Écriture du journal"),
        "ligne in signatures",
        (
            ["{{ ligne.titre }}**", "{{ ligne.version }}"],
            ["§{{ ligne.empreinte }}"],
            ["{{ ligne.le }}", "{{ ligne.role }}"],
            ENTRY,
        ),
    )
    _how(document)
    return document


def rules() -> Document:
    """The table of rules, for the wall of the room where the cell meets."""
    document = blank("Qui voit quoi, et pourquoi")
    landscape(document.sections[0])
    footer(document.sections[0], "{{ commune }} — {{ titre }} — {{ date }}")
    say(document, "{{ titre }}", "Heading 1")
    say(
        document,
        "{{ commune }}, le~{{ date }}. Règles écrites pour~: {{ pour }}. Ce qui n’est pas écrit "
        "ici est refusé. C’est ce tableau que l’application applique~: cette feuille en est tirée.",
    )
    say(document, "{%p for theme in themes %}")
    say(document, "{{ theme.titre }}", "Heading 2")
    say(document, "{{ theme.introduction }}").paragraph_format.keep_with_next = True
    grid(
        document,
        "Une ligne par règle : l’action, qui, à quelles conditions, ce qui est vu, le texte.",
        (Cm(5.0), Cm(6.0), Cm(6.7), Cm(4.5), Cm(4.1)),
        ("Action", "Qui", "À quelles conditions", "Voit", "Fondement"),
        "regle in theme.regles",
        (
            ["{{ regle.action }}**"],
            ["{{ regle.qui }}"],
            ["{{ regle.conditions }}"],
            ["{{ regle.voit }}"],
            ["{{ regle.texte }}"],
        ),
    )
    say(document, "{%p endfor %}")
    say(document, "Ce que les membres ne voient pas, et pourquoi", "Heading 2")
    grid(
        document,
        "Une ligne par catégorie d’informations réservée à la coordination, avec sa raison.",
        (Cm(6.4), Cm(19.9)),
        ("Information", "Pourquoi elle reste à la coordination"),
        "reserve in reserves",
        (["{{ reserve.categorie }}**"], ["{{ reserve.raison }}"]),
    )
    say(document, "Les textes", "Heading 2")
    say(
        document,
        "Ces résumés ne remplacent pas les textes officiels, qui font foi.",
    ).paragraph_format.keep_with_next = True
    grid(
        document,
        "Une ligne par texte : son nom, sa teneur, le jour où elle a été comparée à l’original.",
        (Cm(6.4), Cm(16.4), Cm(3.5)),
        ("Texte", "Ce qu’il dit", "Comparé le"),
        "texte in textes",
        (["{{ texte.nom }}**"], ["{{ texte.teneur }}"], ["{{ texte.compare_le }}"]),
    )
    return document


def _text(document: Document) -> None:
    """Which text was signed."""
    say(document, "Le texte signé", "Heading 2")
    form(
        document,
        "Titre, version, type, règlement intérieur et empreinte du texte signé.",
        ("Rubrique", "La charte de la cellule"),
        [
            ("Titre", ["{{ titre }}**"]),
            ("Version", ["{{ version }}, publiée le~{{ publiee_le }}"]),
            ("Type", ["{{ type }}"]),
            ("Règlement intérieur", ["{{ reglement }}"]),
            ("Empreinte SHA-256", ["§{{ empreinte }}"]),
        ],
        stamped=False,
    )


def _how(document: Document) -> None:
    """How anyone can check the sheet against the journal."""
    say(document, "Comment vérifier", "Heading 2")
    say(
        document,
        "Chaque signature est une écriture du journal des accès, désignée par son rang et par son "
        "empreinte. Le point de contrôle ci-dessous, signé, dit dans quel état était le journal "
        "quand cette feuille a été établie. Le délégué à la protection des données le colle dans "
        "la page «~Le journal est-il intact~?~»~: elle dit si une écriture a été changée ou "
        "retirée depuis.",
    ).paragraph_format.keep_with_next = True
    say(document, "{{ note_signee }}", "Point de contrôle")
    say(
        document,
        "Feuille établie le~{{ etablie_le }}, par {{ etablie_par }}. Les noms viennent de "
        "l’annuaire chiffré des membres.",
        "Mention",
    )
