"""A text that changes applies from its day on, and never to what was done before."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter import references
from charter.references import REFERENCES, Article, Reference, reference_on

CHANGED = date(2027, 1, 1)
NEW = Reference("Art. L. 132-7-1 du code de la sécurité intérieure", "Autrement.", CHANGED, CHANGED)
ARTICLE = Article.CSI_L132_7


@pytest.fixture(scope="module", autouse=True)
def changed():
    patch = pytest.MonkeyPatch()
    patch.setattr(references, "CHANGES", {ARTICLE: (NEW,)})
    yield
    patch.undo()


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(list(Article)))
def test_the_text_is_that_of_the_day(day: date, article: Article) -> None:
    moved = article is ARTICLE and day >= CHANGED
    assert reference_on(article, day) == (NEW if moved else REFERENCES[article])


def test_the_day_itself_has_the_new_text() -> None:
    assert reference_on(ARTICLE, CHANGED) == NEW
    assert reference_on(ARTICLE, CHANGED - timedelta(days=1)) == REFERENCES[ARTICLE]
