import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from charter.wording import Block, Kind, canonical, digest_of, render, starting_text


def test_the_starting_text_is_signed_by_its_digest():
    text = starting_text()
    assert text.version == 1
    assert text.digest == digest_of(text.body)
    assert re.fullmatch(r"[0-9a-f]{64}", text.digest)


def test_the_starting_text_states_the_principles():
    body = starting_text().body
    for principle in (
        "intuitu personae",
        "informations utiles",
        "pas obligation de dire",
        "pas obligation de faire",
        "ne donne pas de mandat",
        "communiqué à des tiers",
        "plénière ou restreinte",
        "ne se prononce pas",
        "journal",
        "droits des personnes",
        "exclusion",
        "dans l’intérêt de la personne concernée",
        "Un suppléant est un membre comme les autres",
        "se déporte",
        "pour le maire seul",
        "président du conseil départemental",
        "informés avant l’examen",
        "vingt-cinquième anniversaire",
        "version de 2014, qui permet de tenir un fichier de suivi",
    ):
        assert principle in body
    assert not re.search(r" [:;?!»]|« |'", body)


def test_the_starting_text_is_laid_out():
    blocks = render(starting_text().body)
    assert blocks[0] == Block(Kind.HEADING, "Charte de déontologie de la cellule", level=1)
    assert [b.level for b in blocks if b.kind is Kind.HEADING] == [1] + [2] * 12
    assert [len(b.items) for b in blocks if b.kind is Kind.LIST] == [3]


def test_the_digest_is_that_of_known_bytes():
    # sha256sum of « é\n » in UTF-8, composed.
    assert digest_of("é\n") == "edd3a863872a04239eb29ad4bc12fc892b3d4ae57cc7e786a3697816f8e141c2"


@given(st.text())
def test_the_same_words_have_the_same_digest(body):
    decomposed = unicodedata.normalize("NFD", body)
    assert digest_of(decomposed) == digest_of(unicodedata.normalize("NFC", body))
    assert digest_of(canonical(body).replace("\n", "\r\n")) == digest_of(body)


def test_other_words_have_another_digest():
    assert digest_of("peut dire") != digest_of("doit dire")


@given(st.lists(st.from_regex(r"(#{1,6} |- |)[a-zé]{1,8}( [a-z]{1,5})?", fullmatch=True)))
def test_no_word_is_lost_in_the_layout(lines):
    words = [re.sub(r"^(#{1,6} |- )", "", line) for line in lines]
    shown = [part for b in render("\n\n".join(lines)) for part in (b.text, *b.items) if part]
    assert shown == words


def test_wrapped_lines_belong_to_what_precedes():
    assert render("# Titre\nun\ndeux\n\n- a\n  b\n- c") == [
        Block(Kind.HEADING, "Titre", level=1),
        Block(Kind.PARAGRAPH, "un deux"),
        Block(Kind.LIST, items=("a b", "c")),
    ]


def test_markup_is_left_as_words():
    assert render("<b>x</b>") == [Block(Kind.PARAGRAPH, "<b>x</b>")]
