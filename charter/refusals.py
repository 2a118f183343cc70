"""How the charter says no: which rule, then what to do instead."""

from datetime import date
from enum import IntEnum, auto

from babel.dates import format_date

from charter.actions import Action
from charter.subjects import Mandate, Subject


class Shortfall(IntEnum):
    """What is missing, from the furthest from the door to the nearest."""

    SIGNED_OUT = auto()
    NO_RULE = auto()
    NO_MANDATE = auto()
    EXCLUDED = auto()
    NOT_STARTED = auto()
    ENDED = auto()
    NO_CELL = auto()
    OTHER_CELL = auto()
    UNSIGNED = auto()
    OUTDATED = auto()
    FILE_FORBIDDEN = auto()
    UNCLEARED = auto()
    NOT_ADMITTED = auto()
    UNDESIGNATED = auto()
    RECUSED = auto()
    ARCHIVED = auto()
    NOT_CONVENED = auto()
    NOT_CONCERNED = auto()
    ONESELF = auto()
    FROZEN = auto()
    NOT_ITS_TURN = auto()
    STALE = auto()


def french_date(day: date) -> str:
    """« 1er mars 2026 », « 21 novembre 2026 »."""
    written: str = format_date(day, "d MMMM y", locale="fr")
    return written.replace("1 ", "1er ", 1) if day.day == 1 else written


