"""`python -m audit`: check an exported journal, or the proof of one entry, on any machine.

    python -m audit verify EXPORT [--since KEPT] [--key KEY]
    python -m audit proof FILE --key KEY

Exit status: 0 when everything holds, 1 when something does not, 2 when a file cannot be read.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from audit import bundle, offline, prooffile
from audit.notes import NoteError, Verifier

SOUND, WRONG, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m audit", description="Journal des accès.")
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="vérifier un export du journal")
    verify.add_argument("export", type=Path)
    verify.add_argument(
        "--since", type=Path, help="point de contrôle ou export conservé, à comparer"
    )
    verify.add_argument("--key", help="première clé publique du journal, telle que conservée")
    proof = commands.add_parser("proof", help="vérifier la preuve d’une entrée")
    proof.add_argument("file", type=Path)
    proof.add_argument("--key", required=True, help="clé publique qui a signé le point de contrôle")
    asked = parser.parse_args(arguments)
    try:
        return _verify(asked) if asked.command == "verify" else _proof(asked)
    except (OSError, UnicodeDecodeError, bundle.BundleError) as error:
        _say(f"Illisible : {error}")
        return UNREADABLE


def _verify(asked: argparse.Namespace) -> int:
    try:
        report = offline.verify(asked.export, asked.since, asked.key)
    except NoteError as error:
        _say(f"--key : {error}")
        return UNREADABLE
    for sentence in report.sentences():
        _say(sentence)
    if asked.key is None:
        _say(
            "Clé : celle que l’export contient. Comparez-la à celle que vous avez conservée :"
            f" {bundle.read(asked.export).anchor}"
        )
    return SOUND if report.ok else WRONG


def _proof(asked: argparse.Namespace) -> int:
    try:
        text = asked.file.read_text(encoding="utf-8")
        proved = prooffile.check(text, Verifier.parse(asked.key.strip()))
    except (NoteError, prooffile.ProofError) as error:
        _say(str(error))
        return WRONG
    _say(
        f"L’entrée n° {proved.seq} est dans le journal {proved.checkpoint.origin},"
        f" qui comptait {proved.checkpoint.size} entrées."
    )
    for name, value in proved.event.items():
        _say(f"  {name} : {value}")
    return SOUND


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
