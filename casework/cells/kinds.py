"""The kinds of cell, and everything a kind means for the software. A closed list: a commune names
and sets its cells as it likes, the law that goes with each kind stays here.

Sources are quoted as file:line, as in ``lists``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from casework.cells.options import Information, Options, Seat, Unit
from charter.roles import Role

_COORDINATION = Seat(Role.COORDONNATEUR, "Coordonnateur du CLSPD")
_MAIRIE = (Seat(Role.MAIRE, "Maire"), _COORDINATION)


@dataclass(frozen=True)
class Kind:
    """``needs_clearance``: closed until the impact analysis, the DPO's opinion and the charter are
    recorded; ``isolated``: no other cell's search or list may tell that it has files;
    ``consulted``: asked, before a rappel à l'ordre, whether the person is already followed;
    ``start``: the settings a new cell of this kind begins with; ``suites``: the only ones it gives,
    by slug, none when the commune chooses."""

    slug: str
    acronym: str
    label: str
    purpose: str
    start: Options
    suites: tuple[str, ...] = ()
    needs_clearance: bool = False
    isolated: bool = False
    consulted: bool = False


_EVERY = (
    Kind(
        "cctp",
        "CCTP",
        "Cellule de citoyenneté et de tranquillité publique",
        "Entend des mineurs avec leurs parents : rappel à l’ordre, transaction, aide à l’exercice "
        "de la fonction parentale.",
        Options(rappel=True, parenting=True, seats=_MAIRIE),  # 001:856-876
    ),
    Kind(
        "gsp",
        "GSP",
        "Groupe de suivi personnalisé",
        "Fait le point sur les dispositifs activés, s’assure du chaînage des interventions et "
        "identifie de nouvelles mesures.",
        Options(seats=(_COORDINATION,)),  # 001:795-806
        consulted=True,  # 001:1007-1009
    ),
    Kind(
        "cmer",
        "CMER",
        "Cellule municipale d’échanges sur la radicalisation",
        "Examine des signaux faibles après une concertation en amont, et décide d’une suite.",
        Options(seats=_MAIRIE),  # 001:2000-2010
        ("cpraf", "service_social", "conseil", "formation", "poursuite_suivi", "sans_suite"),
        needs_clearance=True,
        isolated=True,
    ),
    Kind(
        "cve",
        "CVE",
        "Cellule de veille éducative",
        "Étudie les situations d’élèves en difficulté, dont les familles ont été averties par "
        "courrier.",
        Options(  # 001:473
            information=Information.LETTER, information_blocks=True, seats=(_COORDINATION,)
        ),
    ),
    Kind(
        "cvp",
        "CVP",
        "Cellule de veille préventive",
        "S’assure que les dispositifs mobilisables ont été activés, chaîne les interventions et "
        "adapte les mesures.",
        Options(  # 002:654-658
            cadence="Une fois par mois", every=1, unit=Unit.MONTHS, seats=(_COORDINATION,)
        ),
        consulted=True,
    ),
    Kind(
        "gsn",
        "GSN",
        "Groupe de suivi nominatif",
        "Recherche une orientation des situations individuelles vers les dispositifs dédiés.",
        Options(seats=(_COORDINATION,)),  # 004:74
        consulted=True,
    ),
)
# Suites that other kinds neither offer nor take.
PROPER = frozenset({"cpraf", "conseil", "formation"})
KINDS: Mapping[str, Kind] = MappingProxyType({kind.slug: kind for kind in _EVERY})
