"""Checks a whole journal with its public key alone, in one pass and flat memory.

Three separate verdicts, because they answer three questions: is any entry missing, was anything
changed, and is this still the journal that a kept checkpoint speaks of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from audit.notes import Checkpoint, NoteError, Verifier, open_note
from audit.replay import Replay, replay
from audit.schema import journal_checkpoint, journal_event, journal_head


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer: a French sentence, and the rank of the first wrong entry when it is known."""

    ok: bool
    sentence: str
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The verdicts on a journal of ``size`` entries.

    ``consistency`` is None when no kept checkpoint was given: nothing then proves that the end of
    the journal, head included, was not cut off.
    """

    size: int
    sequence: Verdict
    integrity: Verdict
    consistency: Verdict | None

    @property
    def ok(self) -> bool:
        """Whether no verdict is bad."""
        return all(verdict.ok for verdict in self._verdicts())

    def sentences(self) -> list[str]:
        """The verdicts, to print."""
        sentences = [verdict.sentence for verdict in self._verdicts()]
        if self.consistency is None:
            sentences.append(
                "Cohérence : non vérifiée, faute d’un point de contrôle conservé hors du serveur."
            )
        return sentences

    def _verdicts(self) -> list[Verdict]:
        return [v for v in (self.sequence, self.integrity, self.consistency) if v is not None]


def verify(connection: Connection, verifier: Verifier, kept: str | None = None) -> Report:
    """Read everything and judge it. ``kept`` is the note of a checkpoint kept elsewhere.

    Entries appended meanwhile are left out: checkpoints and last entry are read before the head,
    so that an honest head can only be ahead of them.
    """
    by_size = select(journal_checkpoint).order_by(journal_checkpoint.c.size)
    checkpoints = connection.execute(by_size).all()
    tip = connection.execute(select(func.max(journal_event.c.seq))).scalar()
    head = connection.execute(select(journal_head)).one_or_none()
    size = 0 if head is None else head.size
    reference = None if kept is None else _opened(kept, verifier)

    wanted = {checkpoint.size for checkpoint in checkpoints}
    if isinstance(reference, Checkpoint):
        wanted.add(reference.size)
    found = replay(connection, size, wanted)
    if tip is not None and tip >= size and found.surplus is None:
        found.surplus = tip
    return Report(
        size,
        _sequence(found, size),
        _integrity(found, head, checkpoints, verifier),
        None if reference is None else _consistency(found, size, reference),
    )


def _sequence(found: Replay, size: int) -> Verdict:
    if found.missing is not None:
        return Verdict(False, f"Séquence : l’entrée n° {found.missing} manque.", found.missing)
    if found.surplus is not None:
        return Verdict(
            False,
            f"Séquence : l’entrée n° {found.surplus} est en trop, aucune tête signée ne la compte.",
            found.surplus,
        )
    return Verdict(True, f"Séquence : {_entries(size)}, sans trou.")


def _integrity(
    found: Replay, head: Row[Any] | None, checkpoints: Sequence[Row[Any]], verifier: Verifier
) -> Verdict:
    if found.altered is not None:
        return _altered(f"l’entrée n° {found.altered} a été modifiée.", found.altered)
    if head is None:
        return _altered("la tête du journal a disparu.", None)
    if found.missing is not None:
        return _altered(
            f"la racine ne peut plus être recalculée à partir de l’entrée n° {found.missing}.",
            found.missing,
        )
    sound = 0  # the largest size whose signed root has been found again
    for checkpoint in checkpoints:
        signed = _opened(checkpoint.note, verifier)
        label = f"le point de contrôle à {_entries(checkpoint.size)}"
        if isinstance(signed, NoteError) or signed.size != checkpoint.size:
            return _altered(f"{label} n’est pas celui qui a été signé.", None)
        if signed.size > head.size:
            return _altered(f"{label} dépasse la tête du journal.", head.size)
        if found.roots[signed.size] != signed.root:
            return _altered(f"{_between(sound, signed.size)}, selon {label}.", sound)
        sound = signed.size
    signed = _opened(head.note, verifier)
    if isinstance(signed, NoteError) or signed.size != head.size:
        return _altered("la tête du journal n’est pas celle qui a été signée.", None)
    if found.frontier.root() != signed.root:
        return _altered(f"{_between(sound, head.size)}, selon la tête du journal.", sound)
    if found.frontier.to_bytes() != head.frontier:
        return _altered("la tête du journal ne permet plus d’ajouter d’entrée.", None)
    return Verdict(True, "Intégrité : chaque entrée est celle qui a été écrite et signée.")


def _consistency(found: Replay, size: int, reference: Checkpoint | NoteError) -> Verdict:
    if isinstance(reference, NoteError):
        return _inconsistent(f"le point de contrôle fourni n’est pas recevable. {reference}", None)
    label = f"le point de contrôle conservé atteste {_entries(reference.size)}"
    if reference.size > size:
        return _inconsistent(f"{label}, le journal n’en compte plus que {size}.", size)
    if reference.size not in found.roots:
        return _inconsistent(f"{label}, l’entrée n° {found.missing} manque.", found.missing)
    if found.roots[reference.size] != reference.root:
        return _inconsistent(f"{label}, ce ne sont plus les mêmes.", None)
    return Verdict(True, f"Cohérence : {label}, toutes sont là et dans le même ordre.")


def _opened(note: str, verifier: Verifier) -> Checkpoint | NoteError:
    try:
        return open_note(note, verifier)
    except NoteError as error:
        return error


def _altered(what: str, first: int | None) -> Verdict:
    return Verdict(False, f"Intégrité : {what}", first)


def _inconsistent(what: str, first: int | None) -> Verdict:
    return Verdict(False, f"Cohérence : {what}", first)


def _between(sound: int, wrong: int) -> str:
    if wrong - sound <= 1:
        return f"l’entrée n° {sound} a été remplacée"
    return f"la première entrée remplacée ou déplacée est entre les n° {sound} et {wrong - 1}"


def _entries(count: int) -> str:
    return f"{count} entrée{'s' if count > 1 else ''}"