def explain(
    missing: Shortfall, action: Action, subject: Subject, mandate: Mandate | None
) -> tuple[str, str]:
    """The sentence and the remedy of a refusal, in French."""
    cell = subject.cell or (mandate.cell if mandate else None) or ""
    match missing:
        case Shortfall.SIGNED_OUT:
            return (
                f"Pour {action.label}, la charte demande d’être connecté.",
                "Identifiez-vous, puis recommencez.",
            )
        case Shortfall.NO_MANDATE:
            return (
                f"Pour {action.label}, la charte demande un mandat, et vous n’en avez aucun.",
                "Demandez à l’administrateur d’enregistrer votre mandat.",
            )
        case Shortfall.EXCLUDED:
            return (
                f"La charte met fin à tout accès en cas d’exclusion, et vous avez été exclu "
                f"de la cellule {cell}.",
                "Pour en connaître le motif, écrivez au coordonnateur ou au maire.",
            )
        case Shortfall.NOT_STARTED if mandate:
            return (
                f"La charte demande un mandat en cours, et le vôtre (« {mandate.role.label} ») "
                f"ne commence que le {french_date(mandate.starts)}.",
                "Attendez cette date, ou faites corriger votre mandat par l’administrateur.",
            )
        case Shortfall.ENDED if mandate and mandate.ends:
            return (
                f"La charte demande un mandat en cours, et le vôtre (« {mandate.role.label} ») "
                f"a pris fin le {french_date(mandate.ends)}.",
                "S’il est renouvelé, faites-le enregistrer par l’administrateur.",
            )
        case Shortfall.NO_CELL:
            return (
                f"Pour {action.label}, la charte demande de désigner une cellule.",
                "Revenez à l’accueil et choisissez la cellule concernée.",
            )
        case Shortfall.OTHER_CELL if mandate:
            held = f"pour la cellule {mandate.cell}" if mandate.cell else "hors des cellules"
            return (
                f"La charte n’ouvre une cellule qu’à ses membres, et votre mandat "
                f"(« {mandate.role.label} ») vaut {held}, non pour la cellule {cell}.",
                f"Adressez-vous au coordonnateur de la cellule {cell}.",
            )
        case Shortfall.UNSIGNED:
            return (
                f"La charte de la cellule {cell} se signe avant toute lecture, "
                "et vous ne l’avez pas signée.",
                "Lisez la charte, puis signez-la.",
            )
        case Shortfall.OUTDATED:
            return (
                f"La charte de la cellule {cell} a une nouvelle version, "
                "et votre signature porte sur une version antérieure.",
                "Lisez la nouvelle version, puis signez-la.",
            )
        case Shortfall.NOT_ADMITTED:
            return (
                f"La charte réserve la cellule {cell} à ceux qui en détiennent la clé, "
                "et elle ne vous a pas encore été remise.",
                "Demandez au coordonnateur de la cellule de vous admettre.",
            )
        case Shortfall.FILE_FORBIDDEN:
            return (
                f"La charte de la cellule {cell} est du type de 2010, qui exclut tout fichier "
                "de personnes : rien de nominatif n’y est enregistré ni lu.",
                "Faites adopter une charte du type de 2014, puis publiez-la.",
            )
        case Shortfall.UNCLEARED:
            return (
                f"La cellule {cell} est fermée tant que son analyse d’impact et un avis qui ne "
                "soit pas défavorable du délégué à la protection des données ne sont pas "
                "consignés : rien de nominatif n’y est enregistré ni lu.",
                "Demandez au délégué de les consigner, dans « Analyse d’impact ».",
            )
        case Shortfall.UNDESIGNATED if mandate:
            return (
                f"Cet acte demande un agrément ou un arrêté, et votre mandat "
                f"(« {mandate.role.label} ») n’en porte pas la référence.",
                "Faites enregistrer la référence de l’acte qui vous désigne.",
            )
        case Shortfall.RECUSED:
            return (
                "Vous vous êtes déporté de cette situation : la charte ne vous l’ouvre plus.",
                "Si le motif a disparu, demandez au coordonnateur de lever votre déport.",
            )
        case Shortfall.NOT_CONVENED:
            return (
                "La charte limite votre lecture aux séances où vous êtes convoqué, "
                "et ce n’est pas le cas ici.",
                "Si votre présence est utile, demandez au coordonnateur de vous convoquer.",
            )
        case Shortfall.NOT_CONCERNED:
            return (
                "La charte limite votre lecture aux situations inscrites à une séance où vous êtes "
                "convoqué, à celles que vous avez apportées et à celles que vous suivez : ce n’est "
                "pas le cas ici.",
                "Si votre présence est utile, demandez au coordonnateur de vous convoquer.",
            )
        case Shortfall.ONESELF:
            return (
                f"Nul ne peut, pour soi-même, {action.label} : la charte le réserve à un autre.",
                "Demandez à une autre personne habilitée de le faire pour vous.",
            )
        case Shortfall.FROZEN:
            return (
                "Le traitement de cette situation est limité à la demande de la personne : elle "
                "est conservée, et rien d’autre n’en est fait tant que la limitation dure.",
                "Attendez la suite donnée à la demande ; sa page dit pourquoi, et qui peut lever "
                "la limitation.",
            )
        case Shortfall.ARCHIVED:
            return (
                "Cette situation est en archive : elle ne se modifie plus, et ne se lit que pour "
                "un motif, sur l’accord d’une seconde personne et pour quelques jours.",
                "Si vous dirigez la cellule, demandez à la lire depuis la page « Archives » ; pour "
                "un fait nouveau, enregistrez une nouvelle saisine.",
            )
        case Shortfall.NOT_ITS_TURN:
            return (
                f"La procédure n’attend pas, ou n’attend plus, cet acte (« {action.label} »).",
                "Ouvrez le dossier : la page dit où en est la procédure et qui doit agir.",
            )
        case Shortfall.STALE:
            return (
                f"Pour {action.label}, la charte demande de redonner son second facteur.",
                "Confirmez que c’est bien vous, puis l’action reprendra où vous l’aviez laissée.",
            )
        case _:
            held = f", au titre du mandat « {mandate.role.label} »," if mandate else ""
            return (
                f"Aucune règle de la charte n’ouvre{held} l’action « {action.label} ».",
                "Voyez « Qui voit quoi, et pourquoi », ou adressez-vous au coordonnateur.",
            )
