"""What the models of an aide à la fonction parentale say (art. L. 141-2 CASF)."""

from docx.document import Document
from docx_drawing import say
from docx_papers import MAIRE, end, facts, letter, say_all

TO_PRESIDENT = ["Madame, Monsieur le président", "du conseil départemental"]
GREETING = "Madame, Monsieur le président,"
POLITE = (
    "Je vous prie d’agréer, Madame, Monsieur le président, l’expression de ma haute considération."
)


def family(document: Document) -> None:
    facts(
        document,
        "Le mineur et ses représentants légaux.",
        [
            ("Mineur", "{{ personne }}, né(e) le {{ naissance }}"),
            ("Parents ou représentants légaux", "{{ representants }}"),
            ("{%tr if adresse %}", ""),
            ("Adresse", "{{ adresse }}"),
            ("{%tr endif %}", ""),
        ],
    )


def aide_demande_avis() -> Document:
    document = letter(
        "Demande d’avis",
        to=TO_PRESIDENT,
        subject="accompagnement parental envisagé par la commune",
    )
    say_all(
        document,
        GREETING,
        "J’envisage de proposer un accompagnement parental à la famille désignée ci-dessous, à "
        "raison d’un {{ motif }}. Il consiste en des conseils et un soutien à la fonction "
        "éducative, en complément des dispositifs existants~; la famille peut le refuser.",
    )
    family(document)
    say_all(
        document,
        "La loi me demande de solliciter votre avis. Je vous remercie de me le faire connaître et "
        "de me dire si une mesure d’assistance éducative est ordonnée~: l’accompagnement n’aurait "
        "alors pas lieu. Aucune autre information sur la famille ne m’est nécessaire.",
        POLITE,
    )
    return end(document, "{{ signataire }}")


def aide_engagement() -> Document:
    document = letter("Engagement de la famille")
    say(
        document,
        "La commune a proposé aux parents de {{ personne }} un accompagnement dans l’exercice de "
        "leur fonction parentale. Ils l’acceptent librement et s’engagent sur les points suivants.",
    )
    family(document)
    say(document, "Ce à quoi nous nous engageons", "Heading 2")
    say_all(
        document,
        "{%p for point in points %}",
        "{{ point.numero }}. {{ point.texte }} (à tenir avant le {{ point.avant }})",
        "{%p endfor %}",
        "La commune s’engage à faire le point avec la famille à ces dates et à l’orienter vers les "
        "services utiles. Cet engagement n’est ni une condamnation ni une sanction~; la famille "
        "peut y mettre fin à tout moment. Un exemplaire lui est remis.",
    )
    return end(document, "Les parents ou représentants légaux", MAIRE)


def aide_saisine_aesf() -> Document:
    document = letter(
        "Saisine du conseil départemental",
        to=TO_PRESIDENT,
        subject="accompagnement en économie sociale et familiale",
    )
    say_all(
        document,
        GREETING,
        "Je vous saisis en vue d’un accompagnement en économie sociale et familiale de la famille "
        "désignée ci-dessous, qui en est d’accord depuis le {{ accord_le }}.",
    )
    family(document)
    say(document, "Éléments transmis", "Heading 2")
    say_all(
        document,
        "{{ elements }}",
        "Je vous remercie de me faire connaître la suite que vous y donnerez.",
        POLITE,
    )
    return end(document, "{{ signataire }}")


PAPERS = {
    f"{draw.__name__}.docx": draw
    for draw in (aide_demande_avis, aide_engagement, aide_saisine_aesf)
}
