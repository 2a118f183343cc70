"""A name without what people type differently: case, accents, apostrophes, hyphens, spaces."""

import re
import unicodedata

# Words that come before a name and that many write apart, joined or not at all.
FRENCH = ("de", "du", "des", "d", "la", "le", "les", "l", "st", "ste", "saint", "sainte")
SOUTHERN = ("da", "do", "dos", "das", "di", "del", "della")
ARABIC_AND_BERBER = ("ben", "bin", "ibn", "bent", "bou", "abou", "abu", "el", "al", "ait", "ould")
GERMANIC = ("van", "von", "der", "den", "zu")
PARTICLES = frozenset((*FRENCH, *SOUTHERN, *ARABIC_AND_BERBER, *GERMANIC))

APOSTROPHES = re.compile("[\u0027\u0060\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u2032]")
# Letters that no Unicode decomposition turns into the ones typed in their place.
LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
# What separates words: all that is not a letter (an underscore and a digit are not).
BETWEEN = re.compile(r"[\W\d_]+")
ABBREVIATIONS = {"st": "saint", "ste": "sainte"}


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return letters.casefold().translate(LETTERS)


def fold(text: str) -> str:
    """Lower-case letters, words separated by one space: « Aït-N’Diaye » gives « ait ndiaye »."""
    return BETWEEN.sub(" ", _plain(APOSTROPHES.sub("", text))).strip()


def joined(text: str) -> str:
    """The same in one word: « Ben Saïd » and « Bensaid » both give « bensaid »."""
    return fold(text).replace(" ", "")


def words(text: str) -> tuple[str, ...]:
    """The words of a name, cut at apostrophes too: « D’Almeida » gives « d », « almeida »."""
    return tuple(fold(APOSTROPHES.sub(" ", text)).split())


def parts(text: str) -> tuple[str, ...]:
    """The words that carry the name: no particle, at least three letters."""
    return tuple(word for word in words(text) if len(word) >= 3 and word not in PARTICLES)
