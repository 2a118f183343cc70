"""What the models of a rappel à l'ordre and the letters of a situation share, and say."""

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from docx_drawing import blank, footer, form, say, set_style, signatures

POLITE = "Je vous prie d’agréer, Madame, Monsieur, l’expression de ma considération distinguée."
TO_PROCUREUR = "Madame, Monsieur le procureur de la République"
MAIRE = "Le maire ou son délégué"
PERSON = ["{{ destinataire }}", "?adresse_destinataire"]
RUBRICS = ("Rubrique", "Renseignement")
PHONE = "{% if telephone %} (téléphone~: {{ telephone }}){% endif %}"


def letter(title: str, *, to: list[str] | None = None, subject: str = "") -> Document:
    """Letterhead, reference, addressee, place and date, title, object, and the foot of a paper.

    A line « ?name » is left out, with its paragraph, when ``name`` is empty.
    """
    document = blank(title)
    set_style(document, "Normal", size=10.5, after=6)
    set_style(document, "Texte de rubrique", size=10)
    set_style(document, "Commune", size=14, bold=True, after=1)
    set_style(document, "Expéditeur", size=9)
    set_style(document, "Références", size=9, before=4)
    set_style(document, "Destinataire", size=10.5)
    set_style(document, "Lieu et date", size=10.5, before=12, after=10)
    set_style(document, "Objet", size=10.5, bold=True, after=8)
    document.styles["Destinataire"].paragraph_format.left_indent = Cm(9.4)
    document.styles["Lieu et date"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.sections[0].top_margin = Cm(1.7)
    footer(document.sections[0], "{{ reference }} — Confidentiel", "{{ produit }}")
    say(document, "{{ commune }}", "Commune")
    for line in ("?service", "?adresse_mairie", "?telephone"):
        maybe(document, line, "Expéditeur")
    say(document, "Réf.~: {{ reference }}", "Références")
    for rank, line in enumerate(to or ()):
        written = maybe(document, line, "Destinataire")
        if not rank:
            written.paragraph_format.space_before = Pt(10)
    say(document, "{{ commune }}, le~{{ date }}", "Lieu et date")
    say(document, title, "Heading 1")
    if subject:
        say(document, f"Objet~: {subject}", "Objet")
    return document


def maybe(document: Document, line: str, style: str | None = None):
    if not line.startswith("?"):
        return say(document, line, style)
    name = line[1:]
    say(document, f"{{%p if {name} %}}", style)
    written = say(document, f"{{{{ {name} }}}}", style)
    say(document, "{%p endif %}", style)
    return written


def end(document: Document, *who: str, wording: bool = False) -> Document:
    """The boxes to sign in, held to what comes before, then the legal basis."""
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    if who:
        signatures(document, who)
    say(
        document,
        "{{ fondement }}{% if teneur %} {{ teneur }}{% endif %}" if wording else "{{ fondement }}",
        "Mention",
    )
    return document


def say_all(document: Document, *texts: str) -> None:
    for text in texts:
        say(document, text)


def facts(
    document: Document, purpose: str, rows: list[tuple[str, str]], *, room: float = 0
) -> None:
    """A table of facts; ``room``: centimetres that a hand needs to write in."""
    form(
        document,
        purpose,
        RUBRICS,
        [(label, text.split("\n")) for label, text in rows],
        splits=True,
        stamped=False,
        room=Cm(room) if room else None,
    )
    spacer = say(document, "", "Mention")
    spacer.paragraph_format.line_spacing = Pt(4)


def convocation(title: str, *asked: str) -> Document:
    document = letter(
        "{% if seconde %}Seconde convocation{% else %}Convocation{% endif %}",
        to=PERSON,
        subject="rappel à l’ordre",
    )
    document.core_properties.title = title
    say_all(
        document,
        "Madame, Monsieur,",
        "Des faits survenus le {{ faits_date }} ({{ faits_lieu }}) ont été portés à ma "
        "connaissance. Le procureur de la République, que j’en ai informé, a fait savoir que le "
        "rappel à l’ordre peut avoir lieu.",
        *asked,
        "Le rappel à l’ordre n’est ni une condamnation ni une sanction~: il consiste à rappeler "
        "les règles qui s’imposent à tous pour le bon ordre, la sûreté et la tranquillité publics.",
        "Munissez-vous de cette lettre et d’une pièce d’identité. En cas d’empêchement, prévenez "
        f"le service avant cette date{PHONE}.",
        POLITE,
    )
    return end(document, MAIRE, wording=True)


WHEN = "le {{ jour }} à {{ heure }}, {{ lieu }}"


def convocation_mineur() -> Document:
    return convocation(
        "Convocation d’un mineur",
        f"Je vous convoque, avec {{{{ personne }}}} (naissance~: {{{{ naissance }}}}), {WHEN}.",
        "La loi demande qu’un mineur soit entendu en présence de ses parents, de ses représentants "
        "légaux ou, à défaut, d’une personne exerçant une responsabilité éducative à son égard. "
        "Votre présence est donc attendue.",
    )


def convocation_parents() -> Document:
    return convocation(
        "Convocation des parents",
        f"Je vous convoque {WHEN}, en qualité de parents ou de représentants légaux de "
        "{{ personne }}, au sujet de son assiduité scolaire.",
        "{% if avec_eleve %}La présence de votre enfant est attendue avec la vôtre.{% else %}"
        "L’entretien a lieu avec vous, sans votre enfant.{% endif %}",
    )


def convocation_majeur() -> Document:
    return convocation(
        "Convocation d’un majeur",
        f"Je vous convoque {WHEN}.",
        "Vous pouvez vous faire accompagner de la personne de votre choix.",
    )


def rapport_remise() -> Document:
    document = letter(
        "Rapport de remise de convocation",
        subject="remise en main propre d’une convocation à un rappel à l’ordre",
    )
    say(
        document,
        "À remplir par l’agent de police municipale au moment de la remise, et à rendre au "
        "service. Ce rapport ne décrit pas les faits.",
    )
    facts(
        document,
        "Remise de la convocation : à qui, quand, ou pourquoi elle n’a pu l’être.",
        [
            ("Convocation", "pour le {{ jour }} à {{ heure }}, {{ lieu }}"),
            ("Destinataire", "{{ destinataire }}"),
            ("Adresse", "{{ adresse_destinataire }}"),
            ("Présentée", "{{ remis_le }}"),
            (
                "Résultat",
                "{{ case_remise }}~remise en main propre\n"
                "{{ case_absent }}~personne absente (avis de passage laissé)\n"
                "{{ case_refus }}~refus de la recevoir",
            ),
            ("Remise à (nom, qualité)", "{{ remis_a }}"),
            ("Agent (grade, nom, matricule)", "{{ agent }}"),
            ("Numéro du rapport", "{{ preuve }}"),
        ],
        room=0.9,
    )
    return end(document, "L’agent de police municipale", "La personne qui reçoit")


def releve_rappel() -> Document:
    document = letter("Relevé de rappel à l’ordre")
    say(
        document,
        "Il a été procédé verbalement au rappel des dispositions qui s’imposent pour se conformer "
        "à l’ordre et à la tranquillité publics.",
    )
    facts(
        document,
        "Rappel à l’ordre : personne, date, forme, personnes présentes.",
        [
            ("Personne", "{{ personne }} (naissance~: {{ naissance }})"),
            ("Faits", "du {{ faits_date }}, {{ faits_lieu }}"),
            ("Réponse du procureur", "peut avoir lieu, le {{ repondu_le }}"),
            ("Date", "{{ tenu_le }}"),
            ("Forme", "{{ forme }}"),
            ("Tenu par", "{{ tenu_par }}"),
            ("Arrêté de délégation", "{{ arrete }}"),
            ("Personnes présentes", "{{ presents }}"),
            ("Motif de l’impossibilité", "{{ impossibilite }}"),
        ],
        room=0.9,
    )
    return end(document, MAIRE, "La personne", "Les représentants légaux")


def constat_carence() -> Document:
    document = letter("Constat de carence")
    say(
        document,
        "La personne convoquée ne s’est pas présentée. Le rappel à l’ordre n’a pas eu lieu. Une "
        "nouvelle convocation peut lui être adressée~; à défaut, le procureur de la République "
        "est informé de cette carence au temps~3 de la fiche-navette.",
    )
    facts(
        document,
        "Carence : personne convoquée, date, remise de la convocation.",
        [
            ("Personne", "{{ personne }} (naissance~: {{ naissance }})"),
            ("Convoquée pour le", "{{ jour }} à {{ heure }}, {{ lieu }}"),
            ("Convocation", "{{ mode }}"),
            ("Remise", "{{ remise }}"),
            ("Constatée le", "{{ tenu_le }}"),
            ("Constatée par", "{{ tenu_par }}"),
        ],
        room=0.8,
    )
    return end(document, MAIRE)


def engagement_famille() -> Document:
    """What a family takes upon itself (001:1075), by hand: none of it is recorded."""
    document = letter("Engagement de la famille")
    say_all(
        document,
        "À la suite du rappel à l’ordre{% if tenu_le %} du {{ tenu_le }}{% endif %}, la famille et "
        "la commune conviennent de ce qui suit. Cet engagement est volontaire~: ne pas le signer "
        "ne change rien au rappel à l’ordre, et y manquer n’est pas une infraction.",
    )
    facts(
        document,
        "Engagement : la personne, sa famille, ce dont il est convenu, jusqu’à quand.",
        [
            ("Personne", "{{ personne }} (naissance~: {{ naissance }})"),
            ("Parents ou représentants légaux", "{{ presents }}"),
        ],
        room=1.2,
    )
    facts(
        document,
        "Ce dont il est convenu, à écrire à la main.",
        [
            ("La famille s’engage à", " "),
            ("La commune propose", " "),
            ("Jusqu’au, et point d’étape le", " "),
        ],
        room=3,
    )
    return end(document, MAIRE, "Les représentants légaux", "La personne")


def cloture_rappel() -> Document:
    document = letter(
        "Lettre de clôture", to=PERSON, subject="fin de la procédure de rappel à l’ordre"
    )
    say_all(
        document,
        "Madame, Monsieur,",
        "{% if carence %}Personne ne s’est présenté à la convocation qui vous était "
        "adressée.{% else %}Le rappel à l’ordre a eu lieu le {{ tenu_le }}.{% endif %}",
        "Le procureur de la République en a été informé le {{ informe_le }}. La procédure est "
        "close pour ce qui concerne la commune.",
        "Le service reste à votre disposition pour toute question, en particulier sur l’aide que "
        f"la commune peut apporter aux familles{PHONE}.",
        POLITE,
    )
    return end(document, MAIRE)


def relance_parquet() -> Document:
    """Without the name, which the fiche carries."""
    document = letter(
        "Relance du parquet",
        to=[TO_PROCUREUR, "près le {{ juridiction }}"],
        subject="fiche-navette {{ reference }}, en attente de réponse (temps~2)",
    )
    say_all(
        document,
        f"{TO_PROCUREUR},",
        "La fiche-navette {{ reference }} vous a été transmise le {{ informe_le }} et n’a pas reçu "
        "de réponse à ce jour.",
        "Sans réponse expresse de votre part, il ne sera pas procédé au rappel à l’ordre~: votre "
        "silence ne vaut pas accord.",
        "Je vous remercie de bien vouloir me faire connaître votre réponse, dans l’application ou "
        "sur la fiche elle-même.",
        f"Je vous prie d’agréer, {TO_PROCUREUR}, l’expression de ma haute considération.",
    )
    return end(document, MAIRE)


PAPERS = {
    f"{draw.__name__}.docx": draw
    for draw in (
        convocation_mineur,
        convocation_parents,
        convocation_majeur,
        rapport_remise,
        releve_rappel,
        constat_carence,
        engagement_famille,
        cloture_rappel,
        relance_parquet,
    )
}
