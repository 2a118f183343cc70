"""What makes a passphrase strong enough.

CNIL 2022-100 asks 80 bits of a secret used alone; here beside throttling and a second factor.
No composition rule, no periodic change. The estimate is zxcvbn's (Wheeler, USENIX Security 2016).
"""

import math

from zxcvbn import zxcvbn

MIN_BITS = 80
MEASURED_CHARACTERS = 72  # zxcvbn refuses longer; what exceeds can only strengthen
# What people type when asked for a secret here, and English dictionaries do not know.
LOCAL_WORDS = [
    *("casework", "motdepasse", "azerty", "mairie", "commune", "procureur", "coordinateur"),
    *("coordonnatrice", "police", "cellule", "prevention", "delinquance", "soleil", "doudou"),
    *("bonjour", "marseille", "phrase", "secrete"),
]


BITS_OF_A_WORD = 13  # one of the 7 776 of a diceware list
METHOD = (
    "Ouvrez un livre à cinq pages au hasard et prenez un mot de chacune. "
    "Cette phrase ne sera jamais à renouveler."
)
# What zxcvbn recognised, said in French. The words typed are never shown again.
FOUND = {
    "passwords": "un mot de passe très courant",
    "user_inputs": "un mot trop attendu ici",
    "male_names": "un prénom courant",
    "female_names": "un prénom courant",
    "surnames": "un nom de famille courant",
    "spatial": "des touches voisines du clavier",
    "repeat": "une répétition",
    "sequence": "une suite de lettres ou de chiffres",
    "date": "une date",
    "regex": "une année",
}
NUMBERS = ("un mot", "deux mots", "trois mots", "quatre mots", "cinq mots")


class TooWeak(Exception):
    """The passphrase is under 80 bits by our estimate; the message says why, in French."""


def bits(passphrase: str) -> float:
    """Estimated guesses needed, in bits."""
    return _measure(passphrase)[0]


def _measure(passphrase: str) -> tuple[float, list[str]]:
    """The estimate, and what was recognised."""
    if not passphrase:
        return 0.0, []
    found = zxcvbn(passphrase[:MEASURED_CHARACTERS], user_inputs=LOCAL_WORDS)
    kinds = (match.get("dictionary_name") or match["pattern"] for match in found["sequence"])
    reasons = dict.fromkeys(FOUND[kind] for kind in kinds if kind in FOUND)
    return math.log2(float(found["guesses"])), list(reasons)


def check(passphrase: str) -> None:
    """TooWeak under 80 bits."""
    measured, reasons = _measure(passphrase)
    if measured >= MIN_BITS:
        return
    missing = min(math.ceil((MIN_BITS - measured) / BITS_OF_A_WORD), len(NUMBERS))
    why = f" : on y reconnaît {_listed(reasons)}" if reasons else ""
    raise TooWeak(
        f"Cette phrase se devinerait trop vite{why}. Ajoutez-lui au moins {NUMBERS[missing - 1]} "
        "au hasard, sans rapport avec les autres."
    )


def _listed(reasons: list[str]) -> str:
    *first, last = reasons
    return f"{', '.join(first)} et {last}" if first else last
