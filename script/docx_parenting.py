"""What the models of an aide à la fonction parentale say (art. L. 141-2 CASF)."""

from docx.document import Document
from docx_drawing import say
from docx_papers import MAIRE, PERSON, end, facts, letter, say_all
from docx_papers import POLITE as POLITE_TO_ANYONE

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
        "J’envisage de proposer un accompagnement parental à la famille désignée ci-dessous "
        "({{ motif }}). Il consiste en des conseils et un soutien à la fonction "
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


def aide_attestation() -> Document:
    document = letter(
        "{% if terme %}Attestation de fin d’accompagnement parental{% else %}"
        "Attestation d’accompagnement parental{% endif %}"
    )
    document.core_properties.title = "Attestation d’accompagnement parental"
    say(
        document,
        "Le maire atteste qu’un accompagnement parental {% if terme %}a eu lieu du "
        "{{ en_place_le }} jusqu’au {{ terme }}{% else %}est en place depuis le {{ en_place_le }}"
        "{% endif %} avec les parents ou représentants légaux désignés ci-dessous.",
    )
    family(document)
    say(document, "Engagement des parents ou représentants légaux", "Heading 2")
    say_all(
        document,
        "Nous nous engageons à nous conformer aux obligations liées à l’exercice de l’autorité "
        "parentale à l’égard de {{ personne }}.",
        "Cette attestation nous est remise comme la loi le prévoit, lors de la mise en place de "
        "l’accompagnement et à son terme. Elle n’est ni une condamnation ni une sanction.",
    )
    return end(document, "Les parents ou représentants légaux", MAIRE)


def aide_information() -> Document:
    document = letter(
        "Information sur un accompagnement parental",
        to=PERSON,
        subject="accompagnement parental mis en place par la commune",
    )
    say_all(
        document,
        "Madame, Monsieur,",
        "Comme la loi me le demande, je vous informe qu’un accompagnement parental est en place "
        "depuis le {{ en_place_le }} avec la famille désignée ci-dessous, qui l’a accepté. L’avis "
        "du président du conseil départemental a été sollicité le {{ avis_le }}.",
    )
    family(document)
    say_all(
        document,
        "Il consiste en un suivi individualisé, par des actions de conseil et de soutien à la "
        "fonction éducative. Ce n’est ni une sanction ni une mesure judiciaire, et cette "
        "information ne fonde à elle seule aucune décision à l’égard de la famille.",
        "Elle est nominative et confidentielle~: je vous remercie de ne la communiquer qu’aux "
        "agents qui ont à en connaître.",
        POLITE_TO_ANYONE,
    )
    return end(document, "{{ signataire }}")


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
    for draw in (
        aide_demande_avis,
        aide_engagement,
        aide_attestation,
        aide_information,
        aide_saisine_aesf,
    )
}
