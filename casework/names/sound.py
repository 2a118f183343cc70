"""How a name sounds: a small French key that also knows names come from elsewhere.

« Lefèvre » and « Lefébure », « Ben Saïd » and « Bensaid », « Christophe » and « Kristof » have the
same key. The vowels of a name change with the clerk who wrote it (Mohamed, Mouhammad), so a key is
made of its consonants; a name too short for that keeps its vowels, in three classes.

A key brings candidates together, it does not decide that they are one person.
"""

import re

from casework.names.normal import ABBREVIATIONS, joined, parts, words

ENOUGH_CONSONANTS = 3
ARTICLES = ("el", "al")

# Applied in order to a joined, folded name. Capitals are sounds, out of reach of later rules:
# X for « ch », J, G, K, S, F, N, V (also « w »).
RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(.)\1+", r"\1"),
        # Spellings of a name whose letters say little of its sound.
        (r"feb[uv]?r", "fevr"),  # Lefebvre, Lefébure
        (r"abd[eu]l(?=[rsnzdt])", "abde"),  # Abdelrahmane, Abderrahmane
        (r"titia$", "tisia"),
        # The cedilla that folding removed, in the names where it matters.
        (r"(?<=fran)c(?=oi)|(?<=gon)c(?=al)|(?<=loren)c(?=o)|(?<=louren)c(?=o)", "S"),
        (r"(?<=mendon)c(?=a)|c(?=ao$)", "S"),
        # Silent endings: Renault and Renaud, Dupont and Dupond, Thomas, Petit. « es » and « ez »
        # are pronounced in Lopes and Lopez; without them Martinez would be Martin.
        (r"(?<=.)e?au(?:l?[dtxs]+)?$", "o"),
        (r"dt$", "t"),
        (r"(?<=..)(?:e|(?<!e)[sxz]+|t+[sxz]*|(?<=[nr])d+[sxz]*|(?<=m)p[sxz]*)$", ""),
        # Letters that are one sound.
        (r"sch", "X"),
        (r"t?ch(?=[rl])|ch(?=ael)", "K"),  # Christophe, Michaël
        (r"t?ch|sh", "X"),
        (r"ph", "F"),
        (r"kh", "K"),
        (r"gh|gu(?=[eiy])", "G"),
        (r"dj|j|g(?=[eiy])", "J"),
        (r"gn", "N"),
        (r"s?c(?=[eiy])", "S"),
        (r"c?qu?|ck?|k", "K"),
        (r"x", "KS"),
        (r"[sz]", "S"),
        (r"h", ""),
        (r"m(?=[bp])", "n"),
        # « ou » before a vowel, and « w », are one consonant: Ouattara, Watara.
        (r"(?:^|(?<=[aeio]))ou(?=[aeiy])", "V"),
        (r"(?<=[^aeiouy])w|w(?![aeiouy])", "o"),
        (r"w", "V"),
        # Vowels in three classes.
        (r"e?au|ou|eu|oe", "o"),
        (r"[ae]", "A"),
        (r"[iy]", "I"),
        (r"[ou]", "O"),
    )
)
DOUBLED = re.compile(r"(.)\1+")
VOWELS = "AIO"


def _article_joined(text: str) -> str:
    """One word, where « El Amrani », « Elamrani » and « Lamrani » are the same."""
    found = words(text)
    if len(found) > 1 and found[0] in ARTICLES:
        return "l" + "".join(found[1:])
    whole = joined(" ".join(ABBREVIATIONS.get(word, word) for word in found))
    # Shorter names that begin with « el » are first names: Élise, Éliot.
    return whole[1:] if whole.startswith("el") and len(whole) > 6 else whole


def _key(letters: str) -> str:
    name = letters
    for pattern, sound in RULES:
        name = pattern.sub(sound, name)
    # A name of silent letters is its letters.
    name = DOUBLED.sub(r"\1", (name or letters).upper())
    consonants = "".join(char for char in name if char not in VOWELS)
    if len(consonants) < ENOUGH_CONSONANTS:
        return name
    return (name[0] if name[0] in VOWELS else "") + consonants


def sound_key(text: str) -> str:
    """The sound of a whole name, particles joined; empty when the text has no letter."""
    return _key(_article_joined(text))


def part_keys(text: str) -> frozenset[str]:
    """The sound of each part of a compound; particles and parts under three letters have none."""
    return frozenset(map(_key, parts(text)))


def search_keys(text: str) -> frozenset[str]:
    """Every key a surname may be searched by: itself, and each part of a compound.

    « Martin-Dupont » is found by « Dupont », « Ben Saïd » by « Saïd ».
    """
    return (part_keys(text) | {sound_key(text)}) - {""}
