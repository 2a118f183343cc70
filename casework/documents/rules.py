"""« Qui voit quoi, et pourquoi » for the wall: the page's own content, landscape."""

from datetime import date

from casework.documents.letters import Properties, Source, french_date
from casework.documents.papers import draw
from charter import matrix
from charter.categories import WITHHELD
from charter.roles import Role

MODEL = "qui_voit_quoi"
TITLE = "Qui voit quoi, et pourquoi"


def render(
    commune: str, dated: date, role: Role | None = None, source: Source | None = None
) -> bytes:
    """The table of rules as a .docx, of one role when it is given. Raises ModelError."""
    values = {
        "commune": commune,
        "titre": TITLE,
        "pour": role.label if role else "tous les mandats",
        "date": french_date(dated),
        "themes": [
            {
                "titre": chapter.theme.title,
                "introduction": chapter.theme.introduction,
                "regles": [
                    dict(
                        zip(
                            ("action", "qui", "conditions", "voit", "texte"), row.cells, strict=True
                        )
                    )
                    for row in chapter.rows
                ],
            }
            for chapter in matrix.chapters(dated, role)
        ],
        "reserves": [
            {"categorie": category.label[0].upper() + category.label[1:], "raison": reason}
            for category, reason in WITHHELD.items()
        ],
        "textes": [
            {"nom": found.label, "teneur": found.wording, "compare_le": french_date(found.as_of)}
            for found in matrix.articles(dated)
        ],
    }
    about = Properties(title=TITLE, author=commune, dated=dated)
    return draw(MODEL, [values], dated, about, source)
