"""One fictional fiche-navette, at each of its times."""

from dataclasses import replace
from datetime import date, time

import pytest

from casework.documents.fiche_navette import (
    Addressee,
    Answer,
    Facts,
    FicheNavette,
    Form,
    Held,
    Letterhead,
    Notice,
    Person,
    Reply,
)


@pytest.fixture
def announced() -> FicheNavette:
    """Temps 1, with a name that would break careless XML."""
    return FicheNavette(
        cell="cellule de citoyenneté et de tranquillité publique (CCTP)",
        reference="RO-2026-0042",
        dated=date(2026, 11, 17),
        letterhead=Letterhead(
            commune="Commune de Valmarin",
            address="Hôtel de ville, 1 place de la Mairie, 13999 Valmarin",
            service="Service de prévention de la délinquance",
            place="Valmarin",
            followed_by="Mme Inès Carvalho, coordonnatrice du CLSPD",
            phone="04 00 00 00 00",
            email="prevention@valmarin.example",
        ),
        addressee=Addressee(
            court="tribunal judiciaire de Port-Lumière",
            address="12 quai du Palais\n13998 Port-Lumière Cedex",
            title="Madame la procureure de la République",
        ),
        person=Person(
            birth_name="d’Almeida & <fils>",
            given_names="Zoë, Anaïs, Éléonore",
            born_on=date(2010, 2, 1),
            born_at="Saint-Étienne-du-Val",
        ),
        facts=Facts(
            day=date(2026, 11, 3),
            hour=time(21, 5),
            place="square des Tilleuls",
            description="Pétards répétés sous les fenêtres.\r\nDeux demandes du gardien.",
            part="A allumé les pétards.",
        ),
        notice=Notice(
            day=date(2026, 11, 17),
            by="Mme Claire Vasseur, maire de Valmarin",
            exclusions_checked_on=date(2026, 11, 16),
        ),
        checkpoint="journal.valmarin.example/1 1042 CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
    )


@pytest.fixture
def answered(announced: FicheNavette) -> FicheNavette:
    """Temps 2: it may take place."""
    answer = Answer(
        day=date(2026, 11, 24),
        reply=Reply.POSSIBLE,
        by="M. Rémi Aubanel, substitut du procureur",
        observation="Compte rendu attendu sous quinzaine.",
    )
    return replace(announced, answer=answer)


@pytest.fixture
def held() -> Held:
    """Temps 3, before the cell and with the mother."""
    return Held(
        day=date(2026, 12, 12),
        form=Form.CELLULE,
        by="M. Karim Bensaïd, adjoint délégué (arrêté n° 2026-118)",
        reported_on=date(2026, 12, 15),
        reported_by="Mme Claire Vasseur, maire de Valmarin",
        present="Mme Léa d’Almeida, mère",
    )
