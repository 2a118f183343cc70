"""What a depositor writes: the plain values the form gives and the coordination reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.cells.lists import CANAL, ORIGINE, term
from casework.situations.service import Entry, Who
from charter.roles import Role

# Whom a role speaks for, when it leaves no doubt: a school or a signaleur says it in the form.
_SPEAKS_FOR = {
    Role.MAIRE: "elu",
    Role.ELU_DELEGUE: "elu",
    Role.COMMISSAIRE: "police_nationale",
    Role.CHEF_PM: "police_municipale",
    Role.CONSEIL_DEPARTEMENTAL: "conseil_departemental",
    Role.PJJ: "pjj",
    Role.PREVENTION_SPECIALISEE: "prevention_specialisee",
    Role.VEILLE_EDUCATIVE: "service_municipal",
    Role.COORDONNATEUR: "service_municipal",
}
BY_DEPOSIT = term(CANAL, "depot").code
OTHER_CELL = term(ORIGINE, "autre_cellule").code


def origin_of(role: Role | None) -> int:
    """The code of « origine » a role speaks for; 0 when it must be asked."""
    slug = _SPEAKS_FOR.get(role) if role else None
    return term(ORIGINE, slug).code if slug else 0


@dataclass(frozen=True)
class Words:
    """What a depositor writes. Codes are those of the closed lists."""

    origine: int
    nom: str
    prenoms: str
    faits: str
    naissance: date | None = None
    quartier: int = 0
    etablissement: int = 0
    demarches: str = ""
    joindre: str = ""

    def texts(self) -> dict[str, str]:
        values = {name: str(getattr(self, name) or "") for name in self.__dataclass_fields__}
        return values | {"naissance": self.naissance.isoformat() if self.naissance else ""}

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Words":
        """The words a fully opened deposit was made of."""
        codes = {n: int(texts[n] or 0) for n in ("origine", "quartier", "etablissement")}
        born = date.fromisoformat(texts["naissance"]) if texts["naissance"] else None
        plain = {n: texts[n] for n in ("nom", "prenoms", "faits", "demarches", "joindre")}
        return cls(naissance=born, **codes, **plain)

    def entry(self, received: date) -> Entry:
        """The saisine these words begin; the coordinator completes it."""
        return Entry(
            interesse=Who(self.nom, self.prenoms, self.naissance),
            representants=(),
            saisine=received,
            canal=BY_DEPOSIT,
            origine=self.origine,
            typologie=0,
            quartier=self.quartier,
            etablissement=self.etablissement,
            recit="\n".join(filter(None, (self.faits, self._tried()))),
        )

    def _tried(self) -> str:
        return f"Déjà tenté : {self.demarches}" if self.demarches else ""
