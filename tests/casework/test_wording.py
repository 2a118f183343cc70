"""What a form says by itself is our wording, never the library's."""

from wtforms.i18n import get_translations

from casework.web.forms import SENTENCES
from tests.casework.transactions.conftest import Way
from tests.conftest import World


def test_every_shipped_sentence_with_a_straight_apostrophe_is_ours() -> None:
    shipped = get_translations(("fr",))._catalog
    straight = {key if isinstance(key, str) else key[0] for key in shipped if "'" in shipped[key]}
    assert straight <= set(SENTENCES)
    assert "Not a valid choice." in straight


def test_what_is_forged_is_refused_in_our_words(small_world: World) -> None:
    way = Way(small_world)
    forged = way.prepare(genre="cadeau", mois="trois", pv_date="hier")
    assert forged.status_code == 422
    for said in ("Choisissez une des réponses proposées.", "Écrivez un nombre entier."):
        assert said in forged.text
    for shipped in ("pas un choix", "pas un entier", "pas une date"):
        assert shipped not in forged.text
