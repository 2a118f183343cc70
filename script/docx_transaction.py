"""What the models of a transaction say. The proposal states all that art. R. 15-33-61 asks."""

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx_drawing import empty_grid, say, set_style
from docx_papers import TO_PROCUREUR, end, facts, letter, say_all

THE_PROCUREUR = [TO_PROCUREUR, "près le {{ juridiction }}"]
THE_PERSON = ["{{ personne }}", "?adresse"]
FOR_COMMUNE = (
    "Pour la commune : {{ signataire }}{% if delegation %}, par délégation ({{ delegation }})"
    "{% endif %}"
)


def optional(name: str, label: str) -> list[tuple[str, str]]:
    """A row that is not printed, rather than printed empty."""
    return [(f"{{%tr if {name} %}}", ""), (label, f"{{{{ {name} }}}}"), ("{%tr endif %}", "")]


def identity(document: Document) -> None:
    facts(
        document,
        "La personne : état civil, adresse, représentants légaux.",
        [
            ("Nom et prénoms", "{{ nom }}, {{ prenoms }}"),
            ("Naissance", "{{ naissance }}"),
            *optional("adresse", "Adresse"),
            *optional("representants", "Représentants légaux"),
            *optional("accord_parquet", "Accord du parquet"),
        ],
    )


def offence(document: Document) -> None:
    facts(
        document,
        "Les faits, leur qualification et les peines encourues.",
        [
            ("Faits reprochés", "{{ faits }}"),
            ("Qualification", "{{ qualification }}"),
            ("Constatés par", "{{ constates }}"),
            ("Bien de la commune", "{{ bien }}"),
            ("Amende encourue", "{{ amende }}"),
            ("Peines complémentaires", "{{ peines }}"),
        ],
    )


def short_terms() -> list[tuple[str, str]]:
    kind = (
        "{% if travail %}travail non rémunéré, au profit de la commune{% else %}réparation du "
        "préjudice{% endif %}"
    )
    size = "{% if travail %}Durée{% else %}Montant{% endif %}"
    return [("Forme", kind), (size, "{{ quantite }}")]


def terms(document: Document, title: str = "") -> None:
    if title:
        say(document, title, "Heading 2")
    facts(
        document,
        "Ce qui est proposé : forme, quantité, nature, lieu, délai.",
        [
            *short_terms(),
            (
                "{% if travail %}Nature du travail{% else %}Préjudice réparé{% endif %}",
                "{{ nature }}",
            ),
            ("{% if travail %}Lieu{% else %}À payer{% endif %}", "{{ lieu_execution }}"),
            ("Délai", "{{ delai }}"),
        ],
    )


def transaction_proposition() -> Document:
    document = letter("Proposition de transaction", to=THE_PERSON)
    copy = say(document, "Exemplaire {{ exemplaire }} sur 2", "Objet")
    copy.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.paragraphs[0]._p.addprevious(copy._p)
    tight(document)
    say(document, "La personne", "Heading 2")
    identity(document)
    say(document, "Les faits et les peines encourues", "Heading 2")
    offence(document)
    terms(document, "Ce qui vous est proposé")
    say(document, "Votre réponse et vos droits", "Heading 2")
    say_all(
        document,
        "Vous pouvez accepter ou refuser cette proposition au plus tard le {{ repondre_avant }}. "
        "Avant de faire connaître votre décision, vous pouvez vous faire assister par un avocat, à "
        "vos frais.",
        "Si vous l’acceptez, la transaction sera transmise, pour homologation, {{ homologuee_par "
        "}}~; la décision de l’autorité judiciaire vous sera ensuite communiquée. Rien ne "
        "s’exécute avant l’homologation.",
        "Si vous ne répondez pas dans ce délai, votre silence vaudra refus de la transaction, et "
        "le procès-verbal sera transmis au procureur de la République.",
        "L’exécution entière de la transaction homologuée, dans le délai fixé, éteint l’action "
        "publique.",
    )
    return end(document, FOR_COMMUNE)


def tight(document: Document) -> None:
    """What is handed over in two copies should hold on one sheet each."""
    set_style(document, "Normal", size=9.5, after=3)
    set_style(document, "Texte de rubrique", size=9)
    set_style(document, "Lieu et date", size=9.5, before=2, after=2)


