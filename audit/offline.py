"""Judges an exported journal against what was kept: no application, no database."""

from dataclasses import replace
from pathlib import Path

from audit import bundle
from audit.evidence import Evidence
from audit.judge import NBSP, Report, judge, rank
from audit.notes import Verifier


def verify(path: Path, since: Path | None = None, key: str | None = None) -> Report:
    """The verdicts on a bundle. ``since`` is a kept checkpoint, or an older export, which also
    tells the first entry that changed; ``key`` the journal's first public key, as it was kept.

    Raises :class:`audit.bundle.BundleError`, OSError, or :class:`audit.notes.NoteError` for a key
    that is none.
    """
    evidence = bundle.read(path)
    if key is not None:
        evidence = replace(evidence, anchor=Verifier.parse(key.strip()))
    if since is None:
        return judge(evidence)
    if not _is_bundle(since):
        return judge(evidence, since.read_text(encoding="utf-8"))
    former = bundle.read(since)
    report = judge(evidence, former.head.note if former.head else "")
    return _compared(report, bundle.first_difference(former, evidence), former)


def _compared(report: Report, first: int | None, former: Evidence) -> Report:
    if first is None or report.consistency is None:
        return report
    said = f"Cohérence{NBSP}: l’entrée {rank(first)} n’est plus celle de l’export conservé"
    verdict = replace(report.consistency, ok=False, first=first, sentence=f"{said}.")
    return replace(report, consistency=verdict)


def _is_bundle(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(1) == b"{"
