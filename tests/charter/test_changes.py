import sys
from collections.abc import Callable
from types import FrameType

from hypothesis import given
from hypothesis import strategies as st

from charter.changes import Change, Mark, Piece, changes
from charter.wording import starting_text

ARTICLES = "# Charte\n\n## Article 1\n\n{0}\n\n## Article 2\n\nNul n’est tenu de dire.\n"
LONG = 16_000
texts = st.lists(
    st.from_regex(r"(## |- |)[abc]{1,3}( [abc]){0,9}", fullmatch=True), max_size=12
).map("\n\n".join)


def _words(change: Change) -> tuple[str, str]:
    return tuple(" ".join(p.text for p in side) for side in (change.before, change.after))


def test_the_same_words_are_no_change():
    body = starting_text().body
    assert changes(body, body) == []
    assert changes(body, body.replace("\n\n", "\r\n\r\n\r\n")) == []  # laid out otherwise


def test_an_edited_sentence_shows_its_words_under_its_article():
    old = ARTICLES.format("Le texte se signe tous les ans devant le maire de la commune.")
    new = ARTICLES.format("Le texte se signe tous les deux ans devant le maire de la commune.")
    (change,) = changes(old, new)
    assert change.under == "Article 1"
    assert [p for p in change.before if p.mark is Mark.REMOVED] == []
    assert Piece(Mark.ADDED, "deux") in change.after


def test_another_paragraph_is_shown_whole_on_each_side():
    old, new = ARTICLES.format("Un membre est désigné."), ARTICLES.format("Rien ne sort d’ici.")
    gone, come = changes(old, new)
    assert gone == Change("Article 1", (Piece(Mark.REMOVED, "Un membre est désigné."),), ())
    assert come == Change("Article 1", (), (Piece(Mark.ADDED, "Rien ne sort d’ici."),))


def test_a_paragraph_more_and_a_paragraph_less():
    base = ARTICLES.format("Un membre est désigné.")
    longer = base + "\nNul n’est tenu de faire.\n"
    (added,) = changes(base, longer.replace("dire.\n\nNul", "dire.\n\nNul"))
    assert (added.before, added.under) == ((), "Article 2")
    (removed,) = changes(base + "\n\n- un point\n", base)
    assert removed == Change("Article 2", (Piece(Mark.REMOVED, "un point"),), ())


@given(texts, texts)
def test_both_sides_keep_every_word_of_a_change(old, new):
    for change in changes(old, new):
        before, after = _words(change)
        assert before != after
        assert set(before.split()) <= set(old.replace("#", "").split())
        assert set(after.split()) <= set(new.replace("#", "").split())
        kept = [
            " ".join(p.text for p in side if p.mark is Mark.KEPT)
            for side in (change.before, change.after)
        ]
        assert kept[0] == kept[1]
    if changes(old, new) == []:
        assert changes(new, old) == []


def test_a_hostile_text_is_compared_soon():
    """Repeated lines and words are where comparing is slow: four times the text must not run
    sixteen times the lines of code."""
    part, whole = _lines_run(LONG // 4), _lines_run(LONG)
    assert whole < 6 * part


def _lines_run(length: int) -> int:
    """Lines of Python executed, which a busy machine does not change."""
    run = 0

    def count(frame: FrameType, event: str, arg: object) -> Callable[..., object]:
        nonlocal run
        run += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        changes("a\n\n" * (length // 3), "a\n\nb\n\n" * (length // 6))
        changes("a b " * (length // 4), "b a " * (length // 4))
    finally:
        sys.settrace(before)
    return run