def transaction_recepisse() -> Document:
    document = letter("Récépissé de remise")
    say(
        document,
        "{{ personne }} reconnaît, par sa signature, avoir reçu en double exemplaire la "
        "proposition de transaction {{ reference }}. Ce récépissé vaut remise, et non acceptation.",
    )
    facts(
        document,
        "Remise : jour, et nom de l’agent.",
        [("Remis le", "…… / …… / …………"), ("Par", "………………………………")],
        room=0.9,
    )
    return end(document, "La personne", "L’agent qui remet")


def transaction_reponse() -> Document:
    document = letter("Réponse à la proposition de transaction", to=["{{ commune }}"])
    say(document, "La personne", "Heading 2")
    identity(document)
    terms(document, "Ce qui est proposé")
    say(document, "Ma réponse", "Heading 2")
    say_all(
        document,
        "{{ personne }} déclare, par sa signature~:",
        "☐~J’accepte la transaction qui m’est proposée.",
        "☐~Je refuse la transaction qui m’est proposée.",
        "À renvoyer ou à remettre à la commune au plus tard le {{ repondre_avant }}. Sans réponse "
        "à cette date, la transaction est réputée refusée.",
    )
    return end(
        document,
        "Date et signature de la personne",
        "Les représentants légaux, pour un mineur",
    )


def transaction_homologation() -> Document:
    document = letter("Demande d’homologation d’une transaction", to=THE_PROCUREUR)
    tight(document)
    say_all(
        document,
        "La transaction ci-dessous a été acceptée le {{ accepte_le }}. {% if travail %}Il vous "
        "revient de la transmettre, avec vos réquisitions, au juge du tribunal de police "
        "compétent, seul à pouvoir homologuer un travail non rémunéré.{% else %}J’ai l’honneur de "
        "vous demander de l’homologuer.{% endif %} Je vous remercie de m’adresser la décision "
        "d’homologation, ou de refus.",
        "Sont joints~: le procès-verbal de constatation et la proposition signée.",
    )
    say(document, "La personne", "Heading 2")
    identity(document)
    say(document, "Les faits", "Heading 2")
    offence(document)
    terms(document, "La transaction acceptée")
    return end(document, FOR_COMMUNE)


def transaction_emargement() -> Document:
    document = letter("Feuille d’émargement du travail non rémunéré")
    facts(
        document,
        "Travail : personne, durée, nature, lieu, dernier jour.",
        [
            ("Personne", "{{ personne }}"),
            ("Durée", "{{ quantite }}"),
            ("Nature du travail", "{{ nature }}"),
            ("Lieu", "{{ lieu_execution }}"),
            ("À accomplir jusqu’au", "{{ executer_avant }} inclus"),
        ],
    )
    heads = ("Date", "De … à …", "Heures", "Signature de la personne", "Signature de l’encadrant")
    empty_grid(document, "Une ligne par venue.", heads, rows=10)
    say(document, "", "Mention")
    return end(document, "Total des heures, et visa du service")


def transaction_cloture_procureur() -> Document:
    document = letter("Suite donnée à une proposition de transaction", to=THE_PROCUREUR)
    tight(document)
    say(document, "Conformément au code de procédure pénale, je vous informe que {{ suite }}")
    say(document, "La personne", "Heading 2")
    identity(document)
    say(document, "Les faits", "Heading 2")
    offence(document)
    say(document, "La transaction", "Heading 2")
    rows = [*short_terms(), ("Exécuté", "{{ execute }}")]
    facts(document, "La transaction : forme, quantité, part exécutée.", rows)
    return end(document, FOR_COMMUNE)


def transaction_cloture_personne() -> Document:
    document = letter("Suite de la transaction", to=THE_PERSON)
    say(document, "Madame, Monsieur,")
    say(document, "{{ suite }}")
    facts(document, "La transaction : forme et quantité.", short_terms())
    return end(document, FOR_COMMUNE)


PAPERS = {
    f"{draw.__name__}.docx": draw
    for draw in (
        transaction_proposition,
        transaction_recepisse,
        transaction_reponse,
        transaction_homologation,
        transaction_emargement,
        transaction_cloture_procureur,
        transaction_cloture_personne,
    )
}
