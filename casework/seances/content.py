"""What a table says of one situation, as plain values; sealed as JSON texts."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from charter.labels import Labelled


class Answer(Labelled):
    """What a service says of its part. None is asked for: the last one is where all begin."""

    INTERVIENT = "intervient", "intervient"
    N_INTERVIENT_PAS = "non", "n’intervient pas"
    NE_SE_PRONONCE_PAS = "silence", "ne se prononce pas"


@dataclass(frozen=True)
class Said:
    """One service; ``service`` is its name that day. ``dispositif``: a name, no content of care."""

    member: str
    service: str
    answer: str = Answer.NE_SE_PRONONCE_PAS.value
    dispositif: str = ""


@dataclass(frozen=True)
class Proposal:
    """One orientation proposed: ``suite`` of the closed list, to whom, for when."""

    suite: int
    member: str = ""
    institution: str = ""
    precision: str = ""
    echeance: date | None = None


@dataclass(frozen=True)
class Content:
    """One situation, as the table left it."""

    services: tuple[Said, ...] = ()
    chainage: str = ""
    orientations: tuple[Proposal, ...] = ()
    notes: str = ""
    revoir: date | None = None
    statut: int = 0
    correction: str = ""

    @property
    def suites(self) -> frozenset[int]:
        return frozenset(proposal.suite for proposal in self.orientations)

    def texts(self) -> dict[str, str]:
        """The sealed columns of an examination."""
        return {
            "services": json.dumps([asdict(said) for said in self.services], ensure_ascii=False),
            "orientations": json.dumps(
                [
                    asdict(one) | {"echeance": one.echeance.isoformat() if one.echeance else ""}
                    for one in self.orientations
                ],
                ensure_ascii=False,
            ),
            "chainage": self.chainage,
            "notes": self.notes,
            "revoir": self.revoir.isoformat() if self.revoir else "",
            "statut": str(self.statut or ""),
            "correction": self.correction,
        }


def content_of(texts: Mapping[str, str]) -> Content:
    """The content sealed by :meth:`Content.texts`."""
    return Content(
        services=tuple(Said(**said) for said in json.loads(texts["services"])),
        orientations=tuple(
            Proposal(**one | {"echeance": _day(one["echeance"])})
            for one in json.loads(texts["orientations"])
        ),
        chainage=texts["chainage"],
        notes=texts["notes"],
        revoir=_day(texts["revoir"]),
        statut=int(texts["statut"] or 0),
        correction=texts["correction"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
