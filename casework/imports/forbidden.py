"""What is never recorded (art. 9 RGPD, art. 777-3 CPP): the columns left out before anything is
kept, and the words of a free text that someone must read again."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from casework.names.normal import fold

HEALTH = "la santé, un diagnostic ou le contenu d’un soin (art. 9 du RGPD)"
BELIEF = "la religion ou les opinions (art. 9 du RGPD)"
ORIGIN = "l’origine ou la nationalité (art. 9 du RGPD)"
JUSTICE = "les condamnations et antécédents judiciaires (art. 777-3 du code de procédure pénale)"
PRIVATE = "la vie sexuelle (art. 9 du RGPD)"

_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        HEALTH: r"diagnosti\w*|pathologi\w*|maladies?|handicap\w*|sante|medical\w*|medicaments?|"
        r"psychiatri\w*|psychologi\w*|addictions?|allergies?|mdph|soins?",
        BELIEF: r"religi\w*|cultes?|confession\w*|croyances?|opinions?|politiques?|syndica\w*",
        ORIGIN: r"ethni\w*|nationalites?|races?|raciale?s?|origines? (?:familiale|geographique)s?|"
        r"pays de naissance|pays d ?origine|communaute",
        JUSTICE: r"condamn\w*|casier|antecedents?|judiciaires? anterieure?s?|jugements?|fiche s",
        PRIVATE: r"sexualite|orientation sexuelle",
    }
)
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        HEALTH: r"schizophren\w*|bipolaire\w*|autis\w*|tdah|depressi(?:f|ve|on)\w*|psychotiques?|"
        r"psychose|epilep\w*|anorexi\w*|ritaline|hospitalise en psychiatrie|diagnosti\w*",
        BELIEF: r"musulman\w*|islam\w*|catholiques?|chretien\w*|protestante?s?|juifs?|juives?|"
        r"temoins? de jehovah|mosquee|voile islamique",
        ORIGIN: r"maghrebin\w*|gitane?s?|roms?|africaine?s?|d origine \w+ienne|ethni\w*",
        JUSTICE: r"condamnee?s?|condamnations?|casier judiciaire|incarceree?s?|sursis|tig",
        PRIVATE: r"homosexuel\w*|lesbienne|transgenre",
    }
)


def _why(text: str, patterns: Mapping[str, str]) -> str:
    folded = fold(text)
    for reason, pattern in patterns.items():
        if re.search(rf"\b(?:{pattern})\b", folded):
            return reason
    return ""


def column(header: str) -> str:
    """Why a column by this header may not be imported; empty when it may."""
    # That a service follows is one thing, and has its term: « existence seule ».
    if "medico psychologique" in fold(header):
        return ""
    return _why(header, _HEADERS)


def words(text: str) -> str:
    """Why a free text should be read again; empty when nothing stands out."""
    return _why(text, _WORDS)
