"""Judges a whole journal with its first public key alone, in one pass and flat memory.

Separate verdicts, because they answer separate questions: is any entry missing, was anything
changed, is this still the journal that a kept checkpoint speaks of, and does every decryption have
its entry.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.cosign import Countersigner
from audit.event import timestamp
from audit.evidence import Evidence, Expiry, Head, Kept
from audit.keys import KeyChain, RotationError
from audit.notes import Checkpoint, NoteError
from audit.periods import SHORTEST_MONTHS, months_before
from audit.replay import Replay, replay

# An entry is dated before it is queued for writing, and clocks are set right now and then.
_CLOCK_MARGIN = timedelta(days=1)
NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer: a French sentence, and the rank of the first wrong entry when it is known."""

    ok: bool
    sentence: str
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The verdicts on a journal of ``size`` entries, of which the first ``erased`` have expired.

    ``consistency`` is None when no kept checkpoint was given: nothing then proves that the end of
    the journal, head included, was not cut off. ``completeness`` is None when no register of
    decryptions was kept.
    """

    size: int
    erased: int
    sequence: Verdict
    integrity: Verdict
    consistency: Verdict | None
    completeness: Verdict | None

    @property
    def ok(self) -> bool:
        """Whether no verdict is bad."""
        return all(verdict.ok for verdict in self.verdicts())

    def sentences(self) -> list[str]:
        """The verdicts, to print."""
        sentences = [self.sequence.sentence, self.integrity.sentence]
        sentences.append(
            self.consistency.sentence
            if self.consistency
            else f"Cohérence{NBSP}: non vérifiée, faute d’un point de contrôle conservé hors du"
            " serveur."
        )
        sentences.append(
            self.completeness.sentence
            if self.completeness
            else f"Complétude{NBSP}: non vérifiée, faute d’un relevé des lectures."
        )
        if self.erased:
            sentences.append(
                f"Expiration{NBSP}: {entries(self.erased)} au terme de la durée légale, contenu"
                " effacé, empreintes gardées."
            )
        return sentences

    def verdicts(self) -> Iterator[Verdict]:
        """Those that were pronounced."""
        for verdict in (self.sequence, self.integrity, self.consistency, self.completeness):
            if verdict is not None:
                yield verdict


def judge(evidence: Evidence, kept: str | None = None) -> Report:
    """Read everything and judge it. ``kept`` is the note of a checkpoint kept elsewhere."""
    size = evidence.size
    try:
        keys, broken = KeyChain(evidence.anchor, evidence.rotations), None
    except RotationError as error:
        keys, broken = KeyChain(evidence.anchor), error
    reference = None if kept is None else _opened(kept, keys)

    wanted = {checkpoint.size for checkpoint in evidence.checkpoints} | keys.attested.keys()
    wanted |= {added.size for added in evidence.countersignatures}
    if isinstance(reference, Checkpoint):
        wanted.add(reference.size)
    readings = evidence.readings
    noted = frozenset() if readings is None else frozenset(seq for seq, _ in readings)
    found = replay(evidence.entries(size), size, wanted, noted)
    if evidence.tip is not None and evidence.tip >= size and found.surplus is None:
        found.surplus = evidence.tip
    return Report(
        size,
        found.erased,
        _sequence(found, size),
        _integrity(found, evidence, keys, broken),
        None if reference is None else _consistency(found, size, reference),
        None if readings is None else _completeness(found, evidence),
    )


def _sequence(found: Replay, size: int) -> Verdict:
    said = f"Séquence{NBSP}:"
    if found.missing is not None:
        return Verdict(False, f"{said} l’entrée {rank(found.missing)} manque.", found.missing)
    if found.surplus is not None:
        return Verdict(
            False,
            f"{said} l’entrée {rank(found.surplus)} est en trop, aucune tête signée ne la compte.",
            found.surplus,
        )
    return Verdict(True, f"{said} {entries(size)}, sans trou.")


def _integrity(
    found: Replay, evidence: Evidence, keys: KeyChain, broken: RotationError | None
) -> Verdict:
    head = evidence.head
    if found.altered is not None:
        return _altered(f"l’entrée {rank(found.altered)} a été modifiée.", found.altered)
    if head is None:
        return _altered("la tête du journal a disparu.", None)
    if found.missing is not None:
        return _altered(
            f"la racine ne peut plus être recalculée à partir de l’entrée {rank(found.missing)}.",
            found.missing,
        )
    if broken is not None:
        return _altered(f"{str(broken)[0].lower()}{str(broken)[1:]}", None)
    sound = _signed_states(found, evidence, head, keys)
    if isinstance(sound, Verdict):
        return sound
    if (forged := _uncountersigned(found, evidence)) is not None:
        return forged
    if found.misgrown is not None:
        return _altered(
            f"l’arbre gardé avec l’entrée {rank(found.misgrown)} n’est pas le sien.", found.misgrown
        )
    if head.frontier is not None and found.frontier.to_bytes() != head.frontier:
        return _altered("la tête du journal ne permet plus d’ajouter d’entrée.", None)
    if (early := _erased_too_early(found, evidence)) is not None:
        return _altered(
            f"l’entrée {rank(early)} a été effacée avant le terme de la durée légale.", early
        )
    return Verdict(True, f"Intégrité{NBSP}: chaque entrée est celle qui a été écrite et signée.")


def _signed_states(found: Replay, evidence: Evidence, head: Head, keys: KeyChain) -> Verdict | None:
    """The first signed state that is not found again: checkpoints, rotations, then the head."""
    sound = 0  # the largest size whose signed root has been found again
    attested: list[tuple[int, Checkpoint | NoteError | None]] = [
        (checkpoint.size, _opened(checkpoint.note, keys)) for checkpoint in evidence.checkpoints
    ]
    attested += [
        (size, Checkpoint(keys.anchor.name, size, root)) for size, root in keys.attested.items()
    ]
    for size, signed in sorted(attested, key=lambda state: state[0]):
        label = f"le point de contrôle à {entries(size)}"
        if not isinstance(signed, Checkpoint) or signed.size != size:
            return _altered(f"{label} n’est pas celui qui a été signé.", None)
        if size > head.size:
            return _altered(f"{label} dépasse la tête du journal.", head.size)
        if found.roots[size] != signed.root:
            return _altered(f"{_between(sound, size)}, selon {label}.", sound)
        sound = size
    signed = _opened(head.note, keys)
    if isinstance(signed, NoteError) or signed.size != head.size:
        return _altered("la tête du journal n’est pas celle qui a été signée.", None)
    if found.frontier.root() != signed.root:
        return _altered(f"{_between(sound, head.size)}, selon la tête du journal.", sound)
    return None


def _uncountersigned(found: Replay, evidence: Evidence) -> Verdict | None:
    """The first state that someone countersigned and that is not this journal's."""
    for size, signer, line in evidence.countersignatures:
        state = Checkpoint(evidence.anchor.name, size, found.roots.get(size, b""))
        try:
            Countersigner.parse(signer).check(line, state)
        except NoteError:
            return _altered(
                f"l’état à {entries(size)} n’est pas celui qui a été contresigné.", None
            )
    return None


