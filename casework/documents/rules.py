"""« Qui voit quoi, et pourquoi » for the wall: the page's own content, landscape."""

from datetime import date
from pathlib import Path

from casework.documents.letters import Properties, fill, find_model, french_date
from charter import matrix
from charter.categories import WITHHELD
from charter.roles import Role

MODEL = "qui_voit_quoi.docx"
TITLE = "Qui voit quoi, et pourquoi"


def render(commune: str, dated: date, role: Role | None = None, model: Path | None = None) -> bytes:
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
            for chapter in matrix.chapters(role)
        ],
        "reserves": [
            {"categorie": category.label[0].upper() + category.label[1:], "raison": reason}
            for category, reason in WITHHELD.items()
        ],
        "textes": [
            {"nom": found.label, "teneur": found.wording, "compare_le": french_date(found.as_of)}
            for found in matrix.articles()
        ],
    }
    about = Properties(title=TITLE, author=commune, dated=dated)
    return fill(model or find_model(MODEL), values, values.keys() - {"commune"}, about)
