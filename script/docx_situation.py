"""What the models of the letters of a situation say."""

from docx.document import Document
from docx_drawing import say
from docx_papers import POLITE, end, letter, say_all


def accuse_saisine() -> Document:
    document = letter("Accusé de réception d’une saisine")
    say_all(
        document,
        "La coordination de la {{ cellule }} a bien reçu votre saisine.",
        "Numéro~: {{ reference }}**",
        "Date de réception~: {{ recue_le }}**",
        "Ce numéro suffit pour en parler avec la coordination~: n’écrivez aucun nom dans un "
        "courriel. Les échanges de la cellule sont confidentiels~; vous serez informé de la suite "
        "donnée, non de son contenu.",
    )
    return end(document)


def lettre_information() -> Document:
    document = letter(
        "Information préalable",
        to=["{{ destinataire }}", "?adresse"],
        subject="information préalable à l’examen de {{ objet }}",
    )
    say_all(
        document,
        "Madame, Monsieur,",
        "Je vous informe que {{ objet }} doit être examinée par la {{ cellule }} de la commune. "
        "Cette cellule réunit, sous le secret, des professionnels qui cherchent ensemble comment "
        "aider la personne et sa famille. Elle propose~; elle n’impose rien.",
        "Vous pouvez, avant cet examen, être reçu pour donner votre avis, demander des "
        "explications ou faire connaître ce qui vous paraît utile.",
    )
    say(document, "Vos droits", "Heading 2")
    say_all(
        document,
        "Les informations nécessaires à cet examen sont enregistrées par la commune, responsable "
        "du traitement, pour sa mission de prévention de la délinquance (art. L.~132-5 du code de "
        "la sécurité intérieure). Seuls les membres de la cellule, signataires de sa charte de "
        "confidentialité, en ont connaissance. Elles sont effacées {{ mois_apres }}~mois après la "
        "fin du suivi, et jamais conservées au-delà du {{ anniversaire }}e~anniversaire.",
        "Vous pouvez demander à en recevoir copie, à les faire rectifier, à en limiter l’usage ou "
        "à vous y opposer, auprès du délégué à la protection des données de la commune. Vous "
        "pouvez aussi saisir la Commission nationale de l’informatique et des libertés "
        "(www.cnil.fr).",
        POLITE,
    )
    return end(document, "{{ signataire }}")


def mineur_en_danger() -> Document:
    document = letter(
        "Information d’un mineur en danger",
        to=[
            "Madame, Monsieur le président",
            "du conseil départemental",
            "Cellule de recueil des informations préoccupantes",
        ],
        subject="mineur en danger ou risquant de l’être",
    )
    say_all(
        document,
        "Madame, Monsieur le président,",
        "Je vous transmets sans délai l’information suivante, afin que vos services l’évaluent.",
    )
    say(document, "Le ou les mineurs concernés", "Heading 2")
    say_all(
        document,
        "{%p for mineur in mineurs %}",
        "{{ mineur.nom }}, naissance~: {{ mineur.naissance }}. Adresse~: {{ mineur.adresse }}.",
        "{%p endfor %}",
    )
    say(document, "Représentants légaux connus", "Heading 2")
    say_all(
        document,
        "{%p for parent in famille %}",
        "{{ parent.nom }} ({{ parent.lien }})~: {{ parent.joindre }}.",
        "{%p endfor %}",
        "{%p if not famille %}",
        "Aucun n’est connu de la commune.",
        "{%p endif %}",
    )
    say(document, "Éléments de danger", "Heading 2")
    say_all(
        document,
        "{{ elements }}",
        "Je vous prie d’agréer, Madame, Monsieur le président, l’expression de ma haute "
        "considération.",
    )
    return end(document, "{{ signataire }}")


LETTERS = {
    f"{draw.__name__}.docx": draw for draw in (accuse_saisine, lettre_information, mineur_en_danger)
}