def _erased_too_early(found: Replay, evidence: Evidence) -> int | None:
    """The first entry erased without an expiry that the law allows, or None."""
    covered = max((it.before for it in found.expiries if _lawful(it)), default=0)
    if found.erased > covered:
        return covered
    return _younger_than_its_expiry(found, evidence.checkpoints)


def _lawful(expiry: Expiry) -> bool:
    return expiry.until <= months_before(expiry.time, SHORTEST_MONTHS)


def _younger_than_its_expiry(found: Replay, checkpoints: Sequence[Kept]) -> int | None:
    """Entries come after the checkpoints they are not in, whatever date they bore."""
    for expiry in found.expiries:
        latest = timestamp(datetime.fromisoformat(expiry.until) + _CLOCK_MARGIN)
        for checkpoint in checkpoints:
            if (
                checkpoint.size < min(expiry.before, found.erased)
                and checkpoint.created_at > latest
            ):
                return checkpoint.size
    return None


def _consistency(found: Replay, size: int, reference: Checkpoint | NoteError) -> Verdict:
    if isinstance(reference, NoteError):
        return _inconsistent(f"le point de contrôle fourni n’est pas recevable. {reference}", None)
    label = f"le point de contrôle conservé atteste {entries(reference.size)}"
    back = next((it.seq for it in found.restorations if it.seq < reference.size), None)
    if reference.size > size:
        said = f"{label}, le journal n’en compte plus que {size}."
        return _inconsistent(said + _restored(back, reference.size), size)
    if reference.size not in found.roots:
        return _inconsistent(f"{label}, l’entrée {rank(found.missing)} manque.", found.missing)
    if found.roots[reference.size] != reference.root:
        said = f"{label}, ce ne sont plus les mêmes."
        return _inconsistent(said + _restored(back, reference.size), found.altered)
    return Verdict(True, f"Cohérence{NBSP}: {label}, toutes sont là et dans le même ordre.")


def _restored(back: int | None, kept: int) -> str:
    """What explains the loss without excusing it."""
    if back is None:
        return ""
    return (
        f" L’entrée {rank(back)} dit une restauration{NBSP}: le journal a repris à {entries(back)},"
        f" et les {entries(kept - back)} qui suivaient sont perdues. Comparez avec le procès-verbal"
        " de l’incident."
    )


def _completeness(found: Replay, evidence: Evidence) -> Verdict:
    said = f"Complétude{NBSP}:"
    readings = evidence.readings or ()
    for seq, leaf in sorted(readings):
        if found.leaves.get(seq) != leaf:
            where = "n’est plus la même dans le journal" if seq in found.leaves else "n’y est plus"
            return Verdict(
                False,
                f"{said} une lecture s’est faite sous l’entrée {rank(seq)}, qui {where}.",
                seq,
            )
    if not readings:
        return Verdict(True, f"{said} aucune lecture n’a été relevée.")
    return Verdict(True, f"{said} chacune des {len(readings)}{NBSP}lectures relevées a son entrée.")


def _opened(note: str, keys: KeyChain) -> Checkpoint | NoteError:
    try:
        return keys.open(note)
    except NoteError as error:
        return error


def _altered(what: str, first: int | None) -> Verdict:
    return Verdict(False, f"Intégrité{NBSP}: {what}", first)


def _inconsistent(what: str, first: int | None) -> Verdict:
    return Verdict(False, f"Cohérence{NBSP}: {what}", first)


def _between(sound: int, wrong: int) -> str:
    if wrong - sound <= 1:
        return f"l’entrée {rank(sound)} a été remplacée"
    return f"la première entrée remplacée ou déplacée est entre les {rank(sound)} et {wrong - 1}"


def rank(seq: int | None) -> str:
    """« n° 12 », held together."""
    return f"n°{NBSP}{seq}"


def entries(count: int) -> str:
    """« 12 entrées »."""
    return f"{count}{NBSP}entrée{'s' if count > 1 else ''}"
