"""The accompagnement parental as a file of dated acts (art. L. 141-2 CASF, 001:869-876).

    vérifier ──▶ demander l’avis ──┬▶ conseiller (en séance)
        │        du département    ├▶ recevoir l’avis
        │                          └▶ préparer l’engagement ──▶ signer ──▶ suivre chaque point
        │                                        └▶ la famille refuse
        │                     conseils ou signature : en place ──▶ informer les autorités
        └▶ saisir le département (AESF), avec l’accord des parents ──▶ recevoir sa réponse
                                                                             … clore

The acts run side by side: each says what it needs, and nothing follows from a silence. The opinion
is asked for, not obeyed; but once the département says that a mesure d'assistance éducative is
ordered, the law stops everything but the end.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

POINTS = 5
# No text sets a delay for the département to answer: past these days, one asks again.
ASK_AGAIN = timedelta(days=30)


class Step(StrEnum):
    OUVRIR = "ouvrir"
    DEMANDER = "demander"
    RECEVOIR = "recevoir"
    CONSEILLER = "conseiller"
    PREPARER = "preparer"
    SIGNER = "signer"
    REFUSER = "refuser"
    INFORMER = "informer"
    SUIVRE = "suivre"
    SAISIR = "saisir"
    REPONDRE = "repondre"
    CLORE = "clore"


class Opinion(StrEnum):
    FAVORABLE = "favorable"
    RESERVE = "reserve"
    DEFAVORABLE = "defavorable"
    MESURE = "mesure"  # an assistance éducative was ordered: the law stops the aide
    SANS = "sans"


class Followed(StrEnum):
    EN_COURS = "en_cours"
    TENU = "tenu"
    NON_TENU = "non_tenu"


class Waits(StrEnum):
    """Who acts next, as the lists of deadlines say it."""

    COMMUNE = "commune"
    AVIS = "avis"
    FAMILLE = "famille"
    AUTORITES = "autorites"
    DEPARTEMENT = "departement"
    NOBODY = ""


class Forbidden(Exception):
    """The law does not allow this now; the message is for the user, ``field`` for the form."""

    def __init__(self, message: str, field: str = "le") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Event:
    """Something done by someone, on a day; ``content`` is what was recorded with it."""

    step: Step
    on: date
    content: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """What the family promises, by when, and how it was last found."""

    number: int
    text: str
    before: date
    found: Followed = Followed.EN_COURS
    found_on: date | None = None

    @property
    def open(self) -> bool:
        return self.found is Followed.EN_COURS


@dataclass(frozen=True)
class Dossier:
    """Where an aide stands: what its events say, replayed in order."""

    opened_on: date
    last_on: date
    asked_on: date | None = None
    opinion: Opinion | None = None
    counselled: int = 0
    in_place_on: date | None = None  # the first counsel, or the engagement signed
    informed_on: date | None = None
    points: tuple[Point, ...] = ()
    prepared_on: date | None = None
    signed_on: date | None = None
    referred_on: date | None = None
    answered: bool = False
    ended: bool = False

    @property
    def stopped(self) -> bool:
        return self.opinion is Opinion.MESURE

    @property
    def to_sign(self) -> bool:
        return self.prepared_on is not None and self.signed_on is None

    @property
    def due(self) -> tuple[Waits, date | None]:
        """Who acts next, and by when: the nearest of all that waits."""
        waiting = [] if self.ended else sorted(self._waiting(), key=lambda one: one[1])
        if waiting:
            return waiting[0]
        return (Waits.NOBODY if self.ended else Waits.COMMUNE), None

    def _waiting(self) -> Iterable[tuple[Waits, date]]:
        if self.stopped:
            yield Waits.COMMUNE, self.last_on
            return
        if self.asked_on is None and self.referred_on is None:
            yield Waits.COMMUNE, self.opened_on
        if self.asked_on and self.opinion is None:
            yield Waits.AVIS, self.asked_on + ASK_AGAIN
        if self.to_sign and self.prepared_on:
            yield Waits.FAMILLE, self.prepared_on
        if self.signed_on:
            yield from ((Waits.FAMILLE, point.before) for point in self.points if point.open)
        if self.in_place_on and self.informed_on is None:
            yield Waits.AUTORITES, self.in_place_on
        if self.referred_on and not self.answered:
            yield Waits.DEPARTEMENT, self.referred_on + ASK_AGAIN


Need = tuple[Callable[[Dossier], bool], str]
ASKED: Need = (
    lambda dossier: dossier.asked_on is not None,
    "L’avis du conseil départemental n’est pas encore sollicité (art. L. 141-2 CASF) : "
    "consignez d’abord cette demande.",
)
TO_SIGN: Need = (
    lambda dossier: dossier.to_sign,
    "Aucun engagement n’attend de signature : préparez-le d’abord.",
)
# What each act needs; an act that is not here is refused.
NEEDS: Mapping[Step, tuple[Need, ...]] = {
    Step.DEMANDER: (
        (lambda it: it.asked_on is None, "L’avis du conseil départemental est déjà sollicité."),
    ),
    Step.RECEVOIR: (
        ASKED,
        (lambda it: it.opinion is None, "L’avis du conseil départemental est déjà consigné."),
    ),
    Step.CONSEILLER: (ASKED,),
    Step.PREPARER: (
        ASKED,
        (
            lambda it: it.signed_on is None or not any(point.open for point in it.points),
            "L’engagement signé a encore des points à suivre : suivez-les avant d’en préparer "
            "un autre.",
        ),
    ),
    Step.SIGNER: (TO_SIGN,),
    Step.REFUSER: (TO_SIGN,),
    Step.INFORMER: (
        (
            lambda it: it.in_place_on is not None,
            "L’accompagnement n’est pas encore en place : consignez d’abord les conseils donnés, "
            "ou l’engagement signé.",
        ),
        (lambda it: it.informed_on is None, "Les autorités sont déjà informées."),
    ),
    Step.SUIVRE: (
        (
            lambda it: it.signed_on is not None,
            "Un point se suit une fois l’engagement signé par la famille.",
        ),
    ),
    Step.SAISIR: ((lambda it: it.referred_on is None, "Le conseil départemental est déjà saisi."),),
    Step.REPONDRE: (
        (
            lambda it: it.referred_on is not None and not it.answered,
            "Aucune saisine n’attend de réponse du conseil départemental.",
        ),
    ),
    Step.CLORE: (),
}
ENDED = "L’aide est close : ouvrez-en une autre si la famille le demande."
STOPPED = (
    "Une mesure d’assistance éducative est ordonnée : l’accompagnement parental ne peut pas se "
    "poursuivre (art. L. 141-2 CASF). Clôturez l’aide."
)
AGREEMENT = (
    "L’accompagnement en économie sociale et familiale suppose l’accord des parents "
    "(art. L. 222-2 CASF) : recueillez-le d’abord."
)


def open_with(event: Event, *, minor: bool, today: date) -> Dossier:
    """A new aide, or Forbidden: the two checks of the law, before anything is written."""
    if not minor:
        raise Forbidden(
            "L’accompagnement parental concerne un mineur (art. L. 141-2 CASF) : aucune personne "
            "concernée n’est mineure. Si une date de naissance est fausse, corrigez-la d’abord.",
            "motif",
        )
    if event.content.get("assistance") != "non":
        raise Forbidden(
            "Une mesure d’assistance éducative écarte l’accompagnement parental (art. L. 141-2 "
            "CASF) : rapprochez-vous du conseil départemental. Rien n’est enregistré.",
            "assistance",
        )
    if event.on > today:
        raise Forbidden("La date ne peut pas être dans l’avenir : vérifiez-la.")
    return Dossier(event.on, event.on)


def refusal(dossier: Dossier, step: Step) -> str:
    """Why this act is not possible now; empty when it is."""
    if dossier.ended:
        return ENDED
    if dossier.stopped and step is not Step.CLORE:
        return STOPPED
    needs = NEEDS.get(step)
    if needs is None:
        return "Cet acte n’est pas possible ici."
    return next((sentence for met, sentence in needs if not met(dossier)), "")


def apply(dossier: Dossier, event: Event, today: date) -> Dossier:
    """The file after an event recorded today, or Forbidden saying why not."""
    if why := refusal(dossier, event.step):
        raise Forbidden(why)
    if event.on > today:
        raise Forbidden("La date ne peut pas être dans l’avenir : vérifiez-la.")
    if event.on < _follows(dossier, event.step):
        raise Forbidden("Cette date précède l’acte dont celui-ci est la suite : vérifiez-la.")
    found = replace(dossier, last_on=max(dossier.last_on, event.on))
    match event.step:
        case Step.DEMANDER:
            return replace(found, asked_on=event.on)
        case Step.RECEVOIR:
            return replace(found, opinion=Opinion(event.content["avis"]))
        case Step.CONSEILLER:
            begun = _in_place(dossier, event.on)
            return replace(found, counselled=dossier.counselled + 1, in_place_on=begun)
        case Step.PREPARER:
            return replace(found, points=_points(event), prepared_on=event.on, signed_on=None)
        case Step.SIGNER:
            begun = _in_place(dossier, event.on)
            return replace(found, signed_on=event.on, in_place_on=begun)
        case Step.REFUSER:
            return replace(found, points=(), prepared_on=None)
        case Step.INFORMER:
            return replace(found, informed_on=event.on)
        case Step.SUIVRE:
            return replace(found, points=_followed(dossier, event))
        case Step.SAISIR if event.content.get("accord") != "oui":
            raise Forbidden(AGREEMENT, "accord")
        case Step.SAISIR:
            return replace(found, referred_on=event.on)
        case Step.REPONDRE:
            return replace(found, answered=True)
    return replace(found, ended=True)


def _follows(dossier: Dossier, step: Step) -> date:
    """The day of the act this one follows; what runs beside it may be written down later."""
    days = {
        Step.RECEVOIR: dossier.asked_on,
        Step.CONSEILLER: dossier.asked_on,
        Step.PREPARER: dossier.asked_on,
        Step.SIGNER: dossier.prepared_on,
        Step.REFUSER: dossier.prepared_on,
        Step.INFORMER: dossier.in_place_on,
        Step.SUIVRE: dossier.signed_on,
        Step.REPONDRE: dossier.referred_on,
        Step.CLORE: dossier.last_on,
    }
    return days.get(step) or dossier.opened_on


def _in_place(dossier: Dossier, on: date) -> date:
    """Since when: an act written down later may be the earlier one, until the letters are out."""
    if dossier.in_place_on is None:
        return on
    return dossier.in_place_on if dossier.informed_on else min(on, dossier.in_place_on)


def _points(event: Event) -> tuple[Point, ...]:
    found = tuple(
        Point(number, text, date.fromisoformat(event.content[f"avant_{number}"]))
        for number in range(1, POINTS + 1)
        if (text := event.content.get(f"point_{number}", ""))
    )
    if not found:
        raise Forbidden("Écrivez au moins un point de l’engagement.", "point_1")
    for point in found:
        if point.before <= event.on:
            raise Forbidden("Laissez un délai : une date à venir.", f"avant_{point.number}")
    return found


def _followed(dossier: Dossier, event: Event) -> tuple[Point, ...]:
    number = event.content.get("point", "")
    if number not in {str(point.number) for point in dossier.points}:
        raise Forbidden("Choisissez un point de l’engagement.", "point")
    result = Followed(event.content["constat"])
    return tuple(
        replace(point, found=result, found_on=event.on) if str(point.number) == number else point
        for point in dossier.points
    )


def replay(first: Event, others: Iterable[tuple[Event, date]]) -> Dossier:
    """A file from its events and the days they were recorded on."""
    dossier = Dossier(first.on, first.on)
    for event, recorded_on in others:
        dossier = apply(dossier, event, recorded_on)
    return dossier
