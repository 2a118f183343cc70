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


class TooWeak(Exception):
    """The passphrase is under 80 bits by our estimate."""


def bits(passphrase: str) -> float:
    """Estimated guesses needed, in bits."""
    if not passphrase:
        return 0.0
    guesses = zxcvbn(passphrase[:MEASURED_CHARACTERS], user_inputs=LOCAL_WORDS)["guesses"]
    return math.log2(float(guesses))


def check(passphrase: str) -> None:
    """TooWeak under 80 bits."""
    if bits(passphrase) < MIN_BITS:
        raise TooWeak
