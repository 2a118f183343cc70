"""What a saisine says of a situation: the plain values a form gives and a page shows."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Who:
    """A person as typed: the young person, or a legal representative."""

    nom: str
    prenoms: str
    naissance: date | None = None
    lieu_naissance: str = ""
    adresse: str = ""
    telephone: str = ""
    lien: str = ""

    @property
    def empty(self) -> bool:
        """Nothing was typed: a blank block of the form, or one that was emptied."""
        return not any((self.nom, self.prenoms, self.adresse, self.telephone))

    def texts(self) -> dict[str, str]:
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return values | {"naissance": self.naissance.isoformat() if self.naissance else ""}


@dataclass(frozen=True)
class Entry:
    """A situation as typed. Codes are those of the closed lists."""

    interesse: Who
    representants: tuple[Who, ...]
    saisine: date
    origine: int
    typologie: int
    statut: int = 1
    sexe: int = 0
    niveau: int = 0
    quartier: int = 0
    etablissement: int = 0
    faits: frozenset[int] = frozenset()
    suites: frozenset[int] = field(default=frozenset())
    classe: str = ""
    faits_date: str = ""
    faits_lieu: str = ""
    recit: str = ""
    implication: str = ""
    examinee: date | None = None
    echeance: date | None = None
    autres: tuple[Who, ...] = ()  # concerned too, after the first: siblings, a group
    canal: int = 0

    def of_the_person(self, on: date) -> "Entry":
        """A new saisine about the same person: who they are and where they learn, nothing else."""
        return Entry(
            interesse=self.interesse,
            representants=self.representants,
            saisine=on,
            origine=0,
            typologie=0,
            sexe=self.sexe,
            niveau=self.niveau,
            quartier=self.quartier,
            etablissement=self.etablissement,
            classe=self.classe,
        )

    def texts(self) -> dict[str, str]:
        """The sealed texts of the situation itself."""
        return {
            name: getattr(self, name)
            for name in ("faits_date", "faits_lieu", "recit", "implication", "classe")
        }
