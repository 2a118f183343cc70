"""What the DPO asks of the journal, kept in the address: references and closed words only."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from audit.event import Outcome
from casework.clock import midnight
from casework.web.forms import read_day
from casework.web.french import short_date
from charter.actions import Action
from charter.roles import Role

NAMES = ("object", "actor", "cell", "kind", "action", "outcome", "since", "until")
REFERENCE = re.compile(r"[A-Z]{1,12}(?:-[A-Z]{1,12})*-[0-9]{1,6}(?:-[0-9]{1,6})?")
ACTOR = re.compile(r"M-[0-9]{1,9}")
USUAL_DAYS = 30
FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(9000, 1, 1)
OUTCOMES = {
    Outcome.AUTORISE: "Autorisé",
    Outcome.REFUSE: "Refusé",
    Outcome.ECHEC: "Échec d’intégrité",
}
# Acts that are not a member's under a mandate, and so have no rule in the charter.
OUTSIDE_CHARTER = {
    "session:open": "se connecter",
    "member:takeup": "ouvrir son compte",
    "member:self": "lire son propre nom",
    "member:recover": "rendre des clés par la clé de secours",
    "member:rehearse": "répéter le secours sans rien ouvrir",
    "journal:expire": "effacer les entrées au terme de la durée légale",
    "journal:period": "changer la durée de conservation du journal",
    "journal:rotate": "changer la clé du journal",
    "member:suspend": "suspendre l’accès d’un membre",
    "member:confirm": "rendre son accès à un membre suspendu",
    "key:instance": "changer les clés du dossier de l’instance",
    "key:member": "changer la clé d’un membre",
    "key:kit": "changer le kit de secours",
    "backup:key": "fabriquer la clé d’opérateur des sauvegardes",
    "backup:make": "sauvegarder",
    "backup:restore": "restaurer une sauvegarde",
    "db:move": "déménager vers une autre base",
    "db:upgrade": "mettre la base à niveau",
    "mail:remind": "envoyer ce qui est dû ce jour",
    "retention:end": "mettre fin d’office à un suivi que personne n’a renouvelé",
    "retention:archive": "mettre en archive une situation",
    "retention:withdraw": "retirer ce qui est à son terme, faute d’accord des archives",
    "retention:erase": "effacer ce qui est à son terme",
    "demo:seed": "remplir la démonstration",
}
ACTIONS = {what.value: what.label for what in Action} | OUTSIDE_CHARTER
ROLES = {role.value: role.label for role in Role}
SIGN_INS = ("session:open", "session:close")
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sorties": (
        "Exports et documents",
        tuple(what.value for what in Action if what.outgoing),
    ),
    "connexions": ("Connexions", SIGN_INS),
    "recherches": ("Recherches", tuple(name for name in ACTIONS if name.endswith(":search"))),
}


@dataclass(frozen=True)
class Question:
    """Filters, each empty when not asked, and the days they hold for, both included."""

    object: str
    actor: str
    cell: str
    kind: str
    action: str
    outcome: Outcome | None
    since: date
    until: date

    @classmethod
    def read(cls, asked: Mapping[str, str], today: date, cells: Collection[str] = ()) -> Self:
        """From an address or a form. What is neither a reference nor a known word is not asked at
        all, and so goes no further: a name typed by mistake reaches no address."""

        def among(name: str, known: Collection[str]) -> str:
            value = asked.get(name, "").strip()
            return value if value in known else ""

        def shaped(name: str, shape: re.Pattern[str]) -> str:
            value = asked.get(name, "").strip().upper()
            return value if shape.fullmatch(value) else ""

        outcome = among("outcome", set(Outcome))
        return cls(
            object=shaped("object", REFERENCE),
            actor=shaped("actor", ACTOR) or among("actor", ("anonyme", "systeme")),
            cell=among("cell", cells),
            kind=among("kind", KINDS),
            action=among("action", ACTIONS),
            outcome=Outcome(outcome) if outcome else None,
            since=day_asked(asked.get("since", ""), today - timedelta(days=USUAL_DAYS)),
            until=day_asked(asked.get("until", ""), today),
        )

    def filters(self, objects: Collection[str] = ()) -> dict[str, Any]:
        """For :func:`audit.query.search`; ``objects``: the references the file asked about is read
        under."""
        return {
            "objects": objects or None,
            "actor": self.actor or None,
            "cell": self.cell or None,
            "action": self.action or None,
            "actions": KINDS[self.kind][1] if self.kind else None,
            "outcome": self.outcome,
            "since": midnight(self.since),
            "until": midnight(self.until + timedelta(days=1)),
        }

    def address(self, **more: str) -> dict[str, str]:
        """The same question in an address, with ``more``."""
        kept = {name: getattr(self, name) for name in NAMES}
        kept |= {"since": f"{self.since:%Y-%m-%d}", "until": f"{self.until:%Y-%m-%d}"}
        return {name: str(value) for name, value in (kept | more).items() if value}

    def sentence(self, member: str) -> str:
        """In words, for a paper; ``member`` is how the asked member is called."""
        said = [f"du {short_date(self.since)} au {short_date(self.until)}"]
        if self.object:
            said.append(f"dossier {self.object}")
        if self.actor:
            said.append(f"membre {member}")
        if self.cell:
            said.append(f"cellule {self.cell}")
        if self.kind:
            said.append(KINDS[self.kind][0].lower())
        if self.action:
            said.append(f"action « {ACTIONS.get(self.action, self.action)} »")
        if self.outcome:
            said.append(f"issue : {OUTCOMES[self.outcome].lower()}")
        return ", ".join(said)


def day_asked(typed: str, usual: date) -> date:
    """The day typed, brought back among those a calendar can add to; ``usual`` when it is none."""
    return min(max(read_day(typed) or usual, FIRST_DAY), LAST_DAY)
